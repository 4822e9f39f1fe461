//===- Group.cpp - Appends that become durable together -------------------===//

#include "runtime/journal/Group.h"

#include <algorithm>
#include <unordered_map>

namespace weft::journal {
namespace {

/// The heads that the group touches, each looked up once.
class Heads {
public:
  Heads(const FindHead &find, std::vector<RunHead> &heads) : find(find), heads(heads) {}

  /// Null when the run has none.
  base::Result<RunHead *> get(RunId run) {
    if (auto known = places.find(run); known != places.end())
      return &heads[known->second];
    auto found = find(run);
    if (!found)
      return found.error();
    if (!*found)
      return nullptr;
    return add(**found);
  }

  RunHead *add(RunHead head) {
    places.emplace(head.run, heads.size());
    heads.push_back(std::move(head));
    return &heads.back();
  }

private:
  const FindHead &find;
  std::vector<RunHead> &heads;
  std::unordered_map<RunId, std::size_t> places;
};

base::Error noHead(RunId run) {
  return base::error(base::Code::notFound, "run " + run.hex() + " has no run_started record in this journal");
}

} // namespace

void Group::clear() {
  encoded.clear();
  items.clear();
  heads.clear();
  waiters.clear();
  blobs.clear();
  blobBytes = 0;
}

base::Error notOver(const RunHead &head) {
  return base::error(base::Code::invalid, "run " + head.run.hex() + " is not over, its state is " + name(head.state));
}

base::Result<void> link(Group &group, std::uint64_t epoch, std::int64_t nowNs, const FindHead &find,
                        std::vector<RunHead> &changed) {
  changed.clear();
  Heads heads(find, changed);
  std::uint64_t lsn = group.firstLsn;
  for (const Group::Item &item : group.items) {
    auto found = heads.get(item.run);
    if (!found)
      return found.error();
    RunHead *head = *found;
    if (item.kind == RecordKind::runStarted && head)
      return base::error(base::Code::exists,
                         "run " + item.run.hex() + " has started already, at lsn " + std::to_string(head->firstLsn));
    if (!head && item.kind != RecordKind::runStarted)
      return noHead(item.run);
    if (!head) {
      RunHead fresh;
      fresh.run = item.run;
      fresh.firstLsn = lsn;
      head = heads.add(std::move(fresh));
    }
    seal(group.bytesOf(item), lsn, head->lastLsn, epoch);
    head->lastLsn = lsn++;
    head->updatedNs = nowNs;
  }
  for (const HeadChange &change : group.heads) {
    auto found = heads.get(change.run);
    if (!found)
      return found.error();
    RunHead *head = *found;
    if (!head)
      return noHead(change.run);
    head->updatedNs = nowNs;
    if (change.state)
      head->state = *change.state;
    if (change.planDigest)
      head->planDigest = *change.planDigest;
    if (change.wakeAtNs)
      head->wakeAtNs = *change.wakeAtNs;
    if (change.name)
      head->name = change.name->substr(0, maxNameBytes);
  }
  std::sort(changed.begin(), changed.end(), [](const RunHead &a, const RunHead &b) { return a.run < b.run; });
  return {};
}

} // namespace weft::journal
