//===- Writer.h - The connection that writes groups -----------------------===//
#pragma once

#include "runtime/journal/Group.h"
#include "runtime/journal/sqlite/BlobFolder.h"
#include "runtime/journal/sqlite/Connection.h"
#include "runtime/journal/sqlite/SqliteJournal.h"

#include <map>

namespace weft::journal {

/// Used on the writer's lane; what is public may be read between two groups.
class Writer {
public:
  /// Takes the next epoch, in a transaction that also makes the tables when there are none. Errors: `corrupt`,
  /// `unsupported`, `io`.
  static base::Result<std::unique_ptr<Writer>> open(StorageVfs &vfs, const std::string &folder, SqliteOptions options);

  /// Blobs first, then one transaction: the owner is checked, then all is written.
  base::Result<void> write(Group &group, std::int64_t nowNs);

  /// See Journal::remove.
  base::Result<void> remove(const std::vector<RunId> &runs);

  const SqliteOptions options;
  std::uint64_t epoch = 0, lastLsn = 0;
  std::uint64_t blobFsyncs = 0, blobsWritten = 0;
  int logPages = 0; ///< Since the log started anew.
  BlobFolder blobs;

private:
  Writer(StorageVfs &vfs, Connection opened, const std::string &folder, SqliteOptions options);

  base::Result<void> takeOwnership();
  base::Result<void> prepareStatements();
  base::Result<void> writeBlobs(const Group &group);
  base::Result<void> writeTransaction(Group &group, std::int64_t nowNs);
  base::Result<void> writeRows(Group &group, std::int64_t nowNs);
  base::Result<std::optional<RunHead>> findHead(RunId run);
  base::Result<void> checkOwner();
  base::Result<void> removeRows(const std::vector<RunId> &runs);
  base::Result<void> shrink();
  void remember(const RunHead &head);

  StorageVfs &vfs;
  Connection connection;
  Statement begin, commit, readEpoch, readHead, writeHead, insert; // finalized before the connection closes
  std::map<RunId, RunHead> cache;                                  ///< Of live runs: parked ones take no memory.
  std::vector<RunHead> changed;
  base::Bytes encodedHead;
};

} // namespace weft::journal
