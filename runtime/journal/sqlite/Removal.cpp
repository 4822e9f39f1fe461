//===- Removal.cpp - Runs that nobody wants to look at any more ----------===//

#include "runtime/journal/sqlite/HeadRow.h"
#include "runtime/journal/sqlite/Writer.h"

namespace weft::journal {
namespace {

/// SQLite makes the smaller file in memory first; a larger one keeps its free pages for later runs.
constexpr std::uint64_t maxShrunkPages = (256ull << 20) / 4096;
/// Fewer free pages are not worth the copy.
constexpr std::uint64_t fewestFreePages = 256;

} // namespace

base::Result<void> Writer::remove(const std::vector<RunId> &runs) {
  if (auto begun = connection.finish(begin); !begun)
    return begun;
  auto removed = checkOwner();
  if (removed)
    removed = removeRows(runs);
  if (removed)
    removed = connection.finish(commit);
  if (!removed) {
    (void)connection.execute("ROLLBACK");
    return removed;
  }
  return shrink();
}

base::Result<void> Writer::removeRows(const std::vector<RunId> &runs) {
  auto readRecord = connection.prepare("SELECT data FROM record WHERE lsn = ?1");
  auto dropRecord = connection.prepare("DELETE FROM record WHERE lsn = ?1");
  auto dropHead = connection.prepare("DELETE FROM head WHERE run = ?1");
  if (!readRecord || !dropRecord || !dropHead)
    return !readRecord ? readRecord.error() : !dropRecord ? dropRecord.error() : dropHead.error();
  for (RunId run : runs) {
    auto head = findHead(run);
    if (!head)
      return head.error();
    if (!*head)
      continue;
    if (!isOver((*head)->state))
      return notOver(**head);
    for (std::uint64_t lsn = (*head)->lastLsn; lsn != 0;) {
      readRecord->bind(1, lsn);
      auto row = connection.step(*readRecord);
      if (!row)
        return row.error();
      auto record =
          *row ? decode(readRecord->bytes(0))
               : base::Result<Record>(base::error(base::Code::corrupt, "record " + std::to_string(lsn) + " of run " +
                                                                           run.hex() + " is missing"));
      readRecord->reset();
      if (!record)
        return record.error();
      // What is damaged must not lead into the records of another run.
      if (record->run != run || record->prev >= lsn)
        return base::error(base::Code::corrupt, "record " + std::to_string(lsn) + " of run " + run.hex() +
                                                    ": found run " + record->run.hex() + " with prev " +
                                                    std::to_string(record->prev));
      dropRecord->bind(1, lsn);
      if (auto gone = connection.finish(*dropRecord); !gone)
        return gone;
      lsn = record->prev;
    }
    auto key = keyOf(run);
    dropHead->bind(1, key);
    if (auto gone = connection.finish(*dropHead); !gone)
      return gone;
    cache.erase(run);
  }
  return {};
}

/// By a copy without the free pages, where that is small and saves half.
base::Result<void> Writer::shrink() {
  auto pages = connection.number("PRAGMA page_count"), unused = connection.number("PRAGMA freelist_count");
  if (!pages || !unused)
    return pages ? unused.error() : pages.error();
  if (*unused < fewestFreePages || *unused * 2 < *pages || *pages - *unused > maxShrunkPages)
    return {};
  if (auto copied = connection.execute("VACUUM"); !copied)
    return copied;
  vfs.checkpointing = true;
  auto moved = connection.checkpoint();
  vfs.checkpointing = false;
  return moved;
}

} // namespace weft::journal
