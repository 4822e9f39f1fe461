//===- BlobFolder.cpp - Large values, one file each -----------------------===//

#include "runtime/journal/sqlite/BlobFolder.h"

namespace weft::journal {
namespace {

/// Digests known to be durable; beyond it the memory starts anew.
constexpr std::size_t maxRemembered = 4096;

} // namespace

base::Result<bool> BlobFolder::write(const base::Digest &digest, base::ConstBytes bytes, std::uint64_t &fsyncs) {
  if (durable.contains(digest))
    return false;
  auto there = storage.stat(pathOf(digest));
  bool whole = there && there->sizeBytes == bytes.size();
  if (whole) {
    // Renamed by a process that may have died before the name was durable.
    if (auto synced = storage.syncFolder(folderOf(digest)); !synced)
      return synced.error();
    fsyncs += 1;
  } else {
    if (auto made = storage.makeFolders(folderOf(digest)); !made)
      return made.error();
    if (auto written = io::writeWhole(storage, pathOf(digest), bytes); !written)
      return written.error();
    fsyncs += 2;
  }
  if (durable.size() >= maxRemembered)
    durable.clear();
  durable.insert(digest);
  return !whole;
}

base::Result<Removed> BlobFolder::keepOnly(const std::set<base::Digest> &kept) {
  Removed removed;
  auto folders = storage.list(folder);
  if (!folders)
    return folders.error().code == base::Code::notFound ? base::Result<Removed>(removed) : folders.error();
  durable.clear();
  std::set<std::string> names;
  for (const base::Digest &digest : kept)
    names.insert(digest.hex());
  for (const io::Entry &part : *folders) {
    auto files = storage.list(folder + "/" + part.name);
    if (!files)
      return files.error();
    for (const io::Entry &file : *files) {
      if (names.contains(part.name + file.name))
        continue;
      if (auto gone = storage.remove(folder + "/" + part.name + "/" + file.name); !gone)
        return gone.error();
      ++removed.files;
      removed.bytes += file.sizeBytes;
    }
  }
  return removed;
}

base::Result<base::Bytes> BlobFolder::read(const base::Digest &digest) const {
  auto bytes = io::readWhole(storage, pathOf(digest), maxBlobBytes);
  if (!bytes)
    return base::Error(bytes.error()).in("blob " + digest.hex());
  if (base::digestOf(*bytes) != digest)
    return base::error(base::Code::corrupt,
                       "blob " + digest.hex() + ": the bytes of '" + pathOf(digest) + "' have another digest");
  return bytes;
}

} // namespace weft::journal
