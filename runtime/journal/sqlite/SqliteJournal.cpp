//===- SqliteJournal.cpp - The journal of a project folder ----------------===//
//
// Two lanes of one thread each: one writes groups, the other reads and moves
// the log. Nothing here is shared between them but the files.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/sqlite/SqliteJournal.h"

#include "runtime/journal/GroupJournal.h"
#include "runtime/journal/sqlite/LogCheck.h"
#include "runtime/journal/sqlite/Reader.h"
#include "runtime/journal/sqlite/Writer.h"

namespace weft::journal {
namespace {

/// Reads that wait for the second connection.
constexpr std::size_t maxWaitingReads = 1 << 16;

base::Error inFolder(const base::Error &error, const std::string &folder) {
  return base::Error(error).in("journal '" + folder + "'");
}

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

  void remove(std::vector<RunId> runs, std::function<void(base::Result<void>)> done) override {
    tidy<void>([this, runs = std::move(runs)] { return writer->remove(runs); }, std::move(done));
  }

  void keepBlobs(std::set<base::Digest> kept, std::function<void(base::Result<Removed>)> done) override {
    tidy<Removed>([this, kept = std::move(kept)] { return writer->blobs.keepOnly(kept); }, std::move(done));
  }

private:
  template <typename T> void ask(std::function<base::Result<T>()> question, std::function<void(base::Result<T>)> done) {
    onLane<T>(*readerLane, std::move(question), std::move(done));
  }

  /// One at a time: the writer's lane has room for it beside a group.
  template <typename T> void tidy(std::function<base::Result<T>()> work, std::function<void(base::Result<T>)> done) {
    if (tidying)
      return doors.executor.post([done = std::move(done), alive = alive] {
        if (*alive)
          done(base::error(base::Code::busy, "the journal is removing something already"));
      });
    tidying = true;
    onLane<T>(*writerLane, std::move(work), [this, done = std::move(done)](base::Result<T> result) {
      tidying = false;
      done(std::move(result));
    });
  }

  template <typename T>
  void onLane(io::BlockingPool &lane, std::function<base::Result<T>()> question,
              std::function<void(base::Result<T>)> done) {
    auto answer = std::make_shared<std::optional<base::Result<T>>>();
    auto callback = std::make_shared<std::function<void(base::Result<T>)>>(std::move(done));
    auto submitted = lane.submit([answer, question = std::move(question)] { *answer = question(); },
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
  bool moving = false, tidying = false;
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
  if (!options.sabotage.trustLog) {
    if (auto whole = checkLog(storage, folder + "/journal.db-wal"); !whole)
      return inFolder(whole.error(), folder);
  }
  auto vfs = std::make_unique<StorageVfs>(doors, options.sabotage);
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
