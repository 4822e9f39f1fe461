//===- Message.h - What coordinator and members tell each other -----------===//
//
// Payloads of frames (runtime/transport/Frame.h); the frame's epoch is that of
// the view the sender knows. Kinds are part of wire version 1: never reused.
//
//   member -> coordinator   hello, output, finished, failed
//   coordinator -> member   role, input, start, stop
//
// Tensors travel as pieces of a port: {port u32, offset u64, bytes}, so that no
// frame is larger than the wire allows.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Failure.h"
#include "runtime/base/Result.h"
#include "runtime/membership/View.h"

namespace weft::gang {

enum class MessageKind : std::uint16_t {
  hello = 1,    ///< {member u64, plan digest 32 bytes}: here I am, with this plan.
  role = 2,     ///< {gang u32, slot u32, view}: what to do, and with whom.
  input = 3,    ///< A piece of one of the role's inputs.
  start = 4,    ///< {}: all inputs are there.
  output = 5,   ///< A piece of one of the role's outputs.
  finished = 6, ///< {}: all outputs are sent.
  failed = 7,   ///< {text}: this member cannot do its role, and no other could.
  stop = 8,     ///< {}: the gang has released its inputs; leave.
};

struct RoleMessage {
  std::uint32_t gang = 0, slot = 0;
  membership::View view;
};

struct PieceMessage {
  std::uint32_t port = 0;
  std::uint64_t offset = 0;
  base::ConstBytes bytes; ///< Into the frame.
};

base::Bytes encodedHello(membership::MemberId member, base::ConstBytes planDigest);
base::Result<membership::MemberId> decodeHello(base::ConstBytes payload, base::ConstBytes planDigest);
base::Bytes encodedRole(const RoleMessage &role);
base::Result<RoleMessage> decodeRole(base::ConstBytes payload);
base::Bytes encodedPiece(std::uint32_t port, std::uint64_t offset, base::ConstBytes bytes);
base::Result<PieceMessage> decodePiece(base::ConstBytes payload);

/// Bytes of a tensor in one piece; leaves room for the piece's own header within a frame.
inline constexpr std::uint64_t pieceBytes = 512 * 1024;

} // namespace weft::gang
