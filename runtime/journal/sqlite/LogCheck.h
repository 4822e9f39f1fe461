//===- LogCheck.h - Damage in the log that recovery would take for its end -===//
//
// SQLite ends the log at the first frame whose checksum is wrong, because a
// crash may have torn it. Groups are synced one after the other, so only the
// last one can be torn: a damaged frame with a later group behind it was
// durable, and what follows it must not be dropped in silence.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Storage.h"

#include <string>

namespace weft::journal {

/// To be called before the database is opened. Reads the log once. Errors: `corrupt` with the frame. Damage within the
/// last group cannot be told from a torn write, and is not reported.
base::Result<void> checkLog(io::Storage &storage, const std::string &logPath);

} // namespace weft::journal
