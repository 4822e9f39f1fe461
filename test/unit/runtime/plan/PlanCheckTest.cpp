//===- PlanCheckTest.cpp - Each mutant is refused for its own reason ------===//
//
// Every mutant passes the FlatBuffers verifier and has a digest that fits: what
// refuses it is PlanCheck, and the message names what is wrong.
//
//===----------------------------------------------------------------------===//

#include "SmallPlan.h"

#include "runtime/value/Encoding.h"

#include <gmock/gmock.h>

namespace weft::test {
namespace {

struct Mutant {
  const char *name;
  void (*change)(fb::PlanT &);
  const char *message;
};

fb::Node &node(fb::PlanT &plan, fb::Op op) {
  for (fb::Node &one : plan.code->nodes)
    if (one.op() == op)
      return one;
  std::abort();
}

std::uint32_t nodeIndex(fb::PlanT &plan, fb::Op op) {
  return static_cast<std::uint32_t>(&node(plan, op) - plan.code->nodes.data());
}

/// A node that can be changed field by field; put back when it goes out of scope.
struct Draft {
  explicit Draft(fb::Node &node)
      : node(node), op(node.op()), target(node.target()), policy(node.policy()), missing(node.missing()),
        stableId(node.stable_id()), operands(node.operands()), users(node.users()), body(node.body()) {}
  ~Draft() {
    node = fb::Node(stableId, op, node.effect(), node.flags(), missing, operands, node.results(), users, node.after(),
                    target, policy, body, node.eval(), node.span(), node.group());
  }
  Draft &edit() { return *this; }
  fb::Node &node;
  fb::Op op;
  std::int32_t target, policy;
  std::uint32_t missing;
  std::uint64_t stableId;
  fb::Range operands, users, body;
};

void addOptional(fb::PlanT &plan, std::int32_t element) {
  auto type = std::make_unique<fb::TypeT>();
  type->kind = fb::TypeKind::optional;
  type->element = element;
  plan.types.push_back(std::move(type));
}

/// Turns to, or asks, the first member.
void budgetThat(fb::PlanT &plan, fb::OnExceed then) {
  plan.budgets.push_back(std::make_unique<fb::BudgetT>());
  plan.budgets.back()->on_exceed = then;
  plan.budgets.back()->fallback = 0;
}

/// One mock of the entry: `function` 0 takes one argument, as member 0 and block `item` do, and member 1 takes two.
void mockThat(fb::PlanT &plan, std::int32_t member, std::int32_t block, std::int32_t binding,
              std::uint32_t function = 0) {
  auto mock = std::make_unique<fb::MockT>();
  mock->member = member;
  mock->block = block;
  mock->binding = binding;
  mock->function = function;
  plan.entries[0]->mocks.push_back(std::move(mock));
}

/// The first binding becomes a model whose first member has these tools.
void toolsThat(fb::PlanT &plan, std::initializer_list<std::int64_t> numbers) {
  std::vector<value::Value> tools;
  for (std::int64_t number : numbers)
    tools.push_back(value::Value::integer(number));
  auto made = std::make_unique<fb::ConstT>();
  base::Bytes bytes;
  value::encode(value::Value::list(tools), bytes);
  for (std::byte byte : bytes)
    made->bytes.push_back(static_cast<std::uint8_t>(byte));
  plan.consts.push_back(std::move(made));
  auto setting = std::make_unique<fb::SettingT>();
  setting->name = "tools." + plan.members[0]->name;
  setting->value = static_cast<std::int32_t>(plan.consts.size()) - 1;
  plan.bindings[0]->kind = fb::BindingKind::model;
  plan.bindings[0]->settings.push_back(std::move(setting));
  plan.features.push_back("tools");
}

const Mutant mutants[] = {
    {"unknown feature", [](fb::PlanT &p) { p.features.push_back("teleport"); }, "feature 'teleport' is not known"},
    {"other words", [](fb::PlanT &p) { p.words_version = 9; }, "instruction words have version 9"},
    {"entry with a name that fills a record", [](fb::PlanT &p) { p.entries[0]->name.append(1100, 'x'); },
     "bytes, at most 1024 are recorded"},
    {"operand out of range", [](fb::PlanT &p) { p.code->registers[node(p, fb::Op::call).operands().first()] = 999; },
     "register 999"},
    {"member out of range", [](fb::PlanT &p) { Draft(node(p, fb::Op::call)).edit().target = 77; }, "member 77 of 2"},
    {"policy out of range", [](fb::PlanT &p) { Draft(node(p, fb::Op::call)).edit().policy = 5; }, "policy 5 of 1"},
    {"too few operands",
     [](fb::PlanT &p) {
       Draft call(node(p, fb::Op::call));
       call.operands = fb::Range(call.operands.first(), 0);
     },
     "takes"},
    {"body out of range", [](fb::PlanT &p) { p.code->bodies[node(p, fb::Op::map).body().first()] = 40; }, "body 40 of"},
    {"no bodies", [](fb::PlanT &p) { Draft(node(p, fb::Op::branch)).edit().body = fb::Range(0, 0); }, "0 bodies"},
    {"map body of another shape",
     [](fb::PlanT &p) { p.code->bodies[node(p, fb::Op::map).body().first()] = p.entries[0]->block; }, "reaches itself"},
    {"missing too large",
     [](fb::PlanT &p) { Draft(node(p, fb::Op::branch)).edit().missing = node(p, fb::Op::branch).missing() + 1; },
     "`missing` says"},
    {"missing too small", [](fb::PlanT &p) { Draft(node(p, fb::Op::branch)).edit().missing = 0; }, "`missing` says 0"},
    {"users not listed", [](fb::PlanT &p) { Draft(node(p, fb::Op::map)).edit().users = fb::Range(0, 0); },
     "`users` does not list"},
    {"unknown op", [](fb::PlanT &p) { Draft(p.code->nodes[0]).edit().op = static_cast<fb::Op>(99); },
     "unknown op or effect"},
    {"pool overrun", [](fb::PlanT &p) { Draft(node(p, fb::Op::map)).edit().operands = fb::Range(0xfffffff0u, 0x20); },
     "outside its pool"},
    {"shared stable id", [](fb::PlanT &p) { Draft(p.code->nodes[1]).edit().stableId = p.code->nodes[0].stable_id(); },
     "one stable id"},
    {"two writers",
     [](fb::PlanT &p) {
       std::uint32_t map = nodeIndex(p, fb::Op::map), branch = nodeIndex(p, fb::Op::branch);
       p.code->registers[p.code->nodes[branch].results().first()] =
           p.code->registers[p.code->nodes[map].results().first()];
     },
     "written twice"},
    {"result never written",
     [](fb::PlanT &p) { p.code->registers[p.code->blocks[p.entries[0]->block]->result->first()] = 60000; },
     "is never written"},
    {"entry of another arity", [](fb::PlanT &p) { p.entries[0]->params.clear(); }, "its block takes"},
    {"mock of nothing", [](fb::PlanT &p) { mockThat(p, -1, -1, -1); }, "a mock names something else"},
    {"mock of a member and its binding", [](fb::PlanT &p) { mockThat(p, 0, -1, 0); }, "a mock names something else"},
    {"mock of a block and a binding", [](fb::PlanT &p) { mockThat(p, -1, 0, 0); }, "a mock names something else"},
    {"mock of a block that is counted by nothing", [](fb::PlanT &p) { mockThat(p, -1, 0, -1, plan::noIndex); },
     "answers with function"},
    {"mock of a member that is none", [](fb::PlanT &p) { mockThat(p, 40, -1, -1); }, "outside the plan"},
    {"mock of a block by a member of another arity", [](fb::PlanT &p) { mockThat(p, 1, 0, -1); },
     "a mock's member takes 2 arguments"},
    {"mock without a function", [](fb::PlanT &p) { mockThat(p, 0, -1, -1, plan::noIndex); }, "answers with function"},
    {"mock of two arguments by a function of one", [](fb::PlanT &p) { mockThat(p, 1, -1, -1); },
     "a mock's function takes 1 arguments"},
    {"entry without block", [](fb::PlanT &p) { p.entries[0]->block = 50; }, "block 50"},
    {"binding out of range", [](fb::PlanT &p) { p.members[0]->binding = 3; }, "binding 3 of 1"},
    {"endless retries", [](fb::PlanT &p) { p.policies[0]->retry = 100000; }, "retries, the limit is"},
    {"a timeout beyond the clock", [](fb::PlanT &p) { p.policies[0]->timeout_ms = 1ull << 50; }, "a wait of"},
    {"a budget beyond the clock",
     [](fb::PlanT &p) {
       p.budgets.push_back(std::make_unique<fb::BudgetT>());
       p.budgets.back()->time_ms = INT64_MAX;
     },
     "ms, the limit is"},
    {"a fallback that is no model", [](fb::PlanT &p) { budgetThat(p, fb::OnExceed::use); }, "its fallback is no model"},
    {"a fallback that is nobody", [](fb::PlanT &p) { budgetThat(p, fb::OnExceed::ask); }, "asks no person"},
    {"tools without their feature", [](fb::PlanT &p) { toolsThat(p, {1}), p.features.clear(); },
     "does not name feature 'tools'"},
    {"tools of no model", [](fb::PlanT &p) { toolsThat(p, {1}), p.bindings[0]->kind = fb::BindingKind::exec; },
     "on something that is no model"},
    {"a tool that is nothing", [](fb::PlanT &p) { toolsThat(p, {17}); }, "names no member of the plan"},
    {"a tool that is a model", [](fb::PlanT &p) { toolsThat(p, {1}); }, "which is no member of a tool"},
    {"optional of an optional",
     [](fb::PlanT &p) {
       addOptional(p, 0);
       addOptional(p, static_cast<std::int32_t>(p.types.size()) - 1);
     },
     "optional"},
    {"word of an unknown opcode", [](fb::PlanT &p) { p.code->words[0] = 0xff; }, ""},
    {"function without registers", [](fb::PlanT &p) { p.code->functions[0]->registers = 0; }, ""},
    {"type that contains itself",
     [](fb::PlanT &p) {
       auto type = std::make_unique<fb::TypeT>();
       type->kind = fb::TypeKind::record;
       type->name = "Endless";
       auto field = std::make_unique<fb::FieldT>();
       field->name = "again";
       field->type = static_cast<std::uint32_t>(p.types.size());
       type->fields.push_back(std::move(field));
       p.types.push_back(std::move(type));
     },
     "contains itself"},
    {"entry through itself without depth",
     [](fb::PlanT &p) {
       // The call of the map's body becomes an invoke of that body.
       Draft call(node(p, fb::Op::call));
       std::uint32_t item = p.code->bodies[node(p, fb::Op::map).body().first()];
       p.code->bodies.push_back(item);
       call.op = fb::Op::invoke;
       call.target = -1;
       call.body = fb::Range(static_cast<std::uint32_t>(p.code->bodies.size()) - 1, 1);
     },
     "no block on the way has a depth"},
};

class PlanCheck : public testing::TestWithParam<Mutant> {};

TEST_P(PlanCheck, RefusesMutant) {
  auto plan = unpacked(smallPlan());
  GetParam().change(*plan);
  auto read = plan::readPlan(packed(*plan));
  ASSERT_FALSE(read) << GetParam().name;
  EXPECT_THAT(read.error().message, testing::HasSubstr(GetParam().message));
}

std::string nameOf(const testing::TestParamInfo<Mutant> &info) {
  std::string name;
  for (const char *c = info.param.name; *c; ++c)
    name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Mutants, PlanCheck, testing::ValuesIn(mutants), nameOf);

/// When all arms of a race have failed, one record names each of them.
TEST(PlanCheckLimits, ARaceHasAsManyArmsAsARecordNames) {
  for (std::size_t arms : {3000, 3001}) {
    PlanBuilder plan;
    std::uint32_t integer = plan.type(TypeKind::integer);
    auto &arm = plan.block("arm", 1);
    arm.result(arm.param(0));
    auto &main = plan.block("main", 1);
    main.result(main.race(std::vector<const BlockBuilder *>(arms, &arm), {main.param(0)}));
    plan.entry("main", main, {integer}, integer);
    auto read = plan::readPlan(plan.file());
    EXPECT_EQ(static_cast<bool>(read), arms == 3000) << (read ? "" : read.error().message);
    if (!read)
      EXPECT_THAT(read.error().message, testing::HasSubstr("3001 bodies, race takes 1 to 3000"));
  }
}

} // namespace
} // namespace weft::test
