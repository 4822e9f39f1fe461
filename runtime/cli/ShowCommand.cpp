//===- ShowCommand.cpp - weft runs and weft show --------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/JournalLook.h"
#include "runtime/cli/Output.h"
#include "runtime/cli/Session.h"
#include "runtime/frame/RecordBody.h"
#include "runtime/value/Encoding.h"
#include "runtime/value/WordsPrinter.h"

#include <cstdio>
#include <ctime>
#include <set>
#include <unordered_map>

namespace weft::cli {
namespace {

const Flag folderFlag{"--folder", "FOLDER", "the folder of the spec; the current one without it"};

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

std::string timeText(std::int64_t wallNs) {
  std::time_t seconds = static_cast<std::time_t>(wallNs / 1'000'000'000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &utc);
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

/// Names steps of the journal by what they are in the plan.
class Narrator {
public:
  explicit Narrator(const plan::Plan *plan) : plan(plan) {
    if (!plan)
      return;
    std::set<std::uint32_t> repeated;
    for (const plan::Node &node : plan->nodes)
      if (node.op() == plan::Op::map || node.op() == plan::Op::fold || node.op() == plan::Op::loop ||
          node.op() == plan::Op::race || node.op() == plan::Op::vote)
        for (std::uint32_t body : plan->bodiesOf(node))
          repeated.insert(body);
    for (std::uint32_t block = 0; block < plan->blocks.size(); ++block)
      for (const plan::Node &node : plan->nodesOf(plan->blocks[block]))
        steps[node.stable_id()] = {&node, repeated.contains(block)};
  }

  std::string line(const journal::Record &record) {
    auto body = frame::decodeBody(record.kind, record.body);
    std::string text = step(record.key);
    if (!body)
      return text + (record.kind == journal::RecordKind::gangEpoch    ? "a view of the gang"
                     : record.kind == journal::RecordKind::checkpoint ? "a checkpoint of the gang"
                                                                      : std::string(journal::name(record.kind)));
    return text + std::visit([this](const auto &one) { return tell(one); }, *body);
  }

private:
  std::string step(const journal::StepKey &key) {
    if (!plan || key.stableId == 0)
      return "";
    auto found = steps.find(key.stableId);
    if (found == steps.end())
      return "";
    const plan::Node &node = *found->second.node;
    std::string name = plan::fb::EnumNameOp(node.op());
    if (node.op() == plan::Op::call) {
      const plan::Member &member = plan->members[node.target()];
      const plan::Binding &binding = plan->bindings[member.binding];
      bool tool = binding.kind != plan::fb::BindingKind::model && binding.kind != plan::fb::BindingKind::human;
      name = std::string(binding.name) + (tool ? "." + std::string(member.name) : "");
    } else if (node.op() == plan::Op::gang) {
      name = std::string(plan->gangs[node.target()].name);
    }
    if (found->second.repeated)
      name += " [" + std::to_string(key.iteration) + "]";
    if (key.attempt)
      name += ", attempt " + std::to_string(key.attempt + 1);
    plan::SourceSpan place = plan->at(node.span());
    if (place.line)
      name += " (" + std::string(place.file) + ":" + std::to_string(place.line) + ")";
    return name + ": ";
  }

  static std::string shown(const frame::StoredValue &stored) {
    if (stored.isBlob())
      return "a value of " + std::to_string(stored.sizeBytes) + " bytes, blob " + stored.digest.hex().substr(0, 12);
    auto value = value::decode(stored.inlineBytes);
    return value ? value::shownValue(*value) : "a damaged value";
  }
  static std::string shown(const base::Failure &failure) {
    return std::string(base::name(failure.kind)) + ": " + failure.why;
  }

  std::string tell(const frame::RunStartedBody &body) {
    return "started " + body.entry + " with " + shown(body.args) + " at " + timeText(body.wallNs) + ", plan " +
           body.plan.hex().substr(0, 12);
  }
  std::string tell(const frame::IntentBody &body) {
    return body.question.empty() ? "is about to leave" : "asks: " + body.question;
  }
  std::string tell(const frame::OutcomeBody &body) {
    std::string cost;
    if (body.tokensIn || body.tokensOut)
      cost += ", " + std::to_string(body.tokensIn) + " tokens in, " + std::to_string(body.tokensOut) + " out";
    if (body.costNano) {
      char text[32];
      std::snprintf(text, sizeof text, ", $%.6f", static_cast<double>(body.costNano) / 1e9);
      cost += text;
    }
    switch (body.status) {
    case frame::OutcomeBody::Status::ok:
      return "gave " + shown(body.value) + cost;
    case frame::OutcomeBody::Status::failed:
      return "failed, " + shown(body.failure) + cost;
    case frame::OutcomeBody::Status::late:
      return "came too late" + cost;
    }
    return "";
  }
  std::string tell(const frame::DecisionBody &body) {
    using What = frame::DecisionBody::What;
    switch (body.what) {
    case What::scopeFailed:
      return "the scope failed, " + shown(body.failure) + (body.step.empty() ? "" : " (in " + body.step + ")");
    case What::raceWon:
      return "arm " + std::to_string(body.chosen.empty() ? 0 : body.chosen[0]) + " won the race";
    case What::voteClosed:
      return "the vote closed with " + std::to_string(body.chosen.size()) + " samples";
    case What::timedOut:
      return "the time was up before an answer";
    }
    return "";
  }
  std::string tell(const frame::SignalBody &body) {
    using What = frame::SignalBody::What;
    return body.what == What::answer   ? "a person answered " + shown(body.value)
           : body.what == What::cancel ? "cancelled by a person"
                                       : "taken up again";
  }
  std::string tell(const frame::RunEndedBody &body) {
    using State = frame::RunEndedBody::State;
    return body.state == State::succeeded ? "ended with " + shown(body.value)
           : body.state == State::failed  ? "ended in failure, " + shown(body.failure)
                                          : "ended as cancelled";
  }

  struct Step {
    const plan::Node *node;
    bool repeated; ///< Stands in a body that is run per item, round, arm or sample.
  };

  const plan::Plan *plan;
  std::unordered_map<std::uint64_t, Step> steps; ///< By stable id.
};

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
