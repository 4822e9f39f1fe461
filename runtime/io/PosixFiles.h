//===- PosixFiles.h - Calls on descriptors that Storage and Root share ----===//
#pragma once

#include "runtime/io/Storage.h"

#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace weft::io {

/// Owns a descriptor.
class Descriptor {
public:
  explicit Descriptor(int fd = -1) : fd(fd) {}
  Descriptor(Descriptor &&other) noexcept : fd(std::exchange(other.fd, -1)) {}
  Descriptor &operator=(Descriptor &&other) noexcept {
    std::swap(fd, other.fd);
    return *this;
  }
  ~Descriptor() {
    if (fd >= 0)
      ::close(fd);
  }
  int get() const { return fd; }
  int release() { return std::exchange(fd, -1); }
  explicit operator bool() const { return fd >= 0; }

private:
  int fd;
};

/// `path` is for messages only in all of these.
base::Result<std::size_t> readAt(int fd, const std::string &path, std::uint64_t offset, base::MutableBytes into);
base::Result<void> writeAt(int fd, const std::string &path, std::uint64_t offset, base::ConstBytes bytes);
Entry entryOf(const std::string &name, const struct stat &found);
/// Sorted by name; takes over `folder`.
base::Result<std::vector<Entry>> listFolder(Descriptor folder, const std::string &path);

} // namespace weft::io
