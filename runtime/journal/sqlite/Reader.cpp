//===- Reader.cpp - The connection that reads and moves the log -----------===//

#include "runtime/journal/sqlite/Reader.h"

#include "runtime/journal/sqlite/HeadRow.h"

#include <algorithm>

namespace weft::journal {

base::Result<std::unique_ptr<Reader>> Reader::open(StorageVfs &vfs, const std::string &folder) {
  auto connection = Connection::open(vfs, folder + "/journal.db", false);
  if (!connection)
    return connection.error();
  auto reader = std::unique_ptr<Reader>(new Reader(std::move(*connection)));
  auto record = reader->connection.prepare("SELECT data FROM record WHERE lsn = ?1");
  auto one = reader->connection.prepare("SELECT data FROM head WHERE run = ?1");
  auto all = reader->connection.prepare("SELECT data FROM head ORDER BY run");
  if (!record || !one || !all)
    return !record ? record.error() : !one ? one.error() : all.error();
  reader->record = std::move(*record);
  reader->one = std::move(*one);
  reader->all = std::move(*all);
  return reader;
}

base::Result<RunHead> Reader::head(RunId run) {
  auto key = keyOf(run);
  one.bind(1, key);
  auto row = connection.step(one);
  if (!row)
    return row.error();
  auto found =
      *row ? decodeHead(one.bytes(0))
           : base::Result<RunHead>(base::error(base::Code::notFound, "run " + run.hex() + " is not in this journal"));
  one.reset();
  if (found && found->run != run)
    return base::error(base::Code::corrupt, "head of run " + run.hex() + ": found that of run " + found->run.hex());
  return found;
}

base::Result<std::vector<RunHead>> Reader::heads() {
  std::vector<RunHead> heads;
  for (;;) {
    auto row = connection.step(all);
    if (!row)
      return row.error();
    if (!*row)
      break;
    auto head = decodeHead(all.bytes(0));
    if (!head) {
      all.reset();
      return head.error();
    }
    heads.push_back(std::move(*head));
  }
  all.reset();
  return heads;
}

base::Result<std::vector<Record>> Reader::read(RunId run, std::uint64_t fromLsn) {
  // One transaction: all lookups see the same journal, and take its lock once.
  if (auto begun = connection.execute("BEGIN"); !begun)
    return begun.error();
  auto records = walk(run, fromLsn);
  if (auto ended = connection.execute("COMMIT"); records && !ended)
    return ended.error();
  return records;
}

base::Result<std::vector<Record>> Reader::walk(RunId run, std::uint64_t fromLsn) {
  auto start = head(run);
  if (!start)
    return start.error();
  std::vector<Record> records;
  for (std::uint64_t lsn = start->lastLsn; lsn != 0 && lsn >= fromLsn;) {
    auto found = recordAt(lsn, *start);
    if (!found)
      return found.error();
    lsn = found->prev;
    records.push_back(std::move(*found));
  }
  std::reverse(records.begin(), records.end());
  return records;
}

base::Result<Record> Reader::recordAt(std::uint64_t lsn, const RunHead &head) {
  record.bind(1, lsn);
  auto row = connection.step(record);
  if (!row)
    return row.error();
  auto found =
      *row ? decode(record.bytes(0))
           : base::Result<Record>(base::error(base::Code::corrupt, "record " + std::to_string(lsn) + " of run " +
                                                                       head.run.hex() + " is missing"));
  record.reset();
  if (!found)
    return found.error();
  bool first = lsn == head.firstLsn;
  if (found->lsn != lsn || found->run != head.run || found->prev >= lsn || (found->prev == 0) != first)
    return base::error(base::Code::corrupt, "record " + std::to_string(lsn) + ": found lsn " +
                                                std::to_string(found->lsn) + " of run " + found->run.hex() +
                                                " with prev " + std::to_string(found->prev) + ", wanted run " +
                                                head.run.hex());
  return found;
}

} // namespace weft::journal
