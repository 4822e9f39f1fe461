//===- CombineTest.cpp - Elements of every type ---------------------------===//

#include "runtime/collective/Combine.h"

#include <cmath>
#include <cstring>
#include <gtest/gtest.h>
#include <limits>

namespace weft::collective {
namespace {

template <typename T>
std::vector<T> combined(ReduceKind kind, base::ElementType type, std::vector<T> a, const std::vector<T> &b) {
  combine(kind, type, std::as_writable_bytes(std::span(a)), std::as_bytes(std::span(b)));
  return a;
}

TEST(Combine, KindsOfFloats) {
  using V = std::vector<float>;
  EXPECT_EQ(combined(ReduceKind::sum, base::ElementType::f32, V{1, -2}, V{0.5, 5}), (V{1.5, 3}));
  EXPECT_EQ(combined(ReduceKind::min, base::ElementType::f32, V{1, -2}, V{0.5, 5}), (V{0.5, -2}));
  EXPECT_EQ(combined(ReduceKind::max, base::ElementType::f32, V{1, -2}, V{0.5, 5}), (V{1, 5}));
}

TEST(Combine, NanWinsOnBothSides) {
  float nan = std::numeric_limits<float>::quiet_NaN();
  for (auto kind : {ReduceKind::sum, ReduceKind::min, ReduceKind::max}) {
    EXPECT_TRUE(std::isnan(combined<float>(kind, base::ElementType::f32, {nan}, {1})[0]));
    EXPECT_TRUE(std::isnan(combined<float>(kind, base::ElementType::f32, {1}, {nan})[0]));
  }
}

TEST(Combine, IntegersWrapAround) {
  auto most = std::numeric_limits<std::int32_t>::max();
  EXPECT_EQ(combined<std::int32_t>(ReduceKind::sum, base::ElementType::i32, {most}, {1})[0],
            std::numeric_limits<std::int32_t>::min());
}

TEST(Combine, SixteenBitFloatsRoundToNearestEven) {
  // bf16: 0x3f80 is 1, 0x3b80 is 2^-8, half of the distance to the next number above 1: the tie goes to the even one.
  EXPECT_EQ(combined<std::uint16_t>(ReduceKind::sum, base::ElementType::bf16, {0x3f80}, {0x3b80})[0], 0x3f80);
  EXPECT_EQ(combined<std::uint16_t>(ReduceKind::sum, base::ElementType::bf16, {0x3f81}, {0x3b80})[0], 0x3f82);
  // f16: 0x3c00 is 1, 0x1000 is 2^-11, half of the distance to the next number above 1.
  EXPECT_EQ(combined<std::uint16_t>(ReduceKind::sum, base::ElementType::f16, {0x3c00}, {0x1000})[0], 0x3c00);
  EXPECT_EQ(combined<std::uint16_t>(ReduceKind::sum, base::ElementType::f16, {0x3c01}, {0x1000})[0], 0x3c02);
  // The two smallest subnormals, and an overflow to infinity.
  EXPECT_EQ(combined<std::uint16_t>(ReduceKind::sum, base::ElementType::f16, {0x0001}, {0x0001})[0], 0x0002);
  EXPECT_EQ(combined<std::uint16_t>(ReduceKind::sum, base::ElementType::f16, {0x7bff}, {0x7bff})[0], 0x7c00);
}

TEST(Combine, BoolsAreOrAndAnd) {
  using V = std::vector<std::uint8_t>;
  EXPECT_EQ(combined(ReduceKind::sum, base::ElementType::boolean, V{0, 1, 1}, V{0, 0, 1}), (V{0, 1, 1}));
  EXPECT_EQ(combined(ReduceKind::min, base::ElementType::boolean, V{0, 1, 1}, V{0, 0, 1}), (V{0, 0, 1}));
}

} // namespace
} // namespace weft::collective
