//===- PosixLock.h - One owner of a file among the machine's processes ----===//

#pragma once

#include "runtime/io/Storage.h"

namespace weft::io {

/// Storage::lock on the real machine. Cost: one open and three system calls. Where only the children of a process that
/// was killed still have the file open, it waits for their end, two seconds at most.
base::Result<std::unique_ptr<FileLock>> lockPosixFile(const std::string &path, const std::string &owner);

} // namespace weft::io
