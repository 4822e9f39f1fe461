//===- Plans.h - What most tests of the frame machine start from ----------===//
#pragma once

#include "test/simulation/frame/FrameWorld.h"
#include "test/support/PlanBuilder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::test {

using base::FailKind;
using value::Builtin;
using value::constant;

/// A plan with one tool of each effect, `read(int) -> int` and so on, and constants for small numbers.
struct Tools : PlanBuilder {
  std::uint32_t integer = type(TypeKind::integer), text = type(TypeKind::string), boolean = type(TypeKind::boolean),
                number = type(TypeKind::real), numbers = list(integer);
  std::uint32_t tool = binding("tool", fb::BindingKind::exec);
  std::uint32_t read = member(tool, "read", {integer}, integer, Effect::read);
  std::uint32_t other = member(tool, "other", {integer}, integer, Effect::read);
  std::uint32_t write = member(tool, "write", {integer}, integer, Effect::write);
  std::uint32_t put = member(tool, "put", {integer}, integer, Effect::write_idempotent);
  std::uint32_t paid = member(tool, "paid", {integer}, integer, Effect::read, {true});

  std::uint32_t lit(std::int64_t value) { return constant(Value::integer(value), integer); }
  std::uint32_t lit(std::string_view value) { return constant(Value::text(value), text); }
  /// A block of one parameter that calls `member` with it.
  BlockBuilder &calling(std::uint32_t member, const std::string &name, std::int32_t policy = -1) {
    BlockBuilder &made = block(name, 1);
    NodeOptions options;
    options.policy = policy;
    made.result(made.call(member, {made.param(0)}, options));
    return made;
  }
  std::int32_t with(fb::PolicyT one) { return static_cast<std::int32_t>(policy(std::move(one))); }
};

inline Value ints(std::int64_t count) {
  std::vector<Value> items;
  for (std::int64_t i = 0; i < count; ++i)
    items.push_back(Value::integer(i));
  return Value::list(items);
}

/// Answers its argument plus `more`.
inline Script plus(std::int64_t more, std::int64_t delayMs = 1) {
  return [=](const Asked &asked) { return Reply::ok(Value::integer(asked.args[0].asInt() + more), delayMs); };
}

inline std::size_t countOf(const FrameWorld &world, journal::RecordKind kind) {
  return static_cast<std::size_t>(std::count_if(world.journal.begin(), world.journal.end(),
                                                [&](const journal::Record &record) { return record.kind == kind; }));
}

#define EXPECT_ENDS(world, expected)                                                                                   \
  do {                                                                                                                 \
    const weft::test::Ended &end = (world).finish();                                                                   \
    EXPECT_EQ(end.state, weft::frame::EndState::succeeded) << end.failure.why;                                         \
    EXPECT_TRUE(end.value == (expected));                                                                              \
    EXPECT_THAT((world).wrong, testing::IsEmpty());                                                                    \
  } while (false)

#define EXPECT_FAILS(world, failKind, text)                                                                            \
  do {                                                                                                                 \
    const weft::test::Ended &end = (world).finish();                                                                   \
    EXPECT_EQ(end.state, weft::frame::EndState::failed);                                                               \
    EXPECT_EQ(end.failure.kind, failKind) << end.failure.why;                                                          \
    EXPECT_THAT(end.failure.why, testing::HasSubstr(text));                                                            \
    EXPECT_THAT((world).wrong, testing::IsEmpty());                                                                    \
  } while (false)

} // namespace weft::test
