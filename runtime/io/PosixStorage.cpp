//===- PosixStorage.cpp - Files of the real machine -----------------------===//

#include "runtime/io/PosixDoors.h"
#include "runtime/io/PosixFiles.h"
#include "runtime/io/PosixLock.h"
#include "runtime/io/SystemError.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>

namespace weft::io {
namespace {

class PosixFile final : public File {
public:
  PosixFile(Descriptor fd, std::string path) : fd(std::move(fd)), path(std::move(path)) {}

  base::Result<std::size_t> read(std::uint64_t offset, base::MutableBytes into) override {
    return readAt(fd.get(), path, offset, into);
  }
  base::Result<void> write(std::uint64_t offset, base::ConstBytes bytes) override {
    return writeAt(fd.get(), path, offset, bytes);
  }
  base::Result<void> sync() override {
    // The size is written too when it changed; times are not, and nobody here needs them.
    if (::fdatasync(fd.get()) != 0)
      return systemError(errno, "sync '" + path + "'");
    return {};
  }
  base::Result<std::uint64_t> sizeBytes() override {
    struct stat found;
    if (::fstat(fd.get(), &found) != 0)
      return systemError(errno, "stat '" + path + "'");
    return static_cast<std::uint64_t>(found.st_size);
  }
  base::Result<void> truncate(std::uint64_t sizeBytes) override {
    if (::ftruncate(fd.get(), static_cast<off_t>(sizeBytes)) != 0)
      return systemError(errno, "truncate '" + path + "'");
    return {};
  }

private:
  Descriptor fd;
  std::string path;
};

class PosixMapping final : public Mapping {
public:
  PosixMapping(void *start, std::size_t sizeBytes) : start(start), sizeBytes(sizeBytes) {}
  ~PosixMapping() override {
    if (sizeBytes > 0)
      ::munmap(start, sizeBytes);
  }
  base::ConstBytes bytes() const override { return {static_cast<const std::byte *>(start), sizeBytes}; }

private:
  void *start;
  std::size_t sizeBytes;
};

class PosixStorage final : public Storage {
public:
  base::Result<std::unique_ptr<File>> open(const std::string &path, OpenMode mode) override {
    int flags = O_CLOEXEC;
    switch (mode) {
    case OpenMode::read:
      flags |= O_RDONLY;
      break;
    case OpenMode::readWrite:
      flags |= O_RDWR;
      break;
    case OpenMode::createReadWrite:
      flags |= O_RDWR | O_CREAT;
      break;
    case OpenMode::createNew:
      flags |= O_RDWR | O_CREAT | O_EXCL;
      break;
    }
    Descriptor fd(::open(path.c_str(), flags, 0644));
    if (!fd)
      return systemError(errno, "open '" + path + "'");
    return std::unique_ptr<File>(std::make_unique<PosixFile>(std::move(fd), path));
  }

  base::Result<std::unique_ptr<Mapping>> map(const std::string &path) override {
    Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat found;
    if (!fd || ::fstat(fd.get(), &found) != 0)
      return systemError(errno, "open '" + path + "'");
    if (!S_ISREG(found.st_mode))
      return base::error(base::Code::invalid, "map '" + path + "': it is no file");
    auto sizeBytes = static_cast<std::size_t>(found.st_size);
    if (sizeBytes == 0) // the system maps nothing of no bytes
      return std::unique_ptr<Mapping>(std::make_unique<PosixMapping>(nullptr, 0));
    void *start = ::mmap(nullptr, sizeBytes, PROT_READ, MAP_SHARED, fd.get(), 0);
    if (start == MAP_FAILED)
      return systemError(errno, "map '" + path + "'");
    return std::unique_ptr<Mapping>(std::make_unique<PosixMapping>(start, sizeBytes));
  }

  base::Result<void> rename(const std::string &from, const std::string &to) override {
    if (::rename(from.c_str(), to.c_str()) != 0)
      return systemError(errno, "rename '" + from + "' to '" + to + "'");
    return {};
  }

  base::Result<void> remove(const std::string &path) override {
    if (::unlink(path.c_str()) == 0)
      return {};
    int why = errno;
    if (why == EISDIR && ::rmdir(path.c_str()) == 0)
      return {};
    return systemError(why == EISDIR ? errno : why, "remove '" + path + "'");
  }

  base::Result<void> makeFolders(const std::string &path) override {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
      std::string part = path.substr(0, end);
      if (auto made = makeFolder(part); !made)
        return made;
      if (end == std::string::npos)
        return {};
    }
  }

  base::Result<std::vector<Entry>> list(const std::string &folder) override {
    Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
      return systemError(errno, "list '" + folder + "'");
    return listFolder(std::move(fd), folder);
  }

  base::Result<void> makePrivateFolder(const std::string &path) override {
    if (::mkdir(path.c_str(), 0700) != 0)
      return systemError(errno, "make folder '" + path + "'");
    return syncFolder(folderOf(path));
  }

  base::Result<Entry> stat(const std::string &path) override {
    struct stat found;
    if (::stat(path.c_str(), &found) != 0)
      return systemError(errno, "stat '" + path + "'");
    return entryOf(path.substr(path.rfind('/') + 1), found);
  }

  base::Result<void> syncFolder(const std::string &folder) override {
    Descriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || ::fsync(fd.get()) != 0)
      return systemError(errno, "sync folder '" + folder + "'");
    return {};
  }

  base::Result<std::unique_ptr<FileLock>> lock(const std::string &path, const std::string &owner) override {
    return lockPosixFile(path, owner);
  }

  base::Result<std::unique_ptr<Root>> openRoot(const std::string &folder) override { return openPosixRoot(folder); }

private:
  base::Result<void> makeFolder(const std::string &path) {
    if (::mkdir(path.c_str(), 0755) == 0)
      return syncFolder(folderOf(path));
    int why = errno;
    struct stat found;
    if (why == EEXIST && ::stat(path.c_str(), &found) == 0 && S_ISDIR(found.st_mode))
      return {};
    return systemError(why, "make folder '" + path + "'");
  }
};

} // namespace

std::unique_ptr<Storage> makePosixStorage() { return std::make_unique<PosixStorage>(); }

} // namespace weft::io
