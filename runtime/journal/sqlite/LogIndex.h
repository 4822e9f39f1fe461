//===- LogIndex.h - Locks and shared index of one database ----------------===//
//
// SQLite shares these between processes through a mapped file. The journal has
// one owning process, so they lie in its memory, shared by its connections.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace weft::journal {

/// What all connections to one database share. All calls from any thread.
class LogIndex {
public:
  /// One per storage door and path as long as somebody has it.
  static std::shared_ptr<LogIndex> of(const void *storage, const std::string &path);

  /// Region `number` of `sizeBytes`, zeros at first; null when it is not there and not to be made.
  volatile void *region(int number, int sizeBytes, bool make);

  enum class Slots { lockShared, lockExclusive, unlockShared, unlockExclusive };
  /// `count` slots from `first`. False when another connection holds one of them.
  bool change(Slots what, int first, int count);

  /// The five levels of a database lock (SQLITE_LOCK_*), kept by the caller in `held`. False when others are in the
  /// way.
  bool raise(int &held, int wanted);
  void lower(int &held, int wanted);
  bool reserved();

private:
  static constexpr int slotCount = 8; // SQLITE_SHM_NLOCK
  std::mutex mutex;
  std::vector<std::unique_ptr<std::uint64_t[]>> regions;
  std::array<int, slotCount> slots{}; ///< Count of shared holders, or -1.
  int sharedHolders = 0;
  bool reservedHeld = false, pendingHeld = false, exclusiveHeld = false;
};

} // namespace weft::journal
