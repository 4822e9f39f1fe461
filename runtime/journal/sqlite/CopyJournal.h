//===- CopyJournal.h - Reading a journal that another process owns --------===//
//
// SQLite's readers share an index with the writer; the journal's lies in the
// memory of its owner, so who wants to look takes a copy of the files. The
// table is copied before the log: whatever the owner moves from the log into
// the table meanwhile stands in the log that is copied, as long as the log did
// not start anew, which its header tells.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/io/Storage.h"

#include <string>

namespace weft::journal {

/// Copies what was durable at some moment of the call into the folder `into`, which is made for this user alone:
/// prompts and answers stand in it. openSqliteJournal opens it there. Blobs stay where they are. Takes as long as
/// reading the files, and again (at most 8 times) when the log starts anew meanwhile. Errors: `notFound`, `exists` (a
/// copy lies there), `busy` (the log started anew each time), `limit`, `io`.
base::Result<void> copyJournal(io::Storage &storage, const std::string &folder, const std::string &into);

} // namespace weft::journal
