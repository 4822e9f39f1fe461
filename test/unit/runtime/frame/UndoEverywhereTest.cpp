//===- UndoEverywhereTest.cpp - Killed anywhere, every loser is undone ----===//
//
// Whatever record a process dies at: of all that was booked, what won is booked
// once when the run is done, nothing else is, and nothing that was taken back is
// taken back a second time under another name.
//
//===----------------------------------------------------------------------===//

#include "test/unit/runtime/frame/Bookings.h"

namespace weft::test {
namespace {

using frame::Sabotage;

/// A run's world and what stands on the other side of it.
struct Case {
  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t book, cancel;
  std::function<void(FrameWorld &)> scripts;
  std::function<std::multiset<std::int64_t>(const Ended &)> expected;
};

/// Two cancellations of one number under different keys, with no booking between them. A booking that was in flight at
/// a kill may be taken back to be made again, and then because it lost before it was; one that was only announced may
/// be taken back at each death.
std::optional<std::string> undoneTwice(const FrameWorld &world, const Case &one) {
  if (world.deaths > 1)
    return std::nullopt;
  std::map<std::int64_t, std::string> last;
  std::set<std::int64_t> cut;
  for (const CallSeen &call : world.calls)
    if (call.member == one.book && call.inFlightAtCrash)
      cut.insert(call.args[0].asInt());
  for (const CallSeen &call : world.calls) {
    std::int64_t number = call.args.empty() ? 0 : call.args[0].asInt();
    if (call.member == one.book)
      last.erase(number);
    if (call.member != one.cancel)
      continue;
    auto [key, isNew] = last.emplace(number, call.onceKey);
    if (!isNew && key->second != call.onceKey && !cut.contains(number))
      return std::to_string(number) + " was taken back twice";
  }
  return std::nullopt;
}

Scenario scenarioOf(const Case &one, Sabotage sabotage = {}) {
  Scenario scenario;
  scenario.plan = one.plan;
  scenario.args = {Value::integer(1)};
  scenario.options.sabotage = sabotage;
  auto ledger = std::make_shared<Ledger>();
  scenario.scripts = [one, ledger](FrameWorld &world) {
    ledger->booked.clear();
    world.effect = [one, ledger](const CallSeen &call) {
      std::int64_t number = call.args.empty() ? 0 : call.args[0].asInt();
      if (call.member == one.book)
        ledger->booked.insert(number);
      else if (call.member == one.cancel)
        ledger->booked.erase(number);
    };
    one.scripts(world);
  };
  scenario.judge = [one, ledger](const FrameWorld &world, const Ended &end) -> std::optional<std::string> {
    if (end.state != frame::EndState::succeeded)
      return "failed: " + end.failure.why;
    if (ledger->booked != one.expected(end))
      return std::to_string(ledger->booked.size()) + " bookings stand, or others than won";
    return undoneTwice(world, one);
  };
  return scenario;
}

/// race { read(book(10)), other(book(20)) }: who wins after a kill may be another.
Case race() {
  Bookings plan;
  auto arm = [&](const std::string &name, std::int64_t number, std::uint32_t then) -> BlockBuilder & {
    auto &made = plan.block(name, 1);
    Reg booked = made.call(plan.book, {made.constant(plan.lit(number))});
    made.result(made.call(then, {booked}));
    return made;
  };
  auto &left = arm("left", 10, plan.read), &right = arm("right", 20, plan.other);
  auto &main = plan.block("main", 1);
  main.result(main.call(plan.put, {main.race({&left, &right}, {main.param(0)})}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto scripts = [book = plan.book, cancel = plan.cancel, read = plan.read, other = plan.other,
                  put = plan.put](FrameWorld &world) {
    world.script(book, plus(0));
    world.script(cancel, plus(0));
    world.script(put, plus(0));
    world.script(read, plus(0, 20));
    world.script(other, plus(0, 30));
  };
  return {plan.build(), plan.book, plan.cancel, scripts,
          [](const Ended &end) { return std::multiset<std::int64_t>{end.value.asInt()}; }};
}

/// vote 2 of 4 { read(book(a number of the sample's own)) }
Case vote() {
  Bookings plan;
  auto &sample = plan.block("sample", 1);
  Reg scaled = sample.builtin(Builtin::mul, {sample.system(1), constant(plan.lit(1'000'000))});
  Reg number = sample.builtin(Builtin::round, {scaled});
  sample.result(sample.call(plan.read, {sample.call(plan.book, {number})}));
  auto &main = plan.block("main", 1);
  Reg two = main.constant(plan.lit(2)), four = main.constant(plan.lit(4));
  main.result(main.vote(two, four, sample, {main.param(0)}));
  plan.entry("main", main, {plan.integer}, plan.numbers);
  auto scripts = [book = plan.book, cancel = plan.cancel, read = plan.read](FrameWorld &world) {
    world.script(book, plus(0));
    world.script(cancel, plus(0));
    world.script(read, [](const Asked &asked) { return Reply::ok(asked.args[0], 5 + asked.args[0].asInt() % 40); });
  };
  return {plan.build(), plan.book, plan.cancel, scripts, [](const Ended &end) {
            std::multiset<std::int64_t> kept;
            for (const Value &one : end.value.items())
              kept.insert(one.asInt());
            return kept;
          }};
}

/// book, then a read of it, with no race around: in flight at a kill it is taken back and made again.
Case alone() {
  Bookings plan;
  auto &main = plan.chain("main", {plan.book, plan.read});
  plan.entry("main", main, {plan.integer}, plan.integer);
  auto scripts = [book = plan.book, cancel = plan.cancel, read = plan.read](FrameWorld &world) {
    world.script(book, plus(0));
    world.script(cancel, plus(0));
    world.script(read, plus(0));
  };
  return {plan.build(), plan.book, plan.cancel, scripts,
          [](const Ended &end) { return std::multiset<std::int64_t>{end.value.asInt()}; }};
}

void expectHolds(const Case &one) {
  EXPECT_THAT(crashEverywhere(scenarioOf(one)).wrong, testing::IsEmpty());
  for (std::uint64_t first : {3u, 5u, 7u, 9u})
    EXPECT_THAT(crashTwice(scenarioOf(one), first).wrong, testing::IsEmpty());
}

TEST(UndoEverywhere, a_race_leaves_what_won) { expectHolds(race()); }
TEST(UndoEverywhere, a_vote_leaves_its_quorum) { expectHolds(vote()); }
TEST(UndoEverywhere, a_write_in_flight_is_taken_back_and_made_again) { expectHolds(alone()); }

std::vector<std::string> judged(bool Sabotage::*broken) {
  Sabotage sabotage;
  if (broken)
    sabotage.*broken = true;
  return crashEverywhere(scenarioOf(race(), sabotage)).wrong;
}

TEST(Sabotaged, keep_losers_writes) {
  EXPECT_THAT(judged(&Sabotage::keepLosersWrites), testing::Not(testing::IsEmpty()));
}
TEST(Sabotaged, undo_under_new_names) {
  EXPECT_THAT(judged(&Sabotage::undoUnderNewNames), testing::Not(testing::IsEmpty()));
}

} // namespace
} // namespace weft::test
