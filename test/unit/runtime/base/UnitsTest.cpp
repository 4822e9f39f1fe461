//===- UnitsTest.cpp - Exact decimals and texts of units ------------------===//

#include "runtime/base/Units.h"
#include "runtime/base/Random.h"

#include <gtest/gtest.h>

namespace weft::base {
namespace {

TEST(Units, DurationsInTheLargestUnitWithoutAFraction) {
  EXPECT_EQ(durationText(0), "0s");
  EXPECT_EQ(durationText(30 * nsPerSecond), "30s");
  EXPECT_EQ(durationText(90 * nsPerSecond), "90s");
  EXPECT_EQ(durationText(2 * nsPerHour), "2h");
  EXPECT_EQ(durationText(1500 * nsPerMs), "1500ms");
  EXPECT_EQ(durationText(-5 * nsPerMinute), "-5min");
  EXPECT_EQ(durationText(1), "0.001us");
  EXPECT_EQ(durationText(-1500), "-1.5us");
  EXPECT_EQ(durationText(-500), "-0.5us");
}

TEST(Units, SizesWithTheFewestDigits) {
  EXPECT_EQ(sizeText(0), "0B");
  EXPECT_EQ(sizeText(100), "100B");
  EXPECT_EQ(sizeText(64 << 10), "64KiB");
  EXPECT_EQ(sizeText(10'000'000), "10MB");
  EXPECT_EQ(sizeText(2ll << 30), "2GiB");
  EXPECT_EQ(sizeText(1'024'000), "1000KiB");
  EXPECT_EQ(sizeText(-1024), "-1KiB");
}

TEST(Units, MoneyWithoutTrailingZeros) {
  EXPECT_EQ(moneyText(50'000'000), "$0.05");
  EXPECT_EQ(moneyText(2 * nanoPerDollar), "$2");
  EXPECT_EQ(moneyText(-nanoPerDollar - 1), "-$1.000000001");
  EXPECT_EQ(decimalText(INT64_MIN), "-9223372036.854775808");
}

TEST(Units, DecimalsAreExact) {
  EXPECT_EQ(parseDecimal("0.05", Finer::refuse), 50'000'000);
  EXPECT_EQ(parseDecimal("1e-9", Finer::refuse), 1);
  EXPECT_EQ(parseDecimal("1.5E3", Finer::refuse), 1500 * nanoPerDollar);
  EXPECT_EQ(parseDecimal("-9223372036.854775808", Finer::refuse), INT64_MIN);
  EXPECT_EQ(parseDecimal("0e99999999999999999999", Finer::refuse), 0);
}

TEST(Units, FinerThanABillionthIsRefusedOrRounded) {
  EXPECT_EQ(parseDecimal("0.0000000005", Finer::refuse), std::nullopt);
  EXPECT_EQ(parseDecimal("0.0000000005", Finer::round), 1);
  EXPECT_EQ(parseDecimal("0.00000000049", Finer::round), 0);
  EXPECT_EQ(parseDecimal("-0.3333333333", Finer::round), -333'333'333);
  EXPECT_EQ(parseDecimal("1e-99999999999999999999", Finer::round), 0);
  EXPECT_EQ(parseDecimal("0.0500000000000", Finer::refuse), 50'000'000);
}

TEST(Units, WhatIsNoDecimalOrDoesNotFitIsRefused) {
  for (const char *text : {"", "-", "+1", "1.", ".5", "01", "1e", "1e+", " 1", "1 ", "0x1", "9223372036.854775808",
                           "-9223372036.854775809", "1e10", "99999999999999999999999999", "1e99999999999999999999"})
    EXPECT_EQ(parseDecimal(text, Finer::round), std::nullopt) << text;
}

TEST(Units, DecimalsComeBack) {
  Random random(3);
  for (int i = 0; i < 20'000; ++i) {
    auto value = static_cast<std::int64_t>(random.next()) >> random.below(63);
    ASSERT_EQ(parseDecimal(decimalText(value), Finer::refuse), value);
  }
}

} // namespace
} // namespace weft::base
