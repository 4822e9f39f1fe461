//===- TimerQueueTest.cpp - Order and cancelling of timers ----------------===//

#include "runtime/io/TimerQueue.h"

#include <gtest/gtest.h>

using namespace weft::io;

TEST(TimerQueue, firesInOrderOfTimeThenOfAdding) {
  TimerQueue queue;
  std::string order;
  queue.add({20}, [&] { order += "c"; });
  queue.add({10}, [&] { order += "a"; });
  queue.add({10}, [&] { order += "b"; });
  EXPECT_EQ(queue.firstDue(), Instant{10});
  while (auto task = queue.take({15}))
    (*task)();
  EXPECT_EQ(order, "ab");
  EXPECT_EQ(queue.count(), 1u);
}

TEST(TimerQueue, aCancelledTimerIsGone) {
  TimerQueue queue;
  TimerId timer = queue.add({10}, [] {});
  EXPECT_TRUE(queue.cancel(timer));
  EXPECT_FALSE(queue.cancel(timer));
  EXPECT_FALSE(queue.take({100}));
  EXPECT_FALSE(queue.firstDue());
}
