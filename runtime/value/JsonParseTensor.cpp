//===- JsonParseTensor.cpp - Tensors and files ----------------------------===//

#include "runtime/value/JsonParser.h"
#include "runtime/value/Numbers.h"

#include <cmath>

namespace weft::value {

bool JsonParser::file(Value &result, const JsonPlace &place) {
  if (reader.peek() != Kind::object)
    return expected(place, "a file {name, media, sha256}");
  std::string name, media, hex;
  int seen = 0;
  bool read = members([&](const std::string &key) {
    int bit = key == "name" ? 1 : key == "media" ? 2 : key == "sha256" ? 4 : 0;
    if (seen & bit)
      return wrong(place, "key \"" + key + "\" stands twice");
    seen |= bit;
    if (!bit && !options.dropUnknown)
      return wrong(place, "a file has no field \"" + key + "\"");
    return bit ? string(bit == 1 ? name : bit == 2 ? media : hex, place, "a string") : reader.skip();
  });
  if (!read)
    return false;
  base::Digest digest;
  if (seen != 7 || !digestOf(hex, digest))
    return wrong(place, "expected a file {name, media, sha256} with 64 hexadecimal digits");
  result = Value::file(name, media, digest);
  return true;
}

bool JsonParser::digestOf(std::string_view hex, base::Digest &digest) {
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

bool JsonParser::element(base::ElementType type, std::byte *data, std::uint64_t index, const JsonPlace &place) {
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

bool JsonParser::tensor(TypeId id, const Type &type, Value &result, const JsonPlace &place) {
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
  std::string dtype;
  std::vector<std::int64_t> shape;
  std::optional<JsonReader> data;
  bool shaped = false;
  bool read = members([&](const std::string &key) {
    if (key == "dtype" && dtype.empty())
      return string(dtype, {&place, "dtype", 0}, "a string");
    if (key == "shape" && !shaped) {
      shaped = true;
      return shapeInto(shape, {&place, "shape", 0});
    }
    if (key == "data" && !data) {
      data = reader;
      return reader.skip();
    }
    return wrong(place, "expected " + wanted + ", found field \"" + key + "\"");
  });
  if (!read)
    return false;
  if (!data || !shaped || dtype != base::name(type.dtype))
    return wrong(place, "expected " + wanted + (dtype.empty() ? "" : ", found dtype \"" + dtype + "\""));
  bool fits = shape.size() == type.dims.size();
  for (std::size_t i = 0; fits && i < shape.size(); ++i)
    fits = type.dims[i] < 0 || type.dims[i] == shape[i];
  auto bytes = fits ? tensorBytes(type.dtype, shape) : base::Result<std::uint64_t>(0);
  if (!fits || !bytes) {
    std::string found;
    for (std::int64_t size : shape)
      found += (found.empty() ? "" : ", ") + std::to_string(size);
    return wrong({&place, "shape", 0}, "expected the shape of " + types->text(id) + ", found [" + found + "]");
  }
  return tensorData(type.dtype, shape, *bytes, *data, result, {&place, "data", 0});
}

bool JsonParser::shapeInto(std::vector<std::int64_t> &shape, const JsonPlace &place) {
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

bool JsonParser::tensorData(base::ElementType type, std::span<const std::int64_t> shape, std::uint64_t bytes,
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

} // namespace weft::value
