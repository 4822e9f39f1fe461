//===- LogIndexTest.cpp - Locks between two connections -------------------===//

#include "runtime/journal/sqlite/LogIndex.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace weft::journal {

using Slots = LogIndex::Slots;

TEST(LogIndex, connectionsToOneDatabaseShareIt) {
  int door = 0, otherDoor = 0;
  auto one = LogIndex::of(&door, "/j"), same = LogIndex::of(&door, "/j");
  EXPECT_EQ(one, same);
  EXPECT_NE(one, LogIndex::of(&door, "/k"));
  EXPECT_NE(one, LogIndex::of(&otherDoor, "/j"));
  auto *region = static_cast<volatile char *>(one->region(1, 32768, true));
  region[5] = 'x';
  EXPECT_EQ(static_cast<volatile char *>(same->region(1, 32768, false))[5], 'x');
  EXPECT_EQ(same->region(2, 32768, false), nullptr);
}

TEST(LogIndex, isForgottenWithItsLastConnection) {
  int door = 0;
  auto one = LogIndex::of(&door, "/j");
  ASSERT_TRUE(one->change(Slots::lockExclusive, 0, 1));
  one.reset();
  EXPECT_TRUE(LogIndex::of(&door, "/j")->change(Slots::lockShared, 0, 1));
}

TEST(LogIndex, exclusiveSlotsExcludeAllAndSharedOnesEachOtherNot) {
  LogIndex index;
  ASSERT_TRUE(index.change(Slots::lockShared, 3, 1));
  EXPECT_TRUE(index.change(Slots::lockShared, 3, 1));
  EXPECT_FALSE(index.change(Slots::lockExclusive, 2, 2)) << "one of the two is held";
  EXPECT_TRUE(index.change(Slots::lockExclusive, 2, 1));
  EXPECT_FALSE(index.change(Slots::lockShared, 2, 1));
  index.change(Slots::unlockExclusive, 2, 1);
  index.change(Slots::unlockShared, 3, 1);
  EXPECT_FALSE(index.change(Slots::lockExclusive, 2, 2));
  index.change(Slots::unlockShared, 3, 1);
  EXPECT_TRUE(index.change(Slots::lockExclusive, 2, 2));
}

TEST(LogIndex, aDatabaseLockClimbsItsLevels) {
  LogIndex index;
  int one = SQLITE_LOCK_NONE, two = SQLITE_LOCK_NONE;
  ASSERT_TRUE(index.raise(one, SQLITE_LOCK_SHARED));
  ASSERT_TRUE(index.raise(two, SQLITE_LOCK_SHARED));
  ASSERT_TRUE(index.raise(one, SQLITE_LOCK_RESERVED));
  EXPECT_TRUE(index.reserved());
  EXPECT_FALSE(index.raise(two, SQLITE_LOCK_RESERVED));
  EXPECT_FALSE(index.raise(one, SQLITE_LOCK_EXCLUSIVE)) << "two still reads";
  EXPECT_EQ(one, SQLITE_LOCK_PENDING);
  int three = SQLITE_LOCK_NONE;
  EXPECT_FALSE(index.raise(three, SQLITE_LOCK_SHARED)) << "nobody new while one waits";
  index.lower(two, SQLITE_LOCK_NONE);
  EXPECT_TRUE(index.raise(one, SQLITE_LOCK_EXCLUSIVE));
  index.lower(one, SQLITE_LOCK_SHARED);
  EXPECT_FALSE(index.reserved());
  EXPECT_TRUE(index.raise(three, SQLITE_LOCK_SHARED));
}

} // namespace weft::journal
