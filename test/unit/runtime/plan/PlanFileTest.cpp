//===- PlanFileTest.cpp - A changed byte is seen ---------------------------===//

#include "SmallPlan.h"

#include "runtime/base/LittleEndian.h"
#include "test/support/Seeds.h"

#include <gmock/gmock.h>
#include <random>

namespace weft::test {
namespace {

TEST(PlanFile, WholeFileIsRead) {
  base::Bytes file = smallPlan();
  auto plan = plan::readPlan(file);
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ((*plan)->entries[0].name, "main");
  EXPECT_NE((*plan)->entry("main"), nullptr);
  EXPECT_EQ((*plan)->entry("mai"), nullptr);
}

TEST(PlanFile, SameContentGivesSameBytes) { EXPECT_EQ(smallPlan(), smallPlan()); }

TEST(PlanFile, EveryChangedByteIsRefused) {
  base::Bytes file = smallPlan();
  for (std::size_t at = 0; at < file.size(); ++at)
    for (int bit : {0, 7}) {
      base::Bytes changed = file;
      changed[at] ^= std::byte(1 << bit);
      EXPECT_FALSE(plan::readPlan(changed)) << "byte " << at;
    }
}

TEST(PlanFile, EveryCutIsRefused) {
  base::Bytes file = smallPlan();
  for (std::size_t size = 0; size < file.size(); ++size) {
    auto plan = plan::readPlan(base::Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(size)));
    ASSERT_FALSE(plan);
    EXPECT_EQ(plan.error().code, base::Code::corrupt);
  }
}

TEST(PlanFile, MessagesSayWhatToDo) {
  auto plan = plan::readPlan(base::Bytes(100, std::byte('x')));
  EXPECT_THAT(plan.error().message, testing::HasSubstr("not a plan file"));
  base::Bytes file = smallPlan();
  file[file.size() / 2] ^= std::byte(1);
  EXPECT_THAT(plan::readPlan(file).error().message, testing::HasSubstr("changed after it was written"));
}

/// FlatBuffers lets the 8-byte structs of a vector begin where only 4 divides: such a vector would be read in place.
TEST(PlanFile, StructsThatAreOutOfPlaceAreRefused) {
  base::Bytes file = smallPlan();
  base::Bytes payload(file.begin() + plan::headerBytes, file.end());
  std::size_t refused = 0;
  for (std::size_t at = 0; at + 4 <= payload.size(); at += 4) {
    base::Bytes changed = payload;
    base::store(changed.data() + at, base::load<std::uint32_t>(payload.data() + at) - 4);
    auto plan = plan::readPlan(plan::sealPlan(changed));
    refused += !plan && plan.error().message.find("a multiple of their alignment") != std::string::npos;
  }
  EXPECT_GT(refused, 0u);
}

/// With the digest made anew, only the verifier and PlanCheck stand between a byte and the machine. Most changes are
/// refused; those that are not must give a plan that can be walked (the sanitizers watch).
TEST(PlanFile, ChangedBytesUnderANewDigestNeverCrash) {
  base::Bytes file = smallPlan();
  base::Bytes payload(file.begin() + plan::headerBytes, file.end());
  std::mt19937_64 random(11);
  std::uint64_t accepted = 0, rounds = tries(20'000, 400'000);
  for (std::uint64_t round = 0; round < rounds; ++round) {
    base::Bytes changed = payload;
    for (int count = 1 + static_cast<int>(random() % 3); count > 0; --count)
      changed[random() % changed.size()] = std::byte(random() % 5 == 0 ? random() : random() % 8);
    accepted += static_cast<bool>(plan::readPlan(plan::sealPlan(changed)));
  }
  EXPECT_LT(accepted, rounds / 2);
}

} // namespace
} // namespace weft::test
