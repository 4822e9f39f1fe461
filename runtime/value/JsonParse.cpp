//===- JsonParse.cpp - JSON text to values, led by the type ---------------===//
//
// One pass without a tree in between: the type says what must come. Only a sum
// looks ahead, for its "kind", which writers put first.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Limits.h"
#include "runtime/base/Units.h"
#include "runtime/value/Base64.h"
#include "runtime/value/Builders.h"
#include "runtime/value/Json.h"
#include "runtime/value/JsonPlace.h"
#include "runtime/value/JsonReader.h"
#include "runtime/value/Numbers.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

namespace weft::value {
namespace {

using Kind = JsonReader::Kind;

/// Largest int that every JSON reader holds exactly.
constexpr std::int64_t exactInt = 1ll << 53;

bool parseInt(std::string_view text, std::int64_t &value) {
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size();
}

bool isWhole(std::string_view number) { return number.find_first_of(".eE") == number.npos; }

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

class Parser {
public:
  Parser(std::string_view text, const TypeTable *types, JsonOptions options)
      : reader(text), types(types), options(options) {}

  base::Result<Value> run(std::optional<TypeId> type) {
    Value result;
    JsonPlace root;
    if (!(type ? value(*type, result, root) : json(result, root)) || !reader.finish())
      return reader.failed() ? reader.error() : failure;
    return result;
  }

private:
  /// Shape errors; syntax errors are the reader's.
  bool wrong(const JsonPlace &place, const std::string &what) {
    failure = base::error(base::Code::invalid, place.text() + ": " + what);
    return false;
  }
  bool expected(const JsonPlace &place, const std::string &wanted) {
    // What cannot even be read as JSON is told as such.
    if (JsonReader copy = reader; !copy.skip())
      return reader.skip();
    return wrong(place, "expected " + wanted + ", found " + reader.shown());
  }

  bool json(Value &result, const JsonPlace &place) {
    std::string text;
    switch (reader.peek()) {
    case Kind::object: {
      MapBuilder builder;
      bool more = true;
      if (!reader.open('{'))
        return false;
      for (bool first = true;; first = false) {
        if (!reader.next('}', first, more))
          return false;
        if (!more)
          break;
        Value item;
        if (!reader.key(text))
          return false;
        Value key = Value::text(text);
        if (!json(item, {&place, key.asText(), 0}))
          return false;
        builder.add(std::move(key), std::move(item));
      }
      return finishMap(std::move(builder), result, place);
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

  bool finishMap(MapBuilder &&builder, Value &result, const JsonPlace &place) {
    auto map = std::move(builder).map();
    if (!map)
      return wrong(place, map.error().message);
    result = *std::move(map);
    return true;
  }

  bool items(Value &result, const JsonPlace &place, auto &&read) {
    ArrayBuilder builder;
    bool more = true;
    if (!reader.open('['))
      return false;
    for (std::size_t i = 0;; ++i) {
      if (!reader.next(']', i == 0, more))
        return false;
      if (!more)
        break;
      Value item;
      if (!read(item, JsonPlace{&place, {}, i}))
        return false;
      builder.add(std::move(item));
    }
    result = std::move(builder).list();
    return true;
  }

  bool boolean(Value &result, const JsonPlace &place) {
    Kind kind = reader.peek();
    if (kind != Kind::true_ && kind != Kind::false_)
      return expected(place, "true or false");
    result = Value::boolean(kind == Kind::true_);
    return reader.word(kind == Kind::true_ ? "true" : "false");
  }

  bool real(std::string_view number, Value &result, const JsonPlace &place) {
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

  bool integer(std::int64_t &value, const JsonPlace &place, const char *wanted) {
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

  bool string(std::string &text, const JsonPlace &place, const char *wanted) {
    if (reader.peek() != Kind::string)
      return expected(place, wanted);
    return reader.string(text);
  }

  bool value(TypeId id, Value &result, const JsonPlace &place) {
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

  bool duration(Value &result, const JsonPlace &place) {
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

  bool money(Value &result, const JsonPlace &place) {
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

  bool map(const Type &type, Value &result, const JsonPlace &place) {
    if (reader.peek() != Kind::object)
      return expected(place, "an object");
    MapBuilder builder;
    std::string text;
    bool more = true;
    if (!reader.open('{'))
      return false;
    for (bool first = true;; first = false) {
      if (!reader.next('}', first, more))
        return false;
      if (!more)
        break;
      Value item;
      if (!reader.key(text))
        return false;
      Value key = Value::text(text);
      if (!value(static_cast<TypeId>(type.element), item, {&place, key.asText(), 0}))
        return false;
      builder.add(std::move(key), std::move(item));
    }
    return finishMap(std::move(builder), result, place);
  }

  bool tuple(const Type &type, Value &result, const JsonPlace &place) {
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

  /// The fields of an object, in any order, in `builder` in the order of the type; none where a `T?` is absent.
  bool fields(const std::vector<Field> &fields, const std::string &owner, bool hasKind, ArrayBuilder &builder,
              const JsonPlace &place) {
    std::vector<bool> seen(fields.size());
    bool kindSeen = false, more = true;
    for (std::size_t i = 0; i < fields.size(); ++i)
      builder.add(Value());
    std::set<std::string> dropped;
    std::string key;
    if (!reader.open('{'))
      return false;
    for (bool first = true;; first = false) {
      if (!reader.next('}', first, more))
        return false;
      if (!more)
        break;
      if (!reader.key(key))
        return false;
      std::size_t i = 0;
      while (i < fields.size() && fields[i].name != key)
        ++i;
      bool isKind = hasKind && key == "kind";
      if (i < fields.size() ? seen[i] : isKind ? kindSeen : !dropped.insert(key).second)
        return wrong(place, "key \"" + key + "\" stands twice");
      if (i < fields.size()) {
        seen[i] = true;
        if (!value(fields[i].type, builder[i], {&place, fields[i].name, 0}))
          return false;
      } else if (isKind || options.dropUnknown) {
        kindSeen = kindSeen || isKind;
        if (!reader.skip())
          return false;
      } else {
        std::string_view meant = nearest(key, fields);
        return wrong(place, owner + " has no field \"" + key + "\"" +
                                (meant.empty() ? "" : ", did you mean \"" + std::string(meant) + "\"?"));
      }
    }
    for (std::size_t i = 0; i < fields.size(); ++i)
      if (!seen[i] && (*types)[fields[i].type].kind != TypeKind::optional)
        return wrong({&place, fields[i].name, 0}, "expected " + types->text(fields[i].type) + ", found nothing");
    return true;
  }

  bool sum(TypeId id, const Type &type, Value &result, const JsonPlace &place) {
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

  /// Looks for "kind" with a string in the object at `ahead`. A syntax error on the way is left for the real pass.
  bool findKind(JsonReader &ahead, std::string &kind) {
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

  bool file(Value &result, const JsonPlace &place) {
    if (reader.peek() != Kind::object)
      return expected(place, "a file {name, media, sha256}");
    std::string key, name, media, hex;
    int seen = 0;
    bool more = true;
    if (!reader.open('{'))
      return false;
    for (bool first = true;; first = false) {
      if (!reader.next('}', first, more))
        return false;
      if (!more)
        break;
      if (!reader.key(key))
        return false;
      int bit = key == "name" ? 1 : key == "media" ? 2 : key == "sha256" ? 4 : 0;
      if (seen & bit)
        return wrong(place, "key \"" + key + "\" stands twice");
      seen |= bit;
      if (!bit && !options.dropUnknown)
        return wrong(place, "a file has no field \"" + key + "\"");
      if (!bit ? !reader.skip() : !string(bit == 1 ? name : bit == 2 ? media : hex, place, "a string"))
        return false;
    }
    base::Digest digest;
    if (seen != 7 || !digestOf(hex, digest))
      return wrong(place, "expected a file {name, media, sha256} with 64 hexadecimal digits");
    result = Value::file(name, media, digest);
    return true;
  }

  static bool digestOf(std::string_view hex, base::Digest &digest) {
    if (hex.size() != 2 * digest.bytes.size())
      return false;
    for (std::size_t i = 0; i < hex.size(); ++i) {
      char c = hex[i];
      int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
      if (digit < 0)
        return false;
      digest.bytes[i / 2] = static_cast<std::uint8_t>(digest.bytes[i / 2] << 4 | digit);
    }
    return true;
  }

  /// One number of a tensor. Out of the element's range is refused; floats are rounded to the element.
  bool element(base::ElementType type, std::byte *data, std::uint64_t index, const JsonPlace &place) {
    Value item;
    JsonReader before = reader;
    bool isReal = type == base::ElementType::f32 || type == base::ElementType::f64 || type == base::ElementType::f16 ||
                  type == base::ElementType::bf16;
    if (type == base::ElementType::boolean) {
      if (!boolean(item, place))
        return false;
    } else if (isReal) {
      std::string_view number;
      if (reader.peek() != Kind::number)
        return expected(place, "a number");
      if (!reader.number(number) || !real(number, item, place))
        return false;
    } else {
      std::int64_t whole;
      if (!integer(whole, place, "an int"))
        return false;
      item = Value::integer(whole);
    }
    std::int64_t one[1] = {1};
    bool stored = setElement(type, data, index, item);
    if (stored && isReal) {
      base::ConstBytes bytes{data + index * base::sizeOf(type), base::sizeOf(type)};
      stored = std::isfinite(elementOf({type, one, bytes}, 0).asFloat());
    }
    if (stored)
      return true;
    reader = before;
    return expected(place, "a number in the range of " + std::string(base::name(type)));
  }

  bool tensor(TypeId id, const Type &type, Value &result, const JsonPlace &place) {
    if (type.dims.empty()) {
      TensorBuilder builder(type.dtype, {});
      if (!element(type.dtype, builder.data().data(), 0, place))
        return false;
      result = std::move(builder).tensor();
      return true;
    }
    std::string wanted = types->text(id) + " as {dtype, shape, data}";
    if (reader.peek() != Kind::object)
      return expected(place, wanted);
    std::string key, dtype;
    std::vector<std::int64_t> shape;
    std::optional<JsonReader> data;
    bool more = true, shaped = false;
    if (!reader.open('{'))
      return false;
    for (bool first = true;; first = false) {
      if (!reader.next('}', first, more))
        return false;
      if (!more)
        break;
      if (!reader.key(key))
        return false;
      if (key == "dtype" && dtype.empty()) {
        if (!string(dtype, {&place, "dtype", 0}, "a string"))
          return false;
      } else if (key == "shape" && !shaped) {
        shaped = true;
        if (!shapeInto(shape, {&place, "shape", 0}))
          return false;
      } else if (key == "data" && !data) {
        data = reader;
        if (!reader.skip())
          return false;
      } else {
        return wrong(place, "expected " + wanted + ", found field \"" + key + "\"");
      }
    }
    if (!data || !shaped || dtype != base::name(type.dtype))
      return wrong(place, "expected " + wanted + (dtype.empty() ? "" : ", found dtype \"" + dtype + "\""));
    bool fits = shape.size() == type.dims.size();
    for (std::size_t i = 0; fits && i < shape.size(); ++i)
      fits = type.dims[i] < 0 || type.dims[i] == shape[i];
    auto bytes = fits ? tensorBytes(type.dtype, shape) : base::Result<std::uint64_t>(0);
    if (!fits || !bytes)
      return wrong({&place, "shape", 0}, "expected the shape of " + types->text(id) + ", found another");
    return tensorData(type.dtype, shape, *bytes, *data, result, {&place, "data", 0});
  }

  bool shapeInto(std::vector<std::int64_t> &shape, const JsonPlace &place) {
    if (reader.peek() != Kind::array)
      return expected(place, "a list of sizes");
    bool more = true;
    if (!reader.open('['))
      return false;
    for (std::size_t i = 0;; ++i) {
      if (!reader.next(']', i == 0, more))
        return false;
      if (!more)
        return true;
      std::int64_t size;
      if (!integer(size, {&place, {}, i}, "a size"))
        return false;
      if (size < 0 || i >= maxRank)
        return wrong(place, "expected at most " + std::to_string(maxRank) + " sizes of at least 0");
      shape.push_back(size);
    }
  }

  /// Reads from `data`, where the numbers stand, while `reader` is behind the tensor already.
  bool tensorData(base::ElementType type, std::span<const std::int64_t> shape, std::uint64_t bytes,
                  const JsonReader &data, Value &result, const JsonPlace &place) {
    std::uint64_t wanted = bytes / base::sizeOf(type), count = 0;
    // A number takes at least two bytes of text, so a shape that the text cannot fill reserves nothing.
    base::Bytes elements;
    JsonReader behind = std::exchange(reader, data);
    bool more = true;
    if (reader.peek() != Kind::array)
      return expected(place, "a list of numbers");
    if (!reader.open('['))
      return false;
    for (;; ++count) {
      if (!reader.next(']', count == 0, more))
        return false;
      if (!more)
        break;
      if (count == wanted)
        return wrong(place, "expected " + std::to_string(wanted) + " numbers, found more");
      elements.resize((count + 1) * base::sizeOf(type));
      if (!element(type, elements.data(), count, {&place, {}, count}))
        return false;
    }
    if (count != wanted)
      return wrong(place, "expected " + std::to_string(wanted) + " numbers, found " + std::to_string(count));
    reader = behind;
    TensorBuilder builder(type, shape);
    if (!elements.empty())
      std::memcpy(builder.data().data(), elements.data(), elements.size());
    result = std::move(builder).tensor();
    return true;
  }

  JsonReader reader;
  const TypeTable *types;
  JsonOptions options;
  base::Error failure;
};

base::Result<Value> parse(std::string_view text, std::optional<TypeId> type, const TypeTable *types,
                          JsonOptions options) {
  if (text.size() > base::maxDocumentBytes)
    return base::error(base::Code::limit, "a JSON text of " + std::to_string(text.size()) + " bytes, at most " +
                                              std::to_string(base::maxDocumentBytes) + " are read");
  if (std::size_t valid = validUtf8Prefix(text); valid < text.size())
    return base::error(base::Code::invalid, "byte " + std::to_string(valid) + " of the JSON text is not UTF-8");
  return Parser(text, types, options).run(type);
}

} // namespace

std::string JsonPlace::text() const {
  if (!up)
    return "$";
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
