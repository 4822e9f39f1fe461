//===- LearningTest.cpp - Lines about a training --------------------------===//

#include "runtime/cli/Learning.h"

#include "test/simulation/gang/TrainPlan.h"

#include <gmock/gmock.h>
#include <limits>

namespace weft::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

gang::StepReport loss(std::uint64_t step, float value) { return {step, false, {{0, value}}}; }

constexpr std::int64_t second = 1'000'000'000;

std::shared_ptr<const plan::Plan> planOf(std::uint32_t steps) {
  simulation::TrainShape shape;
  shape.steps = steps;
  return simulation::trainPlan(shape);
}

TEST(Learning, TellsWhereItIsAndHowFast) {
  Learning learning(planOf(2000));
  EXPECT_EQ(learning.live(), "");
  EXPECT_THAT(learning.told(1, 0, std::vector{loss(1, 5.5f)}, 0), ElementsAre("lm: step 1 of 2,000, loss 5.5000"));
  EXPECT_THAT(learning.told(1, 0, std::vector{loss(2, 5.25f)}, second), IsEmpty()) << "not a twentieth yet";
  // 4 windows of 8 bytes are 32 tokens, a step takes a second.
  EXPECT_EQ(learning.live(), "lm: step 2 of 2,000, loss 5.2500, 32 tokens/s, 33m18s left");
  EXPECT_THAT(learning.told(1, 0, std::vector{loss(3, 5), loss(101, 2048.25f)}, 100 * second),
              ElementsAre("lm: step 101 of 2,000, loss 2048.2, 32 tokens/s, 31m39s left"));
}

TEST(Learning, AboutTwentyLinesAndTheLastStep) {
  Learning learning(planOf(2010));
  std::size_t lines = 0;
  std::string last;
  for (std::uint64_t step = 1; step <= 2010; ++step)
    for (const std::string &line : learning.told(1, 0, std::vector{loss(step, 1)}, static_cast<std::int64_t>(step))) {
      ++lines;
      last = line;
    }
  EXPECT_GE(lines, 20u);
  EXPECT_LE(lines, 24u);
  EXPECT_THAT(last, testing::HasSubstr("step 2,010 of 2,010"));
  EXPECT_EQ(learning.live(), "") << "it is over";
}

TEST(Learning, EachEvaluationHasALine) {
  Learning learning(planOf(10));
  learning.told(1, 0, std::vector{loss(4, 2)}, 0);
  EXPECT_THAT(learning.told(1, 0, std::vector<gang::StepReport>{{4, true, {{0, 1.5f}}}}, 0),
              ElementsAre("lm: held_out 1.5000 after step 4"));
}

TEST(Learning, JsonLines) {
  auto plan = planOf(10);
  EXPECT_EQ(Learning::jsonLine(*plan, 0, loss(3, 0.5f)), R"({"gang":"lm","step":3,"loss":0.5})");
  EXPECT_EQ(Learning::jsonLine(*plan, 0, {4, true, {{0, 2.0f}}}), R"({"gang":"lm","step":4,"held_out":2.0})");
  EXPECT_EQ(Learning::jsonLine(*plan, 0, loss(3, std::numeric_limits<float>::infinity())),
            R"({"gang":"lm","step":3,"loss":null})");
}

} // namespace
} // namespace weft::cli
