//===- PowerLossTest.cpp - Killed in every storage operation --------------===//
//
// The whole of it: run loop, SQLite journal and the simulator's disk, which on
// a loss of power forgets, tears and keeps what was not synced as it likes. The
// process is killed in each of its storage operations, starts again, and the
// history of both lives must keep every promise of the checker.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RunLoop.h"
#include "runtime/journal/ForwardingJournal.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "test/simulation/HistoryChecker.h"
#include "test/simulation/Simulation.h"
#include "test/unit/runtime/frame/Plans.h"

#include <set>
#include <utility>

namespace weft::test {
namespace {

/// What the world outside saw, over all lives.
struct Outside {
  std::shared_ptr<const plan::Plan> plan;
  journal::RunId run{7, 7};
  std::vector<simulation::ObservedCall> calls;
  std::set<std::string> done; ///< Idempotency keys that took effect.
  std::optional<frame::RunEnd> end;
  std::vector<std::string> errors;
};

/// A journal that remembers the last lsn that its callers know to be durable.
class Noting : public journal::ForwardingJournal {
public:
  using ForwardingJournal::ForwardingJournal;
  base::Result<std::uint64_t> append(std::span<const journal::Record> records,
                                     std::span<const journal::HeadChange> heads, journal::Durable durable) override {
    return inner->append(records, heads, [this, durable](base::Result<std::uint64_t> lsn) {
      if (lsn)
        durableLsn = *lsn;
      durable(std::move(lsn));
    });
  }
  void read(journal::RunId run, std::uint64_t fromLsn,
            std::function<void(base::Result<std::vector<journal::Record>>)> done) override {
    inner->read(run, fromLsn, [this, done](base::Result<std::vector<journal::Record>> records) {
      if (records && !records->empty())
        durableLsn = std::max(durableLsn, records->back().lsn);
      done(std::move(records));
    });
  }
  std::uint64_t durableLsn = 0;
};

/// One process: starts the run, or goes on with it when the journal knows it.
struct Life : frame::RunListener, agent::Driver {
  Life(io::Doors &doors, Outside &outside) : doors(doors), outside(outside) {
    auto opened = journal::openSqliteJournal(doors, "/project/.weft");
    if (!opened) {
      outside.errors.push_back(opened.error().message);
      return;
    }
    journal = std::make_unique<Noting>(*std::move(opened));
    frame::RunLoopOptions options;
    options.jitter = false;
    loop = std::make_unique<frame::RunLoop>(
        doors, *journal, *this, [this](const plan::Plan &, std::uint32_t) { return this; }, frame::GangStarter{},
        options);
    journal->head(outside.run, [this](base::Result<journal::RunHead> head) {
      if (head)
        loop->resume(this->outside.run, this->outside.plan);
      else
        loop->start(this->outside.run, this->outside.plan, 0, {Value::integer(1)}, 1);
    });
  }
  void start(agent::CallRequest request, Done done) override {
    simulation::ObservedCall call;
    call.run = outside.run;
    call.epoch = journal->epoch();
    call.durableLsn = journal->durableLsn;
    call.idempotencyKey = request.idempotencyKey;
    call.key.path = request.path;
    call.key.attempt = request.attempt;
    call.needsIntent = outside.plan->members[request.member].effect >= Effect::write_idempotent;
    call.tookEffect = call.needsIntent && outside.done.insert(request.idempotencyKey).second;
    outside.calls.push_back(call);
    auto outcome = std::make_shared<agent::CallOutcome>();
    outcome->id = request.id;
    outcome->value = Value::integer(request.args[0].asInt() + 1);
    doors.clock.after(std::chrono::milliseconds(1), [outcome, done] { done(std::move(*outcome)); });
  }
  void cancel(agent::CallId) override {}
  void ended(journal::RunId, const frame::RunEnd &end) override { outside.end = end; }
  void refused(journal::RunId, const base::Error &error) override { outside.errors.push_back(error.message); }

  io::Doors &doors;
  Outside &outside;
  std::unique_ptr<Noting> journal;
  std::unique_ptr<frame::RunLoop> loop;
};

/// Three idempotent writes in a row, a map of reads, another write.
std::shared_ptr<const plan::Plan> program() {
  Tools plan;
  auto &item = plan.calling(plan.read, "item");
  auto &main = plan.block("main", 1);
  Reg last = main.param(0);
  for (int i = 0; i < 3; ++i)
    last = main.call(plan.put, {last});
  Reg list = main.eval([&](value::WordsBuilder &words, Reg out) {
    std::vector<value::Operand> items{last, last, last};
    words.list(out.number, items);
  });
  Reg mapped = main.map(list, item);
  Reg sum = main.builtin(Builtin::sum, {mapped, value::constant(plan.lit(std::int64_t(0)))});
  main.result(main.call(plan.put, {sum}));
  plan.entry("main", main, {plan.integer}, plan.integer);
  return plan.build();
}

TEST(PowerLoss, in_every_storage_operation_keeps_every_promise) {
  auto plan = program();
  std::uint64_t operations = 0;
  {
    Outside outside{plan, {7, 7}, {}, {}, {}, {}};
    simulation::Simulation simulation(1);
    auto host = simulation.addHost("a", [&](io::Doors &doors) { return std::make_shared<Life>(doors, outside); });
    simulation.run();
    ASSERT_TRUE(outside.end);
    operations = simulation.storageOperations(host);
  }
  ASSERT_GT(operations, 20u);
  for (std::uint64_t at = 1; at <= operations; ++at)
    for (auto loss : {simulation::Loss::process, simulation::Loss::power}) {
      std::string where = "killed in storage operation " + std::to_string(at);
      Outside outside{plan, {7, 7}, {}, {}, {}, {}};
      simulation::Simulation simulation(at);
      std::shared_ptr<Life> life;
      auto host =
          simulation.addHost("a", [&](io::Doors &doors) { return life = std::make_shared<Life>(doors, outside); });
      simulation.killAtStorageOperation(host, at, loss);
      simulation.run();
      life.reset();
      outside.errors.clear(); // of a process that was dying
      // A death between the last record and its notice leaves an end that the next life tells again.
      if (!simulation.running(host))
        simulation.restart(host);
      simulation.run();
      ASSERT_THAT(outside.errors, testing::IsEmpty()) << where;
      ASSERT_TRUE(outside.end) << where;
      ASSERT_EQ(outside.end->state, frame::EndState::succeeded) << where << ": " << outside.end->failure.why;
      EXPECT_TRUE(outside.end->value == Value::integer(16)) << where;
      simulation::History history;
      history.calls = outside.calls;
      life->journal->read(outside.run, 0, [&](base::Result<std::vector<journal::Record>> records) {
        ASSERT_TRUE(records) << records.error().message;
        history.records = *std::move(records);
      });
      simulation.run();
      ASSERT_FALSE(history.records.empty()) << where;
      // A driver does not learn the whole key of its step; the journal has it under the same path.
      for (simulation::ObservedCall &call : history.calls)
        for (const journal::Record &record : history.records)
          if (record.key.path == call.key.path && record.key.attempt == call.key.attempt)
            call.key = record.key;
      EXPECT_THAT(simulation::checkHistory(history), testing::IsEmpty()) << where;
      EXPECT_EQ(outside.done.size(), 4u) << where;
    }
}

} // namespace
} // namespace weft::test
