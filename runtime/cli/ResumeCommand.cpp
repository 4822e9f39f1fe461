//===- ResumeCommand.cpp - weft resume and weft answer --------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/FoundRun.h"
#include "runtime/cli/Session.h"
#include "runtime/cli/Waiting.h"
#include "runtime/frame/RecordBody.h"
#include "runtime/frame/Upgrade.h"

namespace weft::cli {
namespace {

const Flag quietFlag{"--quiet", "", "no progress on standard error"};
const Flag recordFlag{"--record", "FILE", "add what models, tools and people answer to FILE, for `replay` in tests"};

const Usage &resumeUsage() {
  static const Usage text{
      "resume",
      "[RUN]",
      "Goes on with a run that was interrupted, or tries the failed step of one that failed again; of one that is "
      "done, prints the result.",
      0,
      1,
      {folderFlag,
       quietFlag,
       {"--stream", "", "print what the run emits and what trainings tell, one JSON line each, before the result"},
       {"--upgrade", "FILE", "go on with what this spec or plan says now"},
       dimFlag,
       recordFlag},
      "RUN is an id of `weft runs`, any beginning or end of it, or `last` (the default).\n\nA run is pinned to the "
      "plan that it was started with. --upgrade pins it to another one, where every step that is\nrecorded stands in "
      "its "
      "place there, and names those that do not; `weft diff` shows them beforehand. What is\nrecorded stays."};
  return text;
}

const Usage &answerUsage() {
  static const Usage text{
      "answer",
      "RUN ANSWER",
      "Answers the question that a run waits for, and goes on with the run.",
      2,
      2,
      {folderFlag,
       {"--step", "STEP", "which question, where there are several: the agent that asks, or the number shown"},
       quietFlag,
       recordFlag},
      "ANSWER has the type asked for: yes or no, a choice, a text, or JSON. What does not fit is "
      "refused and the question stays\n"
      "open. `weft show RUN` shows the question again."};
  return text;
}

/// A run that is done gives its result again: the process that made it may have died before it could tell.
int told(FoundRun &found, io::AsioRuntime &runtime) {
  const plan::Entry *entry = found.plan->entry(found.head.name);
  auto records = readRecords(runtime, *found.journal, found.head.run);
  if (!records)
    return say(records.error().message);
  if (!entry || records->empty())
    return say("run " + shortName(found.head.run) + " is done, and its result cannot be found");
  auto body = frame::decodeBody(records->back().kind, records->back().body);
  auto *ended = body ? std::get_if<frame::RunEndedBody>(&*body) : nullptr;
  if (!ended)
    return say("run " + shortName(found.head.run) + " is done, and its last record does not tell the result");
  base::Bytes blob;
  if (ended->value.isBlob()) {
    auto read = waitFor<base::Bytes>(runtime,
                                     [&](auto done) { found.journal->readBlob(ended->value.digest, std::move(done)); });
    if (!read)
      return say(read.error().message);
    blob = *std::move(read);
  }
  auto value = frame::load(ended->value, blob);
  return value ? printResult(*found.plan, *entry, found.head.run, *value) : say(value.error().message);
}

/// Pins the run to what `file` says now. Errors: those of openPlan, and `invalid` with the steps that are in the way.
base::Result<> upgrade(FoundRun &found, io::AsioRuntime &runtime, const std::string &file,
                       const std::vector<std::string> &options) {
  auto fresh = openPlan(runtime, file, options, Keep::yes);
  if (!fresh)
    return std::move(fresh).error();
  if ((*fresh)->digest == found.plan->digest)
    return {};
  auto records = readRecords(runtime, *found.journal, found.head.run);
  if (!records)
    return std::move(records).error();
  std::vector<std::string> obstacles = frame::upgradeObstacles(*found.plan, **fresh, *records);
  if (!obstacles.empty()) {
    std::string text = "run " + shortName(found.head.run) + " cannot go on with " + file + ":";
    for (const std::string &obstacle : obstacles)
      text += "\n      " + obstacle;
    return base::error(base::Code::invalid, text + "\n      `weft resume " + shortName(found.head.run) +
                                                "` goes on with the plan that it has");
  }
  // A spec that lies elsewhere keeps its plan there.
  if (auto kept = keepPlan(runtime.doors().storage, found.project, **fresh); !kept)
    return kept;
  journal::HeadChange head{found.head.run, {}, (*fresh)->digest, {}, {}};
  frame::SignalBody signal{frame::SignalBody::What::upgrade, {}, (*fresh)->digest};
  if (auto recorded = recordSignal(runtime, *found.journal, found.head.run, signal, std::span(&head, 1)); !recorded)
    return recorded;
  found.plan = *std::move(fresh);
  return {};
}

int resume(const Arguments &arguments, io::AsioRuntime &runtime) {
  auto found = FoundRun::open(arguments, runtime);
  if (!found)
    return say(found.error().message);
  if (found->head.state == journal::RunState::succeeded)
    return told(*found, runtime);
  if (found->head.state == journal::RunState::cancelled)
    return say("run " + shortName(found->head.run) + " was cancelled; there is nothing to go on with");
  if (arguments.has("--dim") && !arguments.has("--upgrade"))
    return say("--dim goes with --upgrade: the sizes of a plan are fixed");
  if (arguments.has("--upgrade"))
    if (auto upgraded = upgrade(*found, runtime, arguments.value("--upgrade"), compilerOptions(arguments)); !upgraded)
      return say(upgraded.error().message);
  auto reason =
      found->head.state == journal::RunState::failed ? frame::ResumeReason::retried : frame::ResumeReason::restored;
  Session session(runtime, found->project, std::move(found->journal), found->plan,
                  {arguments.has("--quiet"), arguments.has("--stream"), arguments.value("--record")});
  return session.resume(found->head, reason);
}

int answer(const Arguments &arguments, io::AsioRuntime &runtime) {
  auto found = FoundRun::open(arguments, runtime);
  if (!found)
    return say(found.error().message);
  Session session(runtime, found->project, std::move(found->journal), found->plan,
                  {arguments.has("--quiet"), false, arguments.value("--record")});
  return session.answer(found->head, arguments.value("--step"), arguments.words[1]);
}

} // namespace

const Command resumeCommand{resumeUsage, resume};
const Command answerCommand{answerUsage, answer};

} // namespace weft::cli
