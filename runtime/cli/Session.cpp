//===- Session.cpp - One run on this process ------------------------------===//

#include "runtime/cli/Session.h"

#include "runtime/agent/human/Question.h"
#include "runtime/agent/providers/Providers.h"
#include "runtime/cli/Command.h"
#include "runtime/cli/Output.h"
#include "runtime/gang/Leftovers.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Json.h"

#include <algorithm>
#include <bit>

namespace weft::cli {

int printResult(const plan::Plan &plan, const plan::Entry &entry, journal::RunId run, const value::Value &value) {
  auto json = value::toPrettyJson(value, entry.result, plan.types);
  if (!json)
    return say("the result cannot be shown: " + json.error().message, runFailed);
  put(*json + "\n");
  std::string trouble = outputTrouble();
  if (trouble.empty())
    return done;
  return say("the result cannot be written: " + trouble + "; it is kept, `weft resume " + shortName(run) +
                 "` prints it again",
             interrupted);
}

Session::Session(io::AsioRuntime &runtime, Project project, std::unique_ptr<journal::Journal> openJournal,
                 std::shared_ptr<const plan::Plan> plan, SessionOptions options)
    : runtime(runtime), project(std::move(project)), journal(std::move(openJournal)), plan(std::move(plan)),
      options(std::move(options)) {
  io::Doors &doors = runtime.doors();
  progress.emplace(doors, this->plan, this->options.quiet);
  gang::removeLeftovers(doors, *journal, this->project.checkpoints());
  LocalGangOptions gangOptions;
  gangOptions.runner.threads = doors.process.processors();
  gangOptions.runner.checkpointFolder = this->project.checkpoints();
  gangOptions.worker = [this](std::uint64_t, std::uint32_t slot, int pid, const std::string &where) {
    if (pid == 0 && !this->options.quiet)
      progress->say("the worker of slot " + std::to_string(slot) + " was lost " + where);
  };
  gangOptions.runner.specFolder = this->project.folder.empty() ? "." : this->project.folder;
  gangOptions.progress = [this](std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports) {
    learned(id, gang, reports);
  };
  gangOptions.notice = [this](const std::string &text) { progress->say(text); };
  gangOptions.begun = [this](std::uint64_t id, std::uint32_t gang, const gang::GangBegin &begin) {
    begun(id, gang, begin);
  };
  gangs.emplace(
      doors, [this]() -> frame::RunLoop & { return *loop; }, std::move(gangOptions));
  frame::RunLoopOptions loopOptions;
  loopOptions.observe = true;
  loopOptions.evictParked = true;
  loop = std::make_unique<frame::RunLoop>(
      doors, *journal, *this, [this](const plan::Plan &, std::uint32_t binding) { return drivers[binding].get(); },
      gangs->starter(), loopOptions);
  doors.process.onInterrupt([this] {
    if (interrupts)
      return runtimeExit();
    interrupts = true;
    progress->say("stopping; what writes is awaited. Once more to leave at once");
    loop->stop(current);
  });
}

Session::~Session() { runtime.doors().process.onInterrupt({}); }

/// The second Ctrl-C: the journal has everything that was told.
void Session::runtimeExit() {
  progress->finish();
  progress->say("left at once; `weft resume " + shortName(current) + "` goes on");
  runtime.doors().process.exit(interrupted);
  code = interrupted;
}

void Session::begun(std::uint64_t id, std::uint32_t gang, const gang::GangBegin &begin) {
  if (options.stream) {
    for (const std::string &line : progress->trainings().jsonLines(gang, begin))
      put(line + "\n");
    outputTrouble(); // at once, as what is emitted
  }
  progress->begun(id, gang, begin);
}

/// A model's answer, while it grows.
void Session::written(std::string_view name, base::Hash128 path, std::string_view text) {
  progress->written(name, text);
  if (!options.stream)
    return;
  std::string line = "{\"model\":";
  value::appendJsonString(line, name);
  line += ",\"step\":\"" + path.hex().substr(0, stepDigits) + "\",\"text\":";
  value::appendJsonString(line, text);
  put(line + "}\n");
  outputTrouble();
}

/// Every step for whoever streams and observes; a few lines for people.
void Session::learned(std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports) {
  for (const gang::StepReport &report : reports) {
    if (options.stream)
      put(progress->trainings().jsonLine(id, gang, report) + "\n");
    for (const gang::StepReport::Value &value : report.values) {
      observe::Event event;
      event.atNs = runtime.doors().clock.now().sinceOriginNs;
      event.kind = observe::EventKind::gangReport;
      event.runHigh = current.high;
      event.runLow = current.low;
      event.a = static_cast<std::int64_t>(report.step);
      event.b = plan->gangs[gang].steps;
      event.c = std::bit_cast<std::int32_t>(value.value);
      event.index = report.evaluation ? plan->gangs[gang].evaluation->gang : gang;
      event.iteration = value.report;
      observed(event);
    }
  }
  if (options.stream)
    outputTrouble();
  progress->learned(id, gang, reports);
}

base::Result<> Session::makeDrivers() {
  agent::ProviderContext context{
      runtime.doors(), plan, project.folder == "." ? "" : project.folder,
      [this](std::string_view name) -> std::optional<std::string> {
        for (auto &[known, value] : environment)
          if (known == name)
            return value;
        return std::nullopt;
      },
      [this](std::string_view name, base::Hash128 path, std::string_view text) { written(name, path, text); }};
  auto made = agent::makeDrivers(context, *entry);
  if (!made)
    return std::move(made).error();
  drivers = *std::move(made);
  if (!options.record.empty())
    for (std::unique_ptr<agent::Driver> &driver : drivers)
      if (driver)
        driver = std::make_unique<RecordingDriver>(runtime.doors().clock, plan, std::move(driver), recording,
                                                   recordingTrouble);
  return {};
}

int Session::start(std::uint32_t index, std::vector<value::Value> args) {
  entry = &plan->entries[index];
  for (const std::string &name : frame::environmentNames(*plan))
    if (auto value = runtime.doors().process.environment(name))
      environment.emplace_back(name, *value);
  if (auto made = makeDrivers(); !made)
    return finish(cli::refused, made.error().message);
  current = loop->newRunId();
  if (!options.quiet)
    progress->say("run " + shortName(current) + " of " + std::string(entry->name));
  loop->start(current, plan, index, std::move(args), loop->randomSeed(), environment);
  return recorded(drive(current));
}

int Session::resume(const journal::RunHead &head, frame::ResumeReason reason) {
  if (auto taken = takeUp(head); !taken)
    return finish(cli::refused, taken.error().message);
  if (!options.quiet)
    progress->say("resuming run " + shortName(current) + " of " + head.name);
  if (auto known = readRecording(); !known)
    return finish(cli::refused, known.error().message);
  loop->resume(current, plan, reason);
  return recorded(drive(current));
}

int Session::cancel(const journal::RunHead &head) {
  if (auto taken = takeUp(head); !taken)
    return finish(cli::refused, taken.error().message);
  loop->resume(current, plan, frame::ResumeReason::restored);
  runtime.runUntil([this] { return code || (end && loop->quiet()); });
  if (code)
    return finish(*code);
  if (!end || end->state != frame::EndState::cancelled)
    return finish(runFailed, "run " + shortName(current) + " did not end as cancelled" + howItEnded());
  return finish(cli::done, "run " + shortName(current) + " is cancelled");
}

/// With the tools of its start: where they lead is part of the run, as its inputs are.
base::Result<> Session::takeUp(const journal::RunHead &head) {
  entry = plan->entry(head.name);
  if (!entry)
    return base::error(base::Code::invalid,
                       "the plan of run " + shortName(head.run) + " has no workflow '" + head.name + "'");
  if (!frame::environmentNames(*plan).empty()) {
    auto records = readRecords(runtime, *journal, head.run);
    if (!records)
      return std::move(records).error();
    auto recorded = frame::recordedEnvironment(*records);
    if (!recorded)
      return std::move(recorded).error().in("run " + shortName(head.run));
    environment = *std::move(recorded);
  }
  current = head.run;
  return makeDrivers();
}

/// A run that goes on adds to what it had recorded.
base::Result<> Session::readRecording() {
  if (options.record.empty())
    return {};
  auto bytes = io::readWhole(runtime.doors().storage, options.record, maxRecordingBytes);
  if (!bytes)
    return bytes.error().code == base::Code::notFound ? base::Result<>() : std::move(bytes).error().in("--record");
  auto known = Recording::read(base::textOf(*bytes));
  if (!known)
    return std::move(known).error().in("--record " + options.record);
  recording = *std::move(known);
  return {};
}

int Session::recorded(int code) {
  if (options.record.empty())
    return code;
  auto written = io::writeWhole(runtime.doors().storage, options.record, base::bytesOf(recording.text()));
  if (!written)
    say("the recording cannot be written: " + written.error().message);
  if (!recordingTrouble.empty())
    say(recordingTrouble);
  return written || code != done ? code : runFailed;
}

int Session::drive(journal::RunId run) {
  runtime.runUntil([this] { return code || end || waits; });
  if (code)
    return finish(*code);
  if (waits && !end)
    return waitingForPeople(run);
  if (!end)
    return finish(interrupted, "nothing was left to wait for; `weft resume " + shortName(run) + "` goes on");
  if (end->state == frame::EndState::succeeded) {
    progress->finish();
    return printResult(*plan, *entry, current, end->value);
  }
  if (end->state == frame::EndState::cancelled)
    return finish(runFailed, "run " + shortName(run) + " was cancelled");
  return finish(runFailed, "run " + shortName(run) + " failed: " + failureText() +
                               (end->where.empty() ? "" : "\n      at " + end->where) + "\n      " + howToGoOn() +
                               ", `weft show " + shortName(run) + "` tells what happened");
}

int Session::finish(int exitCode, const std::string &message) {
  progress->finish();
  return say(message, exitCode);
}

int Session::waitingForPeople(journal::RunId run) {
  // That it waits is written behind the questions themselves: `weft runs` shall know it too.
  runtime.runUntil([this] { return code || loop->quiet(); });
  if (code)
    return finish(*code);
  std::string text = "run " + shortName(run) + " waits for " +
                     (questions.size() > 1 ? std::to_string(questions.size()) + " answers" : "an answer");
  for (const frame::Question &question : questions)
    text += "\n\n" + questionText(*plan, run, question.member, question.prompt,
                                  questions.size() > 1 ? question.step.hex().substr(0, stepDigits) : "");
  return finish(waiting, text);
}

std::string askerName(const plan::Plan &plan, std::uint32_t member) {
  std::string_view name = plan.bindings[plan.members[member].binding].name;
  if (name.ends_with(".person"))
    name.remove_suffix(std::string_view(".person").size());
  return std::string(name);
}

std::string questionText(const plan::Plan &plan, journal::RunId run, std::uint32_t member, std::string_view prompt,
                         const std::string &step) {
  return askerName(plan, member) + " asks:\n" + agent::renderQuestion(prompt, plan.members[member].result, plan.types) +
         "\n\n      weft answer " + shortName(run) + (step.empty() ? "" : " --step " + step) + " ANSWER";
}

base::Result<const frame::Question *> Session::questionMeant(const std::string &step) const {
  std::vector<const frame::Question *> meant;
  std::string open;
  for (const frame::Question &question : questions) {
    std::string asker = askerName(*plan, question.member), number = question.step.hex();
    if (number.starts_with(step) || asker == step)
      meant.push_back(&question);
    open += (open.empty() ? "" : ", ") + asker + " (" + number.substr(0, stepDigits) + ")";
  }
  if (meant.size() == 1)
    return meant[0];
  if (meant.empty())
    return base::error(base::Code::notFound,
                       "run " + shortName(current) + " has no open question '" + step + "'; open are: " + open);
  return base::error(base::Code::invalid, "run " + shortName(current) + " asks " + std::to_string(meant.size()) +
                                              " questions; say with --step which one is answered: " + open);
}

std::string Session::howItEnded() const {
  if (!end)
    return "";
  if (end->state == frame::EndState::succeeded)
    return ": it is done, `weft resume " + shortName(current) + "` prints its result";
  if (end->state == frame::EndState::cancelled)
    return ": it was cancelled";
  return ": it failed, " + failureText() + "; " + howToGoOn();
}

std::string Session::howToGoOn() const {
  std::string resume = "`weft resume " + shortName(current) + "`";
  // Nobody but a person can know whether it is done.
  return end->failure.kind == base::FailKind::unknownOutcome
             ? "the write may have taken effect: look there first; " + resume + " makes it once more"
             : resume + " tries the failed step again";
}

std::string Session::failureText() const {
  return std::string(base::name(end->failure.kind)) + ": " + end->failure.why +
         (end->step.empty() ? "" : " (in " + end->step + ")");
}

int Session::answer(const journal::RunHead &head, const std::string &step, const std::string &typed) {
  if (auto taken = takeUp(head); !taken)
    return finish(cli::refused, taken.error().message);
  loop->resume(current, plan, frame::ResumeReason::restored);
  runtime.runUntil([this] { return code || end || waits; });
  if (code)
    return finish(*code);
  if (end || questions.empty())
    return finish(cli::refused, "run " + shortName(current) + " waits for nobody" + howItEnded());
  auto meant = questionMeant(step);
  if (!meant)
    return finish(cli::refused, meant.error().message);
  value::Evaluator evaluator(plan->program());
  auto value = agent::parseAnswer(typed, (*meant)->type, plan->types, evaluator);
  if (!value)
    return finish(cli::refused, value.error().message);
  if (auto known = readRecording(); !known)
    return finish(cli::refused, known.error().message);
  waits = false;
  const frame::Question question = **meant;
  base::Hash128 key = question.step;
  answered = key;
  std::erase_if(questions, [&](const frame::Question &question) { return question.step == key; });
  if (!options.record.empty())
    recordAnswer(*plan, question, *value, recording, recordingTrouble);
  loop->answer(current, key, *std::move(value));
  runtime.runUntil([this] { return code || end || waits || !refusedAnswer.empty(); });
  if (!refusedAnswer.empty())
    return finish(cli::refused, "the answer was not taken: " + refusedAnswer);
  return recorded(drive(current));
}

void Session::ended(journal::RunId, const frame::RunEnd &runEnd) { end = runEnd; }
void Session::parked(journal::RunId, std::uint64_t, std::int64_t) { waits = true; }

/// A run that is brought back for its answer asks everything again that it had asked.
void Session::asked(journal::RunId, const frame::Question &question) {
  bool known = std::ranges::any_of(questions, [&](const frame::Question &one) { return one.step == question.step; });
  if (question.step != answered && !known)
    questions.push_back(question);
}

void Session::answerRefused(journal::RunId, base::Hash128, std::string_view why) { refusedAnswer = why; }

void Session::emitted(journal::RunId, const journal::StepKey &, const value::Value &value) {
  if (!options.stream || entry->emits == plan::noIndex)
    return;
  if (auto json = value::toJson(value, entry->emits, plan->types)) {
    put(*json + "\n");
    outputTrouble(); // At once: a reader waits for it. What goes wrong is told with the result.
  }
}

void Session::stopped(journal::RunId run) {
  progress->say("run " + shortName(run) + " is interrupted; `weft resume " + shortName(run) + "` goes on");
  code = interrupted;
}

void Session::refused(journal::RunId, const base::Error &error) {
  progress->say(error.message);
  code = cli::refused;
}

void Session::observed(const observe::Event &event) { progress->observed(event); }

void Session::journalFailed(const base::Error &error) {
  progress->say("the journal cannot be written any more: " + error.message + "; nothing was lost, `weft resume " +
                shortName(current) + "` goes on");
  code = interrupted;
}

} // namespace weft::cli
