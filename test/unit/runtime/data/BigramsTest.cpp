//===- BigramsTest.cpp - Probabilities of a text that is short enough -----===//

#include "runtime/data/Bigrams.h"

#include <cmath>
#include <gtest/gtest.h>

namespace weft::data {
namespace {

double of(const Bigrams &bigrams, char before, char next) {
  return bigrams.probability(static_cast<std::byte>(before), static_cast<std::byte>(next));
}

/// By hand: in "abab" a is followed by b twice and b by a once; of 4 bytes 2 are a and 2 are b.
TEST(Bigrams, WittenAndBell) {
  Bigrams bigrams;
  bigrams.learn(base::bytesOf("abab"));
  EXPECT_DOUBLE_EQ(of(bigrams, 'a', 'b'), (2 + 3.0 / 260) / 3);
  EXPECT_DOUBLE_EQ(of(bigrams, 'b', 'a'), (1 + 3.0 / 260) / 2);
  EXPECT_DOUBLE_EQ(of(bigrams, 'a', 'c'), (1.0 / 260) / 3) << "never behind a, never anywhere";
  EXPECT_DOUBLE_EQ(of(bigrams, 'c', 'b'), 3.0 / 260) << "nothing was ever behind c";
  EXPECT_DOUBLE_EQ(bigrams.nats(base::bytesOf("aba")), -std::log((2 + 3.0 / 260) / 3) - std::log((1 + 3.0 / 260) / 2));
  EXPECT_EQ(bigrams.nats(base::bytesOf("a")), 0) << "nothing is predicted";
}

TEST(Bigrams, TextsThatAreLearnedApartAreNoNeighbours) {
  Bigrams bigrams;
  bigrams.learn(base::bytesOf("ab"));
  bigrams.learn(base::bytesOf("ca"));
  EXPECT_DOUBLE_EQ(of(bigrams, 'b', 'c'), 2.0 / 260);
}

TEST(Bigrams, BehindEachByteAllTogetherAreOne) {
  std::string text;
  for (int at = 0; at < 5000; ++at)
    text += static_cast<char>(at * at % 251);
  Bigrams bigrams;
  bigrams.learn(base::bytesOf(text));
  for (int before = 0; before < 256; before += 5) {
    double sum = 0;
    for (int next = 0; next < 256; ++next)
      sum += bigrams.probability(static_cast<std::byte>(before), static_cast<std::byte>(next));
    EXPECT_NEAR(sum, 1, 1e-12) << before;
  }
}

TEST(Bigrams, AlternatingBytesAreNearlyCertain) {
  std::string text;
  for (int at = 0; at < 10'000; ++at)
    text += "xy";
  Bigrams bigrams;
  bigrams.learn(base::bytesOf(text));
  EXPECT_LT(bigrams.nats(base::bytesOf(text)) / static_cast<double>(text.size()), 1e-3);
}

} // namespace
} // namespace weft::data
