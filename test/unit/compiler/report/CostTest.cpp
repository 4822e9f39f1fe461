//===- CostTest.cpp - Costs of plans that no program makes yet ------------===//

#include "compiler/report/Cost.h"
#include "compiler/report/Width.h"

#include "test/support/PlanBuilder.h"

#include <gtest/gtest.h>

namespace weft::report {
namespace {

using namespace test;

struct CostTest : testing::Test {
  PlanBuilder plan;
  std::uint32_t text = plan.type(TypeKind::string);
  std::uint32_t read = plan.member(plan.binding("docs", fb::BindingKind::files), "read", {text}, text, Effect::read);
  BlockBuilder &main = plan.block("main", 1);

  Cost cost(std::uint32_t paramType) {
    plan.entry("main", main, {paramType}, text);
    built = plan.build();
    return costOf(*built, built->entry("main")->block);
  }
  NodeOptions withPolicy(const fb::PolicyT &policy) {
    NodeOptions options;
    options.policy = static_cast<std::int32_t>(plan.policy(policy));
    return options;
  }
  std::shared_ptr<const plan::Plan> built;
};

TEST_F(CostTest, ItemsOfAFoldWaitForEachOther) {
  auto &item = plan.block("item", 2);
  item.result(item.call(read, {item.param(1)}));
  Reg init = main.constant(plan.constant(Value::text(""), text));
  main.result(main.fold(main.param(0), init, item));
  Cost found = cost(plan.list(text));
  ASSERT_EQ(found.path.calls.terms().size(), 1u);
  EXPECT_EQ(found.path.calls.terms().begin()->first.size(), 1u);
  EXPECT_EQ(found.width, Amount(1));
  EXPECT_EQ(found.calls[read].most, found.path.calls);
}

TEST_F(CostTest, CachedCallsMayBeSpared) {
  fb::PolicyT policy;
  policy.cache = fb::Cache::run;
  main.result(main.call(read, {main.param(0)}, withPolicy(policy)));
  Cost found = cost(text);
  EXPECT_TRUE(found.calls[read].least.zero());
  EXPECT_EQ(found.calls[read].most, Amount(1));
}

TEST_F(CostTest, RetriesOfAnInvokeRepeatAllOfIt) {
  auto &callee = plan.block("callee", 1);
  callee.result(callee.call(read, {callee.call(read, {callee.param(0)})}));
  fb::PolicyT policy;
  policy.retry = 2;
  main.result(main.invoke(callee, {main.param(0)}, withPolicy(policy)));
  Cost found = cost(text);
  EXPECT_EQ(found.calls[read].least, Amount(2));
  EXPECT_EQ(found.calls[read].most, Amount(6));
  EXPECT_EQ(found.path.calls, Amount(6));
  EXPECT_EQ(found.width, Amount(1));
}

TEST_F(CostTest, OnlyTheArmThatCanWinIsSure) {
  auto &works = plan.block("works", 1), &gives = plan.block("gives", 1);
  works.result(works.call(read, {works.param(0)}));
  Reg why = gives.call(read, {gives.call(read, {gives.param(0)})});
  gives.fail(base::FailKind::failed, why);
  gives.result(why);
  main.result(main.race({&works, &gives}, {main.param(0)}));
  Cost found = cost(text);
  EXPECT_EQ(found.calls[read].least, Amount(1));
  EXPECT_EQ(found.calls[read].most, Amount(3));
  EXPECT_EQ(found.width, Amount(2));
}

/// A callee is looked at once, however often it is invoked: 2^40 activations are counted in no time.
TEST_F(CostTest, ActivationsAreCountedAndNotWalked) {
  BlockBuilder *callee = &plan.block("leaf", 1);
  callee->result(callee->call(read, {callee->param(0)}));
  for (int level = 0; level < 40; ++level) {
    auto &twice = plan.block("level", 1);
    twice.result(twice.invoke(*callee, {twice.invoke(*callee, {twice.param(0)})}));
    callee = &twice;
  }
  main.result(main.invoke(*callee, {main.param(0)}));
  Cost found = cost(text);
  EXPECT_EQ(found.calls[read].most, Amount(1ull << 40));
  EXPECT_EQ(found.path.calls, Amount(1ull << 40));
  EXPECT_LE(found.path.steps.size(), mostPathSteps + 41);
  EXPECT_TRUE(found.path.cut);
}

/// Three workflows that invoke each other and themselves: their orders are a million at a depth of 100.
TEST_F(CostTest, OrdersOfRecursionAreFollowedWhileTheyAreFew) {
  for (std::uint32_t depth : {3u, 100u}) {
    SCOPED_TRACE(depth);
    PlanBuilder plan;
    std::uint32_t text = plan.type(TypeKind::string);
    std::uint32_t read = plan.member(plan.binding("docs", fb::BindingKind::files), "read", {text}, text, Effect::read);
    std::vector<BlockBuilder *> all;
    for (const char *name : {"a", "b", "c"}) {
      all.push_back(&plan.block(name, 1));
      all.back()->depth(depth);
    }
    for (BlockBuilder *caller : all) {
      std::vector<const BlockBuilder *> ways;
      for (BlockBuilder *callee : all) {
        auto &way = plan.block("way", 1);
        way.result(way.invoke(*callee, {way.param(0)}));
        ways.push_back(&way);
      }
      auto &stop = plan.block("stop", 1);
      stop.result(stop.param(0));
      ways.push_back(&stop);
      Reg seen = caller->call(read, {caller->param(0)});
      caller->result(caller->branch(caller->constant(plan.constant(Value::integer(0), plan.type(TypeKind::integer))),
                                    ways, {seen}));
    }
    plan.entry("a", *all[0], {text}, text);
    auto built = plan.build();
    Cost found = costOf(*built, built->entry("a")->block);
    EXPECT_TRUE(found.succeeds);
    EXPECT_EQ(found.calls[read].least, Amount(1));
    EXPECT_EQ(found.cutOff, depth == 100);
    EXPECT_EQ(found.calls[read].most.isOpen(), depth == 100);
    if (depth == 3)
      EXPECT_EQ(found.calls[read].most, Amount(9));
    EXPECT_EQ(found.path.calls.isOpen(), depth == 100);
  }
}

TEST_F(CostTest, ConcurrencyCutsTheWidth) {
  BindingOptions options;
  options.concurrency = 2;
  std::uint32_t limited =
      plan.member(plan.binding("slow", fb::BindingKind::files, options), "read", {text}, text, Effect::read);
  auto &item = plan.block("item", 1);
  item.result(item.call(limited, {item.param(0)}));
  main.map(main.param(0), item);
  main.result(main.constant(plan.constant(Value::text(""), text)));
  Cost found = cost(plan.list(text));
  EXPECT_EQ(found.width, Amount(plan::defaultWindow));
  Width width = widthOf(*built, found);
  EXPECT_EQ(width.total, Amount(2));
  ASSERT_EQ(width.bindings.size(), 1u);
  EXPECT_TRUE(width.bindings[0].limited);
}

} // namespace
} // namespace weft::report
