//===- DigestTest.cpp - Known answers, and answers that must never change -===//

#include "runtime/base/Digest.h"

#include <gtest/gtest.h>
#include <unordered_set>

namespace weft::base {
namespace {

TEST(Digest, KnownAnswerOfFips180) {
  EXPECT_EQ(digestOf(bytesOf("abc")).hex(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digestOf({}).hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Hash128, LengthIsPartOfTheHash) {
  std::string zero(1, '\0'), zeros(2, '\0');
  EXPECT_NE(hashOf(bytesOf(zero)), hashOf(bytesOf(zeros)));
}

TEST(Hash128, NeighboursDoNotCollide) {
  std::unordered_set<Hash128> seen;
  for (std::uint64_t a = 0; a < 300; ++a)
    for (std::uint64_t b = 0; b < 300; ++b)
      EXPECT_TRUE(seen.insert(mix(mix({}, a), b)).second);
}

} // namespace
} // namespace weft::base
