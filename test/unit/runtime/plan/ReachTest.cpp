//===- ReachTest.cpp - What a run of an entry may call --------------------===//

#include "runtime/plan/Reach.h"
#include "runtime/plan/Tools.h"
#include "test/support/PlanBuilder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::test {
namespace {

std::vector<std::string> namesOf(const plan::Plan &plan, std::string_view entry) {
  std::vector<std::string> names;
  for (const plan::Reached &one : plan::reachedBy(plan, *plan.entry(entry)))
    names.push_back((one.caller ? "" : "may ") + std::string(plan.members[one.member].name));
  std::sort(names.begin(), names.end());
  return names;
}

TEST(Reach, bodies_callees_and_budgets_count_and_other_entries_do_not) {
  PlanBuilder plan;
  std::uint32_t text = plan.type(TypeKind::string);
  std::uint32_t tool = plan.binding("tool", fb::BindingKind::exec), model = plan.binding("m", fb::BindingKind::model);
  auto member = [&](std::uint32_t binding, const char *name) {
    return plan.member(binding, name, {text}, text, Effect::read);
  };
  std::uint32_t left = member(tool, "left"), right = member(tool, "right"), far = member(tool, "far"),
                ask = member(model, "ask");
  auto calling = [&](const char *name, std::uint32_t member) -> BlockBuilder & {
    auto &block = plan.block(name, 1);
    block.result(block.call(member, {block.param(0)}));
    return block;
  };
  auto &one = calling("one", left), &two = calling("two", right);
  auto &callee = plan.block("callee", 1);
  callee.result(callee.race({&one, &two}, {callee.param(0)}));
  auto &main = plan.block("main", 1);
  main.result(main.invoke(callee, {main.param(0)}));
  fb::BudgetT budget;
  budget.tokens = 10;
  budget.on_exceed = fb::OnExceed::use;
  budget.fallback = static_cast<std::int32_t>(ask);
  plan.entry("main", main, {text}, text, static_cast<std::int32_t>(plan.budget(std::move(budget))));
  plan.entry("far", calling("other", far), {text}, text);
  auto built = plan.build();
  EXPECT_THAT(namesOf(*built, "main"), testing::ElementsAre("left", "may ask", "right"));
  EXPECT_THAT(namesOf(*built, "far"), testing::ElementsAre("far"));
}

TEST(Reach, a_model_may_call_its_tools) {
  PlanBuilder plan;
  std::uint32_t text = plan.type(TypeKind::string);
  std::uint32_t read = plan.member(plan.binding("docs", fb::BindingKind::files), "read", {text}, text, Effect::read);
  std::uint32_t model = plan.binding("m", fb::BindingKind::model);
  std::uint32_t with = plan.member(model, "ask.clerk", {text}, text, Effect::read);
  std::uint32_t without = plan.member(model, "ask", {text}, text, Effect::read);
  auto setting = std::make_unique<fb::SettingT>();
  setting->name = "tools.ask.clerk";
  Value tools[] = {Value::integer(read)};
  setting->value =
      static_cast<std::int32_t>(plan.constant(Value::list(tools), plan.list(plan.type(TypeKind::integer))));
  plan.draft.bindings[model]->settings.push_back(std::move(setting));
  plan.draft.features.push_back("tools");
  for (auto [name, member] : {std::pair("with", with), std::pair("without", without)}) {
    auto &block = plan.block(name, 1);
    block.result(block.call(member, {block.param(0)}));
    plan.entry(name, block, {text}, text);
  }
  auto built = plan.build();
  EXPECT_THAT(namesOf(*built, "with"), testing::ElementsAre("ask.clerk", "may read"));
  EXPECT_THAT(namesOf(*built, "without"), testing::ElementsAre("ask"));
  EXPECT_THAT(plan::toolsOf(*built, with), testing::ElementsAre(read));
  EXPECT_THAT(plan::toolsOf(*built, read), testing::IsEmpty());
}

} // namespace
} // namespace weft::test
