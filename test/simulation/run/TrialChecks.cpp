//===- TrialChecks.cpp - What must not be, wherever a run was disturbed ---===//

#include "runtime/frame/RecordBody.h"
#include "runtime/value/Json.h"
#include "test/simulation/run/Trial.h"

#include <algorithm>

namespace weft::test {
namespace {

using journal::Record;
using journal::RecordKind;

/// What the sources say with `parallel`.
struct Window {
  const char *example, *call;
  std::size_t most;
};
constexpr Window windows[] = {{"00-spine", "docs.read", 2}, {"writes", "ledger.put", 3}};

bool isWrite(const plan::Member &member) { return member.effect >= plan::Effect::write_idempotent; }
/// An outcome that says what a call gave; a late one says only what a call has cost that was given up.
bool isAnswer(const Record &record) {
  if (record.kind != RecordKind::outcome)
    return false;
  auto body = frame::decodeBody(record.kind, record.body);
  return body && std::get<frame::OutcomeBody>(*body).status != frame::OutcomeBody::Status::late;
}

bool isPlainWrite(const plan::Member &member) { return member.effect >= plan::Effect::write_undo; }

std::string textOf(const frame::RunEnd &end) {
  if (end.state == frame::EndState::succeeded)
    return "success";
  return std::string(base::name(end.failure.kind)) + " '" + end.failure.why + "' in " + end.step;
}

} // namespace

std::vector<std::string> Trial::wrong(const Trial &undisturbed) const {
  std::vector<std::string> wrong = failed;
  if (failed.empty() && !wentOtherwise(undisturbed)) {
    checkEnd(undisturbed, wrong);
    checkCalls(undisturbed, wrong);
    checkWrites(undisturbed, wrong);
  }
  if (!records.empty()) {
    checkHistory(wrong);
    checkAttempts(wrong);
  }
  if (outside.restsOut < outside.rests)
    wrong.push_back("it was out of memory at " + std::to_string(outside.restsOut) + " of the " +
                    std::to_string(outside.rests) + " records behind which it waited for people only");
  for (std::string &sentence : wrong)
    sentence = example.name + ", " + disturbance.text() + ": " + sentence;
  return wrong;
}

/// Whether the life that made the call has journaled what came of it before it gave the run up.
bool Trial::answered(const CallSeen &call) const {
  std::uint64_t until =
      call.observed.taking < outside.stoppedAt.size() ? outside.stoppedAt[call.observed.taking] : UINT64_MAX;
  return std::any_of(records.begin(), records.end(), [&](const Record &record) {
    return isAnswer(record) && record.epoch == call.observed.epoch && record.lsn <= until &&
           record.key.path == call.observed.key.path && record.key.attempt == call.observed.key.attempt;
  });
}

/// A process died between the intent of a write that cannot be repeated and its outcome.
bool Trial::plainWriteCut() const {
  return std::any_of(records.begin(), records.end(), [&](const Record &intent) {
    if (intent.kind != RecordKind::intent)
      return false;
    auto body = frame::decodeBody(intent.kind, intent.body);
    if (!body || !isPlainWrite(example.plan->members[std::get<frame::IntentBody>(*body).member]))
      return false;
    return std::none_of(records.begin(), records.end(), [&](const Record &record) {
      return record.kind == RecordKind::outcome && record.epoch == intent.epoch && record.key == intent.key;
    });
  });
}

/// A run that is stopped gives its reads up and awaits its writes: of two failures in a scope the other one may come
/// first then, and what follows from it are other calls.
bool Trial::wentOtherwise(const Trial &undisturbed) const {
  const frame::RunEnd &end = *outside.end, &calm = *undisturbed.outside.end;
  return !outside.stoppedAt.empty() && end.state == frame::EndState::succeeded && !(end.value == calm.value) &&
         judged().kind == oracle::Verdict::Kind::equal;
}

void Trial::checkEnd(const Trial &undisturbed, std::vector<std::string> &wrong) const {
  const frame::RunEnd &end = *outside.end, &calm = *undisturbed.outside.end;
  bool unknown = end.state == frame::EndState::failed && end.failure.kind == base::FailKind::unknownOutcome;
  if (unknown != plainWriteCut())
    wrong.push_back(unknown ? "ends with unknown_outcome, and no plain write was in flight at a death"
                            : "a plain write was in flight at a death, and the run ends with " + textOf(end));
  else if (!unknown && end.state != calm.state)
    wrong.push_back("ends with " + textOf(end) + ", undisturbed with " + textOf(calm));
  else if (!unknown && !(end.value == calm.value))
    wrong.push_back("another result than undisturbed");
}

void Trial::checkCalls(const Trial &undisturbed, std::vector<std::string> &wrong) const {
  std::map<std::string, std::size_t> usual, made, cut;
  for (const CallSeen &call : undisturbed.outside.calls)
    ++usual[call.what];
  for (const CallSeen &call : outside.calls) {
    ++made[call.what];
    cut[call.what] += !answered(call);
  }
  for (auto &[what, times] : made)
    if (times > usual[what] + cut[what])
      wrong.push_back(what.substr(0, 200) + " was made " + std::to_string(times) + " times, undisturbed " +
                      std::to_string(usual[what]) + ", and " + std::to_string(cut[what]) +
                      " of them were in flight at a death");
  for (const Window &window : windows)
    if (auto most = outside.mostAtOnce.find(window.call);
        example.name == window.example && most != outside.mostAtOnce.end() && most->second > window.most)
      wrong.push_back(std::to_string(most->second) + " calls of " + window.call + " at once, the source allows " +
                      std::to_string(window.most));
}

void Trial::checkHistory(std::vector<std::string> &wrong) const {
  simulation::History history;
  history.records = records;
  std::set<std::string> taken;
  for (const CallSeen &call : outside.calls) {
    simulation::ObservedCall seen = call.observed;
    // A driver does not learn the whole key of its step; the journal has it under the same path.
    for (const Record &record : records)
      if (record.key.path == seen.key.path && record.key.attempt == seen.key.attempt)
        seen.key = record.key;
    history.calls.push_back(std::move(seen));
  }
  // A loser is cancelled because somebody has won. What a run that stops, fails or cannot write gives up is another
  // matter.
  bool decided = outside.stoppedAt.empty() && disturbance.faults.failWrite == 0 && outside.end &&
                 outside.end->state == frame::EndState::succeeded;
  for (simulation::ObservedEffect effect : outside.cancels) {
    for (const Record &record : records)
      if (record.kind == RecordKind::decision && (effect.decision == journal::StepKey{}))
        effect.decision = record.key;
    if (decided)
      history.effects.push_back(std::move(effect));
  }
  for (std::string &sentence : simulation::checkHistory(history))
    wrong.push_back(std::move(sentence));
  for (const Record &record : records)
    if (auto digest = frame::blobOf(record); digest && !blobs.contains(*digest))
      wrong.push_back("record " + std::to_string(record.lsn) + " names a blob that is not there");
}

/// Another attempt leaves once it is durable what became of the one before: a journal that does not know it would have
/// that one made again.
void Trial::checkAttempts(std::vector<std::string> &wrong) const {
  for (const CallSeen &call : outside.calls) {
    if (call.observed.key.attempt == 0)
      continue;
    bool known = std::any_of(records.begin(), records.end(), [&](const Record &record) {
      return (record.kind == RecordKind::outcome || record.kind == RecordKind::decision) &&
             record.lsn <= call.observed.durableLsn && record.key.path == call.observed.key.path &&
             record.key.attempt + 1 == call.observed.key.attempt;
    });
    if (!known)
      wrong.push_back("attempt " + std::to_string(call.observed.key.attempt) + " of " + call.what.substr(0, 200) +
                      " left, and the journal did not know what became of the one before");
  }
}

void Trial::checkWrites(const Trial &undisturbed, std::vector<std::string> &wrong) const {
  std::map<std::string, std::set<std::string>> keys;
  for (const CallSeen &call : outside.calls)
    if (isWrite(example.plan->members[call.member]))
      keys[call.what].insert(call.observed.idempotencyKey);
  for (auto &[what, carried] : keys)
    if (carried.size() > 1)
      wrong.push_back(what.substr(0, 200) + " left under " + std::to_string(carried.size()) + " keys");
  if (outside.ledger.entered.size() > undisturbed.outside.ledger.entered.size())
    wrong.push_back("a plain write took effect " + std::to_string(outside.ledger.entered.size()) + " times");
  if (outside.end->state != frame::EndState::succeeded)
    return;
  if (written != undisturbed.written)
    wrong.push_back("other files were written than undisturbed");
  if (outside.ledger.put != undisturbed.outside.ledger.put ||
      outside.ledger.entered != undisturbed.outside.ledger.entered)
    wrong.push_back("other writes took effect than undisturbed");
  for (auto &[name, text] : written) {
    std::string what = "out.write ";
    value::appendJsonString(what, name);
    value::appendJsonString(what += " ", text);
    if (!keys.contains(what))
      wrong.push_back("out/" + name + " holds what no call wrote");
  }
}

} // namespace weft::test
