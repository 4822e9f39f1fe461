//===- JsonParse.cpp - Documents, plain values and json -------------------===//

#include "runtime/base/Limits.h"
#include "runtime/base/Units.h"
#include "runtime/value/JsonParser.h"
#include "runtime/value/Utf8.h"

#include <charconv>
#include <cmath>

namespace weft::value {
namespace {

/// Largest int that every JSON reader holds exactly.
constexpr std::int64_t exactInt = 1ll << 53;

bool parseInt(std::string_view text, std::int64_t &value) {
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

bool isWhole(std::string_view number) { return number.find_first_of(".eE") == number.npos; }

base::Result<Value> parse(std::string_view text, std::optional<TypeId> type, const TypeTable *types,
                          JsonOptions options) {
  if (text.size() > base::maxDocumentBytes)
    return base::error(base::Code::limit, "a JSON text of " + std::to_string(text.size()) + " bytes, at most " +
                                              std::to_string(base::maxDocumentBytes) + " are read");
  if (std::size_t valid = validUtf8Prefix(text); valid < text.size())
    return base::error(base::Code::invalid, "byte " + std::to_string(valid) + " of the JSON text is not UTF-8");
  return JsonParser(text, types, options).run(type);
}

} // namespace

base::Result<Value> JsonParser::run(std::optional<TypeId> type) {
  Value result;
  JsonPlace root;
  if (!(type ? value(*type, result, root) : json(result, root)) || !reader.finish())
    return reader.failed() ? reader.error() : failure;
  return result;
}

bool JsonParser::wrong(const JsonPlace &place, const std::string &what) {
  failure = base::error(base::Code::invalid, place.text() + ": " + what);
  return false;
}

bool JsonParser::expected(const JsonPlace &place, const std::string &wanted) {
  // What cannot even be read as JSON is told as such.
  if (JsonReader copy = reader; !copy.skip())
    return reader.skip();
  return wrong(place, "expected " + wanted + ", found " + reader.shown());
}

bool JsonParser::json(Value &result, const JsonPlace &place) {
  std::string text;
  switch (reader.peek()) {
  case Kind::object: {
    MapBuilder builder;
    bool read = members([&](const std::string &name) {
      Value item, key = Value::text(name);
      if (!json(item, {&place, key.asText(), 0}))
        return false;
      builder.add(std::move(key), std::move(item));
      return true;
    });
    return read && finishMap(std::move(builder), result, place);
  }
  case Kind::array:
    return items(result, place, [&](Value &item, const JsonPlace &at) { return json(item, at); });
  case Kind::string:
    if (!reader.string(text))
      return false;
    result = Value::text(text);
    return true;
  case Kind::number: {
    std::string_view number;
    std::int64_t whole;
    if (!reader.number(number))
      return false;
    if (isWhole(number) && parseInt(number, whole)) {
      result = Value::integer(whole);
      return true;
    }
    return real(number, result, place);
  }
  case Kind::true_:
  case Kind::false_:
    return boolean(result, place);
  case Kind::null:
    result = Value();
    return reader.word("null");
  default:
    return reader.skip();
  }
}

bool JsonParser::finishMap(MapBuilder &&builder, Value &result, const JsonPlace &place) {
  auto map = std::move(builder).map();
  if (!map)
    return wrong(place, map.error().message);
  result = *std::move(map);
  return true;
}

bool JsonParser::boolean(Value &result, const JsonPlace &place) {
  Kind kind = reader.peek();
  if (kind != Kind::true_ && kind != Kind::false_)
    return expected(place, "true or false");
  result = Value::boolean(kind == Kind::true_);
  return reader.word(kind == Kind::true_ ? "true" : "false");
}

bool JsonParser::real(std::string_view number, Value &result, const JsonPlace &place) {
  double value = 0;
  auto [end, code] = std::from_chars(number.data(), number.data() + number.size(), value);
  // Out of range is either nearly zero, which is a fine float, or beyond the largest one.
  if (code == std::errc::result_out_of_range) {
    auto tiny = base::parseDecimal(number, base::Finer::round);
    if (!tiny || *tiny != 0)
      return wrong(place, "expected a number in the range of a float, found " + std::string(number));
    value = 0;
  }
  result = Value::real(value);
  return true;
}

bool JsonParser::integer(std::int64_t &value, const JsonPlace &place, const char *wanted) {
  JsonReader before = reader;
  auto refuse = [&] {
    reader = before;
    return expected(place, wanted);
  };
  if (reader.peek() == Kind::string) {
    std::string text;
    if (!reader.string(text))
      return false;
    // Only what a number cannot say exactly is a string: one form for each int.
    bool large = parseInt(text, value) && (value > exactInt || value < -exactInt) && std::to_string(value) == text;
    return large || refuse();
  }
  std::string_view number;
  if (reader.peek() != Kind::number)
    return refuse();
  if (!reader.number(number))
    return false;
  if (isWhole(number))
    return parseInt(number, value) || refuse();
  auto billionths = base::parseDecimal(number, base::Finer::refuse);
  if (billionths && *billionths % base::nanoPerDollar == 0) {
    value = *billionths / base::nanoPerDollar;
    return true;
  }
  double wide = 0;
  std::from_chars(number.data(), number.data() + number.size(), wide);
  if (std::trunc(wide) != wide || std::fabs(wide) > static_cast<double>(exactInt) || std::fabs(wide) < 1)
    return refuse();
  value = static_cast<std::int64_t>(wide);
  return true;
}

bool JsonParser::string(std::string &text, const JsonPlace &place, const char *wanted) {
  if (reader.peek() != Kind::string)
    return expected(place, wanted);
  return reader.string(text);
}

bool JsonParser::duration(Value &result, const JsonPlace &place) {
  std::string_view number;
  JsonReader before = reader;
  if (reader.peek() != Kind::number)
    return expected(place, "a duration in seconds");
  if (!reader.number(number))
    return false;
  auto ns = base::parseDecimal(number, base::Finer::round);
  if (!ns) {
    reader = before;
    return expected(place, "a duration in seconds, at most 292 years");
  }
  result = Value::duration(*ns);
  return true;
}

bool JsonParser::money(Value &result, const JsonPlace &place) {
  std::string text;
  JsonReader before = reader;
  constexpr const char *wanted = "dollars as a decimal in a string (\"0.05\")";
  if (!string(text, place, wanted))
    return false;
  auto nano = text.find_first_of("eE") == text.npos ? base::parseDecimal(text, base::Finer::refuse) : std::nullopt;
  if (!nano) {
    reader = before;
    return expected(place, wanted);
  }
  result = Value::money(*nano);
  return true;
}

std::string JsonPlace::text() const {
  if (!up)
    return name.empty() ? "$" : std::string(name);
  if (!name.data())
    return up->text() + "[" + std::to_string(index) + "]";
  bool plain = !name.empty();
  for (char c : name)
    plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_');
  if (plain)
    return up->text() + "." + std::string(name);
  std::string text = up->text() + "[";
  appendJsonString(text, name);
  return text + "]";
}

base::Result<Value> fromJson(std::string_view text, TypeId type, const TypeTable &types, JsonOptions options) {
  return parse(text, type, &types, options);
}

base::Result<Value> parseJson(std::string_view text) { return parse(text, std::nullopt, nullptr, {}); }

std::string_view withoutFence(std::string_view answer) {
  auto trimmed = [](std::string_view text) {
    std::size_t first = text.find_first_not_of(" \t\r\n");
    return first == text.npos ? std::string_view() : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
  };
  std::string_view text = trimmed(answer);
  std::size_t line = text.find('\n');
  if (!text.starts_with("```") || !text.ends_with("```") || line == text.npos || text.size() < line + 4)
    return text;
  return trimmed(text.substr(line + 1, text.size() - line - 4));
}

} // namespace weft::value
