//===- UndoTest.cpp - What loses a race or a vote is taken back -----------===//

#include "test/unit/runtime/frame/Bookings.h"

namespace weft::test {
namespace {

using journal::RecordKind;
using testing::ElementsAre;
using testing::IsEmpty;

/// race { chain of `losing`, chain of `winning` }, both from the parameter.
struct RacePlan : Bookings {
  RacePlan(std::initializer_list<std::uint32_t Bookings::*> losing,
           std::initializer_list<std::uint32_t Bookings::*> winning) {
    auto arm = [this](const std::string &name, auto members) -> BlockBuilder & {
      auto &made = block(name, 1);
      Reg value = made.param(0);
      for (auto member : members)
        value = made.call(this->*member, {value});
      made.result(value);
      return made;
    };
    auto &left = arm("left", losing);
    auto &right = arm("right", winning);
    auto &main = block("main", 1);
    main.result(main.race({&left, &right}, {main.param(0)}));
    entry("main", main, {integer}, integer);
  }
};

using Tool = std::uint32_t Bookings::*;
constexpr Tool book = &Bookings::book, open = &Bookings::open, slow = &Bookings::read, quick = &Bookings::other;

/// Calls of the arm that loses give their argument plus one after 1 ms, its last one is slow.
void scripts(FrameWorld &world, const Bookings &plan) {
  for (std::uint32_t member : {plan.book, plan.open, plan.cancel, plan.close})
    world.script(member, plus(1));
  world.script(plan.read, plus(1, 1000));
  world.script(plan.other, plus(100, 50));
}

struct Undo : testing::Test {
  void begin(FrameWorld &world, const Bookings &plan) {
    ledger.keep(world, plan);
    scripts(world, plan);
    world.start("main", {Value::integer(1)});
  }
  Ledger ledger;
};

TEST_F(Undo, what_lost_is_taken_back_the_latest_first) {
  RacePlan plan({book, book, book, slow}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.book), ElementsAre(1, 2, 3));
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(3, 2, 1));
  EXPECT_THAT(ledger.booked, IsEmpty());
}

TEST_F(Undo, what_won_stays) {
  RacePlan plan({book, slow}, {quick, book});
  FrameWorld world(plan.build());
  begin(world, plan);
  EXPECT_ENDS(world, Value::integer(102));
  EXPECT_THAT(ledger.booked, ElementsAre(101));
}

TEST_F(Undo, an_undo_is_given_what_the_write_gave) {
  RacePlan plan({open, slow}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.open, plus(40));
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.close), ElementsAre(41));
}

TEST_F(Undo, a_write_in_flight_is_awaited_and_then_taken_back) {
  RacePlan plan({book}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.book, plus(1, 300));
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(1));
  EXPECT_GE(world.nowMs(), 1300);
  EXPECT_THAT(ledger.booked, IsEmpty());
}

TEST_F(Undo, a_write_in_flight_that_did_nothing_is_left_alone) {
  RacePlan plan({book}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.book, [](const Asked &) { return Reply::fail(FailKind::refused, "no", 300); });
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.cancel), IsEmpty());
}

TEST_F(Undo, a_write_that_may_have_happened_is_taken_back) {
  RacePlan plan({book}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.book, [](const Asked &) { return Reply::fail(FailKind::transport, "broke off", 10); });
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(1));
}

TEST_F(Undo, without_its_result_a_write_that_may_have_happened_is_told) {
  RacePlan plan({open}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.open, [](const Asked &) { return Reply::fail(FailKind::transport, "broke off", 10); });
  EXPECT_FAILS(world, FailKind::unknownOutcome, "could not take back what lost: tool.open(1): ");
}

TEST_F(Undo, what_an_arm_wrote_before_it_failed_is_taken_back_when_another_wins) {
  RacePlan plan({book, slow}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.read, [](const Asked &) { return Reply::fail(FailKind::tool, "broken", 5); });
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(1));
}

TEST_F(Undo, where_nobody_wins_nothing_is_taken_back_and_a_retry_goes_on) {
  RacePlan plan({book, slow}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  auto broken = [](const Asked &) { return Reply::fail(FailKind::tool, "broken", 5); };
  world.script(plan.read, broken);
  world.script(plan.other, broken);
  EXPECT_FAILS(world, FailKind::tool, "broken");
  EXPECT_THAT(askedOf(world, plan.cancel), IsEmpty());
  world.script(plan.read, plus(1, 1));
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::integer(3));
  EXPECT_THAT(askedOf(world, plan.book), ElementsAre(1));
  EXPECT_THAT(ledger.booked, ElementsAre(1));
}

TEST_F(Undo, samples_beyond_the_quorum_are_taken_back) {
  Bookings plan;
  auto &sample = plan.block("sample", 1);
  Reg drawn = sample.builtin(value::Builtin::round,
                             {sample.builtin(value::Builtin::mul, {sample.system(1), constant(plan.lit(1'000'000))})});
  sample.result(sample.call(plan.read, {sample.call(plan.book, {drawn})}));
  auto &main = plan.block("main", 1);
  Reg two = main.constant(plan.lit(2)), three = main.constant(plan.lit(3));
  main.result(main.vote(two, three, sample, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.numbers);
  auto run = [&](FrameWorld &world) {
    begin(world, plan);
    int turn = 0;
    world.script(plan.read, [turn](const Asked &asked) mutable { return Reply::ok(asked.args[0], 10 * ++turn); });
  };
  FrameWorld world(plan.build());
  run(world);
  const Ended &end = world.finish();
  ASSERT_EQ(end.state, frame::EndState::succeeded) << end.failure.why;
  EXPECT_THAT(world.wrong, IsEmpty());
  EXPECT_EQ(askedOf(world, plan.cancel).size(), 1u);
  EXPECT_EQ(ledger.booked.size(), 2u);
}

TEST_F(Undo, an_undo_that_fails_keeps_no_other_from_being_made_and_is_told) {
  RacePlan plan({book, book, slow}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.cancel, [](const Asked &asked) {
    return asked.args[0].asInt() == 2 ? Reply::fail(FailKind::tool, "closed today") : Reply::ok(asked.args[0]);
  });
  EXPECT_FAILS(world, FailKind::failed, "could not take back what lost: tool.book(2): tool.cancel: closed today");
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(2, 1));
  EXPECT_THAT(ledger.booked, ElementsAre(2));
  // Who goes on with the run tries that one again, and nothing else.
  world.script(plan.cancel, plus(0));
  world.restart(frame::ResumeReason::retried);
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(2, 1, 2));
  EXPECT_THAT(ledger.booked, IsEmpty());
}

TEST_F(Undo, what_an_inner_race_has_kept_is_taken_back_with_the_outer_arm) {
  Bookings plan;
  auto &first = plan.chain("first", {plan.book}), &second = plan.chain("second", {plan.put, plan.read});
  auto &left = plan.block("left", 1);
  left.result(left.call(plan.read, {left.race({&first, &second}, {left.param(0)})}));
  auto &right = plan.chain("right", {plan.other});
  auto &main = plan.block("main", 1);
  main.result(main.race({&left, &right}, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.put, plus(1));
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(1));
}

TEST_F(Undo, what_was_written_in_a_try_that_failed_belongs_to_the_arm) {
  Bookings plan;
  auto &body = plan.chain("body", {plan.book, plan.paid});
  auto &handler = plan.block("handler", 2);
  handler.result(handler.param(1));
  auto &left = plan.block("left", 1);
  left.result(left.call(plan.read, {left.attempt(body, handler, {left.param(0)})}));
  auto &right = plan.chain("right", {plan.other});
  auto &main = plan.block("main", 1);
  main.result(main.race({&left, &right}, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.paid, [](const Asked &) { return Reply::fail(FailKind::tool, "broken"); });
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(askedOf(world, plan.cancel), ElementsAre(1));
}

/// try { scope of 100 ms { race } } catch { the parameter }, and a call behind it.
struct GivenUp : Bookings {
  GivenUp() {
    auto &left = chain("left", {book, read}), &right = chain("right", {other});
    auto &raced = block("raced", 1);
    raced.result(raced.race({&left, &right}, {raced.param(0)}));
    fb::PolicyT policy;
    policy.timeout_ms = 100;
    NodeOptions limited;
    limited.policy = with(policy);
    auto &body = block("body", 1);
    body.result(body.scope(raced, {body.param(0)}, limited));
    auto &handler = block("handler", 2);
    handler.result(handler.param(1));
    auto &main = block("main", 1);
    main.result(main.call(put, {main.attempt(body, handler, {main.param(0)})}));
    entry("main", main, {integer}, integer);
  }
};

TEST_F(Undo, a_race_that_is_given_up_meanwhile_still_takes_back) {
  GivenUp plan;
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.put, plus(0));
  world.script(plan.cancel, plus(0, 500));
  EXPECT_ENDS(world, Value::integer(1));
  EXPECT_THAT(ledger.booked, IsEmpty());
}

TEST_F(Undo, what_is_left_undone_by_a_race_that_is_given_up_fails_the_run) {
  GivenUp plan;
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.put, plus(0));
  world.script(plan.cancel, [](const Asked &) { return Reply::fail(FailKind::tool, "closed today", 500); });
  EXPECT_FAILS(world, FailKind::failed, "could not take back what lost: tool.book(1): tool.cancel: closed today");
}

TEST_F(Undo, a_cancelled_run_ends_when_all_is_taken_back) {
  RacePlan plan({book, slow}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.cancel, plus(0, 500));
  world.runFor(200);
  world.cancel();
  const Ended &end = world.finish();
  EXPECT_EQ(end.state, frame::EndState::cancelled);
  EXPECT_THAT(ledger.booked, IsEmpty());
  EXPECT_THAT(world.wrong, IsEmpty());
}

TEST_F(Undo, a_run_that_is_stopped_takes_back_when_it_goes_on) {
  RacePlan plan({book, book, slow}, {quick});
  FrameWorld world(plan.build());
  begin(world, plan);
  world.script(plan.cancel, plus(0, 500));
  world.runFor(200);
  world.stop();
  world.run();
  EXPECT_TRUE(world.stopped);
  EXPECT_EQ(ledger.booked.size(), 1u);
  world.restart();
  EXPECT_ENDS(world, Value::integer(101));
  EXPECT_THAT(ledger.booked, IsEmpty());
}

} // namespace
} // namespace weft::test
