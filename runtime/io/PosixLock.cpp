//===- PosixLock.cpp - One owner of a file among the machine's processes --===//
//
// The lock is flock's, which belongs to the open file: a second lock from this
// process is refused too. A process that forks hands the open file on, so a
// child that outlives its killed parent by a moment still has the lock. Beside
// it stands a record lock of fcntl, which a child does not get: who is refused
// sees by it whether the owner lives, and waits for the children if it does not.
//
//===----------------------------------------------------------------------===//

#include "runtime/io/PosixLock.h"

#include "runtime/io/PosixFiles.h"
#include "runtime/io/SystemError.h"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <thread>

namespace weft::io {
namespace {

/// Children die with their parent (enterOwnGroup), so this is only met by a child that cannot be killed.
constexpr std::chrono::milliseconds heirsWait{2000}, heirsStep{5};

class PosixLock final : public FileLock {
public:
  explicit PosixLock(Descriptor fd) : fd(std::move(fd)) {}
  ~PosixLock() override {
    // The file stays: removing it would race with the next owner, who locks the old inode.
    (void)!::ftruncate(fd.get(), 0);
  }

private:
  Descriptor fd;
};

struct flock wholeFile() {
  struct flock range {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

/// Asked as the owner of an open file, which sees the record locks of its own process too.
bool ownerLives(int fd) {
  struct flock range = wholeFile();
  return ::fcntl(fd, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

base::Error heldByAnother(int fd, const std::string &path) {
  base::Bytes text(256);
  auto count = readAt(fd, path, 0, text);
  text.resize(count ? *count : 0);
  std::string who(base::textOf(text));
  return base::error(base::Code::busy,
                     "'" + path + "' is held by " + (who.empty() ? "a process that is just starting" : who));
}

} // namespace

base::Result<std::unique_ptr<FileLock>> lockPosixFile(const std::string &path, const std::string &owner) {
  Descriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd)
    return systemError(errno, "lock '" + path + "'");
  for (auto waited = heirsWait - heirsWait; ::flock(fd.get(), LOCK_EX | LOCK_NB) != 0; waited += heirsStep) {
    if (errno != EWOULDBLOCK)
      return systemError(errno, "lock '" + path + "'");
    if (ownerLives(fd.get()) || waited >= heirsWait)
      return heldByAnother(fd.get(), path);
    std::this_thread::sleep_for(heirsStep);
  }
  // A file system without record locks costs who is refused the wait, and nothing else.
  struct flock range = wholeFile();
  (void)!::fcntl(fd.get(), F_SETLK, &range);
  if (::ftruncate(fd.get(), 0) != 0)
    return systemError(errno, "lock '" + path + "'");
  if (auto written = writeAt(fd.get(), path, 0, base::bytesOf(owner)); !written)
    return written.error();
  return std::unique_ptr<FileLock>(std::make_unique<PosixLock>(std::move(fd)));
}

} // namespace weft::io
