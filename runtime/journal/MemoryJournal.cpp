//===- MemoryJournal.cpp - A journal that forgets with its process --------===//
//
// For tests, and as the benchmark's "no journal": the bookkeeping of a journal
// without its disk.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/GroupJournal.h"

#include <algorithm>
#include <map>

namespace weft::journal {

struct MemoryStore {
  std::uint64_t epoch = 0;
  base::Bytes encoded; ///< Record lsn lies from ends[lsn - 1] to ends[lsn].
  std::vector<std::size_t> ends{0};
  std::map<RunId, RunHead> heads;
  std::map<base::Digest, base::Bytes> blobs;

  base::ConstBytes recordAt(std::uint64_t lsn) const {
    return {encoded.data() + ends[lsn - 1], ends[lsn] - ends[lsn - 1]};
  }
};

namespace {

base::Error unknownRun(RunId run) {
  return base::error(base::Code::notFound, "run " + run.hex() + " is not in this journal");
}

class MemoryJournal final : public GroupJournal {
public:
  MemoryJournal(io::Doors &doors, std::shared_ptr<MemoryStore> store)
      : GroupJournal(doors, ++store->epoch, store->ends.size() - 1), store(std::move(store)) {}

  void readBlob(const base::Digest &digest, std::function<void(base::Result<base::Bytes>)> done) override {
    auto found = store->blobs.find(digest);
    if (found == store->blobs.end())
      return answer(std::move(done), base::Result<base::Bytes>(base::error(
                                         base::Code::notFound, "blob " + digest.hex() + " is not in this journal")));
    answer(std::move(done), base::Result<base::Bytes>(found->second));
  }

  void read(RunId run, std::uint64_t fromLsn, std::function<void(base::Result<std::vector<Record>>)> done) override {
    answer(std::move(done), walk(run, fromLsn));
  }

  void runs(std::function<void(base::Result<std::vector<RunHead>>)> done) override {
    std::vector<RunHead> heads;
    for (const auto &[run, head] : store->heads)
      heads.push_back(head);
    answer(std::move(done), base::Result<std::vector<RunHead>>(std::move(heads)));
  }

  void head(RunId run, std::function<void(base::Result<RunHead>)> done) override {
    auto found = store->heads.find(run);
    answer(std::move(done),
           found == store->heads.end() ? base::Result<RunHead>(unknownRun(run)) : base::Result<RunHead>(found->second));
  }

  void remove(std::vector<RunId> runs, std::function<void(base::Result<void>)> done) override {
    for (RunId run : runs)
      if (auto found = store->heads.find(run); found != store->heads.end() && !isOver(found->second.state))
        return answer(std::move(done), base::Result<void>(notOver(found->second)));
    for (RunId run : runs)
      store->heads.erase(run); // its bytes are between those of others
    answer(std::move(done), base::Result<void>());
  }

  void keepBlobs(std::set<base::Digest> kept, std::function<void(base::Result<Removed>)> done) override {
    Removed removed;
    std::erase_if(store->blobs, [&](const auto &blob) {
      if (kept.contains(blob.first))
        return false;
      ++removed.files;
      removed.bytes += blob.second.size();
      return true;
    });
    answer(std::move(done), base::Result<Removed>(removed));
  }

private:
  template <typename T> void answer(std::function<void(base::Result<T>)> done, base::Result<T> result) {
    doors.executor.post([done = std::move(done), result = std::move(result), alive = alive]() mutable {
      if (*alive)
        done(std::move(result));
    });
  }

  void startWrite(Group &group) override { finished(write(group)); }

  base::Result<void> write(Group &group) {
    if (store->epoch != epoch())
      return base::error(base::Code::stale, "the journal belongs to epoch " + std::to_string(store->epoch) +
                                                " now, this owner's is " + std::to_string(epoch()));
    auto find = [this](RunId run) -> base::Result<std::optional<RunHead>> {
      auto found = store->heads.find(run);
      return found == store->heads.end() ? std::nullopt : std::optional(found->second);
    };
    if (auto linked = link(group, epoch(), doors.clock.wallTimeNs(), find, changed); !linked)
      return linked;
    for (Group::Blob &blob : group.blobs)
      totals.blobs += store->blobs.emplace(blob.digest, std::move(blob.bytes)).second ? 1 : 0;
    std::size_t start = store->encoded.size();
    store->encoded.insert(store->encoded.end(), group.encoded.begin(), group.encoded.end());
    for (const Group::Item &item : group.items)
      store->ends.push_back(start + item.offset + item.sizeBytes);
    for (RunHead &head : changed)
      store->heads[head.run] = head;
    return {};
  }

  base::Result<std::vector<Record>> walk(RunId run, std::uint64_t fromLsn) const {
    auto found = store->heads.find(run);
    if (found == store->heads.end())
      return unknownRun(run);
    std::vector<Record> records;
    for (std::uint64_t lsn = found->second.lastLsn; lsn != 0 && lsn >= fromLsn;) {
      auto record = decode(store->recordAt(lsn));
      if (!record)
        return record.error();
      lsn = record->prev;
      records.push_back(std::move(*record));
    }
    std::reverse(records.begin(), records.end());
    return records;
  }

  std::shared_ptr<MemoryStore> store;
  std::vector<RunHead> changed;
};

} // namespace

std::shared_ptr<MemoryStore> makeMemoryStore() { return std::make_shared<MemoryStore>(); }

std::unique_ptr<Journal> openMemoryJournal(io::Doors &doors, std::shared_ptr<MemoryStore> store) {
  return std::make_unique<MemoryJournal>(doors, std::move(store));
}

} // namespace weft::journal
