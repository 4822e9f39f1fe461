//===- Reader.h - The connection that reads and moves the log -------------===//
#pragma once

#include "runtime/journal/Journal.h"
#include "runtime/journal/sqlite/Connection.h"

namespace weft::journal {

/// Used on the reader's lane. Errors as those of Journal.
class Reader {
public:
  static base::Result<std::unique_ptr<Reader>> open(StorageVfs &vfs, const std::string &folder);

  base::Result<RunHead> head(RunId run);
  base::Result<std::vector<RunHead>> heads();
  base::Result<std::vector<Record>> read(RunId run, std::uint64_t fromLsn);
  /// Moves what it can of the log into the table.
  base::Result<void> moveLog() { return connection.checkpoint(); }

private:
  explicit Reader(Connection connection) : connection(std::move(connection)) {}
  base::Result<std::vector<Record>> walk(RunId run, std::uint64_t fromLsn);
  base::Result<Record> recordAt(std::uint64_t lsn, const RunHead &head);

  Connection connection;
  Statement record, one, all; // finalized before the connection closes
};

} // namespace weft::journal
