//===- LoopNode.h - A run loop with journal and driver on a simulated host ===//
//
// The SQLite journal, over the simulator's disk: what is counted here is what
// a real disk would do.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/RunLoop.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "test/simulation/Simulation.h"
#include "test/unit/runtime/frame/Plans.h"

namespace weft::test {

/// Answers each call with its argument plus one, a millisecond later.
class AddOne : public agent::Driver {
public:
  explicit AddOne(io::Doors &doors) : doors(doors) {}
  void start(agent::CallRequest request, Done done) override {
    ++started;
    keys.push_back(request.idempotencyKey);
    auto outcome = std::make_shared<agent::CallOutcome>();
    outcome->id = request.id;
    outcome->value = Value::integer(request.args[0].asInt() + 1);
    io::Duration takes = shape ? shape(request, *outcome) : std::chrono::milliseconds(1);
    doors.clock.after(takes, [outcome, done] { done(std::move(*outcome)); });
  }
  void cancel(agent::CallId) override {}
  io::Doors &doors;
  /// How long a call takes, cancelled or not, and what else its outcome says.
  std::function<io::Duration(const agent::CallRequest &, agent::CallOutcome &)> shape;
  std::uint32_t started = 0;
  std::vector<std::string> keys;
};

struct Listener : frame::RunListener {
  void ended(journal::RunId, const frame::RunEnd &end) override { ends.push_back(end); }
  void parked(journal::RunId, std::uint64_t questions, std::int64_t wakeNs) override {
    parks.push_back(questions);
    wakes.push_back(wakeNs);
  }
  void asked(journal::RunId, const frame::Question &question) override { questions.push_back(question); }
  void answerRefused(journal::RunId, base::Hash128, std::string_view why) override { refusals.emplace_back(why); }
  void refused(journal::RunId, const base::Error &error) override { refusals.push_back(error.message); }
  void stopped(journal::RunId) override { ++stops; }
  void journalFailed(const base::Error &error) override { journalErrors.push_back(error.message); }
  std::vector<frame::RunEnd> ends;
  std::vector<std::uint64_t> parks;
  std::vector<std::int64_t> wakes;
  std::vector<frame::Question> questions;
  std::vector<std::string> refusals, journalErrors;
  int stops = 0;
};

/// One process on one host: journal, driver, loop.
struct Node {
  explicit Node(io::Doors &doors) : doors(doors), driver(doors) {
    auto opened = journal::openSqliteJournal(doors, "/project/.weft");
    EXPECT_TRUE(opened) << opened.error().message;
    journal = std::move(*opened);
    frame::RunLoopOptions options;
    options.jitter = false;
    loop = std::make_unique<frame::RunLoop>(
        doors, *journal, listener, [this](const plan::Plan &, std::uint32_t) { return &driver; }, frame::GangStarter{},
        options);
  }
  io::Doors &doors;
  Listener listener;
  AddOne driver;
  std::unique_ptr<journal::Journal> journal;
  std::unique_ptr<frame::RunLoop> loop;
};

} // namespace weft::test
