//===- Journaling.cpp - Records, and the gate behind them -----------------===//
//
// Records of one event are one group. What may be seen outside waits in the
// gate until the group that holds its cause is durable; the intent of a step is
// in the same group as the outcome that made the step ready, so that a chain
// of n durable steps costs n groups.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/base/Limits.h"
#include "runtime/value/Encoding.h"

namespace weft::frame {

PoolRange Core::pool(std::string_view text) {
  auto first = static_cast<std::uint32_t>(out->bytes.size());
  base::ConstBytes bytes = base::bytesOf(text);
  out->bytes.insert(out->bytes.end(), bytes.begin(), bytes.end());
  return {first, static_cast<std::uint32_t>(bytes.size())};
}

Action &Core::act(ActionKind kind, const Run &run) {
  Action &action = out->list.emplace_back();
  action.kind = kind;
  action.run = run.id;
  return action;
}

base::ConstBytes Core::encode(const Value &value) {
  scratch.clear();
  value::encode(value, scratch);
  return scratch;
}

void Core::writeValue(BodyWriter &writer, const Value &value) {
  base::ConstBytes encoding = encode(value);
  if (encoding.size() <= base::maxInlineBytes || sabotage.inlineLargeValues)
    return writer.inlineValue(encoding);
  base::Digest digest = base::digestOf(encoding);
  writer.blobValue(digest, encoding.size());
  blobs.push_back({digest, base::Bytes(encoding.begin(), encoding.end())});
}

void Core::appendOutcome(Run &run, const journal::StepKey &key, const Value *value, const base::Failure *failure,
                         const Amounts &used, std::int64_t tokensIn, std::int64_t tokensOut, Account *account) {
  append(run, journal::RecordKind::outcome, key, [&](BodyWriter &writer) {
    auto status = value ? OutcomeBody::Status::ok : failure ? OutcomeBody::Status::failed : OutcomeBody::Status::late;
    writer.byte(static_cast<std::uint8_t>(status));
    if (value)
      writeValue(writer, *value);
    else if (failure)
      writer.failure(*failure);
    writer.signedNumber(tokensIn);
    writer.signedNumber(tokensOut);
    writer.signedNumber(used.costNano);
    writer.number(static_cast<std::uint32_t>(used.turns));
    std::uint32_t accounts = 0;
    for (Account *one = account; one; one = one->parent)
      ++accounts;
    writer.number(accounts);
    for (Account *one = account; one; one = one->parent) {
      writer.hash(one->path);
      std::int64_t running = one->busy > 0 ? now.steadyNs - one->busySinceNs : 0;
      writer.signedNumber(one->timeSpentNs + running);
    }
  });
}

void Core::appendDecision(Run &run, const journal::StepKey &key, const DecisionBody &body,
                          std::span<const Written> writes) {
  append(run, journal::RecordKind::decision, key, [&](BodyWriter &writer) {
    if (!writes.empty())
      writer.version(2);
    writer.byte(static_cast<std::uint8_t>(body.what));
    if (body.what == DecisionBody::What::scopeFailed) {
      writer.failure(body.failure);
      writer.text(body.step);
      writer.hashes(body.chain);
    } else if (body.what < DecisionBody::What::timedOut) {
      writer.number(body.chosen.size());
      for (std::uint32_t index : body.chosen)
        writer.number(index);
    }
    if (!writes.empty())
      writeValue(writer, storedWrites(run, writes));
  });
}

void Core::gate(Gated &&gated) {
  gated.sequence = gated.run->lastSequence;
  bool free = gated.sequence <= durableSequence || (sabotage.callBeforeDurable && gated.kind == ActionKind::call);
  if (free && gates.empty())
    return release(gated);
  if (free && gated.kind == ActionKind::call)
    return release(gated);
  ++gated.run->gated;
  gates.push(std::move(gated));
}

void Core::releaseDurable() {
  while (!gates.empty() && gates.front().sequence <= durableSequence) {
    Gated gated = gates.pop();
    --gated.run->gated;
    touch(*gated.run);
    release(gated);
  }
}

void Core::release(Gated &gated) {
  Run &run = *gated.run;
  switch (gated.kind) {
  case ActionKind::call:
    return leaveGate(gated.id, gated.sequence);
  case ActionKind::cancelCall:
  case ActionKind::cancelGang:
  case ActionKind::gangDurable: {
    Action &action = act(gated.kind, run);
    action.id = gated.id;
    action.sequence = gated.sequence;
    return;
  }
  case ActionKind::emit: {
    Action &action = act(ActionKind::emit, run);
    action.sequence = gated.sequence;
    action.key = gated.key;
    action.values = {static_cast<std::uint32_t>(out->values.size()), 1};
    out->values.push_back(std::move(gated.value));
    return;
  }
  case ActionKind::ask: {
    Action &action = act(ActionKind::ask, run);
    action.key = gated.key;
    action.atNs = gated.atNs;
    action.member = static_cast<std::uint32_t>(gated.id);
    action.resultType = run.plan->plan->members[gated.id].result;
    action.bytes = pool(gated.value.asText());
    return;
  }
  case ActionKind::parked: {
    // Said only if it still holds: an answer may have come while the group was written.
    if (!waitsForPeople(run))
      return;
    Action &action = act(ActionKind::parked, run);
    action.id = run.asking;
    action.atNs = gated.atNs;
    if (observe::Event *seen = note(run, observe::EventKind::parked)) {
      seen->a = run.asking;
      seen->b = gated.atNs;
    }
    return;
  }
  case ActionKind::evicted:
    return evict(run);
  case ActionKind::released:
    return; // said when all has settled
  case ActionKind::stopped:
    act(ActionKind::stopped, run);
    return leave(run);
  case ActionKind::ended: {
    Action &action = act(ActionKind::ended, run);
    action.state = static_cast<EndState>(gated.id);
    if (action.state == EndState::succeeded) {
      action.values = {static_cast<std::uint32_t>(out->values.size()), 1};
      out->values.push_back(std::move(gated.value));
    } else {
      std::span<const Value> parts = gated.value.items();
      action.failKind = static_cast<std::uint8_t>(parts[0].asInt());
      action.bytes = pool(parts[1].asText());
      action.step = pool(parts[2].asText());
      action.where = pool(parts[3].asText());
    }
    return leave(run);
  }
  default:
    WEFT_UNREACHABLE();
  }
}

} // namespace weft::frame
