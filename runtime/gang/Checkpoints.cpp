//===- Checkpoints.cpp - From states held by members to a durable manifest ===//
//
// Each part is written by the living member of the lowest slot that holds it.
// When all parts are durable the manifest is reported; when that is durable the
// checkpoint before it is of no more use. Members do not wait for any of it,
// unless they come to the next checkpoint first.
//
//===----------------------------------------------------------------------===//

#include "runtime/gang/Coordinator.h"

#include "runtime/checkpoint/Folder.h"
#include "runtime/journal/Record.h"

#include <algorithm>

namespace weft::gang {

using base::Code;
using base::error;

// What one part takes in the list: its name, rank, a box of the largest rank, the file's name, size and digest.
static_assert(plan::maxStateShards * (plan::maxStateNameBytes + value::maxRank * 24 + 64 + 64) < journal::maxBodyBytes,
              "the list of a checkpoint fits into one record");

base::Result<> Coordinator::reached(std::uint32_t slot, base::ConstBytes payload, CoordinatorActions &actions) {
  auto step = decodeStep(payload);
  if (!step)
    return std::move(step).error();
  seats[slot].reached = *step;
  bool wanted = *step == gang.steps ? awaitsLast() : options.keepsCheckpoints;
  if (!wanted || *step <= savedStep) {
    actions.sends.push_back({current.slots[slot], MessageKind::release, current.epoch, encodedStep(*step)});
    return {};
  }
  if (!saving)
    saving = Saving{*step, std::vector<Saving::Shard>(parts.size())};
  if (saving->step != *step)
    return error(Code::invalid, "has come to the checkpoint of step " + std::to_string(*step) +
                                    " before that of step " + std::to_string(saving->step) + " was saved");
  assignShards(actions);
  return {};
}

void Coordinator::assignShards(CoordinatorActions &actions) {
  if (!saving)
    return;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    Saving::Shard &shard = saving->shards[at];
    if (shard.saved || shard.writer)
      continue;
    auto holder = std::find_if(parts[at].holders.begin(), parts[at].holders.end(),
                               [&](const StatePart::Holder &one) { return living(one.slot); });
    if (holder == parts[at].holders.end())
      return endSaving(actions); // its last holder has finished and gone: this checkpoint is given up
    if (seats[holder->slot].reached != saving->step)
      continue;
    shard.writer = holder->slot;
    std::string file = checkpoint::fileName(saving->step, current.epoch, at);
    actions.sends.push_back({current.slots[holder->slot], MessageKind::save, current.epoch,
                             encodedSave({saving->step, holder->port, file})});
    shard.file.file = std::move(file);
  }
}

base::Result<> Coordinator::saved(std::uint32_t slot, base::ConstBytes payload, CoordinatorActions &actions) {
  auto message = decodeSaved(payload);
  if (!message)
    return std::move(message).error();
  if (!saving || saving->step != message->step)
    return {}; // given up meanwhile
  auto isPart = [&](const StatePart &part) {
    return std::any_of(part.holders.begin(), part.holders.end(), [&](const StatePart::Holder &holder) {
      return holder.slot == slot && holder.port == message->port;
    });
  };
  auto part = std::find_if(parts.begin(), parts.end(), isPart);
  Saving::Shard *shard =
      part == parts.end() ? nullptr : &saving->shards[static_cast<std::size_t>(part - parts.begin())];
  if (!shard || shard->writer != slot || shard->saved)
    return error(Code::invalid, "has saved part " + std::to_string(message->port) + " of step " +
                                    std::to_string(message->step) + ", which nobody asked for");
  shard->saved = true;
  shard->file = {described(gang, *part->port), shard->file.file, message->sizeBytes, message->digest};
  if (!std::all_of(saving->shards.begin(), saving->shards.end(), [](const auto &one) { return one.saved; }))
    return {};
  checkpoint::Manifest manifest{gang.stableId, saving->step, {}};
  for (Saving::Shard &one : saving->shards)
    manifest.shards.push_back(std::move(one.file));
  if (manifest.step == gang.steps) {
    // Nobody goes on from the end: its states are given out, and not recorded.
    endSaving(actions);
    giveOut(std::move(manifest), actions);
    return {};
  }
  actions.checkpoint = checkpoint::encoded(manifest);
  WEFT_ASSERT(actions.checkpoint->size() <= journal::maxBodyBytes);
  if (options.sabotage.removeBeforeDurable)
    actions.removeOlder = manifest;
  reported.emplace_back(std::move(manifest));
  endSaving(actions);
  return {};
}

void Coordinator::endSaving(CoordinatorActions &actions) {
  savedStep = saving->step;
  for (std::uint32_t slot = 0; slot < seats.size(); ++slot)
    if (living(slot) && seats[slot].reached == savedStep)
      actions.sends.push_back({current.slots[slot], MessageKind::release, current.epoch, encodedStep(savedStep)});
  saving.reset();
}

bool Coordinator::checkpointPending() const {
  return std::any_of(reported.begin(), reported.end(), [](const auto &report) { return report.has_value(); });
}

void Coordinator::checkpointDurable(checkpoint::Manifest manifest, CoordinatorActions &actions) {
  last = manifest;
  if (options.givesOut)
    giveOut(std::move(manifest), actions);
  else
    removeBefore(std::move(manifest), actions);
  if (goingBack)
    actions.goBack = !checkpointPending() && givingOut.empty();
  finishIfComplete(actions);
}

/// One after the other: a later one's shards stay until it was written too. A checkpoint whose record comes after the
/// end was saved is of no use any more.
void Coordinator::giveOut(checkpoint::Manifest manifest, CoordinatorActions &actions) {
  if (manifest.step <= lastGiven || (!givingOut.empty() && givingOut.back().step >= manifest.step))
    return;
  givingOut.push_back(std::move(manifest));
  if (givingOut.size() == 1)
    actions.giveOut = givingOut.front();
}

void Coordinator::removeBefore(checkpoint::Manifest newest, CoordinatorActions &actions) {
  if (gang.checkpointKeep < 2)
    actions.removeOlder = std::move(newest);
  else if (auto before = std::exchange(removedBefore, std::move(newest)))
    actions.removeOlder = *std::move(before);
}

void Coordinator::givenOut(base::Result<> written, CoordinatorActions &actions) {
  if (ended)
    return;
  WEFT_ASSERT(!givingOut.empty());
  if (!written)
    return fail(base::FailKind::failed, written.error().message, actions);
  checkpoint::Manifest manifest = std::move(givingOut.front());
  givingOut.pop_front();
  lastGiven = manifest.step;
  // The last states are not recorded: until the results are, somebody may go on from what is.
  if (manifest.step != gang.steps)
    removeBefore(std::move(manifest), actions);
  if (!givingOut.empty())
    actions.giveOut = givingOut.front();
  if (goingBack)
    actions.goBack = !checkpointPending() && givingOut.empty();
  finishIfComplete(actions);
}

} // namespace weft::gang
