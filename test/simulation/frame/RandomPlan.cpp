//===- RandomPlan.cpp - Plans from a seed, and what they must give --------===//

#include "test/simulation/frame/RandomPlan.h"

#include "runtime/plan/NodeFlags.h"
#include "test/simulation/frame/RandomProgram.h"
#include "test/support/PlanBuilder.h"

namespace weft::test {

using namespace program;

namespace {

/// From the tree to a plan.
class Emitter {
public:
  explicit Emitter(PlanBuilder &plan) : plan(plan) {
    integer = plan.type(TypeKind::integer);
    numbers = plan.list(integer);
    std::uint32_t tool = plan.binding("tool", fb::BindingKind::exec, {3, 0, -1, -1, 0, 4});
    members = {plan.member(tool, "read", {integer}, integer, Effect::read),
               plan.member(tool, "other", {integer}, integer, Effect::read),
               plan.member(tool, "write", {integer}, integer, Effect::write),
               plan.member(tool, "put", {integer}, integer, Effect::write_idempotent),
               plan.member(tool, "paid", {integer}, integer, Effect::read, {true})};
    person = plan.member(plan.binding("person", fb::BindingKind::human), "", {plan.type(TypeKind::string)}, integer,
                         Effect::read);
    for (std::uint32_t retries = 0; retries < 3; ++retries) {
      fb::PolicyT policy;
      policy.retry = retries;
      policy.backoff_ms = 3;
      plan.policy(std::move(policy));
    }
  }

  BlockBuilder &block(const Region &region, const std::string &name, bool loopBody = false) {
    BlockBuilder &made = plan.block(name, static_cast<std::uint32_t>(region.params));
    std::vector<Reg> places;
    for (std::uint32_t i = 0; i < region.params; ++i)
      places.push_back(made.param(i));
    for (const Statement &one : region.statements)
      places.push_back(emit(made, one, places, name));
    if (loopBody)
      made.result(made.builtin(value::Builtin::eq, {mod(made, places.back(), 3), number(0)}));
    made.result(places.back());
    return made;
  }

  std::uint32_t integer, numbers, person;
  std::vector<std::uint32_t> members;

private:
  value::Operand number(std::int64_t value) { return value::constant(plan.constant(Value::integer(value), integer)); }
  Reg mod(BlockBuilder &block, Reg value, std::int64_t by) {
    return block.builtin(value::Builtin::remainder, {value, number(by)});
  }
  Reg constant(BlockBuilder &block, const Value &value, std::uint32_t type) {
    return block.constant(plan.constant(value, type));
  }
  Reg range(BlockBuilder &block, std::int64_t count) {
    std::vector<Value> items;
    for (std::int64_t i = 0; i < count; ++i)
      items.push_back(Value::integer(i));
    return constant(block, Value::list(items), numbers);
  }
  Reg sum(BlockBuilder &block, Reg list) {
    return mod(block, block.builtin(value::Builtin::sum, {list, number(0)}), modulus);
  }

  Reg emit(BlockBuilder &block, const Statement &one, const std::vector<Reg> &places, const std::string &name) {
    NodeOptions options;
    options.stableId = one.stableId;
    auto body = [&](std::size_t index) -> BlockBuilder & {
      return this->block(*one.bodies[index], name + "." + std::to_string(++blocks),
                         one.kind == StatementKind::loop && index == 0);
    };
    switch (one.kind) {
    case StatementKind::constant:
      return constant(block, Value::integer(one.number), integer);
    case StatementKind::mix: {
      Reg product = block.builtin(value::Builtin::mul, {places[one.a], number(31)});
      return mod(block, block.builtin(value::Builtin::add, {product, places[one.b]}), modulus);
    }
    case StatementKind::call:
      options.policy = static_cast<std::int32_t>(one.number);
      options.flags = one.stableId % 2 == 0 ? plan::goesWithOthers : 0;
      return block.call(members[one.member], {places[one.a]}, options);
    case StatementKind::map: {
      Reg window = constant(block, Value::integer(one.window), integer);
      return sum(block, block.map(range(block, one.number), body(0), {places[one.a]}, window, options));
    }
    case StatementKind::share: {
      NodeOptions made;
      made.stableId = one.stableId + 2;
      Reg cell = block.once(body(0), {places[one.a]}, made);
      BlockBuilder &item = plan.block(name + ".item" + std::to_string(++blocks), 2);
      Reg product = item.builtin(value::Builtin::mul, {item.param(0), number(31)});
      Reg mixed = item.builtin(value::Builtin::add, {product, item.get(item.param(1))});
      item.result(mod(item, mixed, modulus));
      Reg window = constant(block, Value::integer(one.window), integer);
      return sum(block, block.map(range(block, one.number), item, {cell}, window, options));
    }
    case StatementKind::fold:
      return foldsAsTree(one) ? block.tree(range(block, one.number), places[one.a], body(0), {places[one.b]}, options)
                              : block.fold(range(block, one.number), places[one.a], body(0), {places[one.b]}, options);
    case StatementKind::loop: {
      BlockBuilder &round = body(0);
      BlockBuilder *otherwise = one.bodies.size() > 1 ? &body(1) : nullptr;
      return block.loop(constant(block, Value::integer(one.number), integer), places[one.a], round, {places[one.b]},
                        otherwise, options);
    }
    case StatementKind::branch: {
      BlockBuilder &left = body(0), &right = body(1);
      return block.branch(mod(block, places[one.a], 2), {&left, &right}, {places[one.b]}, options);
    }
    case StatementKind::race: {
      BlockBuilder &left = body(0), &right = body(1);
      return block.race({&left, &right}, {places[one.a]}, options);
    }
    case StatementKind::vote: {
      Reg needed = constant(block, Value::integer(one.number), integer);
      Reg total = constant(block, Value::integer(3), integer);
      return sum(block, block.vote(needed, total, body(0), {places[one.a]}, options));
    }
    case StatementKind::attempt: {
      BlockBuilder &tried = body(0);
      // The handler's region sees the kind of the error as a number, then the capture.
      BlockBuilder &inner = this->block(*one.bodies[1], name + "." + std::to_string(++blocks));
      BlockBuilder &handler = plan.block(name + ".handler" + std::to_string(++blocks), 2);
      Reg kind =
          handler.eval([&](value::WordsBuilder &words, Reg out) { words.field(out.number, handler.param(0), 0); });
      Reg index = handler.eval([&](value::WordsBuilder &words, Reg out) { words.caseIndex(out.number, kind); });
      NodeOptions inside;
      inside.stableId = one.stableId + 1;
      handler.result(handler.invoke(inner, {index, handler.param(1)}, inside));
      return block.attempt(tried, handler, {places[one.a]}, options);
    }
    case StatementKind::invoke:
      options.policy = one.number > 0 ? static_cast<std::int32_t>(one.number) : -1;
      return block.invoke(body(0), {places[one.a]}, options);
    case StatementKind::person:
      return block.call(person, {constant(block, Value::text("how many?"), plan.type(TypeKind::string))}, options);
    case StatementKind::emit:
      block.emit(places[one.a], options);
      return places[one.a];
    }
    WEFT_UNREACHABLE();
  }

  PlanBuilder &plan;
  std::uint32_t blocks = 0;
};

} // namespace

struct RandomProgram {
  Region main;
  std::vector<std::uint32_t> members;
};

RandomPlan::RandomPlan(std::uint64_t seed) : program(std::make_unique<RandomProgram>()) {
  program->main = randomRegion(seed, 2, 3);
  PlanBuilder builder;
  Emitter emitter(builder);
  BlockBuilder &main = emitter.block(program->main, "main");
  builder.entry("main", main, {emitter.integer, emitter.integer}, emitter.integer);
  program->members = emitter.members;
  plan = builder.build();
}

RandomPlan::~RandomPlan() = default;

std::vector<value::Value> RandomPlan::args() const { return {Value::integer(3), Value::integer(11)}; }

void RandomPlan::scripts(FrameWorld &world) const {
  for (std::uint32_t index = 0; index < program->members.size(); ++index)
    world.script(program->members[index], [index](const Asked &asked) {
      Answered given = answered(index, asked.args[0].asInt(), asked.attempt);
      if (given.value)
        return Reply::ok(Value::integer(*given.value), given.delayMs);
      return Reply::fail(given.kind, "scripted", given.delayMs);
    });
  world.person([](std::string_view) { return Value::integer(personsAnswer); });
}

std::optional<std::string> RandomPlan::judge(const FrameWorld &world, const Ended &ended) const {
  std::vector<std::string> wrong;
  Meaning meaning = walk(program->main, {args()[0].asInt(), args()[1].asInt()}, world, wrong);
  if (!wrong.empty())
    return wrong.front();
  if (ended.state == frame::EndState::succeeded) {
    if (!meaning.ok())
      return "succeeds, the walk " + (meaning.failures.empty() ? std::string("does not end")
                                                               : "fails with " + meaning.failures.begin()->second);
    if (!(ended.value == Value::integer(*meaning.value)))
      return "gives another value than the walk, " + std::to_string(*meaning.value);
    return std::nullopt;
  }
  if (meaning.ok())
    return "fails with " + ended.failure.why + ", the walk gives " + std::to_string(*meaning.value);
  if (!meaning.failures.contains({ended.failure.kind, ended.failure.why}))
    return "fails with " + ended.failure.why + ", which is not what was recorded";
  return std::nullopt;
}

} // namespace weft::test
