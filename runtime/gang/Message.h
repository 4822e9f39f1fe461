//===- Message.h - What coordinator and members tell each other -----------===//
//
// Payloads of frames (runtime/transport/Frame.h); the frame's epoch is that of
// the view the sender knows. Kinds are part of wire version 1: never reused.
//
//   member -> coordinator   hello, output, finished, failed, reached, saved, progress
//   coordinator -> member   role, input, state, start, save, release, stop
//
// Tensors travel as pieces of a port: {port u32, offset u64, bytes}, so that no
// frame is larger than the wire allows. The role's view says from which step on
// the member takes part; without pieces of a state it begins with zeros.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"
#include "runtime/base/Failure.h"
#include "runtime/base/Result.h"
#include "runtime/membership/View.h"

#include <span>
#include <vector>

namespace weft::gang {

enum class MessageKind : std::uint16_t {
  hello = 1,     ///< {member u64, plan digest 32 bytes}: here I am, with this plan.
  role = 2,      ///< {gang u32, slot u32, view}: what to do, and with whom.
  input = 3,     ///< A piece of one of the role's inputs.
  start = 4,     ///< {}: all inputs are there.
  output = 5,    ///< A piece of one of the role's outputs.
  finished = 6,  ///< {}: all outputs are sent.
  failed = 7,    ///< {text}: this member cannot do its role, and no other could.
  stop = 8,      ///< {}: the gang has released its inputs; leave.
  state = 9,     ///< A piece of one of the role's states.
  reached = 10,  ///< {step u64}: that many steps are done, and their state is held until `release`.
  save = 11,     ///< {step u64, port u32, file}: write this part of the state that is held.
  saved = 12,    ///< {step u64, port u32, bytes u64, SHA-256}: it is durable.
  release = 13,  ///< {step u64}: the state of that step needs to be held no longer.
  progress = 14, ///< Reports of steps, in order; for observers.
};

/// What a step told, or an evaluation after it.
struct StepReport {
  std::uint64_t step = 0;  ///< Steps that are done, 1 after the first.
  bool evaluation = false; ///< Of what is held out: `report` counts those of the gang that evaluates.
  struct Value {
    std::uint32_t report;
    float value;
    bool operator==(const Value &) const = default;
  };
  std::vector<Value> values;
  bool operator==(const StepReport &) const = default;
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

struct SaveMessage {
  std::uint64_t step = 0;
  std::uint32_t port = 0;
  std::string file; ///< Within the gang's folder.
};

struct SavedMessage {
  std::uint64_t step = 0;
  std::uint32_t port = 0;
  std::uint64_t sizeBytes = 0; ///< Of the file.
  base::Digest digest;
};

base::Bytes encodedHello(membership::MemberId member, base::ConstBytes planDigest);
base::Result<membership::MemberId> decodeHello(base::ConstBytes payload, base::ConstBytes planDigest);
base::Bytes encodedRole(const RoleMessage &role);
base::Result<RoleMessage> decodeRole(base::ConstBytes payload);
base::Bytes encodedPiece(std::uint32_t port, std::uint64_t offset, base::ConstBytes bytes);
base::Result<PieceMessage> decodePiece(base::ConstBytes payload);
base::Bytes encodedStep(std::uint64_t step);
base::Result<std::uint64_t> decodeStep(base::ConstBytes payload);
base::Bytes encodedSave(const SaveMessage &save);
base::Result<SaveMessage> decodeSave(base::ConstBytes payload);
base::Bytes encodedSaved(const SavedMessage &saved);
base::Result<SavedMessage> decodeSaved(base::ConstBytes payload);

base::Bytes encodedProgress(std::span<const StepReport> reports);
base::Result<std::vector<StepReport>> decodeProgress(base::ConstBytes payload);

/// Bytes of a tensor in one piece; leaves room for the piece's own header within a frame.
inline constexpr std::uint64_t pieceBytes = 512 * 1024;
/// Reports in one frame: of 16 numbers each they fit.
inline constexpr std::size_t maxReportsInFrame = 1024;

} // namespace weft::gang
