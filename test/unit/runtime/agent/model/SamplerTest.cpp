//===- SamplerTest.cpp - Tokens drawn by their logits ---------------------===//

#include "runtime/agent/model/Sampler.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <map>
#include <set>

namespace weft::agent {
namespace {

TEST(Sampler, WithoutTemperatureTheLikeliest) {
  Sampler sampler({0, 0}, 1);
  float logits[] = {1, 3, 2, 3};
  for (int round = 0; round < 10; ++round)
    EXPECT_EQ(sampler.draw(logits), 1u) << "of equal ones the lower";
}

TEST(Sampler, DrawsByProbability) {
  Sampler sampler({2, 0}, 7);
  float logits[] = {0, 2, 4};
  std::map<std::uint32_t, int> counts;
  constexpr int rounds = 30000;
  for (int round = 0; round < rounds; ++round)
    ++counts[sampler.draw(logits)];
  double sum = 1 + std::exp(1.0) + std::exp(2.0);
  for (std::uint32_t token = 0; token < 3; ++token) {
    double expected = std::exp(static_cast<double>(token)) / sum;
    EXPECT_NEAR(counts[token], rounds * expected, 5 * std::sqrt(rounds * expected * (1 - expected)));
  }
}

TEST(Sampler, OnlyOfTheLikeliest) {
  Sampler sampler({5, 2}, 3);
  float logits[] = {1, 4, 0, 3, 3};
  std::set<std::uint32_t> drawn;
  for (int round = 0; round < 1000; ++round)
    drawn.insert(sampler.draw(logits));
  EXPECT_EQ(drawn, (std::set<std::uint32_t>{1, 3}));
}

TEST(Sampler, SeedDecides) {
  float logits[256] = {};
  auto text = [&](std::uint64_t seed) {
    Sampler sampler({1, 0}, seed);
    std::string out;
    for (int at = 0; at < 20; ++at)
      out += static_cast<char>(sampler.draw(logits));
    return out;
  };
  EXPECT_EQ(text(4), text(4));
  EXPECT_NE(text(4), text(5));
}

TEST(Sampler, LogitsThatAreNoNumbers) {
  float nan = std::numeric_limits<float>::quiet_NaN(), infinity = std::numeric_limits<float>::infinity();
  Sampler sampler({1, 0}, 1);
  float some[] = {nan, 1, nan};
  float none[] = {nan, nan};
  float huge[] = {-infinity, 0, infinity};
  for (int round = 0; round < 20; ++round) {
    EXPECT_EQ(sampler.draw(some), 1u);
    EXPECT_LT(sampler.draw(none), 2u);
    EXPECT_EQ(sampler.draw(huge), 2u);
  }
}

} // namespace
} // namespace weft::agent
