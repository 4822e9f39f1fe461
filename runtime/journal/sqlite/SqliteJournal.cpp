//===- SqliteJournal.cpp - The journal of a project folder ----------------===//
//
// Measured choice: one append-only table by lsn and one row per run. A primary
// key by run and step costs five times the time and 13 KB written per record.
// The writer's connection is used on its own lane; reading and moving the log
// share a second one.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/sqlite/SqliteJournal.h"

#include "runtime/journal/GroupJournal.h"
#include "runtime/journal/sqlite/BlobFolder.h"
#include "runtime/journal/sqlite/Connection.h"
#include "runtime/journal/sqlite/HeadRow.h"
#include "runtime/journal/sqlite/LogCheck.h"

#include <algorithm>
#include <map>
#include <sqlite3.h>

namespace weft::journal {
namespace {

constexpr int formatVersion = 1;
constexpr int applicationId = 0x57454654; // "WEFT"

/// Heads of live runs kept in memory by the writer; beyond it the memory starts anew.
constexpr std::size_t maxCachedHeads = 4096;

/// Reads that wait for the second connection.
constexpr std::size_t maxWaitingReads = 1 << 16;

base::Error inFolder(const base::Error &error, const std::string &folder) {
  return base::Error(error).in("journal '" + folder + "'");
}

base::Result<std::uint64_t> oneNumber(Connection &connection, const char *sql) {
  auto statement = connection.prepare(sql);
  if (!statement)
    return statement.error();
  auto row = connection.step(*statement);
  if (!row)
    return row.error();
  std::uint64_t value = *row ? statement->number(0) : 0;
  statement->reset();
  return value;
}

/// Used on the writer's lane.
class Writer {
public:
  static base::Result<std::unique_ptr<Writer>> open(StorageVfs &vfs, const std::string &folder, SqliteOptions options) {
    auto connection = Connection::open(vfs, folder + "/journal.db", true);
    if (!connection)
      return connection.error();
    auto writer = std::unique_ptr<Writer>(new Writer(vfs, std::move(*connection), folder, options));
    if (auto ready = writer->prepare(); !ready)
      return ready.error();
    return writer;
  }

  /// One transaction: the owner is checked, then all is written.
  base::Result<void> write(Group &group, std::int64_t nowNs) {
    if (logPages > options.waitLogPages) {
      vfs.checkpointing = true;
      auto moved = connection.checkpoint();
      vfs.checkpointing = false;
      if (!moved)
        return moved;
    }
    for (const Group::Blob &blob : group.blobs) {
      auto fresh = blobs.write(blob.digest, blob.bytes, blobFsyncs);
      if (!fresh)
        return fresh.error();
      blobsWritten += *fresh ? 1 : 0;
    }
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

  std::uint64_t epoch = 0, lastLsn = 0;
  std::uint64_t blobFsyncs = 0, blobsWritten = 0;
  int logPages = 0; ///< Since the log started anew.
  const SqliteOptions options;
  BlobFolder blobs;

private:
  Writer(StorageVfs &vfs, Connection opened, const std::string &folder, SqliteOptions options)
      : options(options), blobs(vfs.storage(), folder + "/blobs"), vfs(vfs), connection(std::move(opened)) {}

  base::Result<void> prepare() {
    auto version = oneNumber(connection, "PRAGMA user_version");
    auto id = oneNumber(connection, "PRAGMA application_id");
    if (!version || !id)
      return version ? id.error() : version.error();
    if (*version > static_cast<std::uint64_t>(formatVersion))
      return base::error(base::Code::unsupported, "found format version " + std::to_string(*version) +
                                                      ", this build writes version " + std::to_string(formatVersion));
    // One transaction makes the tables, so a crash leaves all of them or none.
    auto made = connection.execute(
        "BEGIN IMMEDIATE;"
        "CREATE TABLE IF NOT EXISTS record(lsn INTEGER PRIMARY KEY, data BLOB NOT NULL);"
        "CREATE TABLE IF NOT EXISTS head(run BLOB PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;"
        "CREATE TABLE IF NOT EXISTS owner(id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL);"
        "INSERT INTO owner VALUES(1, 1) ON CONFLICT DO UPDATE SET epoch = epoch + 1;");
    if (made && *version == 0)
      made = connection.execute("PRAGMA application_id = 0x57454654; PRAGMA user_version = 1;");
    else if (made && *id != static_cast<std::uint64_t>(applicationId))
      made = base::error(base::Code::corrupt, "the file is no journal: its application id is " + std::to_string(*id));
    if (made)
      made = connection.execute("COMMIT");
    if (!made)
      return made;
    auto current = oneNumber(connection, "SELECT epoch FROM owner WHERE id = 1");
    auto last = oneNumber(connection, "SELECT max(lsn) FROM record");
    if (!current || !last)
      return current ? last.error() : current.error();
    epoch = *current;
    lastLsn = *last;
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

  base::Result<void> writeRows(Group &group, std::int64_t nowNs) {
    auto row = connection.step(readEpoch);
    if (!row)
      return row.error();
    std::uint64_t owner = *row ? readEpoch.number(0) : 0;
    readEpoch.reset();
    if (owner != epoch)
      return base::error(base::Code::stale, "the journal belongs to epoch " + std::to_string(owner) +
                                                " now, this owner's is " + std::to_string(epoch));
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

  base::Result<std::optional<RunHead>> findHead(RunId run) {
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

  /// Parked runs take no memory.
  void remember(const RunHead &head) {
    if (head.state != RunState::running) {
      cache.erase(head.run);
      return;
    }
    if (cache.size() >= maxCachedHeads)
      cache.clear();
    cache.insert_or_assign(head.run, head);
  }

  StorageVfs &vfs;
  Connection connection;
  Statement begin, commit, readEpoch, readHead, writeHead, insert; // finalized before the connection closes
  std::map<RunId, RunHead> cache;
  std::vector<RunHead> changed;
  base::Bytes encodedHead;
};

/// Used on the reader's lane.
class Reader {
public:
  static base::Result<std::unique_ptr<Reader>> open(StorageVfs &vfs, const std::string &folder) {
    auto connection = Connection::open(vfs, folder + "/journal.db", false);
    if (!connection)
      return connection.error();
    auto reader = std::unique_ptr<Reader>(new Reader(std::move(*connection)));
    auto record = reader->connection.prepare("SELECT data FROM record WHERE lsn = ?1");
    auto one = reader->connection.prepare("SELECT data FROM head WHERE run = ?1");
    auto all = reader->connection.prepare("SELECT run, data FROM head ORDER BY run");
    if (!record || !one || !all)
      return !record ? record.error() : !one ? one.error() : all.error();
    reader->record = std::move(*record);
    reader->one = std::move(*one);
    reader->all = std::move(*all);
    return reader;
  }

  base::Result<RunHead> head(RunId run) {
    auto key = keyOf(run);
    one.bind(1, key);
    auto row = connection.step(one);
    if (!row)
      return row.error();
    auto found =
        !*row ? base::Result<RunHead>(base::error(base::Code::notFound, "run " + run.hex() + " is not in this journal"))
              : decodeHead(one.bytes(0));
    one.reset();
    if (found && found->run != run)
      return base::error(base::Code::corrupt, "head of run " + run.hex() + ": it is another run's");
    return found;
  }

  base::Result<std::vector<RunHead>> heads() {
    std::vector<RunHead> heads;
    for (;;) {
      auto row = connection.step(all);
      if (!row)
        return row.error();
      if (!*row)
        break;
      auto head = decodeHead(all.bytes(1));
      if (!head) {
        all.reset();
        return head.error();
      }
      heads.push_back(std::move(*head));
    }
    all.reset();
    return heads;
  }

  base::Result<std::vector<Record>> read(RunId run, std::uint64_t fromLsn) {
    // One transaction: all lookups see the same journal, and take its lock once.
    if (auto begun = connection.execute("BEGIN"); !begun)
      return begun.error();
    auto records = walk(run, fromLsn);
    if (auto ended = connection.execute("COMMIT"); records && !ended)
      return ended.error();
    return records;
  }

  base::Result<void> moveLog() { return connection.checkpoint(); }

private:
  explicit Reader(Connection connection) : connection(std::move(connection)) {}

  base::Result<std::vector<Record>> walk(RunId run, std::uint64_t fromLsn) {
    auto start = head(run);
    if (!start)
      return start.error();
    std::vector<Record> records;
    for (std::uint64_t lsn = start->lastLsn; lsn != 0 && lsn >= fromLsn;) {
      record.bind(1, lsn);
      auto row = connection.step(record);
      if (!row)
        return row.error();
      auto found =
          *row ? decode(record.bytes(0))
               : base::Result<Record>(base::error(base::Code::corrupt, "record " + std::to_string(lsn) + " of run " +
                                                                           run.hex() + " is missing"));
      record.reset();
      if (!found)
        return found.error();
      bool first = lsn == start->firstLsn;
      if (found->lsn != lsn || found->run != run || found->prev >= lsn || (found->prev == 0) != first)
        return base::error(base::Code::corrupt, "record " + std::to_string(lsn) + ": found lsn " +
                                                    std::to_string(found->lsn) + " of run " + found->run.hex() +
                                                    " with prev " + std::to_string(found->prev) + ", wanted run " +
                                                    run.hex());
      lsn = found->prev;
      records.push_back(std::move(*found));
    }
    std::reverse(records.begin(), records.end());
    return records;
  }

  Connection connection;
  Statement record, one, all;
};

class SqliteJournal final : public GroupJournal {
public:
  SqliteJournal(io::Doors &doors, std::unique_ptr<io::FileLock> lock, std::unique_ptr<StorageVfs> vfs,
                std::unique_ptr<Writer> writer, std::unique_ptr<Reader> reader)
      : GroupJournal(doors, writer->epoch, writer->lastLsn), lock(std::move(lock)), vfs(std::move(vfs)),
        writer(std::move(writer)), reader(std::move(reader)), writerLane(doors.makePool(1, 2)),
        readerLane(doors.makePool(1, maxWaitingReads)) {
    this->vfs->groupSyncs = this->vfs->otherSyncs = 0;
  }

  ~SqliteJournal() override {
    // Waits for the work under way; then nobody but this thread has the connections.
    writerLane.reset();
    readerLane.reset();
  }

  void readBlob(const base::Digest &digest, std::function<void(base::Result<base::Bytes>)> done) override {
    ask<base::Bytes>([this, digest] { return writer->blobs.read(digest); }, std::move(done));
  }

  void read(RunId run, std::uint64_t fromLsn, std::function<void(base::Result<std::vector<Record>>)> done) override {
    ask<std::vector<Record>>([this, run, fromLsn] { return reader->read(run, fromLsn); }, std::move(done));
  }

  void runs(std::function<void(base::Result<std::vector<RunHead>>)> done) override {
    ask<std::vector<RunHead>>([this] { return reader->heads(); }, std::move(done));
  }

  void head(RunId run, std::function<void(base::Result<RunHead>)> done) override {
    ask<RunHead>([this, run] { return reader->head(run); }, std::move(done));
  }

private:
  template <typename T> void ask(std::function<base::Result<T>()> question, std::function<void(base::Result<T>)> done) {
    auto answer = std::make_shared<std::optional<base::Result<T>>>();
    auto callback = std::make_shared<std::function<void(base::Result<T>)>>(std::move(done));
    auto submitted = readerLane->submit([answer, question = std::move(question)] { *answer = question(); },
                                        [answer, callback] { (*callback)(std::move(**answer)); });
    if (!submitted)
      doors.executor.post([callback, error = submitted.error(), alive = alive] {
        if (*alive)
          (*callback)(error);
      });
  }

  void startWrite(Group &group) override {
    auto submitted =
        writerLane->submit([this, &group, nowNs = doors.clock.wallTimeNs()] { written = writer->write(group, nowNs); },
                           [this] {
                             totals.fsyncs = vfs->groupSyncs;
                             totals.checkpointFsyncs = vfs->otherSyncs;
                             totals.blobFsyncs = writer->blobFsyncs;
                             totals.blobs = writer->blobsWritten;
                             moveLogWhenLong();
                             finished(std::exchange(written, {}));
                           });
    WEFT_ASSERT(submitted && "one group at a time");
  }

  void moveLogWhenLong() {
    if (writer->logPages < movedPages) // it started anew
      movedPages = 0;
    if (moving || writer->logPages - movedPages < writer->options.moveLogPages)
      return;
    moving = true;
    movedPages = writer->logPages;
    // A failure is met again, and told, by the writer, which waits for the log when it gets too long.
    (void)readerLane->submit([this] { (void)reader->moveLog(); }, [this] { moving = false; });
  }

  // Closed from the last to the first.
  std::unique_ptr<io::FileLock> lock;
  std::unique_ptr<StorageVfs> vfs;
  std::unique_ptr<Writer> writer;
  std::unique_ptr<Reader> reader;
  std::unique_ptr<io::BlockingPool> writerLane, readerLane;
  base::Result<void> written;
  bool moving = false;
  int movedPages = 0;
};

} // namespace

base::Result<std::unique_ptr<Journal>> openSqliteJournal(io::Doors &doors, const std::string &folder,
                                                         SqliteOptions options) {
  io::Storage &storage = doors.storage;
  if (auto made = storage.makeFolders(folder); !made)
    return inFolder(made.error(), folder);
  auto lock = storage.lock(folder + "/owner", "process " + std::to_string(doors.process.pid()));
  if (!lock)
    return inFolder(lock.error(), folder);
  if (auto whole = checkLog(storage, folder + "/journal.db-wal"); !whole)
    return inFolder(whole.error(), folder);
  auto vfs = std::make_unique<StorageVfs>(doors);
  auto writer = Writer::open(*vfs, folder, options);
  if (!writer)
    return inFolder(writer.error(), folder);
  auto reader = Reader::open(*vfs, folder);
  if (!reader)
    return inFolder(reader.error(), folder);
  return std::unique_ptr<Journal>(
      std::make_unique<SqliteJournal>(doors, std::move(*lock), std::move(vfs), std::move(*writer), std::move(*reader)));
}

} // namespace weft::journal
