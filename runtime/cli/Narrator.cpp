//===- Narrator.cpp - Records of a journal, told to people ----------------===//

#include "runtime/cli/Narrator.h"

#include "runtime/checkpoint/Manifest.h"
#include "runtime/membership/View.h"
#include "runtime/value/Encoding.h"
#include "runtime/value/Json.h"
#include "runtime/value/WordsPrinter.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <set>

namespace weft::cli {
namespace {

std::string told(const base::Failure &failure) { return std::string(base::name(failure.kind)) + ": " + failure.why; }

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

std::string Narrator::shown(const frame::StoredValue &stored, std::int64_t type) const {
  if (stored.isBlob())
    return "a value of " + std::to_string(stored.sizeBytes) + " bytes, blob " + stored.digest.hex().substr(0, 12);
  auto value = value::decode(stored.inlineBytes);
  if (!value)
    return "a damaged value";
  auto json = type < 0 ? base::Result<std::string>(base::error(base::Code::notFound, ""))
                       : value::toJson(*value, static_cast<std::uint32_t>(type), plan->types);
  return json ? *json : value::shownValue(*value);
}

std::string Narrator::shownInputs(const frame::RunStartedBody &body) const {
  const plan::Entry *entry = plan ? plan->entry(body.entry) : nullptr;
  auto args = value::decode(body.args.inlineBytes);
  if (!entry || body.args.isBlob() || !args || !args->is(value::Tag::list) ||
      args->items().size() != entry->params.size())
    return shown(body.args, -1);
  std::string text;
  for (std::size_t i = 0; i < entry->params.size(); ++i) {
    auto json = value::toJson(args->items()[i], entry->params[i].type, plan->types);
    text += (i ? ", " : "") + std::string(entry->params[i].name) + " = " +
            (json ? *json : value::shownValue(args->items()[i]));
  }
  return text.empty() ? "no inputs" : text;
}

std::string Narrator::shownResult(const frame::StoredValue &stored) const {
  const plan::Entry *entry = plan ? plan->entry(started) : nullptr;
  return shown(stored, entry ? static_cast<std::int64_t>(entry->result) : -1);
}

std::int64_t Narrator::resultType(const journal::StepKey &key) const {
  auto found = plan ? steps.find(key.stableId) : steps.end();
  if (found == steps.end() || found->second.node->op() != plan::Op::call)
    return -1;
  return static_cast<std::int64_t>(plan->members[static_cast<std::size_t>(found->second.node->target())].result);
}

std::string Narrator::tell(const journal::Record &, const frame::RunStartedBody &body) const {
  return "started " + body.entry + " with " + shownInputs(body) + " at " + timeText(body.wallNs) + ", plan " +
         body.plan.hex().substr(0, 12);
}

std::string Narrator::tell(const journal::Record &, const frame::IntentBody &body) const {
  return body.question.empty() ? "is about to leave" : "asks: " + body.question;
}

std::string Narrator::tell(const journal::Record &record, const frame::OutcomeBody &body) const {
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
    return "gave " + shown(body.value, resultType(record.key)) + cost;
  case frame::OutcomeBody::Status::failed:
    return "failed, " + told(body.failure) + cost;
  case frame::OutcomeBody::Status::late:
    return "came too late" + cost;
  }
  return "";
}

std::string Narrator::tell(const journal::Record &record, const frame::DecisionBody &body) const {
  using What = frame::DecisionBody::What;
  switch (body.what) {
  case What::scopeFailed:
    return "the scope failed, " + told(body.failure) + (body.step.empty() ? "" : " (in " + body.step + ")");
  case What::raceWon:
    if (auto found = steps.find(record.key.stableId);
        found != steps.end() && found->second.node->op() != plan::Op::race)
      return body.chosen[0] ? "the second activation was first to end" : "the first activation was first to end";
    return "arm " + std::to_string(body.chosen.empty() ? 0 : body.chosen[0]) + " won the race";
  case What::voteClosed:
    return "the vote closed with " + std::to_string(body.chosen.size()) + " samples";
  case What::timedOut:
    return "the time was up before an answer";
  case What::exceeded:
    return "the budget does not allow the next call: another model answers from here on";
  case What::hedged:
    return "it takes long: a second activation begins beside it";
  }
  return "";
}

std::string Narrator::tell(const journal::Record &record, const frame::SignalBody &body) const {
  using What = frame::SignalBody::What;
  switch (body.what) {
  case What::answer:
    return "a person answered " + shown(body.value, resultType(record.key));
  case What::cancel:
    return "cancelled by a person";
  case What::retry:
    return "taken up again";
  case What::upgrade:
    return "goes on with plan " + body.plan.hex().substr(0, 12);
  }
  return "";
}

std::string Narrator::tell(const journal::Record &, const frame::RunEndedBody &body) const {
  using State = frame::RunEndedBody::State;
  return body.state == State::succeeded ? "ended with " + shownResult(body.value)
         : body.state == State::failed  ? "ended in failure, " + told(body.failure)
                                        : "ended as cancelled";
}

std::string Narrator::tell(const journal::Record &, const frame::SnapshotBody &body) const {
  std::size_t bytes = body.state.isBlob() ? body.state.sizeBytes : body.state.inlineBytes.size();
  return "a snapshot of " + std::to_string(bytes) + " bytes: taken up again, the run goes on from here";
}

std::string Narrator::tellView(base::ConstBytes body) const {
  auto view = membership::decodeView(body);
  if (!view)
    return "a view that cannot be read";
  auto slots = view->slots.size();
  auto held = static_cast<std::size_t>(
      std::ranges::count_if(view->slots, [](membership::MemberId one) { return one != membership::nobody; }));
  return "runs on " + (held < slots ? std::to_string(held) + " of " : "") + std::to_string(slots) +
         (slots == 1 ? " slot" : " slots") +
         (view->fromStep > 0 ? ", goes on behind step " + std::to_string(view->fromStep) : "");
}

std::string Narrator::tellCheckpoint(base::ConstBytes body) const {
  auto manifest = checkpoint::decodeManifest(body);
  if (!manifest)
    return "a checkpoint that cannot be read";
  std::string steps;
  for (std::size_t at = 0; plan && at < plan->gangs.size(); ++at)
    if (plan->gangs[at].stableId == manifest->gang)
      steps = " of " + std::to_string(plan->gangs[at].steps);
  std::uint64_t bytes = 0;
  for (const checkpoint::ShardFile &shard : manifest->shards)
    bytes += shard.sizeBytes;
  return "a checkpoint behind step " + std::to_string(manifest->step) + steps + ", " + std::to_string(bytes) +
         " bytes in " + std::to_string(manifest->shards.size()) + (manifest->shards.size() == 1 ? " file" : " files");
}

std::string Narrator::line(const journal::Record &record) {
  auto body = frame::decodeBody(record.kind, record.body);
  std::string text = step(record.key);
  if (!body)
    return text + (record.kind == journal::RecordKind::gangEpoch    ? tellView(record.body)
                   : record.kind == journal::RecordKind::checkpoint ? tellCheckpoint(record.body)
                                                                    : std::string(journal::name(record.kind)));
  if (auto *run = std::get_if<frame::RunStartedBody>(&*body))
    started = run->entry;
  return text + std::visit([&](const auto &one) { return tell(record, one); }, *body);
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
