//===- Writer.cpp - The connection that writes groups ---------------------===//
//
// Measured choice: one append-only table by lsn and one row per run. A primary
// key by run and step costs five times the time and 13 KB written per record.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/sqlite/Writer.h"

#include "runtime/journal/sqlite/HeadRow.h"

#include <sqlite3.h>

namespace weft::journal {
namespace {

constexpr std::uint64_t formatVersion = 1;
constexpr std::uint64_t applicationId = 0x57454654; // "WEFT"

/// Heads of live runs kept in memory; beyond it the memory starts anew.
constexpr std::size_t maxCachedHeads = 4096;

} // namespace

Writer::Writer(StorageVfs &vfs, Connection opened, const std::string &folder, SqliteOptions options)
    : options(options), blobs(vfs.storage(), folder + "/blobs"), vfs(vfs), connection(std::move(opened)) {}

base::Result<std::unique_ptr<Writer>> Writer::open(StorageVfs &vfs, const std::string &folder, SqliteOptions options) {
  auto connection = Connection::open(vfs, folder + "/journal.db", true);
  if (!connection)
    return connection.error();
  auto writer = std::unique_ptr<Writer>(new Writer(vfs, std::move(*connection), folder, options));
  auto ready = writer->takeOwnership();
  if (ready)
    ready = writer->prepareStatements();
  if (!ready)
    return ready.error();
  return writer;
}

base::Result<void> Writer::takeOwnership() {
  auto version = connection.number("PRAGMA user_version");
  auto id = connection.number("PRAGMA application_id");
  if (!version || !id)
    return version ? id.error() : version.error();
  if (*version > formatVersion)
    return base::error(base::Code::unsupported, "found format version " + std::to_string(*version) +
                                                    ", this build writes version " + std::to_string(formatVersion));
  if (*version != 0 && *id != applicationId)
    return base::error(base::Code::corrupt, "the file is no journal: its application id is " + std::to_string(*id));
  auto made = connection.execute(
      "BEGIN IMMEDIATE;"
      "CREATE TABLE IF NOT EXISTS record(lsn INTEGER PRIMARY KEY, data BLOB NOT NULL);"
      "CREATE TABLE IF NOT EXISTS head(run BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;"
      "CREATE TABLE IF NOT EXISTS owner(id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL);"
      "INSERT INTO owner VALUES(1, 1) ON CONFLICT DO UPDATE SET epoch = epoch + 1;");
  if (made && *version == 0)
    made = connection.execute("PRAGMA application_id = 0x57454654; PRAGMA user_version = 1;");
  if (made)
    made = connection.execute("COMMIT");
  if (!made)
    return made;
  auto current = connection.number("SELECT epoch FROM owner WHERE id = 1");
  auto last = connection.number("SELECT max(lsn) FROM record");
  if (!current || !last)
    return current ? last.error() : current.error();
  epoch = *current;
  lastLsn = *last;
  return {};
}

base::Result<void> Writer::prepareStatements() {
  sqlite3_wal_hook(
      connection.raw(),
      [](void *self, sqlite3 *, const char *, int pages) {
        static_cast<Writer *>(self)->logPages = pages;
        return SQLITE_OK;
      },
      this);
  struct {
    Statement &statement;
    const char *sql;
  } statements[] = {{begin, "BEGIN IMMEDIATE"},
                    {commit, "COMMIT"},
                    {readEpoch, "SELECT epoch FROM owner WHERE id = 1"},
                    {readHead, "SELECT data FROM head WHERE run = ?1"},
                    {writeHead, "INSERT INTO head VALUES(?1, ?2) ON CONFLICT DO UPDATE SET data = excluded.data"},
                    {insert, "INSERT INTO record VALUES(?1, ?2)"}};
  for (auto &[statement, sql] : statements) {
    auto prepared = connection.prepare(sql);
    if (!prepared)
      return prepared.error();
    statement = std::move(*prepared);
  }
  return {};
}

base::Result<void> Writer::write(Group &group, std::int64_t nowNs) {
  if (logPages > options.waitLogPages) {
    vfs.checkpointing = true;
    auto moved = connection.checkpoint();
    vfs.checkpointing = false;
    if (!moved)
      return moved;
  }
  if (options.sabotage.blobsAfterRecords) {
    auto written = writeTransaction(group, nowNs);
    return written ? writeBlobs(group) : written;
  }
  auto written = writeBlobs(group);
  return written ? writeTransaction(group, nowNs) : written;
}

base::Result<void> Writer::writeBlobs(const Group &group) {
  for (const Group::Blob &blob : group.blobs) {
    auto fresh = blobs.write(blob.digest, blob.bytes, blobFsyncs);
    if (!fresh)
      return fresh.error();
    blobsWritten += *fresh ? 1 : 0;
  }
  return {};
}

base::Result<void> Writer::writeTransaction(Group &group, std::int64_t nowNs) {
  if (group.waiters.empty())
    return {};
  if (auto begun = connection.finish(begin); !begun)
    return begun;
  auto written = writeRows(group, nowNs);
  if (written)
    written = connection.finish(commit);
  if (!written) {
    (void)connection.execute("ROLLBACK");
    cache.clear();
  }
  return written;
}

base::Result<void> Writer::checkOwner() {
  auto row = connection.step(readEpoch);
  if (!row)
    return row.error();
  std::uint64_t owner = *row ? readEpoch.number(0) : 0;
  readEpoch.reset();
  if (owner != epoch && !options.sabotage.ignoreEpoch)
    return base::error(base::Code::stale, "the journal belongs to epoch " + std::to_string(owner) +
                                              " now, this owner's is " + std::to_string(epoch));
  return {};
}

base::Result<void> Writer::writeRows(Group &group, std::int64_t nowNs) {
  if (auto own = checkOwner(); !own)
    return own;
  auto linked = link(
      group, epoch, nowNs, [this](RunId run) { return findHead(run); }, changed);
  if (!linked)
    return linked;
  std::uint64_t lsn = group.firstLsn;
  for (const Group::Item &item : group.items) {
    insert.bind(1, lsn++);
    insert.bind(2, group.bytesOf(item));
    if (auto done = connection.finish(insert); !done)
      return done;
  }
  for (const RunHead &head : changed) {
    auto key = keyOf(head.run);
    encodeHead(head, encodedHead);
    writeHead.bind(1, key);
    writeHead.bind(2, encodedHead);
    if (auto done = connection.finish(writeHead); !done)
      return done;
    remember(head);
  }
  return {};
}

base::Result<std::optional<RunHead>> Writer::findHead(RunId run) {
  if (auto known = cache.find(run); known != cache.end())
    return std::optional(known->second);
  auto key = keyOf(run);
  readHead.bind(1, key);
  auto row = connection.step(readHead);
  if (!row)
    return row.error();
  base::Result<std::optional<RunHead>> found = std::optional<RunHead>();
  if (*row) {
    auto head = decodeHead(readHead.bytes(0));
    found = head ? base::Result<std::optional<RunHead>>(std::optional(*head)) : head.error();
  }
  readHead.reset();
  return found;
}

void Writer::remember(const RunHead &head) {
  if (head.state != RunState::running) {
    cache.erase(head.run);
    return;
  }
  if (cache.size() >= maxCachedHeads)
    cache.clear();
  cache.insert_or_assign(head.run, head);
}

} // namespace weft::journal
