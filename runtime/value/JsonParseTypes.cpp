//===- JsonParseTypes.cpp - Records, sums, tuples, maps -------------------===//

#include "runtime/value/Base64.h"
#include "runtime/value/JsonParser.h"

#include <algorithm>
#include <set>

namespace weft::value {
namespace {

/// The field's name with the fewest edits to `found`, if it is near enough to be meant.
std::string_view nearest(std::string_view found, const std::vector<Field> &fields) {
  std::string_view best;
  std::size_t least = 3;
  for (const Field &field : fields) {
    if (field.name.size() > 64 || found.size() > 64)
      continue;
    std::vector<std::size_t> row(found.size() + 1);
    for (std::size_t j = 0; j <= found.size(); ++j)
      row[j] = j;
    for (std::size_t i = 1; i <= field.name.size(); ++i) {
      std::size_t diagonal = row[0];
      row[0] = i;
      for (std::size_t j = 1; j <= found.size(); ++j) {
        std::size_t substitute = diagonal + (field.name[i - 1] != found[j - 1]);
        diagonal = row[j];
        row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
      }
    }
    if (row.back() < least) {
      least = row.back();
      best = field.name;
    }
  }
  return best;
}

} // namespace

bool JsonParser::value(TypeId id, Value &result, const JsonPlace &place) {
  const Type &type = (*types)[id];
  std::string text;
  std::int64_t whole;
  switch (type.kind) {
  case TypeKind::none:
    if (reader.peek() != Kind::null)
      return expected(place, "null");
    result = Value();
    return reader.word("null");
  case TypeKind::boolean:
    return boolean(result, place);
  case TypeKind::integer:
    if (!integer(whole, place, "an int"))
      return false;
    result = Value::integer(whole);
    return true;
  case TypeKind::real: {
    std::string_view number;
    if (reader.peek() != Kind::number)
      return expected(place, "a number");
    return reader.number(number) && real(number, result, place);
  }
  case TypeKind::string:
    if (!string(text, place, "a string"))
      return false;
    result = Value::text(text);
    return true;
  case TypeKind::bytes: {
    JsonReader before = reader;
    if (!string(text, place, "bytes as base64 in a string"))
      return false;
    auto bytes = decodeBase64(text);
    if (!bytes) {
      reader = before;
      return expected(place, "bytes as base64 in a string");
    }
    result = Value::bytes(base::bytesOf(*bytes));
    return true;
  }
  case TypeKind::json:
    return json(result, place);
  case TypeKind::duration:
    return duration(result, place);
  case TypeKind::size:
    if (!integer(whole, place, "a size in bytes"))
      return false;
    result = Value::size(whole);
    return true;
  case TypeKind::money:
    return money(result, place);
  case TypeKind::file:
    return file(result, place);
  case TypeKind::list: {
    if (reader.peek() != Kind::array)
      return expected(place, "a list");
    auto element = static_cast<TypeId>(type.element);
    return items(result, place, [&](Value &item, const JsonPlace &at) { return value(element, item, at); });
  }
  case TypeKind::map:
    return map(type, result, place);
  case TypeKind::optional:
    if (reader.peek() == Kind::null) {
      result = Value();
      return reader.word("null");
    }
    return value(static_cast<TypeId>(type.element), result, place);
  case TypeKind::tuple:
    return tuple(type, result, place);
  case TypeKind::record: {
    if (reader.peek() != Kind::object)
      return expected(place, "an object with the fields of " + types->text(id));
    ArrayBuilder builder;
    if (!fields(type.fields, types->text(id), false, builder, place))
      return false;
    result = std::move(builder).record();
    return true;
  }
  case TypeKind::sum:
    return sum(id, type, result, place);
  case TypeKind::tensor:
    return tensor(id, type, result, place);
  case TypeKind::rng:
  case TypeKind::function:
  case TypeKind::agent:
  case TypeKind::state:
    return wrong(place, types->text(id) + " has no JSON form");
  }
  WEFT_UNREACHABLE();
}

bool JsonParser::map(const Type &type, Value &result, const JsonPlace &place) {
  if (reader.peek() != Kind::object)
    return expected(place, "an object");
  MapBuilder builder;
  bool read = members([&](const std::string &name) {
    Value item, key = Value::text(name);
    if (!value(static_cast<TypeId>(type.element), item, {&place, key.asText(), 0}))
      return false;
    builder.add(std::move(key), std::move(item));
    return true;
  });
  return read && finishMap(std::move(builder), result, place);
}

bool JsonParser::tuple(const Type &type, Value &result, const JsonPlace &place) {
  std::string wanted = "a list of " + std::to_string(type.fields.size());
  if (reader.peek() != Kind::array)
    return expected(place, wanted);
  JsonReader before = reader;
  bool fits = true;
  bool ok = items(result, place, [&](Value &item, const JsonPlace &at) {
    if (at.index < type.fields.size())
      return value(type.fields[at.index].type, item, at);
    fits = false;
    return reader.skip();
  });
  if (!ok)
    return false;
  if (fits && result.items().size() == type.fields.size())
    return true;
  return wrong(place, "expected " + wanted + ", found one of " + std::to_string(result.items().size()));
}

bool JsonParser::fields(const std::vector<Field> &fields, const std::string &owner, bool hasKind, ArrayBuilder &builder,
                        const JsonPlace &place) {
  std::vector<bool> seen(fields.size());
  bool kindSeen = false;
  for (std::size_t i = 0; i < fields.size(); ++i)
    builder.add(Value());
  std::set<std::string> dropped;
  bool read = members([&](const std::string &key) {
    std::size_t i = 0;
    while (i < fields.size() && fields[i].name != key)
      ++i;
    bool isKind = hasKind && key == "kind";
    if (i < fields.size() ? seen[i] : isKind ? kindSeen : !dropped.insert(key).second)
      return wrong(place, "key \"" + key + "\" stands twice");
    if (i < fields.size()) {
      seen[i] = true;
      return value(fields[i].type, builder[i], {&place, fields[i].name, 0});
    }
    if (isKind || options.dropUnknown) {
      kindSeen = kindSeen || isKind;
      return reader.skip();
    }
    std::string_view meant = nearest(key, fields);
    return wrong(place, owner + " has no field \"" + key + "\"" +
                            (meant.empty() ? "" : ", did you mean \"" + std::string(meant) + "\"?"));
  });
  if (!read)
    return false;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (!seen[i] && (*types)[fields[i].type].kind != TypeKind::optional)
      return wrong({&place, fields[i].name, 0}, "expected " + types->text(fields[i].type) + ", found nothing");
  return true;
}

bool JsonParser::sum(TypeId id, const Type &type, Value &result, const JsonPlace &place) {
  auto names = [&] {
    std::string text;
    for (std::size_t i = 0; i < type.cases.size(); ++i)
      text += (i == 0 ? "" : i + 1 == type.cases.size() ? " or " : ", ") + ("\"" + type.cases[i].name + "\"");
    return text;
  };
  auto caseNamed = [&](std::string_view name) {
    std::size_t i = 0;
    while (i < type.cases.size() && type.cases[i].name != name)
      ++i;
    return i;
  };
  std::string kind;
  JsonReader before = reader;
  if (types->isPlainSum(id)) {
    if (reader.peek() != Kind::string)
      return expected(place, names());
    if (!reader.string(kind))
      return false;
    std::size_t chosen = caseNamed(kind);
    if (chosen == type.cases.size()) {
      reader = before;
      return expected(place, names());
    }
    result = Value::variant(static_cast<std::uint32_t>(chosen));
    return true;
  }
  if (reader.peek() != Kind::object)
    return expected(place, "an object with \"kind\" " + names());
  JsonReader ahead = reader;
  if (!findKind(ahead, kind))
    return wrong(place, "expected \"kind\" " + names() + ", found an object without it");
  std::size_t chosen = caseNamed(kind);
  if (chosen == type.cases.size())
    return wrong({&place, "kind", 0}, "expected " + names() + ", found \"" + kind + "\"");
  ArrayBuilder builder;
  if (!fields(type.cases[chosen].fields, kind, true, builder, place))
    return false;
  result = std::move(builder).variant(static_cast<std::uint32_t>(chosen));
  return true;
}

bool JsonParser::findKind(JsonReader &ahead, std::string &kind) {
  std::string key;
  bool more = true;
  if (!ahead.open('{'))
    return false;
  for (bool first = true;; first = false) {
    if (!ahead.next('}', first, more) || !more || !ahead.key(key))
      break;
    if (key == "kind")
      return ahead.peek() == Kind::string && ahead.string(kind);
    if (!ahead.skip())
      break;
  }
  if (ahead.failed())
    reader.skip();
  return false;
}

} // namespace weft::value
