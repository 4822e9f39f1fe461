//===- AntichainTest.cpp - The most at once, against trying everything ----===//

#include "compiler/report/Antichain.h"

#include "runtime/base/Random.h"
#include "test/support/PlanBuilder.h"

#include <gtest/gtest.h>

namespace weft::report {
namespace {

using namespace test;

/// Steps of one block in which each waits for those listed.
struct Order {
  explicit Order(const std::vector<std::vector<std::uint32_t>> &before) : count(before.size()) {
    auto &main = builder.block("main", 0);
    auto number = builder.constant(Value::integer(1), builder.type(TypeKind::integer));
    for (const auto &waits : before) {
      NodeOptions options;
      options.after = waits;
      Reg last = main.eval([&](value::WordsBuilder &words, Reg to) { words.move(to.number, value::constant(number)); },
                           options);
      if (&waits == &before.back())
        main.result(last);
    }
    builder.entry("main", main, {}, builder.type(TypeKind::integer));
    plan = builder.build();
  }
  std::uint64_t heaviest(std::span<const std::uint64_t> weights) {
    return heaviestAntichain(*plan, plan->blocks[0], weights);
  }
  PlanBuilder builder;
  std::shared_ptr<const plan::Plan> plan;
  std::size_t count;
};

TEST(Antichain, StepsInARowRunOneAtATime) {
  Order order({{}, {0}, {1}});
  EXPECT_EQ(order.heaviest(std::vector<std::uint64_t>{2, 5, 3}), 5u);
}

TEST(Antichain, StepsAtDifferentLevelsMayOverlap) {
  // 0 -> 1, and 2 beside both: what comes late in one chain meets what is early in another.
  Order order({{}, {0}, {}});
  EXPECT_EQ(order.heaviest(std::vector<std::uint64_t>{1, 4, 2}), 6u);
}

TEST(Antichain, WhatLiesBetweenStillOrders) {
  Order order({{}, {0}, {1}});
  EXPECT_EQ(order.heaviest(std::vector<std::uint64_t>{3, 0, 3}), 3u);
}

TEST(Antichain, NothingWeighsNothing) {
  Order order({{}, {0}});
  EXPECT_EQ(order.heaviest(std::vector<std::uint64_t>{0, 0}), 0u);
}

TEST(Antichain, EqualsTheBestOfAllSets) {
  base::Random random(7);
  for (int round = 0; round < 60; ++round) {
    std::uint32_t count = 1 + static_cast<std::uint32_t>(random.below(9));
    std::vector<std::vector<std::uint32_t>> before(count);
    std::vector<std::uint32_t> ancestors(count);
    std::vector<std::uint64_t> weights(count);
    for (std::uint32_t at = 0; at < count; ++at) {
      weights[at] = random.below(4);
      for (std::uint32_t other = 0; other < at; ++other)
        if (random.below(3) == 0) {
          before[at].push_back(other);
          ancestors[at] |= ancestors[other] | 1u << other;
        }
    }
    std::uint64_t best = 0;
    for (std::uint32_t set = 0; set < 1u << count; ++set) {
      std::uint64_t sum = 0;
      bool apart = true;
      for (std::uint32_t at = 0; at < count; ++at)
        if (set >> at & 1) {
          sum += weights[at];
          apart &= (ancestors[at] & set) == 0;
        }
      best = std::max(best, apart ? sum : 0);
    }
    Order order(before);
    EXPECT_EQ(order.heaviest(weights), best) << "round " << round;
  }
}

TEST(Antichain, ManyStepsAreCoveredByChains) {
  // Two chains of 400: more than are looked at exactly, and the cover finds both.
  std::vector<std::vector<std::uint32_t>> before(800);
  for (std::uint32_t at = 2; at < 800; ++at)
    before[at] = {at - 2};
  Order order(before);
  EXPECT_EQ(order.heaviest(std::vector<std::uint64_t>(800, 3)), 6u);
}

} // namespace
} // namespace weft::report
