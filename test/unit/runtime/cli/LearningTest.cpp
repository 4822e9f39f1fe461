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
  EXPECT_THAT(learning.live(), testing::HasSubstr("step 2,010 of 2,010")) << "until its results are there";
}

TEST(Learning, EachEvaluationHasALine) {
  Learning learning(planOf(10));
  learning.told(1, 0, std::vector{loss(4, 2)}, 0);
  EXPECT_THAT(learning.told(1, 0, std::vector<gang::StepReport>{{4, true, {{0, 1.5f}}}}, 0),
              ElementsAre("lm: held_out 1.5000, after step 4"));
}

gang::GangBegin begin(std::uint64_t fromStep) { return {fromStep, {{"data/*.txt", 3, 12'000, 1'200}}, 2.75}; }

/// What it learns from, what it is to be better than, where it goes on, and what came of it.
TEST(Learning, FromItsTextToItsEnd) {
  Learning learning(planOf(10));
  EXPECT_THAT(learning.begun(1, 0, begin(4), 0),
              ElementsAre("lm: learns from data/*.txt, 3 files of 12,000 bytes, 1,200 of them held out",
                          "lm: a bigram model (Witten-Bell) of the rest has 2.7500 nats per byte on what is held out",
                          "lm: goes on behind step 4 of 10"));
  EXPECT_EQ(learning.live(), "") << "no step is done";
  learning.told(1, 0, std::vector{loss(5, 2), loss(10, 2)}, 60 * second);
  EXPECT_THAT(learning.told(1, 0, std::vector<gang::StepReport>{{10, true, {{0, 1.5f}}}}, 70 * second),
              ElementsAre("lm: held_out 1.5000, bigram 2.7500, after step 10"));
  EXPECT_THAT(learning.ended(0, 90 * second),
              ElementsAre("lm: 6 steps of 32 tokens in 1m30s; on what is held out 1.5000, 1.2500 below the bigram "
                          "model's 2.7500"));
  EXPECT_THAT(learning.ended(0, 90 * second), IsEmpty()) << "told once";
  EXPECT_EQ(learning.live(), "") << "it is over";
}

TEST(Learning, AModelThatIsWorseIsSaidToBe) {
  simulation::TrainShape shape;
  shape.steps = 2;
  shape.to = "out";
  Learning learning(simulation::trainPlan(shape));
  EXPECT_THAT(learning.begun(1, 0, {0, {{"a", 1, 1, 0}}, 2.5}, 0),
              testing::Contains("lm: learns from a, 1 file of 1 byte"));
  learning.told(1, 0, std::vector<gang::StepReport>{{1, false, {{0, 1}}}, {2, false, {{0, 1}}}, {2, true, {{0, 4.0f}}}},
                0);
  EXPECT_THAT(learning.ended(0, second),
              ElementsAre("lm: 2 steps of 32 tokens in 1s; on what is held out 4.0000, 1.5000 above the bigram model's "
                          "2.5000; out/lm.safetensors is written"));
}

TEST(Learning, JsonLines) {
  Learning learning(planOf(10));
  EXPECT_EQ(learning.jsonLine(1, 0, loss(3, 0.5f)), R"({"gang":"lm","step":3,"loss":0.5})");
  EXPECT_EQ(learning.jsonLine(1, 0, {4, true, {{0, 2.0f}}}), R"({"gang":"lm","step":4,"held_out":2.0})");
  EXPECT_EQ(learning.jsonLine(1, 0, loss(3, std::numeric_limits<float>::infinity())),
            R"({"gang":"lm","step":3,"loss":null})");
  EXPECT_THAT(learning.jsonLines(0, begin(4)),
              ElementsAre(R"({"gang":"lm","text":"data/*.txt","files":3,"bytes":12000,"held_out_bytes":1200})",
                          R"({"gang":"lm","from_step":4,"steps":10,"bigram":2.75})"));
  learning.begun(1, 0, begin(0), 0);
  EXPECT_EQ(learning.jsonLine(1, 0, {4, true, {{0, 2.0f}}}), R"({"gang":"lm","step":4,"held_out":2.0,"bigram":2.75})");
  EXPECT_EQ(learning.jsonLine(1, 0, loss(3, 0.5f)), R"({"gang":"lm","step":3,"loss":0.5})");
}

} // namespace
} // namespace weft::cli
