//===- StorageVfs.h - SQLite's files through the Storage door -------------===//
//
// One VFS per open journal. It gives every page of the database a checksum,
// counts what is synced and why, and keeps SQLite's shared index of the log in
// this process's memory: the journal has one owning process.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Doors.h"
#include "runtime/journal/sqlite/Sabotage.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

struct sqlite3_vfs;

namespace weft::journal {

/// Fixed: the VFS has to know which reads are whole pages.
constexpr int pageBytes = 4096;
/// At the end of each page: CRC-32C of the rest, and a mark.
constexpr int pageChecksumBytes = 8;

class StorageVfs {
public:
  StorageVfs(io::Doors &doors, Sabotage sabotage);
  ~StorageVfs();
  StorageVfs(const StorageVfs &) = delete;

  /// To be given to sqlite3_open_v2; unique in the process.
  const std::string &name() const { return vfsName; }

  /// Syncs of the log by the connection that was opened with `writer=1`, while `checkpointing` is false; all others.
  std::atomic<std::uint64_t> groupSyncs{0}, otherSyncs{0};
  /// Set by the writer around a checkpoint of its own.
  std::atomic<bool> checkpointing{false};

  const Sabotage sabotage;

  io::Storage &storage() { return doors.storage; }
  io::Doors &all() { return doors; }

  /// What the last failing call of a file said; empty after `takeFailure`.
  void fail(base::Error error);
  std::optional<base::Error> takeFailure();

private:
  io::Doors &doors;
  std::string vfsName;
  std::unique_ptr<sqlite3_vfs> vfs;
  std::mutex mutex;
  std::optional<base::Error> failure;
};

} // namespace weft::journal
