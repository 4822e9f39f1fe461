//===- Life.cpp - One process that runs an example ------------------------===//

#include "test/simulation/run/Life.h"

#include "runtime/agent/human/Question.h"
#include "runtime/agent/providers/Providers.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Json.h"

#include <algorithm>

namespace weft::test {
namespace {

/// As `weft` ends when a person has to come.
constexpr int waitingExit = 4;
constexpr std::uint64_t runSeed = 1;
/// A gang journals a view whenever it starts: stopped for it each time, it would never get to its end.
constexpr std::uint64_t mostTimesOut = 30;

/// The path is the first half of an idempotency key.
base::Hash128 pathIn(std::string_view key) {
  auto number = [](std::string_view digits) { return std::stoull(std::string(digits), nullptr, 16); };
  return {number(key.substr(0, 16)), number(key.substr(16, 16))};
}

} // namespace

/// Tells the outside of each call, and leaves the rest to the real driver.
class Life::WatchedDriver final : public agent::Driver {
public:
  WatchedDriver(Life &life, std::unique_ptr<agent::Driver> inner)
      : outside(life.outside), journal(*life.watched), inner(std::move(inner)) {}

  void start(agent::CallRequest request, Done done) override {
    const plan::Member &member = outside.example.plan->members[request.member];
    CallSeen seen;
    seen.member = request.member;
    seen.what = name(request.member);
    for (std::size_t i = 0; i < request.args.size(); ++i)
      seen.what += " " + value::toJson(request.args[i], member.params[i].type, outside.example.plan->types).value();
    seen.observed.run = outside.run;
    seen.observed.key.path = pathIn(request.idempotencyKey);
    seen.observed.key.attempt = request.attempt;
    seen.observed.epoch = journal.epoch();
    seen.observed.durableLsn = journal.durableLsn;
    seen.observed.idempotencyKey = request.idempotencyKey;
    seen.observed.needsIntent = member.paid || member.effect >= plan::Effect::write_idempotent;
    std::size_t place = outside.calls.size(), &now = outside.atOnce[name(request.member)];
    outside.mostAtOnce[name(request.member)] = std::max(outside.mostAtOnce[name(request.member)], ++now);
    outside.calls.push_back(std::move(seen));
    living[request.id] = place;
    inner->start(std::move(request), [this, place, done](agent::CallOutcome outcome) {
      living.erase(outcome.id);
      outside.calls[place].over = true;
      if (!outside.calls[place].cancelled)
        --outside.atOnce[name(outside.calls[place].member)];
      done(std::move(outcome));
    });
  }

  void cancel(agent::CallId id) override {
    if (auto found = living.find(id); found != living.end()) {
      CallSeen &call = outside.calls[found->second];
      // What is given up may still be running; it is nobody's any more.
      if (!std::exchange(call.cancelled, true))
        --outside.atOnce[name(call.member)];
      outside.cancels.push_back({outside.run, {}, journal.durableLsn, "cancel " + call.what});
    }
    inner->cancel(id);
  }

private:
  std::string name(std::uint32_t member) const { return outside.example.nameOf(member); }

  Outside &outside;
  simulation::WatchedJournal &journal;
  std::unique_ptr<agent::Driver> inner;
  std::map<agent::CallId, std::size_t> living;
};

Life::Life(io::Doors &doors, Outside &outside) : doors(doors), outside(outside) {
  outside.life = this;
  outside.end.reset();
  outside.errors.clear();
  outside.atOnce.clear();
  outside.journalFailed = false;
  journal::SqliteOptions journalOptions;
  journalOptions.sabotage = outside.way.journalSabotage;
  auto opened = journal::openSqliteJournal(doors, std::string(projectFolder) + "/.weft/journal", journalOptions);
  if (!opened) {
    outside.errors.push_back(opened.error().message);
    doors.process.exit(1);
    return;
  }
  simulation::DeathAtRecord death = outside.death;
  death.die = [&outside] {
    outside.death = {}; // once
    outside.dying = true;
  };
  watched = std::make_unique<simulation::WatchedJournal>(*std::move(opened), std::move(death));
  watched->grown = [this] { grown(); };
  agent::ProviderContext context{doors, outside.example.plan, projectFolder, [&doors](std::string_view name) {
                                   return doors.process.environment(std::string(name));
                                 }};
  auto made = agent::makeDrivers(context);
  if (!made) {
    outside.errors.push_back(made.error().message);
    return;
  }
  for (auto &driver : *made)
    drivers.push_back(driver ? std::make_unique<WatchedDriver>(*this, std::move(driver)) : nullptr);
  gangs.emplace(doors, [this]() -> frame::RunLoop & { return *loop; });
  frame::RunLoopOptions options;
  options.sabotage = outside.way.sabotage;
  loop = std::make_unique<frame::RunLoop>(
      doors, *watched, *this, [this](const plan::Plan &, std::uint32_t binding) { return drivers[binding].get(); },
      gangs->starter(), options);
  begin();
}

Life::~Life() {
  if (outside.life == this)
    outside.life = nullptr;
}

void Life::begin() {
  watched->head(outside.run, [this](base::Result<journal::RunHead> head) {
    if (head)
      return loop->resume(outside.run, outside.example.plan);
    if (head.error().code != base::Code::notFound)
      return outside.errors.push_back(head.error().message);
    std::vector<std::pair<std::string, std::string>> environment;
    for (const std::string &name : frame::environmentNames(*outside.example.plan))
      if (auto value = doors.process.environment(name))
        environment.emplace_back(name, *value);
    loop->start(outside.run, outside.example.plan, outside.example.entry, outside.example.args, runSeed, environment);
  });
}

void Life::asked(journal::RunId, const frame::Question &question) {
  auto same = [&](const frame::Question &other) { return other.step == question.step; };
  bool isNew = std::none_of(open.begin(), open.end(), same);
  if (isNew)
    open.push_back(question);
  if (std::find(outside.questions.begin(), outside.questions.end(), question.step) == outside.questions.end())
    outside.questions.push_back(question.step);
  // A run that comes back asks again, and the person has answered; one that was stopped may have missed it.
  if (!outside.way.exitWhenParked && (isNew || outside.way.writeOut))
    doors.clock.after(outside.way.personTakes, [this, question] { answer(question); });
}

void Life::parked(journal::RunId, std::uint64_t, std::int64_t) {
  if (!outside.way.exitWhenParked)
    return;
  if (!std::exchange(outside.personComes, false))
    return doors.process.exit(waitingExit);
  for (const frame::Question &question : std::exchange(open, {}))
    answer(question);
}

void Life::answer(const frame::Question &question) {
  outside.timesOut += loop->parkedRuns();
  auto number = std::find(outside.questions.begin(), outside.questions.end(), question.step);
  const plan::Plan &plan = *outside.example.plan;
  value::Evaluator evaluator(plan.program());
  auto typed = outside.example.answers.at(static_cast<std::size_t>(number - outside.questions.begin()));
  auto value = agent::parseAnswer(typed, question.type, plan.types, evaluator);
  if (!value)
    return outside.errors.push_back(value.error().message);
  loop->answer(outside.run, question.step, *std::move(value));
}

/// A record has become durable.
void Life::grown() {
  if (!outside.way.writeOut || stopping || outside.end || outside.timesOut >= mostTimesOut)
    return;
  stopping = true;
  loop->stop(outside.run);
}

void Life::stopped(journal::RunId run) {
  stopping = false;
  ++outside.timesOut;
  loop->resume(run, outside.example.plan);
}

void Life::ended(journal::RunId, const frame::RunEnd &end) { outside.end = end; }
void Life::refused(journal::RunId, const base::Error &error) { outside.errors.push_back(error.message); }

void Life::answerRefused(journal::RunId, base::Hash128, std::string_view why) {
  // Asked again after it came back, a person answers again: the first answer counts.
  if (!outside.way.writeOut)
    outside.errors.push_back("an answer was refused: " + std::string(why));
}

void Life::journalFailed(const base::Error &) {
  outside.journalFailed = true;
  doors.process.exit(1);
}

} // namespace weft::test
