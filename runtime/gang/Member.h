//===- Member.h - One slot's work, as a state machine ---------------------===//
//
// A member is told its role, is given the inputs and the states it begins with,
// runs the role's actors in order, as often as the gang has steps, and sends the
// outputs. It may be killed at any point: whoever gets its slot is given the
// same and arrives at the same bits.
//
// After every k-th step it copies its states and goes on; the copy is written
// when the coordinator asks for it, and dropped when it says so. One copy is
// held at a time: who is faster than the disk waits with the next one. Of a gang
// that gives files of whole states, the last step's are held so too.
//
// `receive` and `advance` append what is to be done; the driver (WorkerMain, or
// a test) does it and calls `advance` again until it is told to wait.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/checkpoint/Folder.h"
#include "runtime/device/Device.h"
#include "runtime/gang/Boards.h"
#include "runtime/gang/Message.h"
#include "runtime/gang/Sabotage.h"
#include "runtime/gang/Sources.h"
#include "runtime/tensor/Program.h"
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
  /// Write a part so that it is durable, then call `saved`.
  struct Save {
    SaveMessage what;
    checkpoint::Shard shard;
    std::shared_ptr<const base::Bytes> payload;
  };
  std::vector<Send> sends;
  std::vector<Save> saves;
  std::vector<StepReport> reports;            ///< To be told, a few times a second and before what is sent next.
  std::atomic<std::uint32_t> *wake = nullptr; ///< Wake who waits for this word.
  std::atomic<std::uint32_t> *wait = nullptr; ///< Call `advance` when it is no longer `seen`, or after a frame.
  std::uint32_t seen = 0;
  bool again = false; ///< There is more to do at once: call `advance`.
  bool paced = false; ///< Not before what is sent here was taken: with `again`.
  bool leave = false; ///< The gang is over: end the process.
};

class Member {
public:
  /// All references outlive the member. `segment` holds the gang's boards; `sources` are those of the gang, null where
  /// it has none.
  Member(std::shared_ptr<const plan::Plan> plan, device::Device &device, base::MutableBytes segment,
         membership::MemberId self, std::uint32_t pieceBytes, Sabotage sabotage = {},
         std::shared_ptr<const Sources> sources = nullptr);

  /// Once, before anything else.
  void greet(MemberActions &actions);
  void receive(const transport::Frame &frame, MemberActions &actions);
  void advance(MemberActions &actions);
  /// A part was written, or could not be.
  void saved(const SaveMessage &what, base::Result<checkpoint::ShardFile> file, MemberActions &actions);

  std::uint64_t epoch() const { return view.epoch; }

private:
  base::Result<> takeRole(base::ConstBytes payload);
  base::Result<> takePiece(base::ConstBytes payload, const std::vector<plan::Port> &ports,
                           std::vector<std::uint64_t> &have, const char *kind);
  base::Result<> begin();
  base::Result<> save(base::ConstBytes payload, MemberActions &actions);
  base::Result<> release(base::ConstBytes payload, MemberActions &actions);
  void endStep(MemberActions &actions);
  base::Result<> hold();
  // MemberLearns.cpp: what a step is fed, and what it tells
  base::Result<> feed();
  base::Result<> readReports(MemberActions &actions);
  base::Result<> evaluate(MemberActions &actions);
  void take(collective::Progress progress, MemberActions &actions);
  std::uint32_t rank() const;
  void sendOutput(MemberActions &actions);
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
  std::optional<tensor::RoleMemory> memory;
  std::vector<std::uint64_t> received, receivedStates; ///< Bytes of each.
  std::uint64_t step = 0;                              ///< Of the gang.
  std::size_t next = 0;                                ///< Actor.
  std::size_t collective = 0;                          ///< Begun in this step.
  /// The states after `step` steps, by port.
  struct Held {
    std::uint64_t step = 0;
    std::vector<std::shared_ptr<const base::Bytes>> states;
  };
  std::optional<Held> held;
  std::optional<collective::BoardStep> current;
  /// How far the outputs are sent, when the last step has ended.
  struct Sending {
    std::uint32_t port = 0;
    std::uint64_t offset = 0;
  };
  std::optional<Sending> sending;
  bool running = false, over = false;
  Sabotage sabotage;
  std::shared_ptr<const Sources> sources;
  std::unique_ptr<tensor::Program> evaluation; ///< Loaded when it is first run.
};

} // namespace weft::gang
