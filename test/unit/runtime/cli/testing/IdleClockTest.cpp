//===- IdleClockTest.cpp - Time that passes only while nothing happens ----===//

#include "runtime/cli/testing/IdleClock.h"

#include <gtest/gtest.h>
#include <string>

namespace weft::cli {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(IdleClock, jumpsFromTimerToTimer) {
  IdleClock clock;
  std::string fired;
  clock.after(hours(48), [&] { fired += "b"; });
  clock.after(seconds(1), [&] { fired += "a"; });
  EXPECT_EQ(clock.now().sinceOriginNs, 0);
  ASSERT_TRUE(clock.jump());
  EXPECT_EQ(fired, "a");
  EXPECT_EQ(clock.now().sinceOriginNs, 1'000'000'000);
  ASSERT_TRUE(clock.jump());
  EXPECT_EQ(fired, "ab");
  EXPECT_EQ(clock.wallTimeNs(), IdleClock::startWallNs + 48 * 3600 * 1'000'000'000LL);
  EXPECT_FALSE(clock.jump());
}

TEST(IdleClock, firesTogetherWhatIsDueTogether) {
  IdleClock clock;
  std::string fired;
  clock.after(seconds(1), [&] { fired += "a"; });
  clock.after(seconds(1), [&] { fired += "b"; });
  ASSERT_TRUE(clock.jump());
  EXPECT_EQ(fired, "ab");
}

TEST(IdleClock, doesNotFireWhatWasCancelled) {
  IdleClock clock;
  bool fired = false;
  io::TimerId timer = clock.after(seconds(1), [&] { fired = true; });
  clock.cancel(timer);
  EXPECT_FALSE(clock.jump());
  EXPECT_FALSE(fired);
}

TEST(IdleClock, takesDelaysOfAnyLength) {
  IdleClock clock;
  clock.after(io::Duration::max(), [] {});
  clock.after(io::Duration::min(), [] {});
  ASSERT_TRUE(clock.jump());
  EXPECT_EQ(clock.now().sinceOriginNs, 0);
  ASSERT_TRUE(clock.jump());
  EXPECT_GT(clock.wallTimeNs(), IdleClock::startWallNs);
}

} // namespace
} // namespace weft::cli
