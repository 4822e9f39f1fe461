//===- Disk.h - Files that remember what was not synced -------------------===//
//
// Kept as content and a log of undo steps since the last sync: a loss of power
// rolls the file back to what was synced and then gives it a random part of
// what was not – all, none, some sectors of a write, in any mixture.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Faults.h"
#include "runtime/base/Bytes.h"
#include "runtime/base/Random.h"
#include "runtime/io/Storage.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace weft::simulation {

/// What a disk writes whole or not at all.
constexpr std::size_t sectorBytes = 512;

/// The content of one file, whatever its names are.
class DiskFile {
public:
  std::size_t read(std::uint64_t offset, base::MutableBytes into) const;
  void write(std::uint64_t offset, base::ConstBytes bytes);
  void truncate(std::uint64_t sizeBytes);
  void sync() { unsynced.clear(); }
  std::uint64_t sizeBytes() const { return content.size(); }
  void losePower(base::Random &random, FaultCounts &counts);

  base::Bytes content;

private:
  struct Write {
    std::uint64_t offset; ///< Or the new size, for a truncation.
    bool truncation;
    base::Bytes bytes; ///< What was written.
    std::uint64_t sizeBefore;
    base::Bytes before; ///< What was there, up to `sizeBefore`.
  };
  std::vector<Write> unsynced;
};

/// A host's disk: it outlives the host's processes. Folders are durable once made; names of files are not before
/// `syncFolder`.
class Disk {
public:
  std::shared_ptr<DiskFile> find(const std::string &path) const;
  /// Gives the file the name, in place of what had it. A null file removes the name.
  void link(const std::string &path, std::shared_ptr<DiskFile> file);
  /// One step within a folder: after a loss of power both names are as before, or both as after.
  void rename(const std::string &from, const std::string &to);
  void syncFolder(const std::string &folder);

  bool isFolder(const std::string &path) const { return path.empty() || path == "/" || folders.contains(path); }
  void makeFolders(const std::string &path);
  bool removeFolder(const std::string &path);
  std::vector<io::Entry> list(const std::string &folder) const;

  /// What the machine finds when it starts again. Locks are free then.
  void losePower(base::Random &random, FaultCounts &counts);

  struct Lock {
    std::string owner;
    int pid;
  };
  std::map<std::string, Lock> locks; ///< By path.

private:
  struct Name {
    std::string path;
    std::shared_ptr<DiskFile> before;
  };
  using Step = std::vector<Name>;
  void put(const std::string &path, std::shared_ptr<DiskFile> file, Step &step);

  std::map<std::string, std::shared_ptr<DiskFile>> files;
  std::set<std::string> folders;
  std::map<std::string, std::vector<Step>> unsynced; ///< By folder, oldest first.
};

} // namespace weft::simulation
