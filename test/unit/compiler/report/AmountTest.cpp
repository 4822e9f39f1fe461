//===- AmountTest.cpp - Sums over what only a run knows -------------------===//

#include "compiler/report/Amount.h"

#include <gtest/gtest.h>

namespace weft::report {
namespace {

const Factor items{Factor::Kind::items, 1}, rounds{Factor::Kind::rounds, 2};

TEST(Amount, TermsWithEqualFactorsAreAdded) {
  Amount amount = Amount(2).times(items);
  amount += Amount(3).times(items);
  amount += 4;
  EXPECT_EQ(amount.of({items}), 5u);
  EXPECT_EQ(amount.number(), 4u);
  EXPECT_FALSE(amount.exact());
}

TEST(Amount, TheOuterFactorStandsFirst) {
  Amount amount = Amount(2).times(rounds).times(items);
  EXPECT_EQ(amount.of({items, rounds}), 2u);
  EXPECT_EQ(amount.of({rounds, items}), 0u);
}

TEST(Amount, AddedToItselfItIsTwice) {
  Amount amount = Amount(2).times(items);
  amount += amount;
  EXPECT_EQ(amount.of({items}), 4u);
}

TEST(Amount, NumbersStopWhereNobodyCounts) {
  Amount amount = Amount(1'000'000'000).times(1'000'000'000);
  EXPECT_EQ(amount.number(), mostCounted);
  amount += amount;
  EXPECT_EQ(amount.number(), mostCounted);
}

TEST(Amount, NothingTimesAnythingIsNothing) {
  EXPECT_TRUE(Amount(3).times(std::uint64_t(0)).zero());
  EXPECT_TRUE(Amount().times(items).zero());
  EXPECT_TRUE(Amount::open().times(std::uint64_t(0)).zero());
}

TEST(Amount, BoundsAreTakenTermByTerm) {
  Amount left = Amount(2).times(items), right = 3;
  left += 1;
  EXPECT_EQ(upper(left, right).number(), 3u);
  EXPECT_EQ(upper(left, right).of({items}), 2u);
  EXPECT_EQ(lower(left, right).number(), 1u);
  EXPECT_EQ(lower(left, right).of({items}), 0u);
}

TEST(Amount, WhatHasNoBoundKeepsWhatIsSure) {
  Amount amount = 3;
  amount += Amount::open();
  amount += Amount(5).times(items);
  EXPECT_TRUE(amount.isOpen());
  EXPECT_EQ(amount, [] {
    Amount same = Amount::open();
    same += 3;
    return same;
  }());
  EXPECT_TRUE(upper(amount, 7).isOpen());
}

TEST(Amount, MoreTermsThanAnyoneReadsAreNoBound) {
  Amount amount;
  for (std::uint32_t span = 0; span < 20; ++span)
    amount += Amount(1).times(Factor{Factor::Kind::items, span});
  EXPECT_TRUE(amount.isOpen());
}

TEST(Amount, WhatGrowsWithTheInputIsLonger) {
  EXPECT_TRUE(shorter(100, Amount(1).times(items)));
  EXPECT_TRUE(shorter(Amount(1).times(items), Amount::open()));
  EXPECT_TRUE(shorter(1, 2));
  EXPECT_FALSE(shorter(2, 2));
}

} // namespace
} // namespace weft::report
