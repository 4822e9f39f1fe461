//===- Member.h - One slot's work, as a state machine ---------------------===//
//
// A member is told its role, is given the inputs, runs the role's actors in
// order, and sends the outputs. It may be killed at any point: whoever gets its
// slot is given the same role and inputs, finds on the boards what the slot has
// contributed, and arrives at the same bits.
//
// `receive` and `advance` append what is to be done; the driver (WorkerMain, or
// a test) does it and calls `advance` again until it is told to wait.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/device/Device.h"
#include "runtime/gang/Boards.h"
#include "runtime/gang/Message.h"
#include "runtime/transport/Frame.h"

#include <atomic>
#include <memory>
#include <optional>
#include <vector>

namespace weft::gang {

/// What a member asks of its driver. Sends are in order.
struct MemberActions {
  struct Send {
    MessageKind kind;
    base::Bytes payload;
  };
  std::vector<Send> sends;
  std::atomic<std::uint32_t> *wake = nullptr; ///< Wake who waits for this word.
  std::atomic<std::uint32_t> *wait = nullptr; ///< Call `advance` when it is no longer `seen`, or after a frame.
  std::uint32_t seen = 0;
  bool again = false; ///< There is more to do at once: call `advance`.
  bool leave = false; ///< The gang is over: end the process.
};

class Member {
public:
  /// All references outlive the member. `segment` holds the gang's boards.
  Member(std::shared_ptr<const plan::Plan> plan, device::Device &device, base::MutableBytes segment,
         membership::MemberId self, std::uint32_t pieceBytes);

  /// Once, before anything else.
  void greet(MemberActions &actions);
  void receive(const transport::Frame &frame, MemberActions &actions);
  void advance(MemberActions &actions);

  std::uint64_t epoch() const { return view.epoch; }

private:
  base::Result<> takeRole(base::ConstBytes payload);
  base::Result<> takeInput(base::ConstBytes payload);
  base::Result<> launch(const plan::fb::Actor &actor);
  void take(collective::Progress progress, MemberActions &actions);
  void sendOutputs(MemberActions &actions);
  base::MutableBytes bufferBytes(std::uint32_t buffer);
  void fail(base::Error error, MemberActions &actions);

  std::shared_ptr<const plan::Plan> plan;
  device::Device &device;
  base::MutableBytes segment;
  membership::MemberId self;
  std::uint32_t pieceBytesOnBoard;

  membership::View view;
  const plan::Gang *gang = nullptr;
  const plan::Role *role = nullptr;
  std::uint32_t slot = 0;
  std::optional<Boards> boards;
  std::vector<std::unique_ptr<device::Memory>> arenas;
  std::unique_ptr<device::Memory> workspace;
  std::vector<std::unique_ptr<device::Kernel>> kernels; ///< Of each actor; null for collectives.
  std::vector<std::uint64_t> received;                  ///< Bytes of each input.
  std::size_t next = 0;                                 ///< Actor.
  std::size_t step = 0;                                 ///< Collective steps begun.
  std::optional<collective::BoardStep> current;
  bool running = false, over = false;
};

} // namespace weft::gang
