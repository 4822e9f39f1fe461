//===- MemberTest.cpp - One member, told right and wrong things -----------===//
//
// A coordinator's commands come over a wire and may be old: what belongs to a
// view that is over changes nothing. What cannot be obeyed is told as a failure
// with what was found and wanted, and nothing is done after it.
//
//===----------------------------------------------------------------------===//

#include "runtime/gang/Member.h"
#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/io/AsioRuntime.h"
#include "test/simulation/gang/LoopPlan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::gang {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::uint64_t epoch = 5;
constexpr membership::MemberId self = 17;

/// A gang of one slot, so that a member comes to its end without others: 5 steps, a checkpoint after each.
class MemberTest : public testing::Test {
protected:
  explicit MemberTest(Sabotage sabotage = {})
      : shape{1, false, 5, 1}, plan(simulation::loopPlan(shape)), inputs(simulation::loopInputs(shape, 3)),
        device(device::makeCpuDevice(runtime.doors().process)),
        segment(*runtime.doors().process.makeSegment(Boards(*plan, plan->gangs[0], 64).sizeBytes())),
        member(plan, *device, segment->bytes(), self, 64, sabotage) {}

  /// What the member asks for after this frame, and after all the work that it makes of it.
  MemberActions tell(MessageKind kind, base::Bytes payload = {}, std::uint64_t frameEpoch = epoch) {
    MemberActions all;
    MemberActions actions;
    member.receive({static_cast<std::uint16_t>(kind), frameEpoch, 1, std::move(payload)}, actions);
    for (int turn = 0;; ++turn) {
      std::move(actions.sends.begin(), actions.sends.end(), std::back_inserter(all.sends));
      std::move(actions.saves.begin(), actions.saves.end(), std::back_inserter(all.saves));
      all.leave |= actions.leave;
      if (!actions.again || turn > 10'000)
        return all;
      actions = {};
      member.advance(actions);
    }
  }
  base::Bytes role(std::uint64_t fromStep = 0, membership::MemberId holder = self, std::uint32_t gang = 0) {
    return encodedRole({gang, 0, {epoch, {holder}, fromStep}});
  }
  base::Bytes piece(std::uint32_t port, std::size_t input, std::uint64_t offset = 0) {
    return encodedPiece(port, offset, inputs[input].asTensor().data);
  }
  /// Until the member has come to its first checkpoint.
  void begin() {
    tell(MessageKind::role, role());
    tell(MessageKind::input, piece(0, 0));
    tell(MessageKind::state, piece(0, 1));
    MemberActions actions = tell(MessageKind::start);
    ASSERT_EQ(actions.sends.size(), 1u);
    ASSERT_EQ(actions.sends[0].kind, MessageKind::reached);
  }
  /// The text of the failure that it tells; "nothing" when it tells none.
  static std::string failureIn(const MemberActions &actions) {
    for (const MemberActions::Send &send : actions.sends)
      if (send.kind == MessageKind::failed)
        return std::string(base::textOf(send.payload));
    return "nothing";
  }

  simulation::LoopShape shape;
  std::shared_ptr<const plan::Plan> plan;
  std::vector<value::Value> inputs;
  io::AsioRuntime runtime;
  std::unique_ptr<device::Device> device;
  std::unique_ptr<io::Segment> segment;
  Member member;
};

/// Obeys what belongs to views that are over.
struct ForgetfulMemberTest : MemberTest {
  static Sabotage stale() {
    Sabotage sabotage;
    sabotage.staleFrames = true;
    return sabotage;
  }
  ForgetfulMemberTest() : MemberTest(stale()) {}
};

/// With the last copy held it takes the last step, which has no checkpoint, and does not wait.
TEST_F(MemberTest, WorksThroughAllStepsAndHoldsOneCopyAtATime) {
  begin();
  for (std::uint64_t step = 1; step <= 3; ++step) {
    MemberActions saving = tell(MessageKind::save, encodedSave({step, 0, "a.shard"}));
    ASSERT_EQ(saving.saves.size(), 1u) << failureIn(saving);
    EXPECT_EQ(saving.saves[0].shard.step, step);
    std::vector<MessageKind> kinds;
    for (const MemberActions::Send &send : tell(MessageKind::release, encodedStep(step)).sends)
      kinds.push_back(send.kind);
    if (step < 3)
      EXPECT_THAT(kinds, testing::ElementsAre(MessageKind::reached));
    else
      EXPECT_THAT(kinds, testing::ElementsAre(MessageKind::reached, MessageKind::output, MessageKind::finished));
  }
}

TEST_F(MemberTest, CommandsOfAnOlderViewChangeNothing) {
  begin();
  EXPECT_FALSE(tell(MessageKind::stop, {}, epoch - 1).leave);
  EXPECT_THAT(tell(MessageKind::save, encodedSave({1, 0, "a.shard"}), epoch - 1).saves, IsEmpty());
  EXPECT_THAT(tell(MessageKind::release, encodedStep(1), epoch - 1).sends, IsEmpty());
  EXPECT_EQ(tell(MessageKind::save, encodedSave({1, 0, "a.shard"})).saves.size(), 1u) << "the copy is still held";
  EXPECT_TRUE(tell(MessageKind::stop).leave);
}

/// The break that the test above is there for.
TEST_F(ForgetfulMemberTest, LeavesWhenAnOlderViewSaysSo) {
  begin();
  EXPECT_TRUE(tell(MessageKind::stop, {}, epoch - 1).leave);
}

TEST_F(ForgetfulMemberTest, LosesItsCopyToAnOlderView) {
  begin();
  EXPECT_FALSE(tell(MessageKind::release, encodedStep(1), epoch - 1).sends.empty()) << "it has gone on";
}

TEST_F(MemberTest, WithoutARoleThereIsNothingToDo) {
  EXPECT_THAT(failureIn(tell(MessageKind::start)), HasSubstr("told to work without a role"));
  EXPECT_THAT(tell(MessageKind::role, role()).sends, IsEmpty()) << "what has failed does nothing any more";
}

TEST_F(MemberTest, ARoleOfAnotherMemberIsRefused) {
  EXPECT_THAT(failureIn(tell(MessageKind::role, role(0, self + 1))),
              HasSubstr("the view does not give slot 0 to this member"));
}

TEST_F(MemberTest, AGangThatIsNotInThePlanIsRefused) {
  EXPECT_THAT(failureIn(tell(MessageKind::role, role(0, self, 3))), HasSubstr("gang 3 is not in the plan"));
}

TEST_F(MemberTest, AStepBehindTheLastIsRefused) {
  EXPECT_THAT(failureIn(tell(MessageKind::role, role(5))), HasSubstr("told to begin with step 5 of 5"));
}

TEST_F(MemberTest, PiecesComeInOrderAndToKnownPorts) {
  tell(MessageKind::role, role());
  EXPECT_THAT(failureIn(tell(MessageKind::input, piece(0, 0, 8))), HasSubstr("input 0 continues at 8, wanted 0"));
}

TEST_F(MemberTest, APieceOfAnUnknownPortIsRefused) {
  tell(MessageKind::role, role());
  EXPECT_THAT(failureIn(tell(MessageKind::state, piece(2, 1))), HasSubstr("state 2 is not of this role"));
}

TEST_F(MemberTest, APieceTooManyIsRefused) {
  tell(MessageKind::role, role());
  tell(MessageKind::input, piece(0, 0));
  EXPECT_THAT(failureIn(tell(MessageKind::input, piece(0, 0, 256))), HasSubstr("input 0 continues at 256"));
}

TEST_F(MemberTest, AStartBeforeAllInputsIsRefused) {
  tell(MessageKind::role, role());
  EXPECT_THAT(failureIn(tell(MessageKind::start)), HasSubstr("input 0 has 0 bytes, wanted 256"));
}

TEST_F(MemberTest, AStateThatCameInPartIsRefused) {
  tell(MessageKind::role, role());
  tell(MessageKind::input, piece(0, 0));
  tell(MessageKind::state, encodedPiece(0, 0, inputs[1].asTensor().data.first(64)));
  EXPECT_THAT(failureIn(tell(MessageKind::start)), HasSubstr("state 0 has 64 bytes, wanted 256"));
}

TEST_F(MemberTest, ASaveOfWhatIsNotHeldIsRefused) {
  begin();
  EXPECT_THAT(failureIn(tell(MessageKind::save, encodedSave({2, 0, "a.shard"}))),
              HasSubstr("told to save part 0 of step 2, which is not held here"));
}

TEST_F(MemberTest, AFileOutsideOfTheFolderIsNoName) {
  begin();
  EXPECT_THAT(failureIn(tell(MessageKind::save, encodedSave({1, 0, "../a.shard"}))), HasSubstr("is malformed"));
}

TEST_F(MemberTest, AWriteThatFailsIsToldWithItsStep) {
  begin();
  MemberActions actions;
  member.saved({1, 0, "a.shard"}, base::error(base::Code::io, "no space left"), actions);
  EXPECT_THAT(failureIn(actions), testing::AllOf(HasSubstr("checkpoint of step 1"), HasSubstr("no space left")));
}

TEST_F(MemberTest, AMessageForCoordinatorsIsRefusedByItsNumber) {
  EXPECT_THAT(failureIn(tell(MessageKind::hello)), HasSubstr("message kind 1 is not for a member"));
}

} // namespace
} // namespace weft::gang
