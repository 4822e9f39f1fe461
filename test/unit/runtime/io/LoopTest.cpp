//===- LoopTest.cpp - Executor, clock and pool of the real machine --------===//

#include "runtime/io/AsioRuntime.h"

#include <gtest/gtest.h>

using namespace weft;
using namespace weft::io;
using namespace std::chrono_literals;

TEST(Loop, postedTasksRunInOrderAndNotInsidePost) {
  AsioRuntime runtime;
  std::string order;
  runtime.doors().executor.post([&] {
    runtime.doors().executor.post([&] { order += "2"; });
    order += "1";
  });
  EXPECT_EQ(runtime.run(), 0);
  EXPECT_EQ(order, "12");
}

TEST(Loop, exitEndsTheLoopWithItsCode) {
  AsioRuntime runtime;
  runtime.doors().clock.after(1h, [] {});
  runtime.doors().executor.post([&] { runtime.doors().process.exit(7); });
  EXPECT_EQ(runtime.run(), 7);
}

TEST(Loop, timersFireInOrderNotBeforeTheirTime) {
  AsioRuntime runtime;
  Clock &clock = runtime.doors().clock;
  std::string order;
  Instant start = clock.now(), end{};
  clock.after(20ms, [&] {
    order += "b";
    end = clock.now();
  });
  clock.after(5ms, [&] { order += "a"; });
  TimerId cancelled = clock.after(10ms, [&] { order += "x"; });
  clock.cancel(cancelled);
  runtime.run();
  EXPECT_EQ(order, "ab");
  EXPECT_GE(end - start, 20ms);
}

TEST(Loop, aTimerMayCancelAnotherThatIsDueAtTheSameTime) {
  AsioRuntime runtime;
  Clock &clock = runtime.doors().clock;
  int fired = 0;
  TimerId first = 0, second = 0;
  first = clock.after(1ms, [&] { ++fired, clock.cancel(second); });
  second = clock.after(1ms, [&] { ++fired, clock.cancel(first); });
  runtime.run();
  EXPECT_EQ(fired, 1);
}

TEST(Loop, aCancelledTimerDoesNotHoldTheLoop) {
  AsioRuntime runtime;
  TimerId timer = runtime.doors().clock.after(1h, [] {});
  runtime.doors().clock.cancel(timer);
  EXPECT_EQ(runtime.run(), 0);
}

TEST(Pool, doneComesBackOnTheLoopAfterTheWork) {
  AsioRuntime runtime;
  int worked = 0, done = 0;
  for (int i = 0; i < 100; ++i)
    ASSERT_TRUE(runtime.doors().pool.submit([&] { __atomic_fetch_add(&worked, 1, __ATOMIC_SEQ_CST); },
                                            [&] { done += __atomic_load_n(&worked, __ATOMIC_SEQ_CST) > done; }));
  runtime.run();
  EXPECT_EQ(worked, 100);
  EXPECT_EQ(done, 100);
}

TEST(Pool, oneThreadIsALane) {
  AsioRuntime runtime;
  auto lane = runtime.doors().makePool(1, 100);
  std::vector<int> order;
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(lane->submit([&, i] { order.push_back(i); }, [] {}));
  runtime.run();
  ASSERT_EQ(order.size(), 50u);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

TEST(Pool, aFullQueueIsRefused) {
  AsioRuntime runtime;
  auto lane = runtime.doors().makePool(1, 1);
  std::atomic<bool> open = false, running = false;
  auto wait = [](std::atomic<bool> &flag) { flag.wait(false); };
  ASSERT_TRUE(lane->submit([&] { running = true, running.notify_all(), wait(open); }, [] {}));
  wait(running);
  ASSERT_TRUE(lane->submit([] {}, [] {}));
  auto refused = lane->submit([] {}, [] {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::limit);
  open = true, open.notify_all();
  runtime.run();
}

TEST(Pool, afterDestructionNoDoneIsCalled) {
  AsioRuntime runtime;
  auto lane = runtime.doors().makePool(1, 10);
  bool called = false;
  ASSERT_TRUE(lane->submit([] {}, [&] { called = true; }));
  lane.reset();
  runtime.run();
  EXPECT_FALSE(called);
}
