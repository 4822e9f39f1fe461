//===- JsonParser.h - JSON text to values, led by the type ----------------===//
//
// One pass without a tree in between: the type says what must come. Only a sum
// looks ahead, for its "kind", which writers put first. A function that returns
// false has left a syntax error with the reader, or a shape error in `failure`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/value/Builders.h"
#include "runtime/value/Json.h"
#include "runtime/value/JsonPlace.h"
#include "runtime/value/JsonReader.h"

#include <optional>

namespace weft::value {

class JsonParser {
public:
  JsonParser(std::string_view text, const TypeTable *types, JsonOptions options)
      : reader(text), types(types), options(options) {}

  /// Without a type: any document, as a value of type json.
  base::Result<Value> run(std::optional<TypeId> type);

private:
  using Kind = JsonReader::Kind;

  /// Shape errors; syntax errors are the reader's.
  bool wrong(const JsonPlace &place, const std::string &what);
  bool expected(const JsonPlace &place, const std::string &wanted);
  bool json(Value &result, const JsonPlace &place);
  bool finishMap(MapBuilder &&builder, Value &result, const JsonPlace &place);
  bool boolean(Value &result, const JsonPlace &place);
  bool real(std::string_view number, Value &result, const JsonPlace &place);
  bool integer(std::int64_t &value, const JsonPlace &place, const char *wanted);
  bool string(std::string &text, const JsonPlace &place, const char *wanted);
  bool duration(Value &result, const JsonPlace &place);
  bool money(Value &result, const JsonPlace &place);

  bool value(TypeId id, Value &result, const JsonPlace &place);
  bool map(const Type &type, Value &result, const JsonPlace &place);
  bool tuple(const Type &type, Value &result, const JsonPlace &place);
  /// The fields of an object, in any order, in `builder` in the order of the type; none where a `T?` is absent.
  bool fields(const std::vector<Field> &fields, const std::string &owner, bool hasKind, ArrayBuilder &builder,
              const JsonPlace &place);
  bool sum(TypeId id, const Type &type, Value &result, const JsonPlace &place);
  /// Looks for "kind" with a string in the object at `ahead`. A syntax error on the way is left for the real pass.
  bool findKind(JsonReader &ahead, std::string &kind);

  bool file(Value &result, const JsonPlace &place);
  static bool digestOf(std::string_view hex, base::Digest &digest);
  /// One number of a tensor. Out of the element's range is refused; floats are rounded to the element.
  bool element(base::ElementType type, std::byte *data, std::uint64_t index, const JsonPlace &place);
  bool tensor(TypeId id, const Type &type, Value &result, const JsonPlace &place);
  bool shapeInto(std::vector<std::int64_t> &shape, const JsonPlace &place);
  /// Reads from `data`, where the numbers stand, while `reader` is behind the tensor already.
  bool tensorData(base::ElementType type, std::span<const std::int64_t> shape, std::uint64_t bytes,
                  const JsonReader &data, Value &result, const JsonPlace &place);

  /// The object that begins here: `read(key)` reads the value behind each of its keys.
  bool members(auto &&read) {
    std::string key;
    bool more = true;
    if (!reader.open('{'))
      return false;
    for (bool first = true;; first = false) {
      if (!reader.next('}', first, more))
        return false;
      if (!more)
        return true;
      if (!reader.key(key) || !read(key))
        return false;
    }
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

  JsonReader reader;
  const TypeTable *types;
  JsonOptions options;
  base::Error failure;
};

} // namespace weft::value
