//===- NumbersTest.cpp - Shortest decimals, half, bfloat16, UTF-8 ---------===//

#include "runtime/value/Numbers.h"
#include "runtime/base/Random.h"
#include "runtime/value/Utf8.h"

#include <cmath>
#include <cstdlib>
#include <gtest/gtest.h>
#include <limits>

namespace weft::value {
namespace {

TEST(Numbers, TextsAreShortestAndLookLikeFloats) {
  EXPECT_EQ(floatText(0.1), "0.1");
  EXPECT_EQ(floatText(1.0), "1.0");
  EXPECT_EQ(floatText(-0.0), "0.0");
  EXPECT_EQ(floatText(1e300), "1e300");
  EXPECT_EQ(floatText(0.0003), "0.0003");
  EXPECT_EQ(floatText(-0.00025), "-0.00025");
  EXPECT_EQ(floatText(100000.0), "100000.0");
  EXPECT_EQ(floatText(-123456.5), "-123456.5");
  EXPECT_EQ(floatText(1e-6), "0.000001");
  EXPECT_EQ(floatText(1e-7), "1e-7");
  EXPECT_EQ(floatText(-1.25e-7), "-1.25e-7");
  EXPECT_EQ(floatText(1e20), "100000000000000000000.0");
  EXPECT_EQ(floatText(1e21), "1e21");
  EXPECT_EQ(floatText(1.5e21), "1.5e21");
  EXPECT_EQ(floatText(5e-324), "5e-324");
  EXPECT_EQ(floatText(1.7976931348623157e308), "1.7976931348623157e308");
  EXPECT_EQ(floatText(16777216.0f), "16777216.0");
  EXPECT_EQ(floatText(0.1f), "0.1");
}

TEST(Numbers, TextsReadBack) {
  base::Random random(1);
  for (int i = 0; i < 20'000; ++i) {
    double value = std::ldexp(random.uniform() - 0.5, static_cast<int>(random.below(600)) - 300);
    ASSERT_EQ(std::strtod(floatText(value).c_str(), nullptr), value);
  }
}

TEST(Numbers, EveryHalfGoesToFloatAndBack) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    float value = halfToFloat(static_cast<std::uint16_t>(bits));
    if (std::isnan(value)) {
      ASSERT_TRUE(std::isnan(halfToFloat(floatToHalf(value))));
    } else {
      ASSERT_EQ(floatToHalf(value), bits);
    }
  }
}

TEST(Numbers, HalvesAreTheNearest) {
  EXPECT_EQ(halfToFloat(0x3c00), 1.0f);
  EXPECT_EQ(halfToFloat(0x7bff), 65504.0f);
  EXPECT_EQ(halfToFloat(1), 0x1p-24f);
  EXPECT_EQ(floatToHalf(65519.0f), 0x7bff);
  EXPECT_EQ(floatToHalf(65520.0f), 0x7c00);
  EXPECT_EQ(floatToHalf(1.0f + 0x1p-11f), 0x3c00); // a tie goes to even
  EXPECT_EQ(floatToHalf(1.0f + 0x1.8p-10f), 0x3c02);
  EXPECT_EQ(floatToHalf(0x1p-25f), 0);
  EXPECT_EQ(floatToHalf(0x1.8p-25f), 1);
  EXPECT_EQ(floatToHalf(-0x1p-14f), 0x8400);
}

TEST(Numbers, EveryBfloatGoesToFloatAndBack) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    float value = bfloatToFloat(static_cast<std::uint16_t>(bits));
    if (!std::isnan(value)) {
      ASSERT_EQ(floatToBfloat(value), bits);
    }
  }
  EXPECT_EQ(floatToBfloat(1.0f + 0x1p-8f), 0x3f80);
  EXPECT_EQ(floatToBfloat(1.0f + 0x1.8p-7f), 0x3f82);
  EXPECT_EQ(floatToBfloat(std::numeric_limits<float>::max()), 0x7f80);
}

TEST(Numbers, ElementsThatDoNotFitAreRefused) {
  std::byte memory[8] = {};
  EXPECT_FALSE(setElement(base::ElementType::i8, memory, 0, Value::integer(128)));
  EXPECT_TRUE(setElement(base::ElementType::u8, memory, 0, Value::integer(255)));
  EXPECT_FALSE(setElement(base::ElementType::u8, memory, 0, Value::integer(-1)));
  EXPECT_FALSE(setElement(base::ElementType::i32, memory, 0, Value::real(1)));
  EXPECT_FALSE(setElement(base::ElementType::boolean, memory, 0, Value::integer(1)));
  EXPECT_TRUE(setElement(base::ElementType::f64, memory, 0, Value::integer(2)));
  EXPECT_EQ(elementOf({base::ElementType::f64, {}, {memory, 8}}, 0), Value::real(2));
}

TEST(Utf8, OnlyWellFormedSequencesPass) {
  for (std::string_view good : {"", "abc", "é", "中", "😀", "\x7f", "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf", "\xee\x80\x80"})
    EXPECT_TRUE(validUtf8(good)) << good;
  for (std::string_view bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                               "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc3", "\xe4\xb8", "\xf0\x9f\x98", "\xff"})
    EXPECT_FALSE(validUtf8(bad));
  EXPECT_EQ(validUtf8Prefix("0123456789\xff"), 10u);
}

TEST(Utf8, EveryCodePointGoesBothWays) {
  for (char32_t point = 0; point < 0x110000; ++point) {
    if (point >= 0xd800 && point < 0xe000)
      continue;
    std::string text;
    appendCodePoint(text, point);
    ASSERT_TRUE(validUtf8(text));
    std::size_t place = 0;
    ASSERT_TRUE(nextCodePoint(text, place) == point);
    ASSERT_EQ(place, text.size());
  }
}

TEST(Utf8, OffsetsCountCodePoints) {
  EXPECT_EQ(codePoints("aé中😀"), 4u);
  EXPECT_EQ(offsetOf("aé中😀", 0), 0u);
  EXPECT_EQ(offsetOf("aé中😀", 2), 3u);
  EXPECT_EQ(offsetOf("aé", 9), 3u);
}

TEST(Utf8, CutsStandBetweenCodePoints) {
  EXPECT_EQ(cutTo("aé€", 6), "aé€");
  EXPECT_EQ(cutTo("aé€", 5), "aé");
  EXPECT_EQ(cutTo("aé€", 3), "aé");
  EXPECT_EQ(cutTo("aé€", 2), "a");
  EXPECT_EQ(cutTo("é", 1), "");
  EXPECT_EQ(cutTo("", 0), "");
}

TEST(Utf8, LettersHaveOneOtherCase) {
  int pairs = 0;
  for (char32_t point = 0; point < 0x600; ++point) {
    char32_t lower = lowerOf(point);
    if (lower != point && point != 0x130) { // the dotted I has no way back
      EXPECT_TRUE(upperOf(lower) == point) << std::hex << static_cast<unsigned>(point);
      EXPECT_TRUE(lowerOf(lower) == lower) << std::hex << static_cast<unsigned>(point);
      ++pairs;
    }
    char32_t upper = upperOf(point);
    if (upper != point && point != 0x131 && point != 0x17f && point != 0x3c2) {
      EXPECT_TRUE(lowerOf(upper) == point) << std::hex << static_cast<unsigned>(point);
    }
  }
  EXPECT_GT(pairs, 250);
}

} // namespace
} // namespace weft::value
