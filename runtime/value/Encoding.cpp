//===- Encoding.cpp - Values to canonical bytes ----------------------------===//

#include "runtime/value/Encoding.h"

#include "runtime/base/Limits.h"

#include <bit>
#include <cmath>

namespace weft::value {
namespace {

/// The one NaN that is encoded: which of them a computation gave differs between machines.
constexpr std::uint64_t quietNan = 0x7ff8000000000000ull;

std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

/// Writes to memory, or only counts.
struct Writer {
  base::Bytes *out;
  std::uint64_t written = 0;

  void raw(const void *data, std::size_t size) {
    written += size;
    if (out && size)
      out->insert(out->end(), static_cast<const std::byte *>(data), static_cast<const std::byte *>(data) + size);
  }
  void byte(std::uint8_t value) { raw(&value, 1); }
  void fixed(std::uint64_t value, int bytes) {
    std::uint8_t buffer[8];
    for (int i = 0; i < bytes; ++i)
      buffer[i] = static_cast<std::uint8_t>(value >> (8 * i));
    raw(buffer, static_cast<std::size_t>(bytes));
  }
  [[gnu::noinline]] void varint(std::uint64_t value) {
    std::uint8_t buffer[10];
    std::size_t size = 0;
    for (; value >= 0x80; value >>= 7)
      buffer[size++] = static_cast<std::uint8_t>(value | 0x80);
    buffer[size++] = static_cast<std::uint8_t>(value);
    raw(buffer, size);
  }
  void digest(const base::Digest &digest) { raw(digest.bytes.data(), digest.bytes.size()); }
  void text(std::string_view text) {
    varint(text.size());
    raw(text.data(), text.size());
  }

  void values(std::span<const Value> items) {
    varint(items.size());
    for (const Value &item : items)
      value(item);
  }

  void tensor(const TensorView &tensor) {
    byte(static_cast<std::uint8_t>(tensor.type));
    byte(static_cast<std::uint8_t>(tensor.dims.size()));
    for (std::int64_t dim : tensor.dims)
      varint(static_cast<std::uint64_t>(dim));
    static_assert(std::endian::native == std::endian::little, "tensor data is little-endian");
    raw(tensor.data.data(), tensor.data.size());
  }

  void value(const Value &value) {
    byte(static_cast<std::uint8_t>(value.tag()));
    switch (value.tag()) {
    case Tag::list:
    case Tag::record:
      return values(value.items());
    case Tag::map:
      varint(value.entries().size());
      for (const MapEntry &entry : value.entries()) {
        text(entry.key.asText());
        this->value(entry.value);
      }
      return;
    case Tag::variant:
      varint(value.caseIndex());
      return values(value.items());
    case Tag::function:
      varint(value.functionIndex());
      return values(value.items());
    case Tag::agent:
      byte(static_cast<std::uint8_t>(value.agentKind()));
      varint(value.agentIndex());
      return values(value.items());
    default:
      return leaf(value);
    }
  }

  /// Whatever holds no values. Apart from `value`, so that a level of nesting costs little stack.
  [[gnu::noinline]] void leaf(const Value &value) {
    switch (value.tag()) {
    case Tag::none:
      return;
    case Tag::boolean:
      return byte(value.asBool());
    case Tag::integer:
    case Tag::duration:
    case Tag::size:
    case Tag::money:
      return varint(zigzag(value.units()));
    case Tag::real: {
      double real = value.asFloat();
      return fixed(std::isnan(real) ? quietNan : std::bit_cast<std::uint64_t>(real == 0 ? 0.0 : real), 8);
    }
    case Tag::string:
      return text(value.asText());
    case Tag::bytes:
      return text(base::textOf(value.asBytes()));
    case Tag::rng:
      fixed(value.asRng().key, 8);
      return fixed(value.asRng().stream, 4);
    case Tag::tensor:
      return tensor(value.asTensor());
    case Tag::file: {
      FileView file = value.asFile();
      text(file.name);
      text(file.media);
      return digest(file.digest);
    }
    case Tag::blob: {
      BlobView blob = value.asBlob();
      digest(blob.digest);
      return varint(static_cast<std::uint64_t>(blob.sizeBytes));
    }
    case Tag::state: {
      StateView state = value.asState();
      varint(state.gang);
      return digest(state.manifest);
    }
    default:
      WEFT_UNREACHABLE();
    }
  }
};

} // namespace

void encode(const Value &value, base::Bytes &out) {
  WEFT_ASSERT(value.depth() <= base::maxEncodedDepth);
  Writer writer{&out};
  writer.byte(encodingVersion);
  writer.value(value);
}

base::Bytes encoded(const Value &value) {
  base::Bytes out;
  encode(value, out);
  return out;
}

std::uint64_t encodedBytes(const Value &value) {
  WEFT_ASSERT(value.depth() <= base::maxEncodedDepth);
  Writer writer{nullptr};
  writer.byte(encodingVersion);
  writer.value(value);
  return writer.written;
}

base::Digest digestOf(const Value &value) { return base::digestOf(encoded(value)); }

} // namespace weft::value
