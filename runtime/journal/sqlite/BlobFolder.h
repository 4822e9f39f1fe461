//===- BlobFolder.h - Large values, one file each -------------------------===//
#pragma once

#include "runtime/io/Storage.h"
#include "runtime/journal/Journal.h"

#include <set>

namespace weft::journal {

/// `folder`/ab/cdef…: the file of the value whose digest is abcdef….
class BlobFolder {
public:
  BlobFolder(io::Storage &storage, std::string folder) : storage(storage), folder(std::move(folder)) {}

  /// Durable when it returns. Adds its fsyncs to `fsyncs`; true when the blob was not there before.
  base::Result<bool> write(const base::Digest &digest, base::ConstBytes bytes, std::uint64_t &fsyncs);

  /// Removes all others, and what a crash has left of them; says how much that was.
  base::Result<Removed> keepOnly(const std::set<base::Digest> &kept);

  /// Any thread. Errors: `notFound`, `corrupt`.
  base::Result<base::Bytes> read(const base::Digest &digest) const;

private:
  std::string folderOf(const base::Digest &digest) const { return folder + "/" + digest.hex().substr(0, 2); }
  std::string pathOf(const base::Digest &digest) const { return folderOf(digest) + "/" + digest.hex().substr(2); }

  io::Storage &storage;
  std::string folder;
  std::set<base::Digest> durable; ///< Some of those that are; see `maxRemembered`.
};

} // namespace weft::journal
