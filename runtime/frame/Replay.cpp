//===- Replay.cpp - What the journal already knows of a run ---------------===//

#include "runtime/frame/Replay.h"

#include <algorithm>

namespace weft::frame {

using base::Code;
using base::Hash128;
using base::Result;
using journal::RecordKind;

Result<std::unique_ptr<Replay>> Replay::read(std::vector<LoadedRecord> records) {
  auto replay = std::make_unique<Replay>();
  if (!records.empty() && records.front().record.kind == RecordKind::snapshot) {
    auto body = decodeBody(RecordKind::snapshot, records.front().record.body);
    auto state = body ? load(std::get<SnapshotBody>(*body).state, records.front().blob) : std::move(body).error();
    auto from = state ? Snapshot::read(*state) : std::move(state).error();
    if (!from)
      return std::move(from).error().in("record " + std::to_string(records.front().record.lsn));
    replay->from = *std::move(from);
    replay->start.plan = std::get<SnapshotBody>(*body).plan;
    replay->start.entry = replay->from->entry;
    replay->start.seed = replay->from->seed;
    replay->start.environment = replay->from->environment;
    for (const SnapshotAccount &account : replay->from->accounts)
      replay->byAccount[account.path] = {account.spent, account.timeSpentNs};
  } else if (records.empty() || records.front().record.kind != RecordKind::runStarted)
    return base::error(Code::corrupt, "the run's first record is no start");
  journal::RunId run = records.front().record.run;
  replay->entries.reserve(records.size());
  for (LoadedRecord &loaded : records) {
    const journal::Record &record = loaded.record;
    auto at = [&](base::Error error) { return std::move(error).in("record " + std::to_string(record.lsn)); };
    if (record.run != run)
      return at(base::error(Code::corrupt, "belongs to run " + record.run.hex() + ", not " + run.hex()));
    if (record.kind == RecordKind::snapshot)
      continue; // what it says follows from the records before it, or is read already
    Entry entry{replay->entries.size() + 1, record.key, record.kind, {}, std::move(loaded.blob)};
    if (record.kind == RecordKind::gangEpoch) {
      replay->byGang[record.key.path].view = record.body;
    } else if (record.kind == RecordKind::checkpoint) {
      replay->byGang[record.key.path].checkpoint = record.body;
    } else {
      auto body = decodeBody(record.kind, record.body);
      if (!body)
        return at(std::move(body).error());
      entry.body = std::move(*body);
    }
    if (auto *started = std::get_if<RunStartedBody>(&entry.body); started && record.kind == RecordKind::runStarted) {
      replay->start = *started;
      replay->startBlob = entry.blob;
    }
    if (auto *outcome = std::get_if<OutcomeBody>(&entry.body))
      for (const Charged &charged : outcome->accounts) {
        PastCharges &past = replay->byAccount[charged.account];
        past.spent += Amounts{outcome->costNano, outcome->tokensIn + outcome->tokensOut,
                              static_cast<std::int32_t>(outcome->turns)};
        past.timeSpentNs = std::max(past.timeSpentNs, charged.timeSpentNs);
      }
    if (record.kind == RecordKind::runEnded) {
      replay->endStorage = std::get<RunEndedBody>(entry.body);
      replay->endBlob = entry.blob;
      replay->end = &replay->endStorage;
    }
    if (auto *decision = std::get_if<DecisionBody>(&entry.body); decision && decision->writes) {
      auto writes = load(*decision->writes, entry.blob);
      if (!writes)
        return at(std::move(writes).error());
      if (decision->writes->isBlob())
        decision->writes->inlineBytes = entry.blob;
    }
    auto *signal = std::get_if<SignalBody>(&entry.body);
    if (signal && signal->what == SignalBody::What::cancel)
      replay->cancelSeen = true;
    if (signal && signal->what == SignalBody::What::upgrade)
      replay->start.plan = signal->plan;
    if (signal && signal->what == SignalBody::What::retry && replay->end) {
      replay->retry(replay->end->chain);
      replay->end = nullptr;
    }
    replay->byPath[record.key.path].push_back(static_cast<std::uint32_t>(replay->entries.size()));
    replay->entries.push_back(std::move(entry));
  }
  return replay;
}

std::vector<PastChoice> Replay::choicesWithWrites() const {
  std::vector<PastChoice> choices;
  for (std::uint32_t index = 0; index < entries.size(); ++index) {
    auto *decision = std::get_if<DecisionBody>(&entries[index].body);
    if (!decision || !decision->writes || decision->what == DecisionBody::What::scopeFailed)
      continue;
    const std::vector<std::uint32_t> *known = at(entries[index].key.path);
    if (known && std::ranges::count(*known, index) > 0) // else a retry has left it aside
      choices.push_back({entries[index].key.path, decision});
  }
  return choices;
}

void Replay::retry(std::span<const Hash128> chain) {
  std::vector<Hash128> left(chain.begin(), chain.end());
  while (!left.empty()) {
    Hash128 path = left.back();
    left.pop_back();
    std::uint64_t order = 0;
    if (const DecisionBody *failed = decision(path, DecisionBody::What::scopeFailed, order))
      left.insert(left.end(), failed->chain.begin(), failed->chain.end());
    byPath.erase(path);
  }
  for (const Entry &entry : entries) {
    auto *intent = std::get_if<IntentBody>(&entry.body);
    base::ConstBytes blob;
    if (entry.kind == RecordKind::intent && !intent->question.empty() && !answer(entry.key.path, blob))
      byPath.erase(entry.key.path);
  }
}

const std::vector<std::uint32_t> *Replay::at(Hash128 path) const {
  auto found = byPath.find(path);
  return found == byPath.end() ? nullptr : &found->second;
}

std::span<const PastAttempt> Replay::attempts(Hash128 path) {
  found.clear();
  const std::vector<std::uint32_t> *list = at(path);
  if (!list)
    return found;
  for (std::uint32_t index : *list) {
    const Entry &entry = entries[index];
    auto *intent = std::get_if<IntentBody>(&entry.body);
    auto *outcome = std::get_if<OutcomeBody>(&entry.body);
    auto *decision = std::get_if<DecisionBody>(&entry.body);
    bool timedOut = decision && decision->what == DecisionBody::What::timedOut;
    if (entry.kind != RecordKind::intent && entry.kind != RecordKind::outcome && !timedOut)
      continue;
    bool late = outcome && outcome->status == OutcomeBody::Status::late;
    if (late)
      outcome = nullptr;
    auto past = std::find_if(found.begin(), found.end(),
                             [&](const PastAttempt &one) { return one.attempt == entry.key.attempt; });
    if (past == found.end())
      past = found.insert(found.end(), PastAttempt{entry.key.attempt, nullptr, nullptr, false, false, {}, 0});
    if (entry.kind == RecordKind::intent)
      past->intent = intent;
    past->timedOut |= timedOut;
    past->late |= late;
    if (outcome && !past->timedOut && !past->outcome) {
      past->outcome = outcome;
      past->blob = entry.blob;
      past->order = entry.order;
    }
  }
  std::sort(found.begin(), found.end(),
            [](const PastAttempt &left, const PastAttempt &right) { return left.attempt < right.attempt; });
  return found;
}

const DecisionBody *Replay::decision(Hash128 path, DecisionBody::What what, std::uint64_t &order) const {
  if (const std::vector<std::uint32_t> *list = at(path))
    for (std::uint32_t index : *list)
      if (auto *decision = std::get_if<DecisionBody>(&entries[index].body);
          decision && entries[index].kind == RecordKind::decision && decision->what == what) {
        order = entries[index].order;
        return decision;
      }
  return nullptr;
}

const SignalBody *Replay::answer(Hash128 path, base::ConstBytes &blob) const {
  if (const std::vector<std::uint32_t> *list = at(path))
    for (std::uint32_t index : *list)
      if (auto *signal = std::get_if<SignalBody>(&entries[index].body);
          signal && entries[index].kind == RecordKind::signal && signal->what == SignalBody::What::answer) {
        blob = entries[index].blob;
        return signal;
      }
  return nullptr;
}

const GangReports &Replay::gangReports(Hash128 path) const {
  static const GangReports none;
  auto found = byGang.find(path);
  return found == byGang.end() ? none : found->second;
}

PastCharges Replay::charges(Hash128 account) const {
  auto found = byAccount.find(account);
  return found == byAccount.end() ? PastCharges{} : found->second;
}

} // namespace weft::frame
