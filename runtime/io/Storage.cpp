//===- Storage.cpp - Whole files over any storage -------------------------===//

#include "runtime/io/Storage.h"

#include <atomic>

namespace weft::io {

std::string folderOf(const std::string &path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

base::Result<base::Bytes> readWhole(Storage &storage, const std::string &path, std::uint64_t limitBytes) {
  auto file = storage.open(path, OpenMode::read);
  if (!file)
    return file.error();
  base::Bytes bytes;
  // The size is only a hint: files in /proc say 0.
  auto size = (*file)->sizeBytes();
  if (!size)
    return size.error();
  std::uint64_t step = *size == 0 ? 4096 : *size + 1;
  for (std::uint64_t offset = 0;;) {
    // One byte more than the limit is asked for, so that a larger file shows.
    std::uint64_t room = limitBytes - offset >= step ? step : limitBytes - offset + 1;
    bytes.resize(offset + room);
    auto count = (*file)->read(offset, {bytes.data() + offset, room});
    if (!count)
      return count.error();
    offset += *count;
    if (offset > limitBytes)
      return base::error(base::Code::limit,
                         "file '" + path + "' is larger than the limit of " + std::to_string(limitBytes) + " bytes");
    if (*count < room) {
      bytes.resize(offset);
      return bytes;
    }
  }
}

base::Result<void> writeWhole(Storage &storage, const std::string &path, base::ConstBytes bytes) {
  // Unique within the process; what a crash left under the name is replaced.
  static std::atomic<std::uint64_t> counter{0};
  std::string temporary = path + ".weft-new-" + std::to_string(counter++);
  auto written = [&]() -> base::Result<void> {
    auto file = storage.open(temporary, OpenMode::createReadWrite);
    if (!file)
      return file.error();
    if (auto cut = (*file)->truncate(0); !cut)
      return cut;
    if (auto done = (*file)->write(0, bytes); !done)
      return done;
    return (*file)->sync();
  }();
  if (written)
    written = storage.rename(temporary, path);
  if (!written) {
    (void)storage.remove(temporary);
    return written;
  }
  return storage.syncFolder(folderOf(path));
}

void removeFolder(Storage &storage, const std::string &folder) {
  if (auto entries = storage.list(folder))
    for (const Entry &entry : *entries)
      (void)storage.remove(folder + "/" + entry.name);
  (void)storage.remove(folder);
}

bool isFileName(std::string_view name) {
  return !name.empty() && name[0] != '.' && name.find('/') == std::string_view::npos;
}

} // namespace weft::io
