//===- EncodingTest.cpp - Bytes of values, and bytes that are none --------===//

#include "RandomValues.h"

#include "runtime/base/Limits.h"
#include "runtime/value/Encoding.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::value {
namespace {

std::string hex(const base::Bytes &bytes) {
  std::string out;
  for (std::byte byte : bytes) {
    constexpr char digits[] = "0123456789abcdef";
    out += digits[static_cast<int>(byte) >> 4];
    out += digits[static_cast<int>(byte) & 15];
  }
  return out;
}

base::Bytes bytesOf(std::initializer_list<int> values) {
  base::Bytes bytes;
  for (int value : values)
    bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

std::string refusal(std::initializer_list<int> bytes) {
  auto decoded = decode(bytesOf(bytes));
  return decoded ? "accepted" : decoded.error().message;
}

// Journals and plans hold these bytes: they never change.
TEST(Encoding, GoldenBytes) {
  EXPECT_EQ(hex(encoded(Value())), "0100");
  EXPECT_EQ(hex(encoded(Value::boolean(true))), "010101");
  EXPECT_EQ(hex(encoded(Value::integer(-1))), "010201");
  EXPECT_EQ(hex(encoded(Value::integer(300))), "0102d804");
  EXPECT_EQ(hex(encoded(Value::real(1.5))), "0103000000000000f83f");
  EXPECT_EQ(hex(encoded(Value::text("hé"))), "01040368c3a9");
  EXPECT_EQ(hex(encoded(Value::bytes(base::bytesOf("hi")))), "0105026869");
  EXPECT_EQ(hex(encoded(Value::list({Value::integer(1), Value()}))), "010602020200");
  EXPECT_EQ(hex(encoded(Value::record({Value::integer(1)}))), "0108010202");
  EXPECT_EQ(hex(encoded(Value::variant(2, {Value::boolean(false)}))), "010902010100");
  EXPECT_EQ(hex(encoded(Value::duration(30'000'000'000))), "010a80b09dc2df01");
  EXPECT_EQ(hex(encoded(Value::size(64))), "010b8001");
  EXPECT_EQ(hex(encoded(Value::money(50'000'000))), "010c80c2d72f");
  EXPECT_EQ(hex(encoded(Value::rng({1, 2}))), "010d010000000000000002000000");
  EXPECT_EQ(hex(encoded(Value::function(5, {}))), "010f0500");
  EXPECT_EQ(hex(encoded(Value::agent(AgentKind::block, 5))), "0110010500");
  EXPECT_EQ(hex(encoded(withEntry(*MapBuilder().map(), Value::text("k"), Value::integer(0)))), "010701016b0200");
  std::int64_t dims[] = {2};
  EXPECT_EQ(hex(encoded(TensorBuilder(base::ElementType::u8, dims).tensor())), "010e0701020000");
}

TEST(Encoding, RandomValuesComeBack) {
  RandomValues random(1);
  for (std::uint64_t i = 0; i < test::tries(5000, 100'000); ++i) {
    Value value = random.any(4);
    base::Bytes bytes = encoded(value);
    ASSERT_EQ(encodedBytes(value), bytes.size());
    auto decoded = decode(bytes);
    ASSERT_TRUE(decoded) << decoded.error().message;
    ASSERT_EQ(*decoded, value);
    ASSERT_EQ(encoded(*decoded), bytes);
  }
}

// Whatever is accepted must be what the encoder writes: equal values, equal bytes.
TEST(Encoding, MutatedBytesAreRefusedOrCanonical) {
  RandomValues random(2);
  int refused = 0;
  for (std::uint64_t i = 0; i < test::tries(20'000, 400'000); ++i) {
    base::Bytes bytes = encoded(random.any(3));
    for (std::uint64_t changes = 1 + random.random.below(3); changes > 0; --changes) {
      std::uint64_t place = random.random.below(bytes.size());
      switch (random.random.below(3)) {
      case 0:
        bytes[place] = static_cast<std::byte>(random.random.next());
        break;
      case 1:
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place), static_cast<std::byte>(random.random.next()));
        break;
      default:
        bytes.resize(place + 1);
      }
    }
    if (auto decoded = decode(bytes))
      ASSERT_EQ(encoded(*decoded), bytes);
    else
      ++refused;
  }
  EXPECT_GT(refused, 5000);
}

TEST(Encoding, EachDefectHasItsMessage) {
  EXPECT_EQ(decode({}).error().message, "an encoded value of 0 bytes");
  EXPECT_EQ(decode(bytesOf({2, 0})).error().code, base::Code::unsupported);
  EXPECT_EQ(refusal({1}), "byte 1 of 1: 1 more bytes are announced than there are");
  EXPECT_EQ(refusal({1, 99}), "byte 2 of 2: tag 99, which this build does not know");
  EXPECT_EQ(refusal({1, 0, 0}), "byte 2 of 3: the value ends here, but bytes follow");
  EXPECT_EQ(refusal({1, 1, 2}), "byte 3 of 3: a bool that is neither 0 nor 1");
  EXPECT_EQ(refusal({1, 2, 0x80, 0}), "byte 4 of 4: a number that is not in its shortest form");
  EXPECT_EQ(refusal({1, 4, 1, 0xff}), "byte 4 of 4: a string that is not UTF-8");
  EXPECT_EQ(refusal({1, 4, 9, 'a'}), "byte 3 of 4: 9 more bytes are announced than there are");
  EXPECT_EQ(refusal({1, 6, 9, 0}), "byte 3 of 4: 9 items in 1 bytes");
  EXPECT_EQ(refusal({1, 7, 2, 1, 'b', 0, 1, 'a', 0}), "byte 8 of 9: map keys that do not ascend");
  EXPECT_EQ(refusal({1, 7, 2, 1, 'b', 0, 1, 'b', 0}), "byte 8 of 9: map keys that do not ascend");
  EXPECT_EQ(refusal({1, 3, 0, 0, 0, 0, 0, 0, 0, 0x80}), "byte 10 of 10: a float that is not canonical");
  EXPECT_EQ(refusal({1, 3, 1, 0, 0, 0, 0, 0, 0xf8, 0x7f}), "byte 10 of 10: a float that is not canonical");
  EXPECT_EQ(refusal({1, 14, 9, 0}), "byte 4 of 4: a tensor of element type 9 and rank 0");
  EXPECT_EQ(refusal({1, 14, 8, 0, 2}), "byte 5 of 5: a bool tensor with an element that is neither 0 nor 1");
  EXPECT_EQ(refusal({1, 16, 2, 0, 0}), "byte 3 of 5: an agent of kind 2");
}

TEST(Encoding, NestingIsBounded) {
  base::Bytes bytes = bytesOf({1});
  for (std::uint32_t i = 0; i < base::maxEncodedDepth; ++i) {
    bytes.push_back(std::byte{6});
    bytes.push_back(std::byte{1});
  }
  base::Bytes deeper = bytes;
  bytes.push_back(std::byte{0});
  auto deepest = decode(bytes);
  ASSERT_TRUE(deepest);
  EXPECT_EQ(encoded(*deepest), bytes);
  deeper.insert(deeper.end(), {std::byte{6}, std::byte{1}, std::byte{0}});
  ASSERT_FALSE(decode(deeper));
  EXPECT_EQ(decode(deeper).error().code, base::Code::limit);
}

TEST(Encoding, EveryNanIsOneNan) {
  double other = std::bit_cast<double>(0x7ff8000000000123ull);
  EXPECT_EQ(encoded(Value::real(other)), encoded(Value::real(std::numeric_limits<double>::quiet_NaN())));
}

TEST(Encoding, DigestsNameValues) {
  EXPECT_EQ(digestOf(Value::list({Value::integer(1)})), digestOf(Value::list({Value::integer(1)})));
  EXPECT_NE(digestOf(Value::integer(1)), digestOf(Value::duration(1)));
}

} // namespace
} // namespace weft::value
