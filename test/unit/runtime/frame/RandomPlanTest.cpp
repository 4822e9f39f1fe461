//===- RandomPlanTest.cpp - A thousand programs, disturbed at will --------===//

#include "test/simulation/frame/RandomPlan.h"
#include "test/simulation/frame/Everywhere.h"
#include "test/support/Seeds.h"
#include "test/unit/runtime/frame/Plans.h"

#include <cstdlib>

namespace weft::test {
namespace {

const std::uint64_t seeds = tries(1000, 30'000);

Scenario scenarioOf(const RandomPlan &random) {
  Scenario scenario;
  scenario.plan = random.plan;
  scenario.args = random.args();
  scenario.scripts = [&random](FrameWorld &world) { random.scripts(world); };
  scenario.judge = [&random](const FrameWorld &world, const Ended &ended) { return random.judge(world, ended); };
  return scenario;
}

/// One disturbance per seed: which one, and where, comes from the seed.
TEST(RandomPlans, give_what_the_walk_gives) {
  std::size_t failing = 0, deaths = 0, evictions = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    RandomPlan random(seed);
    Scenario scenario = scenarioOf(random);
    FrameWorld calm(random.plan);
    random.scripts(calm);
    calm.start("main", random.args());
    const Ended &end = calm.finish();
    failing += end.state != frame::EndState::succeeded;
    auto wrong = random.judge(calm, end);
    ASSERT_FALSE(wrong) << "seed " << seed << ": " << *wrong;
    ASSERT_THAT(calm.wrong, testing::IsEmpty()) << "seed " << seed;
    ASSERT_THAT(historyErrors(calm, *random.plan), testing::IsEmpty()) << "seed " << seed;
    ASSERT_TRUE(calm.released) << "seed " << seed;

    WorldOptions options;
    options.crashAtRecord = (seed * 7919) % (calm.journal.size() + 1);
    options.tearLast = seed % 3 == 0;
    options.evictAlways = seed % 2 == 0;
    FrameWorld disturbed(random.plan, options);
    random.scripts(disturbed);
    disturbed.start("main", random.args());
    const Ended &second = disturbed.finish();
    deaths += disturbed.deaths;
    evictions += disturbed.evictions;
    wrong = random.judge(disturbed, second);
    ASSERT_FALSE(wrong) << "seed " << seed << ", killed at " << options.crashAtRecord << ": " << *wrong;
    ASSERT_THAT(disturbed.wrong, testing::IsEmpty()) << "seed " << seed;
    ASSERT_THAT(historyErrors(disturbed, *random.plan), testing::IsEmpty()) << "seed " << seed;
  }
  // The generator reaches both ends, and the disturbances happen.
  EXPECT_GT(failing, seeds / 20);
  EXPECT_LT(failing, seeds * 19 / 20);
  EXPECT_GT(deaths, seeds / 2);
  EXPECT_GT(evictions, 20u);
}

TEST(RandomPlans, killed_everywhere) {
  std::size_t points = 0;
  for (std::uint64_t seed = 0; seed < tries(60, 1000); ++seed) {
    RandomPlan random(seed);
    Everywhere result = crashEverywhere(scenarioOf(random));
    ASSERT_THAT(result.wrong, testing::IsEmpty()) << "seed " << seed;
    points += result.points;
  }
  EXPECT_GT(points, 1000u);
}

TEST(RandomPlans, killed_twice) {
  for (std::uint64_t seed = 100; seed < 100 + tries(30, 300); ++seed) {
    RandomPlan random(seed);
    Everywhere result = crashTwice(scenarioOf(random), seed % 9);
    ASSERT_THAT(result.wrong, testing::IsEmpty()) << "seed " << seed;
  }
}

} // namespace
} // namespace weft::test
