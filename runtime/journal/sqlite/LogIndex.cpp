//===- LogIndex.cpp - Locks and shared index of one database --------------===//

#include "runtime/journal/sqlite/LogIndex.h"

#include <map>
#include <sqlite3.h>

namespace weft::journal {

std::shared_ptr<LogIndex> LogIndex::of(const void *storage, const std::string &path) {
  static std::mutex mutex;
  static std::map<std::pair<const void *, std::string>, std::weak_ptr<LogIndex>> all;
  std::lock_guard lock(mutex);
  std::erase_if(all, [](const auto &entry) { return entry.second.expired(); });
  auto &entry = all[{storage, path}];
  auto index = entry.lock();
  if (!index)
    entry = index = std::make_shared<LogIndex>();
  return index;
}

volatile void *LogIndex::region(int number, int sizeBytes, bool make) {
  std::lock_guard lock(mutex);
  while (static_cast<int>(regions.size()) <= number) {
    if (!make)
      return nullptr;
    regions.push_back(std::make_unique<std::uint64_t[]>((static_cast<std::size_t>(sizeBytes) + 7) / 8));
  }
  return regions[static_cast<std::size_t>(number)].get();
}

bool LogIndex::change(Slots what, int first, int count) {
  std::lock_guard lock(mutex);
  for (int i = first; i < first + count; ++i) {
    int held = slots[static_cast<std::size_t>(i)];
    if ((what == Slots::lockShared && held < 0) || (what == Slots::lockExclusive && held != 0))
      return false;
  }
  for (int i = first; i < first + count; ++i) {
    int &held = slots[static_cast<std::size_t>(i)];
    switch (what) {
    case Slots::lockShared:
      ++held;
      break;
    case Slots::unlockShared:
      held -= held > 0;
      break;
    case Slots::lockExclusive:
      held = -1;
      break;
    case Slots::unlockExclusive:
      held = 0;
      break;
    }
  }
  return true;
}

bool LogIndex::raise(int &held, int wanted) {
  std::lock_guard lock(mutex);
  if (held >= wanted)
    return true;
  if (held == SQLITE_LOCK_NONE) {
    if (pendingHeld || exclusiveHeld)
      return false;
    ++sharedHolders;
    held = SQLITE_LOCK_SHARED;
  }
  if (wanted == SQLITE_LOCK_RESERVED) {
    if (reservedHeld)
      return false;
    reservedHeld = true;
    held = SQLITE_LOCK_RESERVED;
  }
  if (wanted == SQLITE_LOCK_EXCLUSIVE) {
    if (held < SQLITE_LOCK_PENDING) {
      if (pendingHeld || (reservedHeld && held < SQLITE_LOCK_RESERVED))
        return false;
      pendingHeld = true;
      held = SQLITE_LOCK_PENDING;
    }
    if (sharedHolders > 1)
      return false;
    exclusiveHeld = true;
    held = SQLITE_LOCK_EXCLUSIVE;
  }
  return true;
}

void LogIndex::lower(int &held, int wanted) {
  std::lock_guard lock(mutex);
  if (held <= wanted)
    return;
  if (held >= SQLITE_LOCK_RESERVED) {
    exclusiveHeld = exclusiveHeld && held != SQLITE_LOCK_EXCLUSIVE;
    pendingHeld = pendingHeld && held < SQLITE_LOCK_PENDING;
    reservedHeld = false;
  }
  if (wanted == SQLITE_LOCK_NONE)
    --sharedHolders;
  held = wanted;
}

bool LogIndex::reserved() {
  std::lock_guard lock(mutex);
  return reservedHeld;
}

} // namespace weft::journal
