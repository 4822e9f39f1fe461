//===- Storage.h - The door to files --------------------------------------===//
//
// Calls block: a machine makes them through a BlockingPool. A write is durable
// once `sync` returned, a name once `syncFolder` of its folder returned; until
// then a crash may lose it, tear it or reorder it, and the simulator does so.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::io {

/// Any thread may call; calls to one File must not overlap unless they only read.
class File {
public:
  virtual ~File() = default;

  /// Reads up to `into.size()` bytes at `offset`; fewer only at the end of the file.
  virtual base::Result<std::size_t> read(std::uint64_t offset, base::MutableBytes into) = 0;
  /// Writes all bytes at `offset`; the file grows when needed, a hole reads as zeros. Errors: `io`, `limit` (disk
  /// full).
  virtual base::Result<void> write(std::uint64_t offset, base::ConstBytes bytes) = 0;
  /// When it returns, the content and the size survive a loss of power. One fsync.
  virtual base::Result<void> sync() = 0;
  virtual base::Result<std::uint64_t> sizeBytes() = 0;
  virtual base::Result<void> truncate(std::uint64_t sizeBytes) = 0;
};

/// The bytes of a file, to be read where they are; the mapping outlives the file's name. A file that somebody cuts
/// meanwhile ends a process that reads behind its end.
class Mapping {
public:
  virtual ~Mapping() = default;
  virtual base::ConstBytes bytes() const = 0;
};

enum class OpenMode : std::uint8_t {
  read,            ///< The file must exist.
  readWrite,       ///< The file must exist.
  createReadWrite, ///< Made when it is missing.
  createNew,       ///< `exists` when it is there.
};

struct Entry {
  enum class Kind : std::uint8_t { file, folder, link, other };
  std::string name; ///< Within its folder.
  Kind kind = Kind::file;
  std::uint64_t sizeBytes = 0;
  std::int64_t modifiedNs = 0; ///< Since 1970-01-01 UTC.
};

/// Held until destruction, and freed by the system when the process dies.
class FileLock {
public:
  virtual ~FileLock() = default;
};

/// A folder that paths cannot leave: `..`, absolute paths and links that point out of it are refused with `denied`,
/// also when somebody moves folders at the same time (the system resolves each path beneath the root).
class Root {
public:
  virtual ~Root() = default;

  /// Errors: `notFound`, `denied` (way out of the root, or no right), `limit` when larger than `limitBytes`.
  virtual base::Result<base::Bytes> readWhole(const std::string &path, std::uint64_t limitBytes) = 0;
  /// Replaces or makes the file by temporary file, sync and rename: readers see the old or the new bytes, whole.
  /// Folders on the way are made.
  virtual base::Result<void> writeWhole(const std::string &path, base::ConstBytes bytes) = 0;
  /// Sorted by name.
  virtual base::Result<std::vector<Entry>> list(const std::string &path) = 0;
  virtual base::Result<Entry> stat(const std::string &path) = 0;
  virtual base::Result<void> remove(const std::string &path) = 0;
};

class Storage {
public:
  virtual ~Storage() = default;

  /// Errors: `notFound`, `exists`, `denied`, `io`.
  virtual base::Result<std::unique_ptr<File>> open(const std::string &path, OpenMode mode) = 0;
  /// The whole file, read-only; pages are read when they are touched, and forked workers see the same ones. Errors:
  /// `notFound`, `denied`, `invalid` when it is no file.
  virtual base::Result<std::unique_ptr<Mapping>> map(const std::string &path) = 0;
  /// Replaces `to`. Both in one file system.
  virtual base::Result<void> rename(const std::string &from, const std::string &to) = 0;
  /// A file or an empty folder.
  virtual base::Result<void> remove(const std::string &path) = 0;
  /// Makes the folder and those above it, durable when it returns; one that is there is no error.
  virtual base::Result<void> makeFolders(const std::string &path) = 0;
  /// One folder, in one that is there, that only this user may enter. Errors: `exists`.
  virtual base::Result<void> makePrivateFolder(const std::string &path) = 0;
  /// Sorted by name.
  virtual base::Result<std::vector<Entry>> list(const std::string &folder) = 0;
  virtual base::Result<Entry> stat(const std::string &path) = 0;
  /// Names made, renamed and removed in `folder` are durable when it returns. One fsync.
  virtual base::Result<void> syncFolder(const std::string &folder) = 0;
  /// Takes `path` (made when missing) for this process alone; writes `owner` into it so that the loser can say who has
  /// it. Errors: `busy`, and the message holds the owner's text.
  virtual base::Result<std::unique_ptr<FileLock>> lock(const std::string &path, const std::string &owner) = 0;
  /// Errors: `notFound`, `invalid` when it is no folder.
  virtual base::Result<std::unique_ptr<Root>> openRoot(const std::string &folder) = 0;
};

/// The part of a path before its last slash; "." without one.
std::string folderOf(const std::string &path);

/// The whole file, at most `limitBytes` (`limit` when it is larger). Also for files that have no size, as in /proc.
base::Result<base::Bytes> readWhole(Storage &storage, const std::string &path, std::uint64_t limitBytes);

/// Makes or replaces `path` so that a crash leaves the old or the new content, whole: temporary file beside it, sync,
/// rename, sync of the folder. Two fsyncs.
base::Result<void> writeWhole(Storage &storage, const std::string &path, base::ConstBytes bytes);

/// Removes the folder and the files in it; what cannot be removed stays.
void removeFolder(Storage &storage, const std::string &folder);

/// Whether it names one visible file of the folder that it is looked up in, and nothing elsewhere.
bool isFileName(std::string_view name);

} // namespace weft::io
