//===- Life.cpp - One process that runs an example ------------------------===//

#include "test/simulation/run/Life.h"

#include "runtime/agent/human/Question.h"
#include "runtime/agent/providers/Providers.h"
#include "runtime/frame/RecordBody.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Json.h"

#include <algorithm>

namespace weft::test {
namespace {

/// As `weft` ends when a person has to come.
constexpr int waitingExit = 4;
constexpr std::uint64_t runSeed = 1;
/// A run that waits for people only is out of memory after this long; people take longer.
constexpr io::Duration restTakes = std::chrono::seconds(1);

} // namespace

/// Tells the outside of each call, and leaves the rest to the real driver.
class Life::WatchedDriver final : public agent::Driver {
public:
  WatchedDriver(Life &life, std::unique_ptr<agent::Driver> inner)
      : life(life), outside(life.outside), journal(*life.watched), inner(std::move(inner)) {}

  void start(agent::CallRequest request, Done done) override {
    const plan::Member &member = outside.example.plan->members[request.member];
    CallSeen seen;
    seen.member = request.member;
    seen.what = name(request.member);
    for (std::size_t i = 0; i < request.args.size(); ++i)
      seen.what += " " + value::toJson(request.args[i], member.params[i].type, outside.example.plan->types).value();
    seen.observed.run = outside.run;
    seen.observed.key.path = request.path;
    seen.observed.key.attempt = request.attempt;
    seen.observed.epoch = journal.epoch();
    seen.observed.taking = static_cast<std::uint32_t>(outside.stoppedAt.size());
    seen.observed.durableLsn = journal.durableLsn;
    seen.observed.idempotencyKey = request.idempotencyKey;
    seen.observed.needsIntent = member.paid || member.effect >= plan::Effect::write_idempotent;
    std::size_t place = outside.calls.size(), &now = outside.atOnce[name(request.member)];
    outside.mostAtOnce[name(request.member)] = std::max(outside.mostAtOnce[name(request.member)], ++now);
    outside.calls.push_back(std::move(seen));
    living[request.id] = place;
    ++life.callsInFlight;
    inner->start(std::move(request), [this, place, done](agent::CallOutcome outcome) {
      living.erase(outcome.id);
      --life.callsInFlight;
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

  Life &life;
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
  watched->given = [this](const journal::Record &record, std::uint64_t lsn) { given(record, lsn); };
  watched->grown = [this] { grown(); };
  gangs.emplace(doors, [this]() -> frame::RunLoop & { return *loop; });
  frame::RunLoopOptions options;
  options.sabotage = outside.way.sabotage;
  options.evictParked = !outside.way.keepParked;
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
      return goOn();
    if (head.error().code != base::Code::notFound)
      return outside.errors.push_back(head.error().message);
    for (const std::string &name : frame::environmentNames(*outside.example.plan))
      if (auto value = doors.process.environment(name))
        environment.emplace_back(name, *value);
    if (makeDrivers())
      loop->start(outside.run, outside.example.plan, outside.example.entry, outside.example.args, runSeed, environment);
  });
}

void Life::goOn() {
  watched->read(outside.run, 0, [this](base::Result<std::vector<journal::Record>> records) {
    if (!records)
      return outside.errors.push_back(records.error().message);
    auto recorded = frame::recordedEnvironment(*records);
    if (!recorded)
      return outside.errors.push_back(recorded.error().message);
    environment = *std::move(recorded);
    if (makeDrivers())
      loop->resume(outside.run, outside.example.plan);
  });
}

bool Life::makeDrivers() {
  agent::ProviderContext context{doors, outside.example.plan, projectFolder,
                                 [this](std::string_view name) -> std::optional<std::string> {
                                   for (auto &[known, value] : environment)
                                     if (known == name)
                                       return value;
                                   return std::nullopt;
                                 }};
  auto made = agent::makeDrivers(context, outside.example.plan->entries[outside.example.entry]);
  if (!made) {
    outside.errors.push_back(made.error().message);
    return false;
  }
  for (auto &driver : *made)
    drivers.push_back(driver ? std::make_unique<WatchedDriver>(*this, std::move(driver)) : nullptr);
  return true;
}

void Life::asked(journal::RunId, const frame::Question &question) {
  auto same = [&](const frame::Question &other) { return other.step == question.step; };
  bool isNew = std::none_of(open.begin(), open.end(), same) && !answered.contains(question.step);
  if (isNew)
    open.push_back(question);
  if (std::find(outside.questions.begin(), outside.questions.end(), question.step) == outside.questions.end())
    outside.questions.push_back(question.step);
  // A run that comes back asks again, and the person knows of it.
  if (!outside.way.exitWhenParked && isNew)
    doors.clock.after(outside.way.personTakes, [this, question] { answer(question); });
}

void Life::parked(journal::RunId, std::uint64_t, std::int64_t) {
  if (!outside.way.exitWhenParked)
    return;
  if (!std::exchange(outside.personComes, false))
    return doors.process.exit(waitingExit);
  answer(frame::Question(open.front()));
}

void Life::answer(const frame::Question &question) {
  std::erase_if(open, [&](const frame::Question &other) { return other.step == question.step; });
  answered.insert(question.step);
  auto number = std::find(outside.questions.begin(), outside.questions.end(), question.step);
  const plan::Plan &plan = *outside.example.plan;
  value::Evaluator evaluator(plan.program());
  auto typed = outside.example.answers.at(static_cast<std::size_t>(number - outside.questions.begin()));
  auto value = agent::parseAnswer(typed, question.type, plan.types, evaluator);
  if (!value)
    return outside.errors.push_back(value.error().message);
  loop->answer(outside.run, question.step, *std::move(value));
}

/// News is what did not stand in the journal before the run was stopped: neither what a call has cost that was given up
/// then, nor the view of a gang that begins anew. Stopped at those too, a run would never get on.
void Life::given(const journal::Record &record, std::uint64_t lsn) {
  bool news = true;
  if (record.kind == journal::RecordKind::gangEpoch) {
    gangsInFlight.insert(record.key.path);
    news = outside.gangs.insert(record.key.path).second;
  } else if (record.kind == journal::RecordKind::outcome) {
    gangsInFlight.erase(record.key.path);
    auto body = frame::decodeBody(record.kind, record.body);
    news = body && std::get<frame::OutcomeBody>(*body).status != frame::OutcomeBody::Status::late;
  }
  if (news)
    newsLsn = lsn;
  if (outside.way.stop.record == lsn && !outside.way.stop.durable)
    stop();
}

/// Records have become durable.
void Life::grown() {
  outside.begun = true;
  if (outside.way.stop.record > 0 && outside.way.stop.durable && outside.way.stop.record <= watched->durableLsn)
    stop();
  if (outside.way.writeOut && newsLsn > seenNews && newsLsn <= watched->durableLsn) {
    seenNews = newsLsn;
    stop();
  }
  doors.clock.after(restTakes, [this, lsn = watched->durableLsn] {
    if (lsn == watched->durableLsn)
      rest();
  });
}

void Life::stop() {
  if (stopping || outside.end)
    return;
  outside.way.stop = {}; // once
  stopping = true;
  loop->stop(outside.run);
}

void Life::rest() {
  if (open.empty() || callsInFlight > 0 || !gangsInFlight.empty() || outside.end || stopping)
    return;
  ++outside.rests;
  outside.restsOut += loop->parkedRuns() == 1 && loop->counters().runsLive == 0;
}

void Life::stopped(journal::RunId run) {
  stopping = false;
  outside.stoppedAt.push_back(watched->durableLsn);
  gangsInFlight.clear();
  loop->resume(run, outside.example.plan);
}

void Life::ended(journal::RunId, const frame::RunEnd &end) { outside.end = end; }
void Life::refused(journal::RunId, const base::Error &error) { outside.errors.push_back(error.message); }

void Life::answerRefused(journal::RunId, base::Hash128 step, std::string_view why) {
  // One that comes while the run is being stopped is not taken, and given when it asks again.
  answered.erase(step);
  if (!stopping && outside.stoppedAt.empty())
    outside.errors.push_back("an answer was refused: " + std::string(why));
}

void Life::journalFailed(const base::Error &) {
  outside.journalFailed = true;
  doors.process.exit(1);
}

} // namespace weft::test
