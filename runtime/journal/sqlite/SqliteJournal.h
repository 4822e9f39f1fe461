//===- SqliteJournal.h - The journal of a project folder ------------------===//
//
// `folder`/journal.db in WAL mode, written with synchronous=FULL through a VFS
// over the Storage door, so that the simulator tears its writes; blobs as files
// in `folder`/blobs; `folder`/owner is the lock.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/Journal.h"
#include "runtime/journal/sqlite/Sabotage.h"

#include <memory>
#include <string>

namespace weft::journal {

struct SqliteOptions {
  /// Pages of 4 KiB in the log at which the second connection begins to move them into the table.
  int moveLogPages = 1024;
  /// Pages beyond which the writer waits for the rest: the log starts anew only when all of it was moved.
  int waitLogPages = 8 * 1024;
  Sabotage sabotage;
};

/// Opens the journal of `folder` (made when missing) and takes its ownership with a new epoch. Blocks for a few
/// milliseconds. Errors: `busy`, and the message says which process owns it; `corrupt` with what was found;
/// `unsupported` for a journal of a newer version; `io`.
base::Result<std::unique_ptr<Journal>> openSqliteJournal(io::Doors &doors, const std::string &folder,
                                                         SqliteOptions options = {});

} // namespace weft::journal
