//===- PosixRoot.cpp - A folder that paths cannot leave -------------------===//
//
// The kernel resolves each path beneath the root (openat2, RESOLVE_BENEATH):
// checking the text of a path and opening it afterwards would leave a gap in
// which somebody could exchange a folder for a link.
//
//===----------------------------------------------------------------------===//

#include "runtime/io/PosixDoors.h"
#include "runtime/io/PosixFiles.h"
#include "runtime/io/SystemError.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/random.h>
#include <sys/syscall.h>

namespace weft::io {
namespace {

base::Error refused(int number, const std::string &what, const std::string &path) {
  if (number == EXDEV || number == ELOOP)
    return base::error(base::Code::denied, what + " '" + path + "': the path leads out of its root folder");
  if (number == ENOSYS)
    return base::error(base::Code::unsupported, what + " '" + path + "': this kernel has no openat2 (Linux 5.6)");
  return systemError(number, what + " '" + path + "'");
}

class PosixRoot final : public Root {
public:
  explicit PosixRoot(Descriptor folder) : folder(std::move(folder)) {}

  base::Result<base::Bytes> readWhole(const std::string &path, std::uint64_t limitBytes) override {
    // Without O_NONBLOCK, opening a pipe would wait for its writer for ever.
    Descriptor fd(openBeneath(folder.get(), path, O_RDONLY | O_NONBLOCK));
    struct stat found;
    if (!fd || ::fstat(fd.get(), &found) != 0)
      return refused(errno, "read", path);
    if (!S_ISREG(found.st_mode))
      return base::error(base::Code::invalid, "read '" + path + "': found a folder or device, wanted a file");
    if (static_cast<std::uint64_t>(found.st_size) > limitBytes)
      return base::error(base::Code::limit, "read '" + path + "': found " + std::to_string(found.st_size) +
                                                " bytes, the limit is " + std::to_string(limitBytes));
    base::Bytes bytes(static_cast<std::size_t>(found.st_size));
    auto count = readAt(fd.get(), path, 0, bytes);
    if (!count)
      return count.error();
    bytes.resize(*count);
    return bytes;
  }

  base::Result<void> writeWhole(const std::string &path, base::ConstBytes bytes) override {
    std::string name = path.substr(path.rfind('/') + 1);
    if (name.empty() || name == "." || name == "..")
      return base::error(base::Code::invalid, "write '" + path + "': wanted the name of a file");
    auto parent = openParent(path);
    if (!parent)
      return parent.error();
    mode_t mode = 0644;
    struct stat found;
    if (::fstatat(parent->get(), name.c_str(), &found, AT_SYMLINK_NOFOLLOW) == 0) {
      if (S_ISDIR(found.st_mode))
        return base::error(base::Code::invalid, "write '" + path + "': found a folder, wanted a file");
      if (S_ISREG(found.st_mode))
        mode = found.st_mode & 0777;
    }
    std::uint64_t random = 0;
    (void)!::getrandom(&random, sizeof random, 0);
    char temporary[40];
    std::snprintf(temporary, sizeof temporary, ".weft-new-%016llx", static_cast<unsigned long long>(random));
    Descriptor fd(::openat(parent->get(), temporary, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
    if (!fd)
      return refused(errno, "write", path);
    base::Result<void> written = writeAt(fd.get(), path, 0, bytes);
    if (written &&
        (::fdatasync(fd.get()) != 0 || ::renameat(parent->get(), temporary, parent->get(), name.c_str()) != 0))
      written = refused(errno, "write", path);
    if (!written) {
      ::unlinkat(parent->get(), temporary, 0);
      return written;
    }
    if (::fsync(parent->get()) != 0)
      return refused(errno, "write", path);
    return {};
  }

  base::Result<std::vector<Entry>> list(const std::string &path) override {
    Descriptor fd(openBeneath(folder.get(), path.empty() ? "." : path, O_RDONLY | O_DIRECTORY));
    if (!fd)
      return refused(errno, "list", path);
    return listFolder(std::move(fd), path);
  }

  base::Result<Entry> stat(const std::string &path) override {
    Descriptor fd(openBeneath(folder.get(), path.empty() ? "." : path, O_PATH));
    struct stat found;
    if (!fd || ::fstat(fd.get(), &found) != 0)
      return refused(errno, "stat", path);
    return entryOf(path.substr(path.rfind('/') + 1), found);
  }

  base::Result<void> remove(const std::string &path) override {
    std::size_t slash = path.rfind('/');
    std::string name = path.substr(slash + 1);
    if (name.empty() || name == "." || name == "..")
      return base::error(base::Code::invalid, "remove '" + path + "': wanted the name of a file");
    Descriptor parent(openBeneath(folder.get(), slash == std::string::npos ? "." : path.substr(0, slash + 1),
                                  O_RDONLY | O_DIRECTORY));
    if (!parent)
      return refused(errno, "remove", path);
    if (::unlinkat(parent.get(), name.c_str(), 0) != 0 &&
        (errno != EISDIR || ::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) != 0))
      return refused(errno, "remove", path);
    if (::fsync(parent.get()) != 0)
      return refused(errno, "remove", path);
    return {};
  }

private:
  static int openBeneath(int base, const std::string &path, int flags) {
    open_how how{};
    how.flags = static_cast<std::uint64_t>(flags | O_CLOEXEC);
    how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
    return static_cast<int>(::syscall(SYS_openat2, base, path.c_str(), &how, sizeof how));
  }

  /// The folder that `path` lies in, made when missing.
  base::Result<Descriptor> openParent(const std::string &path) {
    Descriptor at(openBeneath(folder.get(), ".", O_RDONLY | O_DIRECTORY));
    if (!at)
      return refused(errno, "write", path);
    if (path.starts_with('/'))
      return refused(EXDEV, "write", path);
    for (std::size_t start = 0, slash; (slash = path.find('/', start)) != std::string::npos; start = slash + 1) {
      std::string whole = path.substr(0, slash), part = path.substr(start, slash - start);
      Descriptor next(openBeneath(folder.get(), whole, O_RDONLY | O_DIRECTORY));
      if (!next && errno == ENOENT) {
        if (::mkdirat(at.get(), part.c_str(), 0755) != 0 && errno != EEXIST)
          return refused(errno, "write", path);
        if (::fsync(at.get()) != 0)
          return refused(errno, "write", path);
        next = Descriptor(openBeneath(folder.get(), whole, O_RDONLY | O_DIRECTORY));
      }
      if (!next)
        return refused(errno, "write", path);
      at = std::move(next);
    }
    return at;
  }

  Descriptor folder;
};

} // namespace

base::Result<std::unique_ptr<Root>> openPosixRoot(const std::string &folder) {
  Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd)
    return systemError(errno, "open folder '" + folder + "'");
  return std::unique_ptr<Root>(std::make_unique<PosixRoot>(std::move(fd)));
}

} // namespace weft::io
