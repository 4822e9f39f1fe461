//===- ValueTest.cpp - Sixteen bytes, immutable, counted ------------------===//

#include "runtime/value/Builders.h"

#include <gtest/gtest.h>
#include <limits>
#include <thread>

namespace weft::value {
namespace {

const std::string longText = "a text of more than twelve bytes";

TEST(Value, TextsKeepTheirBytesAtEveryLength) {
  for (std::size_t size = 0; size < 40; ++size) {
    std::string bytes(size, 'x');
    if (size)
      bytes[size / 2] = '\0';
    EXPECT_EQ(Value::text(bytes).asText(), bytes);
    EXPECT_EQ(Value::text(bytes).deepBytes(), size <= 12 ? 0 : 16 + size);
  }
}

TEST(Value, StringsAndBytesAreNotEqual) { EXPECT_NE(Value::text("ab"), Value::bytes(base::bytesOf("ab"))); }

TEST(Value, UnitsOfOneAmountAreNotEqual) {
  EXPECT_NE(Value::integer(5), Value::duration(5));
  EXPECT_NE(Value::duration(5), Value::size(5));
  EXPECT_NE(Value::integer(5), Value::real(5));
}

TEST(Value, ListsAndRecordsOfTheSameAreNotEqual) { EXPECT_NE(Value::list({}), Value::record({})); }

TEST(Value, VariantsDifferByCaseAndByFields) {
  EXPECT_EQ(Value::variant(1), Value::variant(1));
  EXPECT_NE(Value::variant(1), Value::variant(2));
  EXPECT_NE(Value::variant(1, {Value::integer(1)}), Value::variant(1, {Value::integer(2)}));
  EXPECT_EQ(Value::variant(1, {Value::text(longText)}), Value::variant(1, {Value::text(longText)}));
}

TEST(Value, ZerosOfBothSignsAreEqualAndHashAlike) {
  EXPECT_EQ(Value::real(0.0), Value::real(-0.0));
  EXPECT_EQ(hashOf(Value::real(0.0)), hashOf(Value::real(-0.0)));
  double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(Value::real(nan), Value::real(nan));
}

TEST(Value, MapsAreEqualWhateverTheOrderTheyWereMadeIn) {
  MapBuilder forward, backward;
  forward.add(Value::text("a"), Value::integer(1));
  forward.add(Value::text("b"), Value::integer(2));
  backward.add(Value::text("b"), Value::integer(2));
  backward.add(Value::text("a"), Value::integer(1));
  Value one = *std::move(forward).map(), other = *std::move(backward).map();
  EXPECT_EQ(one, other);
  EXPECT_EQ(hashOf(one), hashOf(other));
  EXPECT_EQ(one.entries()[0].key.asText(), "a");
}

TEST(Value, MapsFindEachKeyAndNoOther) {
  MapBuilder builder;
  for (int i = 99; i >= 0; --i)
    builder.add(Value::text("key " + std::to_string(i)), Value::integer(i));
  Value map = *std::move(builder).map();
  for (int i = 0; i < 100; ++i) {
    const Value *found = map.find("key " + std::to_string(i));
    ASSERT_TRUE(found);
    EXPECT_EQ(*found, Value::integer(i));
  }
  EXPECT_EQ(map.find("key"), nullptr);
  EXPECT_EQ(map.find("zz"), nullptr);
}

TEST(Value, AKeyThatStandsTwiceIsRefusedOrReplaced) {
  auto make = [] {
    MapBuilder builder;
    builder.add(Value::text("b"), Value::integer(1));
    builder.add(Value::text("a"), Value::integer(2));
    builder.add(Value::text("b"), Value::integer(3));
    return builder;
  };
  auto refused = make().map();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "key \"b\" stands twice");
  Value kept = make().mapOfLast();
  EXPECT_EQ(kept.entries().size(), 2u);
  EXPECT_EQ(*kept.find("b"), Value::integer(3));
}

TEST(Value, WithEntryReplacesOrInserts) {
  MapBuilder builder;
  builder.add(Value::text("b"), Value::integer(1));
  Value map = *std::move(builder).map();
  Value before = withEntry(map, Value::text("a"), Value::integer(2));
  Value replaced = withEntry(before, Value::text("b"), Value::integer(3));
  EXPECT_EQ(replaced.entries().size(), 2u);
  EXPECT_EQ(*replaced.find("b"), Value::integer(3));
  EXPECT_EQ(*map.find("b"), Value::integer(1));
}

TEST(Value, WithItemLeavesTheOldOneAlone) {
  Value old = Value::record({Value::integer(1), Value::text(longText)});
  Value changed = withItem(old, 0, Value::integer(2));
  EXPECT_EQ(old.items()[0], Value::integer(1));
  EXPECT_EQ(changed, Value::record({Value::integer(2), Value::text(longText)}));
}

TEST(Value, CopiesShareAndTheLastOneFrees) {
  Value list = Value::list({Value::text(longText)});
  const char *bytes = list.items()[0].asText().data();
  Value copy = list, moved = std::move(list);
  EXPECT_TRUE(list.isNone());
  moved = Value();
  EXPECT_EQ(copy.items()[0].asText().data(), bytes);
  copy = copy.items()[0]; // the list dies while its item is taken
  EXPECT_EQ(copy.asText(), longText);
}

TEST(Value, DepthCountsBracketsAndBytesCountEverything) {
  EXPECT_EQ(Value::text(longText).depth(), 0u);
  EXPECT_EQ(Value::list({}).depth(), 0u);
  Value inner = Value::list({Value::text(longText)});
  Value outer = Value::record({inner, inner, Value::integer(1)});
  EXPECT_EQ(outer.depth(), 2u);
  std::uint64_t innerBytes = 16 + 16 + 16 + longText.size();
  EXPECT_EQ(inner.deepBytes(), innerBytes);
  EXPECT_EQ(outer.deepBytes(), 16 + 3 * 16 + 2 * innerBytes);
}

Value nested(int levels, std::int64_t leaf) {
  Value value = Value::list({Value::integer(leaf)});
  for (int i = 0; i < levels; ++i)
    value = Value::list({std::move(value)});
  return value;
}

TEST(Value, AMillionLevelsAreComparedHashedAndFreedWithoutTheStack) {
  Value one = nested(1'000'000, 1), same = nested(1'000'000, 1), other = nested(1'000'000, 2);
  EXPECT_EQ(one, same);
  EXPECT_NE(one, other);
  EXPECT_EQ(hashOf(one), hashOf(same));
  EXPECT_EQ(one.depth(), 65535u);
}

TEST(Value, SharedPairsSaturateTheirSize) {
  Value value = Value::text(longText);
  for (int i = 0; i < 100; ++i)
    value = Value::list({value, value});
  EXPECT_EQ(value.deepBytes(), ~std::uint64_t{0});
}

TEST(Value, ValuesCrossThreads) {
  Value shared = Value::list({Value::text(longText), Value::text(longText)});
  auto copies = [&] {
    for (int i = 0; i < 20'000; ++i) {
      Value copy = shared, item = copy.items()[i & 1];
      ASSERT_EQ(item.asText().size(), longText.size());
    }
  };
  std::thread other(copies);
  copies();
  other.join();
}

TEST(Value, TensorsAreAlignedZeroedAndComparedByBits) {
  std::int64_t dims[] = {2, 3};
  TensorBuilder builder(base::ElementType::f32, dims);
  ASSERT_EQ(builder.data().size(), 24u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(builder.data().data()) % 64, 0u);
  builder.data()[4] = std::byte{1};
  Value tensor = std::move(builder).tensor();
  EXPECT_EQ(tensor.asTensor().elements(), 6u);
  EXPECT_EQ(tensor.asTensor().data[0], std::byte{0});
  EXPECT_EQ(tensor.deepBytes(), 128u + 24u);
  EXPECT_NE(tensor, TensorBuilder(base::ElementType::f32, dims).tensor());
  std::int64_t turned[] = {3, 2};
  EXPECT_NE(TensorBuilder(base::ElementType::f32, turned).tensor(),
            TensorBuilder(base::ElementType::f32, dims).tensor());
}

TEST(Value, TensorSizesThatCannotBeAreRefused) {
  std::int64_t huge[] = {1ll << 40, 1ll << 40}, negative[] = {-1}, empty[] = {0, 1ll << 62};
  EXPECT_EQ(tensorBytes(base::ElementType::f32, huge).error().code, base::Code::limit);
  EXPECT_EQ(tensorBytes(base::ElementType::f32, negative).error().code, base::Code::invalid);
  EXPECT_EQ(*tensorBytes(base::ElementType::f32, empty), 0u);
  EXPECT_EQ(*tensorBytes(base::ElementType::f64, {}), 8u);
}

TEST(Value, FilesBlobsAndStatesKeepTheirParts) {
  base::Digest digest = base::digestOf(base::bytesOf("x"));
  FileView file = Value::file("a.txt", "text/plain; charset=utf-8", digest).asFile();
  EXPECT_EQ(file.digest, digest);
  Value kept = Value::blob(digest, 99);
  EXPECT_EQ(kept.asBlob().sizeBytes, 99);
  EXPECT_EQ(kept.asBlob().digest, digest);
  EXPECT_EQ(Value::state(3, digest).asState().gang, 3u);
  EXPECT_NE(Value::state(3, digest), Value::state(4, digest));
}

TEST(Value, AgentIndexAndKindShareAWord) {
  Value agent = Value::agent(AgentKind::block, 0x7fffffff);
  EXPECT_EQ(agent.agentIndex(), 0x7fffffffu);
  EXPECT_EQ(agent.agentKind(), AgentKind::block);
  EXPECT_NE(agent, Value::agent(AgentKind::member, 0x7fffffff));
}

TEST(Value, OrderOfNumbersIsExact) {
  std::int64_t large = (1ll << 53) + 1;
  EXPECT_EQ(compare(Value::integer(large), Value::real(0x1p53)), 1);
  EXPECT_EQ(compare(Value::real(0x1p53), Value::integer(large)), -1);
  EXPECT_EQ(compare(Value::integer(INT64_MAX), Value::real(0x1p63)), -1);
  EXPECT_EQ(compare(Value::integer(INT64_MIN), Value::real(-0x1p63)), 0);
  EXPECT_EQ(compare(Value::integer(-1), Value::real(-1.5)), 1);
  EXPECT_EQ(compare(Value::real(std::numeric_limits<double>::quiet_NaN()), Value::real(0)), std::nullopt);
}

TEST(Value, OrderOfTextsIsThatOfCodePoints) {
  EXPECT_EQ(compare(Value::text("z"), Value::text("é")), -1);
  EXPECT_EQ(compare(Value::text("\xef\xbf\xbd"), Value::text("\xf0\x9f\x98\x80")), -1);
  EXPECT_EQ(compare(Value::text("ab"), Value::text("a")), 1);
}

TEST(Value, TuplesAreOrderedItemByItem) {
  auto pair = [](std::int64_t a, std::string_view b) { return Value::list({Value::integer(a), Value::text(b)}); };
  EXPECT_EQ(compare(pair(1, "b"), pair(2, "a")), -1);
  EXPECT_EQ(compare(pair(1, "b"), pair(1, "a")), 1);
  EXPECT_EQ(compare(pair(1, "a"), pair(1, "a")), 0);
  EXPECT_EQ(compare(Value::record({}), Value::record({})), std::nullopt);
  EXPECT_EQ(compare(Value::duration(1), Value::size(1)), std::nullopt);
}

} // namespace
} // namespace weft::value
