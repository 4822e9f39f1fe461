//===- Decoding.cpp - Canonical bytes to values, all others refused -------===//
//
// Bytes come from disks and peers. Every count is bounded by the bytes that are
// left before memory is reserved for it; every byte that the encoder would have
// written otherwise is an error, so that equal digests mean equal values.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Limits.h"
#include "runtime/value/Builders.h"
#include "runtime/value/Encoding.h"
#include "runtime/value/Utf8.h"

#include <bit>
#include <cmath>
#include <optional>

namespace weft::value {
namespace {

constexpr std::uint64_t quietNan = 0x7ff8000000000000ull;

std::int64_t unzigzag(std::uint64_t bits) { return static_cast<std::int64_t>(bits >> 1 ^ (0 - (bits & 1))); }

/// Every reader below returns false after it has set `failure`.
struct Reader {
  base::ConstBytes bytes;
  std::size_t place = 0;
  std::optional<base::Error> failure;

  bool fail(const std::string &why, base::Code code = base::Code::corrupt) {
    if (!failure)
      failure = base::error(code, "byte " + std::to_string(place) + " of " + std::to_string(bytes.size()) + ": " + why);
    return false;
  }
  std::size_t left() const { return bytes.size() - place; }

  [[gnu::noinline]] bool raw(std::size_t size, const std::byte *&data) {
    if (size > left())
      return fail(std::to_string(size) + " more bytes are announced than there are");
    data = bytes.data() + place;
    place += size;
    return true;
  }
  bool fixed(int count, std::uint64_t &value) {
    const std::byte *data = nullptr;
    if (!raw(static_cast<std::size_t>(count), data))
      return false;
    value = 0;
    for (int i = 0; i < count; ++i)
      value |= static_cast<std::uint64_t>(data[i]) << (8 * i);
    return true;
  }
  [[gnu::noinline]] bool varint(std::uint64_t &value, std::uint64_t most = ~std::uint64_t{0}) {
    value = 0;
    for (int shift = 0;; shift += 7) {
      const std::byte *data = nullptr;
      if (!raw(1, data))
        return false;
      auto bits = static_cast<std::uint64_t>(*data) & 0x7f;
      if (shift == 63 && static_cast<std::uint64_t>(*data) > 1)
        return fail("a number of more than 64 bits");
      value |= bits << shift;
      if ((static_cast<std::uint8_t>(*data) & 0x80) == 0) {
        if (bits == 0 && shift > 0)
          return fail("a number that is not in its shortest form");
        break;
      }
    }
    return value <= most || fail(std::to_string(value) + " where at most " + std::to_string(most) + " can stand");
  }
  [[gnu::noinline]] bool text(std::string_view &text, bool utf8) {
    std::uint64_t size;
    const std::byte *data = nullptr;
    if (!varint(size, base::maxTextBytes) || !raw(size, data))
      return false;
    text = {reinterpret_cast<const char *>(data), size};
    return !utf8 || validUtf8(text) || fail("a string that is not UTF-8");
  }
  bool digest(base::Digest &digest) {
    const std::byte *data = nullptr;
    if (!raw(digest.bytes.size(), data))
      return false;
    std::memcpy(digest.bytes.data(), data, digest.bytes.size());
    return true;
  }
  /// A count of things that take at least `least` bytes each, so that no memory is reserved for what cannot follow.
  [[gnu::noinline]] bool count(std::uint64_t &value, std::size_t least) {
    return varint(value) &&
           (value <= left() / least || fail(std::to_string(value) + " items in " + std::to_string(left()) + " bytes"));
  }
  bool values(ArrayBuilder &builder, std::uint32_t depth) {
    std::uint64_t items;
    if (!count(items, 1))
      return false;
    // Grows with what is read: a count alone reserves little.
    for (std::uint64_t i = 0; i < items; ++i) {
      Value item;
      if (!value(item, depth + 1))
        return false;
      builder.add(std::move(item));
    }
    return true;
  }

  bool tensor(Value &result) {
    std::uint64_t type, rank, dim;
    if (!fixed(1, type) || !fixed(1, rank))
      return false;
    if (type >= base::elementTypeCount || rank > maxRank)
      return fail("a tensor of element type " + std::to_string(type) + " and rank " + std::to_string(rank));
    std::int64_t dims[maxRank];
    for (std::uint64_t i = 0; i < rank; ++i) {
      if (!varint(dim, base::maxTensorBytes))
        return false;
      dims[i] = static_cast<std::int64_t>(dim);
    }
    auto elementType = static_cast<base::ElementType>(type);
    auto size = tensorBytes(elementType, {dims, rank});
    const std::byte *data = nullptr;
    if (!size)
      return fail(size.error().message);
    if (!raw(*size, data))
      return false;
    if (elementType == base::ElementType::boolean)
      for (std::uint64_t i = 0; i < *size; ++i)
        if (data[i] > std::byte{1})
          return fail("a bool tensor with an element that is neither 0 nor 1");
    TensorBuilder builder(elementType, {dims, rank});
    if (*size)
      std::memcpy(builder.data().data(), data, *size);
    result = std::move(builder).tensor();
    return true;
  }

  bool map(Value &result, std::uint32_t depth) {
    std::uint64_t entries;
    if (!count(entries, 2))
      return false;
    MapBuilder builder;
    std::string_view last;
    for (std::uint64_t i = 0; i < entries; ++i) {
      std::string_view key;
      Value value;
      if (!text(key, true))
        return false;
      if (i && key <= last)
        return fail("map keys that do not ascend");
      last = key;
      if (!this->value(value, depth + 1))
        return false;
      builder.add(Value::text(key), std::move(value));
    }
    result = std::move(builder).mapOfLast();
    return true;
  }

  /// A level of nesting costs the stack of this function and of `values` or `map` alone.
  bool value(Value &result, std::uint32_t depth) {
    if (depth > base::maxEncodedDepth)
      return tooDeep();
    std::uint64_t tag, index = 0, kind = 0;
    if (!fixed(1, tag))
      return false;
    switch (static_cast<Tag>(tag)) {
    case Tag::map:
      return map(result, depth);
    case Tag::agent:
      if (!agentKind(kind) || !varint(index, 0x7fffffffu))
        return false;
      break;
    case Tag::variant:
    case Tag::function:
      if (!varint(index, 0xffffffffu))
        return false;
      break;
    case Tag::list:
    case Tag::record:
      break;
    default:
      return leaf(tag, result);
    }
    ArrayBuilder items;
    if (!values(items, depth))
      return false;
    auto number = static_cast<std::uint32_t>(index);
    result = tag == 6    ? std::move(items).list()
             : tag == 8  ? std::move(items).record()
             : tag == 9  ? std::move(items).variant(number)
             : tag == 15 ? std::move(items).function(number)
                         : std::move(items).agent(static_cast<AgentKind>(kind), number);
    return true;
  }

  [[gnu::noinline]] bool tooDeep() {
    return fail("values nested deeper than " + std::to_string(base::maxEncodedDepth), base::Code::limit);
  }
  [[gnu::noinline]] bool agentKind(std::uint64_t &kind) {
    return fixed(1, kind) && (kind <= 1 || fail("an agent of kind " + std::to_string(kind)));
  }

  [[gnu::noinline]] bool leaf(std::uint64_t tag, Value &result) {
    std::uint64_t bits, index;
    std::string_view content, media;
    base::Digest digest;
    switch (static_cast<Tag>(tag)) {
    case Tag::none:
      result = Value();
      return true;
    case Tag::boolean:
      if (!fixed(1, bits))
        return false;
      result = Value::boolean(bits);
      return bits <= 1 || fail("a bool that is neither 0 nor 1");
    case Tag::integer:
    case Tag::duration:
    case Tag::size:
    case Tag::money: {
      if (!varint(bits))
        return false;
      std::int64_t amount = unzigzag(bits);
      result = tag == 2    ? Value::integer(amount)
               : tag == 10 ? Value::duration(amount)
               : tag == 11 ? Value::size(amount)
                           : Value::money(amount);
      return true;
    }
    case Tag::real: {
      if (!fixed(8, bits))
        return false;
      auto real = std::bit_cast<double>(bits);
      result = Value::real(real);
      return (!std::isnan(real) || bits == quietNan) && bits != 1ull << 63 ? true
                                                                           : fail("a float that is not canonical");
    }
    case Tag::string:
      if (!text(content, true))
        return false;
      result = Value::text(content);
      return true;
    case Tag::bytes:
      if (!text(content, false))
        return false;
      result = Value::bytes(base::bytesOf(content));
      return true;
    case Tag::rng:
      if (!fixed(8, bits) || !fixed(4, index))
        return false;
      result = Value::rng({bits, static_cast<std::uint32_t>(index)});
      return true;
    case Tag::tensor:
      return tensor(result);
    case Tag::file:
      if (!text(content, true) || !text(media, true) || !this->digest(digest))
        return false;
      result = Value::file(content, media, digest);
      return true;
    case Tag::blob:
      if (!this->digest(digest) || !varint(bits, ~std::uint64_t{0} >> 1))
        return false;
      result = Value::blob(digest, static_cast<std::int64_t>(bits));
      return true;
    case Tag::state:
      if (!varint(index, 0xffffffffu) || !this->digest(digest))
        return false;
      result = Value::state(static_cast<std::uint32_t>(index), digest);
      return true;
    default:
      return fail("tag " + std::to_string(tag) + ", which this build does not know");
    }
  }
};

} // namespace

base::Result<Value> decode(base::ConstBytes bytes) {
  if (bytes.empty())
    return base::error(base::Code::corrupt, "an encoded value of 0 bytes");
  if (static_cast<std::uint8_t>(bytes[0]) != encodingVersion)
    return base::error(base::Code::unsupported, "an encoded value of version " +
                                                    std::to_string(static_cast<int>(bytes[0])) +
                                                    ", this build reads version " + std::to_string(encodingVersion));
  Reader reader{bytes, 1, {}};
  Value result;
  if (!reader.value(result, 0))
    return *reader.failure;
  if (reader.left()) {
    reader.fail("the value ends here, but bytes follow");
    return *reader.failure;
  }
  return result;
}

} // namespace weft::value
