//===- ThreadPoolTest.cpp - Every item once, phases in order --------------===//

#include "runtime/device/cpu/ThreadPool.h"

#include "runtime/io/AsioRuntime.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>

namespace weft::device {
namespace {

/// What a kernel of these tests finds behind its buffers.
struct Record {
  std::vector<std::atomic<int>> runs; ///< Of each item of the phase that runs.
  std::atomic<int> failures = 0;
  std::atomic<std::uint32_t> phase = 0;
  std::atomic<std::uint64_t> done = 0;
  std::uint64_t itemsBefore = 0;
};

/// Phase p is 3^p times the items that buffers[1] tells; no item may begin before those of the phase before are done.
void count(void *const *buffers, std::uint32_t phase, std::uint64_t begin, std::uint64_t end, void *scratch) {
  auto &record = *static_cast<Record *>(buffers[0]);
  auto *own = static_cast<std::uint64_t *>(scratch);
  std::uint64_t before = 0, size = *static_cast<std::uint64_t *>(buffers[1]);
  for (std::uint32_t p = 0; p < phase; ++p, size *= 3)
    before += size;
  if (record.done < before)
    ++record.failures;
  for (std::uint64_t item = begin; item < end; ++item) {
    *own = item; // a scratch that two threads share would be seen to change
    ++record.runs[before + item];
    if (*own != item)
      ++record.failures;
    ++record.done;
  }
}

class ThreadPoolTest : public ::testing::Test {
protected:
  void launch(ThreadPool &pool, std::uint64_t first) {
    Record record;
    std::vector<std::uint64_t> phases = {first, 3 * first, 9 * first};
    record.runs = std::vector<std::atomic<int>>(13 * first);
    std::vector<std::byte> scratch(64 * pool.threads());
    void *buffers[] = {&record, &first};
    pool.run(count, buffers, phases, scratch.data(), 64);
    EXPECT_EQ(record.failures, 0);
    for (std::atomic<int> &runs : record.runs)
      ASSERT_EQ(runs, 1);
  }

  io::AsioRuntime runtime;
};

TEST_F(ThreadPoolTest, EveryItemOnceWhateverTheThreads) {
  for (std::uint32_t threads : {1U, 2U, 3U, 8U}) {
    ThreadPool pool(runtime.doors().process, threads);
    ASSERT_EQ(pool.threads(), threads);
    for (std::uint64_t items : {1U, 2U, 3U, 7U, 64U, 1000U})
      for (int again = 0; again < 20; ++again)
        launch(pool, items);
  }
}

// Long enough apart that the helpers sleep, so that each launch must wake them; and it must not need them.
TEST_F(ThreadPoolTest, SleepersAreWoken) {
  ThreadPool pool(runtime.doors().process, 4);
  for (int again = 0; again < 20; ++again) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    launch(pool, 16);
  }
}

void whoRuns(void *const *buffers, std::uint32_t, std::uint64_t begin, std::uint64_t end, void *) {
  auto *ids = static_cast<std::atomic<std::thread::id> *>(buffers[0]);
  for (std::uint64_t item = begin; item < end; ++item) {
    ids[item] = std::this_thread::get_id();
    std::this_thread::sleep_for(std::chrono::milliseconds(5)); // so that one thread cannot take them all
  }
}

TEST_F(ThreadPoolTest, WorkIsSpreadAndOneItemStaysWithTheCaller) {
  ThreadPool pool(runtime.doors().process, 4);
  std::vector<std::atomic<std::thread::id>> ids(32);
  void *buffers[] = {ids.data()};
  pool.run(whoRuns, buffers, std::vector<std::uint64_t>{32}, nullptr, 0);
  std::set<std::thread::id> seen(ids.begin(), ids.end());
  EXPECT_GE(seen.size(), 2U);
  pool.run(whoRuns, buffers, std::vector<std::uint64_t>{1}, nullptr, 0);
  EXPECT_EQ(ids[0], std::this_thread::get_id());
}

/// Items 0 and 1 end when `others` are done: their threads are held up.
void holdsUp(void *const *buffers, std::uint32_t, std::uint64_t begin, std::uint64_t end, void *) {
  auto *done = static_cast<std::atomic<std::uint64_t> *>(buffers[0]);
  auto others = *static_cast<std::uint64_t *>(buffers[1]);
  auto start = std::chrono::steady_clock::now();
  for (std::uint64_t item = begin; item < end; ++item) {
    while (item < 2 && *done < others && std::chrono::steady_clock::now() - start < std::chrono::seconds(20))
      std::this_thread::yield();
    done->fetch_add(1);
    if (item >= 2)
      continue;
    static_cast<std::atomic<std::uint64_t> *>(buffers[2])->fetch_add(*done < others);
  }
}

// What was meant for a thread that is held up is done by the others.
TEST_F(ThreadPoolTest, OthersTakeWhatAThreadDoesNotComeTo) {
  ThreadPool pool(runtime.doors().process, 3);
  std::uint64_t items = 3 * 8, others = items - 2;
  std::atomic<std::uint64_t> done = 0, late = 0;
  void *buffers[] = {&done, &others, &late};
  pool.run(holdsUp, buffers, std::vector<std::uint64_t>{items}, nullptr, 0);
  EXPECT_EQ(done, items);
  EXPECT_EQ(late, 0U);
}

// An idle pool costs nothing: after a moment its threads use no processor time.
TEST_F(ThreadPoolTest, IdleThreadsSleep) {
  ThreadPool pool(runtime.doors().process, 4);
  launch(pool, 64);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  std::clock_t before = std::clock();
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_LT(std::clock() - before, CLOCKS_PER_SEC / 50);
}

} // namespace
} // namespace weft::device
