//===- PosixFiles.cpp - Calls on descriptors that Storage and Root share --===//

#include "runtime/io/PosixFiles.h"

#include "runtime/io/SystemError.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <memory>

namespace weft::io {

base::Result<std::size_t> readAt(int fd, const std::string &path, std::uint64_t offset, base::MutableBytes into) {
  std::size_t done = 0;
  while (done < into.size()) {
    ssize_t count = ::pread(fd, into.data() + done, into.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return systemError(errno, "read '" + path + "'");
    if (count == 0)
      break;
    done += static_cast<std::size_t>(count);
  }
  return done;
}

base::Result<void> writeAt(int fd, const std::string &path, std::uint64_t offset, base::ConstBytes bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    ssize_t count = ::pwrite(fd, bytes.data() + done, bytes.size() - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return systemError(errno, "write '" + path + "'");
    done += static_cast<std::size_t>(count);
  }
  return {};
}

Entry entryOf(const std::string &name, const struct stat &found) {
  Entry entry;
  entry.name = name;
  entry.kind = S_ISREG(found.st_mode)   ? Entry::Kind::file
               : S_ISDIR(found.st_mode) ? Entry::Kind::folder
               : S_ISLNK(found.st_mode) ? Entry::Kind::link
                                        : Entry::Kind::other;
  entry.sizeBytes = S_ISREG(found.st_mode) ? static_cast<std::uint64_t>(found.st_size) : 0;
  entry.modifiedNs = static_cast<std::int64_t>(found.st_mtim.tv_sec) * 1'000'000'000 + found.st_mtim.tv_nsec;
  return entry;
}

base::Result<std::vector<Entry>> listFolder(Descriptor folder, const std::string &path) {
  std::unique_ptr<DIR, int (*)(DIR *)> stream(::fdopendir(folder.get()), ::closedir);
  if (!stream)
    return systemError(errno, "list '" + path + "'");
  folder.release(); // closedir closes it
  std::vector<Entry> entries;
  for (;;) {
    errno = 0;
    dirent *found = ::readdir(stream.get());
    if (!found) {
      if (errno != 0)
        return systemError(errno, "list '" + path + "'");
      break;
    }
    std::string name = found->d_name;
    struct stat details;
    if (name == "." || name == "..")
      continue;
    // An entry that is gone by now was removed by somebody else meanwhile.
    if (::fstatat(::dirfd(stream.get()), name.c_str(), &details, AT_SYMLINK_NOFOLLOW) == 0)
      entries.push_back(entryOf(name, details));
  }
  std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) { return a.name < b.name; });
  return entries;
}

} // namespace weft::io
