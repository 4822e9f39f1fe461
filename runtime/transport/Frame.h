//===- Frame.h - Messages on a stream, wire version 1 ---------------------===//
//
// A frame is a 40-byte header and a payload:
//
//   0   magic "WFTF"            16  epoch u64: of the sender's view
//   4   version u16 = 1         24  number u64: of this frame on its stream
//   6   kind u16                32  header checksum u32: CRC-32C of 0..32
//   8   payload bytes u32       36  payload checksum u32: CRC-32C
//   12  zero u32
//
// Numbers are little-endian. A stream numbers its frames from 1 without gaps,
// so a lost, repeated or reordered frame is seen. The header has its own
// checksum: a length is believed before the payload has come.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Result.h"

#include <optional>

namespace weft::transport {

inline constexpr std::uint16_t wireVersion = 1;
inline constexpr std::size_t frameHeaderBytes = 40;
/// Larger payloads are cut by the sender: one frame must not hold a stream for long, nor a receiver's memory.
inline constexpr std::uint32_t maxPayloadBytes = 1U << 20;

struct Frame {
  std::uint16_t kind = 0; ///< What the payload is; runtime/gang/Message.h.
  std::uint64_t epoch = 0;
  std::uint64_t number = 0;
  base::Bytes payload;
  bool operator==(const Frame &) const = default;
};

/// Appends the frame; its payload holds at most maxPayloadBytes.
void encode(const Frame &frame, base::Bytes &out);

/// Takes bytes as they arrive and gives whole frames back. After an error the stream cannot be trusted: close it.
class FrameDecoder {
public:
  /// Adds received bytes. Holds at most one frame and what was added behind it.
  void add(base::ConstBytes bytes);

  /// The next frame, or nullopt until more bytes come. Errors: corrupt (magic, checksum, a number out of order),
  /// unsupported (another version), limit (payload too large).
  base::Result<std::optional<Frame>> next();

private:
  base::Bytes buffer;
  std::size_t start = 0;
  std::uint64_t expected = 1;
};

} // namespace weft::transport
