//===- ShowCommand.cpp - weft runs and weft show --------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/FoundRun.h"
#include "runtime/cli/JournalLook.h"
#include "runtime/cli/Narrator.h"
#include "runtime/cli/Output.h"
#include "runtime/cli/Session.h"
#include "runtime/frame/RecordBody.h"

namespace weft::cli {
namespace {

const Usage &runsUsage() {
  static const Usage text{"runs", "", "Lists the runs of a project, oldest first.", 0, 0, {folderFlag}};
  return text;
}

const Usage &showUsage() {
  static const Usage text{
      "show", "[RUN]",      "Tells what a run has done: every fact of its journal, and the questions that are open.", 0,
      1,      {folderFlag}, "RUN is an id of `weft runs`, any beginning or end of it, or `last` (the default)."};
  return text;
}

std::string rightAligned(std::uint64_t number) {
  std::string text = std::to_string(number);
  return std::string(text.size() < 8 ? 8 - text.size() : 0, ' ') + text;
}

/// One record, one line.
std::string onOneLine(std::string_view text) {
  std::string line;
  for (char c : text)
    if (c == '\n')
      line += "\\n";
    else
      line += c;
  return line;
}

int runs(const Arguments &arguments, io::AsioRuntime &runtime) {
  Project project = projectAt(arguments.value("--folder"));
  auto look = JournalLook::open(runtime, project);
  if (!look)
    return say(look.error().message);
  auto heads = listRuns(runtime, look->journal());
  if (!heads)
    return say(heads.error().message);
  for (const journal::RunHead &head : *heads) {
    auto state = look->stateOf(runtime, head);
    if (!state)
      return say(state.error().message);
    put(shortName(head.run) + "  " + padded(*state, 11) + "  " + timeText(head.updatedNs) + "  " + head.name + "\n");
  }
  return done;
}

/// Intents of people that no outcome or answer follows.
std::vector<const journal::Record *> openQuestions(const std::vector<journal::Record> &records) {
  std::vector<const journal::Record *> open;
  for (const journal::Record &record : records) {
    auto body = frame::decodeBody(record.kind, record.body);
    if (!body)
      continue;
    if (auto *intent = std::get_if<frame::IntentBody>(&*body); intent && !intent->question.empty()) {
      // Asked again when the run was tried again.
      std::erase_if(open, [&](const journal::Record *asked) { return asked->key.path == record.key.path; });
      open.push_back(&record);
    } else if (record.kind == journal::RecordKind::outcome || record.kind == journal::RecordKind::signal)
      std::erase_if(open, [&](const journal::Record *asked) { return asked->key.path == record.key.path; });
    else if (record.kind == journal::RecordKind::runEnded)
      open.clear();
  }
  return open;
}

int show(const Arguments &arguments, io::AsioRuntime &runtime) {
  Project project = projectAt(arguments.value("--folder"));
  auto look = JournalLook::open(runtime, project);
  if (!look)
    return say(look.error().message);
  auto head = findRun(runtime, look->journal(), arguments.words.empty() ? "last" : arguments.words[0]);
  if (!head)
    return say(head.error().message);
  auto records = readRecords(runtime, look->journal(), head->run);
  if (!records)
    return say(records.error().message);
  auto state = look->stateOf(runtime, *head);
  if (!state)
    return say(state.error().message);
  auto plan = keptPlan(runtime.doors().storage, project, head->planDigest);
  put("run " + shortName(head->run) + " (" + head->run.hex() + ") of " + head->name + ": " + *state + ", " +
      std::to_string(records->size()) + " records\n");
  if (!plan)
    put("its plan is not there, steps have no names: " + plan.error().message + "\n");
  Narrator narrator(plan ? plan->get() : nullptr);
  for (const journal::Record &record : *records)
    put(rightAligned(record.lsn) + "  " + onOneLine(narrator.line(record)) + "\n");
  std::vector<const journal::Record *> open = openQuestions(*records);
  for (const journal::Record *asked : open) {
    auto body = frame::decodeBody(asked->kind, asked->body);
    const auto &intent = std::get<frame::IntentBody>(*body);
    if (plan && intent.member < (*plan)->members.size())
      put("\n" +
          questionText(**plan, head->run, intent.member, intent.question,
                       open.size() > 1 ? asked->key.path.hex().substr(0, stepDigits) : "") +
          "\n");
    else
      put("\n" + intent.question + "\n\n      weft answer " + shortName(head->run) + " --step " +
          asked->key.path.hex().substr(0, stepDigits) + " ANSWER\n");
  }
  return done;
}

} // namespace

const Command runsCommand{runsUsage, runs};
const Command showCommand{showUsage, show};

} // namespace weft::cli
