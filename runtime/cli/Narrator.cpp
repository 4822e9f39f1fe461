//===- Narrator.cpp - Records of a journal, told to people ----------------===//

#include "runtime/cli/Narrator.h"

#include "runtime/value/Encoding.h"
#include "runtime/value/WordsPrinter.h"

#include <cstdio>
#include <ctime>
#include <set>

namespace weft::cli {
namespace {

std::string shown(const frame::StoredValue &stored) {
  if (stored.isBlob())
    return "a value of " + std::to_string(stored.sizeBytes) + " bytes, blob " + stored.digest.hex().substr(0, 12);
  auto value = value::decode(stored.inlineBytes);
  return value ? value::shownValue(*value) : "a damaged value";
}

std::string shown(const base::Failure &failure) { return std::string(base::name(failure.kind)) + ": " + failure.why; }

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
  switch (body.what) {
  case What::answer:
    return "a person answered " + shown(body.value);
  case What::cancel:
    return "cancelled by a person";
  case What::retry:
    return "taken up again";
  case What::upgrade:
    return "goes on with plan " + body.plan.hex().substr(0, 12);
  }
  return "";
}

std::string tell(const frame::RunEndedBody &body) {
  using State = frame::RunEndedBody::State;
  return body.state == State::succeeded ? "ended with " + shown(body.value)
         : body.state == State::failed  ? "ended in failure, " + shown(body.failure)
                                        : "ended as cancelled";
}

} // namespace

std::string timeText(std::int64_t wallNs) {
  std::time_t seconds = static_cast<std::time_t>(wallNs / 1'000'000'000);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%SZ", &utc);
  return text;
}

Narrator::Narrator(const plan::Plan *plan) : plan(plan) {
  if (!plan)
    return;
  std::set<std::uint32_t> repeated;
  for (const plan::Node &node : plan->nodes)
    if (plan::nameOfRound(node.op()))
      for (std::uint32_t body : plan->bodiesOf(node))
        repeated.insert(body);
  for (std::uint32_t block = 0; block < plan->blocks.size(); ++block)
    for (const plan::Node &node : plan->nodesOf(plan->blocks[block]))
      steps[node.stable_id()] = {&node, repeated.contains(block)};
}

std::string Narrator::line(const journal::Record &record) const {
  auto body = frame::decodeBody(record.kind, record.body);
  std::string text = step(record.key);
  if (!body)
    return text + (record.kind == journal::RecordKind::gangEpoch    ? "a view of the gang"
                   : record.kind == journal::RecordKind::checkpoint ? "a checkpoint of the gang"
                                                                    : std::string(journal::name(record.kind)));
  return text + std::visit([](const auto &one) { return tell(one); }, *body);
}

std::string Narrator::step(const journal::StepKey &key) const {
  if (!plan || key.stableId == 0)
    return "";
  auto found = steps.find(key.stableId);
  if (found == steps.end())
    return "";
  const plan::Node &node = *found->second.node;
  std::string name = plan::nameOfStep(*plan, node);
  if (found->second.repeated)
    name += " [" + std::to_string(key.iteration) + "]";
  if (key.attempt)
    name += ", attempt " + std::to_string(key.attempt + 1);
  plan::SourceSpan place = plan->at(node.span());
  if (place.line)
    name += " (" + std::string(place.file) + ":" + std::to_string(place.line) + ")";
  return name + ": ";
}

} // namespace weft::cli
