//===- CrashRules.cpp - What holds for a run that was killed and resumed --===//

#include "runtime/cli/testing/CrashRules.h"

#include "runtime/frame/RecordBody.h"

#include <algorithm>

namespace weft::cli {
namespace {

using frame::OutcomeBody;

/// Whether the journal that was found had the answer of the call, or the failure of this very attempt.
bool known(const TestEnd &end, const CallMade &call) {
  return std::any_of(end.recordsAtDeath.begin(), end.recordsAtDeath.end(), [&](const journal::Record &record) {
    if (record.kind != journal::RecordKind::outcome || record.key.path.hex() != call.path)
      return false;
    auto body = frame::decodeBody(record.kind, record.body);
    WEFT_ASSERT(body); // this process wrote it
    auto status = std::get<OutcomeBody>(*body).status;
    return status == OutcomeBody::Status::ok ||
           (status == OutcomeBody::Status::failed && record.key.attempt == call.attempt);
  });
}

bool same(const CallMade &one, const CallMade &other) { return one.path == other.path && one.attempt == other.attempt; }

std::string show(const frame::RunEnd &end) {
  if (end.state == frame::EndState::succeeded)
    return "success";
  return std::string(base::name(end.failure.kind)) + " \"" + end.failure.why + "\"";
}

} // namespace

bool plainWriteCut(const plan::Plan &plan, const TestEnd &end) {
  return std::any_of(end.recordsAtDeath.begin(), end.recordsAtDeath.end(), [&](const journal::Record &record) {
    if (record.kind != journal::RecordKind::intent)
      return false;
    auto body = frame::decodeBody(record.kind, record.body);
    WEFT_ASSERT(body);
    std::uint32_t member = std::get<frame::IntentBody>(*body).member;
    return plan.members[member].effect >= plan::Effect::write_undo &&
           !known(end, {record.key.path.hex(), member, record.key.attempt});
  });
}

std::string brokenCrashRule(const plan::Plan &plan, const TestEnd &whole, const TestEnd &end) {
  if (!end.unanswered.empty())
    return end.unanswered;
  if (!end.stuck.empty())
    return end.stuck;
  for (const CallMade &call : end.after) {
    if (known(end, call))
      return memberName(plan, call.member) + " was called again although its answer is in the journal";
    if (std::count_if(end.after.begin(), end.after.end(), [&](const CallMade &other) { return same(call, other); }) > 1)
      return memberName(plan, call.member) + " was in flight once and called more than once after it";
  }
  bool unknown = end.run.state == frame::EndState::failed && end.run.failure.kind == base::FailKind::unknownOutcome;
  if (unknown && plainWriteCut(plan, end))
    return "";
  bool equal = end.run.state == whole.run.state && end.run.value == whole.run.value &&
               end.run.failure == whole.run.failure && end.run.step == whole.run.step;
  return equal ? "" : "it ended with " + show(end.run) + ", undisturbed with " + show(whole.run);
}

} // namespace weft::cli
