//===- Answer.cpp - What a person typed, as a value -----------------------===//

#include "runtime/agent/human/Question.h"
#include "runtime/base/Limits.h"
#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <map>

namespace weft::agent {
namespace {

using value::Field;
using value::Type;
using value::TypeId;
using value::TypeKind;
using value::TypeTable;

using Text = base::Result<std::string>;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  std::size_t first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(spaces) - first + 1);
}

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char &c : out)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

std::string quoted(std::string_view text) {
  std::string out;
  value::appendJsonString(out, text);
  return out;
}

base::Error wrong(std::string_view typed, TypeId type, const TypeTable &types) {
  std::string found(typed.substr(0, std::min<std::size_t>(typed.size(), 60)));
  found.resize(value::validUtf8Prefix(found));
  return base::error(base::Code::invalid, "found '" + found + "'; " + howToAnswer(type, types));
}

class AnswerReader {
public:
  explicit AnswerReader(const TypeTable &types) : types(types) {}

  Text read(std::string_view typed, TypeId id) {
    typed = trimmed(typed);
    const Type &type = types[id];
    switch (type.kind) {
    case TypeKind::boolean:
      return readBool(typed, id);
    case TypeKind::string:
      return quoted(typed);
    case TypeKind::none:
      return std::string("null");
    case TypeKind::optional:
      if (typed.empty() || typed == "none" || typed == "null")
        return std::string("null");
      return read(typed, static_cast<TypeId>(type.element));
    case TypeKind::sum:
      return value::fromJson(typed, id, types) ? Text(std::string(typed)) : readChoice(typed, id);
    case TypeKind::record:
      if (!typed.starts_with('{')) {
        auto object = readFields(typed, type.fields, id);
        return object ? Text("{" + *object + "}") : Text(object.error());
      }
      return std::string(typed);
    case TypeKind::list:
      return typed.starts_with('[') ? Text(std::string(typed)) : readItems(typed, static_cast<TypeId>(type.element));
    case TypeKind::money:
      return typed.starts_with('$') ? Text(quoted(typed.substr(1))) : Text(std::string(typed));
    default:
      // Said here, where it is known what was typed; what has parts is told of by its part.
      if (!typed.starts_with('[') && !typed.starts_with('{') && !value::fromJson(typed, id, types))
        return wrong(typed, id, types);
      return std::string(typed);
    }
  }

private:
  Text readBool(std::string_view typed, TypeId id) {
    std::string word = lowered(typed);
    for (const char *yes : {"yes", "y", "true", "ok"})
      if (word == yes)
        return std::string("true");
    for (const char *no : {"no", "n", "false"})
      if (word == no)
        return std::string("false");
    return wrong(typed, id, types);
  }

  Text readChoice(std::string_view typed, TypeId id) {
    const Type &sum = types[id];
    std::size_t end = std::min(typed.find_first_of(": \t\r\n="), typed.size());
    std::string word = lowered(typed.substr(0, end));
    std::string_view rest = trimmed(typed.substr(end));
    if (rest.starts_with(':'))
      rest = trimmed(rest.substr(1));
    for (std::size_t i = 0; i < sum.cases.size(); ++i) {
      const value::Case &one = sum.cases[i];
      if (lowered(one.name) != word && std::to_string(i + 1) != word)
        continue;
      if (one.fields.empty())
        return !rest.empty() ? Text(wrong(typed, id, types))
                             : Text(types.isPlainSum(id) ? quoted(one.name) : "{\"kind\":" + quoted(one.name) + "}");
      std::string kind = "{\"kind\":" + quoted(one.name);
      // One field needs no name: "revise: too long".
      if (one.fields.size() == 1 && !namesField(rest, one.fields)) {
        // An empty text would be taken for one, and a case alone is rather an answer that was sent too early.
        if (rest.empty() && types[one.fields[0].type].kind != TypeKind::optional)
          return missing(one.fields[0], id);
        auto field = read(rest, one.fields[0].type);
        return field ? Text(kind + "," + quoted(one.fields[0].name) + ":" + *field + "}") : field;
      }
      auto fields = readFields(rest, one.fields, id);
      return fields ? Text(kind + (fields->empty() ? "" : "," + *fields) + "}") : fields;
    }
    return wrong(typed, id, types);
  }

  base::Error missing(const Field &field, TypeId whole) const {
    return base::error(base::Code::invalid, "field '" + field.name + "' is missing; " + howToAnswer(whole, types));
  }

  /// The name that a line starts with, "" where it names no field.
  static std::string_view nameIn(std::string_view line, const std::vector<Field> &fields) {
    std::string_view name = trimmed(line.substr(0, std::min(line.find_first_of(":="), line.size())));
    bool known = std::any_of(fields.begin(), fields.end(), [&](const Field &field) { return field.name == name; });
    return known && name.size() < line.size() ? name : std::string_view();
  }
  static bool namesField(std::string_view text, const std::vector<Field> &fields) {
    return !nameIn(text.substr(0, text.find('\n')), fields).empty();
  }

  /// Lines of `field: value`; a line that names no field goes on with the one above it.
  Text readFields(std::string_view typed, const std::vector<Field> &fields, TypeId whole) {
    std::map<std::string_view, std::string> values;
    std::string *open = nullptr;
    for (std::size_t start = 0; start <= typed.size();) {
      std::size_t end = std::min(typed.find('\n', start), typed.size());
      std::string_view line = trimmed(typed.substr(start, end - start));
      start = end + 1;
      if (std::string_view name = nameIn(line, fields); !name.empty()) {
        auto [entry, fresh] = values.try_emplace(name, trimmed(line.substr(line.find_first_of(":=") + 1)));
        if (!fresh)
          return base::error(base::Code::invalid, "field '" + std::string(name) + "' stands twice; give it once");
        open = &entry->second;
      } else if (open) {
        *open += "\n" + std::string(line);
      } else if (!line.empty()) {
        return wrong(line, whole, types);
      }
    }
    std::string out;
    for (const Field &field : fields) {
      auto found = values.find(field.name);
      if (found == values.end()) {
        if (types[field.type].kind == TypeKind::optional)
          continue;
        return missing(field, whole);
      }
      auto one = read(found->second, field.type);
      if (!one)
        return std::move(one).error().in(field.name);
      out += (out.empty() ? "" : ",") + quoted(field.name) + ":" + *one;
    }
    return out;
  }

  /// Items by lines, or by commas on one line.
  Text readItems(std::string_view typed, TypeId element) {
    char separator = typed.find('\n') != std::string_view::npos ? '\n' : ',';
    std::string out = "[";
    for (std::size_t start = 0; start < typed.size();) {
      std::size_t end = std::min(typed.find(separator, start), typed.size());
      std::string_view item = trimmed(typed.substr(start, end - start));
      start = end + 1;
      if (item.empty())
        continue;
      auto one = read(item, element);
      if (!one)
        return one;
      out += (out.size() > 1 ? "," : "") + *one;
    }
    return out + "]";
  }

  const TypeTable &types;
};

} // namespace

Text answerJson(std::string_view typed, TypeId type, const TypeTable &types) {
  if (typed.size() > maxAnswerBytes)
    return base::error(base::Code::limit, "the answer has " + std::to_string(typed.size()) + " bytes, the limit is " +
                                              std::to_string(maxAnswerBytes));
  if (std::size_t valid = value::validUtf8Prefix(typed); valid < typed.size())
    return base::error(base::Code::invalid, "byte " + std::to_string(valid) + " of the answer is not UTF-8");
  return AnswerReader(types).read(typed, type);
}

base::Result<value::Value> parseAnswer(std::string_view typed, TypeId type, const TypeTable &types,
                                       value::Evaluator &evaluator) {
  auto json = answerJson(typed, type, types);
  if (!json)
    return json.error();
  value::Value result;
  std::uint64_t fuel = base::defaultFuel;
  if (auto failure = evaluator.parse(type, *json, false, result, fuel))
    return base::error(base::Code::invalid, failure->why + "; " + howToAnswer(type, types));
  return result;
}

} // namespace weft::agent
