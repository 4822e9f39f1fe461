//===- Frame.cpp - Messages on a stream -----------------------------------===//

#include "runtime/transport/Frame.h"

#include "runtime/base/Crc32c.h"
#include "runtime/base/LittleEndian.h"

#include <cstring>

namespace weft::transport {
namespace {

constexpr std::uint32_t magic = 0x46544657; // "WFTF"
constexpr std::size_t headerSumOffset = 32;
/// Consumed bytes are dropped from the front once they are this many, so that the buffer does not creep.
constexpr std::size_t compactBytes = 64 * 1024;

} // namespace

void encode(const Frame &frame, base::Bytes &out) {
  WEFT_ASSERT(frame.payload.size() <= maxPayloadBytes);
  std::size_t start = out.size();
  base::append<std::uint32_t>(out, magic);
  base::append<std::uint16_t>(out, wireVersion);
  base::append<std::uint16_t>(out, frame.kind);
  base::append<std::uint32_t>(out, static_cast<std::uint32_t>(frame.payload.size()));
  base::append<std::uint32_t>(out, 0);
  base::append<std::uint64_t>(out, frame.epoch);
  base::append<std::uint64_t>(out, frame.number);
  base::append<std::uint32_t>(out, base::crc32c(base::ConstBytes(out).subspan(start)));
  base::append<std::uint32_t>(out, base::crc32c(frame.payload));
  out.insert(out.end(), frame.payload.begin(), frame.payload.end());
}

void FrameDecoder::add(base::ConstBytes bytes) {
  if (start >= compactBytes) {
    buffer.erase(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(start));
    start = 0;
  }
  buffer.insert(buffer.end(), bytes.begin(), bytes.end());
}

base::Result<std::optional<Frame>> FrameDecoder::next() {
  using base::Code;
  using base::error;
  std::size_t have = buffer.size() - start;
  if (have < frameHeaderBytes)
    return std::optional<Frame>();
  const std::byte *header = buffer.data() + start;
  if (base::load<std::uint32_t>(header) != magic)
    return error(Code::corrupt, "a frame does not begin with WFTF; the other side does not speak Weft's wire");
  if (base::load<std::uint32_t>(header + headerSumOffset) != base::crc32c({header, headerSumOffset}))
    return error(Code::corrupt, "a frame's header does not match its checksum");
  if (auto version = base::load<std::uint16_t>(header + 4); version != wireVersion)
    return error(Code::unsupported, "a frame has version " + std::to_string(version) + ", this build speaks version " +
                                        std::to_string(wireVersion));
  auto size = base::load<std::uint32_t>(header + 8);
  if (size > maxPayloadBytes)
    return error(Code::limit, "a frame announces " + std::to_string(size) + " bytes, the limit is " +
                                  std::to_string(maxPayloadBytes));
  auto number = base::load<std::uint64_t>(header + 24);
  if (number != expected || base::load<std::uint32_t>(header + 12) != 0)
    return error(Code::corrupt, "a frame has number " + std::to_string(number) + ", wanted " +
                                    std::to_string(expected) + "; frames were lost, repeated or reordered");
  if (have < frameHeaderBytes + size)
    return std::optional<Frame>();
  base::ConstBytes payload(header + frameHeaderBytes, size);
  if (base::load<std::uint32_t>(header + 36) != base::crc32c(payload))
    return error(Code::corrupt, "the payload of frame " + std::to_string(number) + " does not match its checksum");
  Frame frame{base::load<std::uint16_t>(header + 6), base::load<std::uint64_t>(header + 16), number,
              base::Bytes(payload.begin(), payload.end())};
  start += frameHeaderBytes + size;
  ++expected;
  return std::optional<Frame>(std::move(frame));
}

} // namespace weft::transport
