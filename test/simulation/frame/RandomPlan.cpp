//===- RandomPlan.cpp - Plans from a seed, and what they must give --------===//

#include "test/simulation/frame/RandomPlan.h"

#include "runtime/base/Random.h"
#include "test/support/PlanBuilder.h"

#include <algorithm>
#include <map>
#include <set>

namespace weft::test {
namespace {

using base::FailKind;
using base::Hash128;
using frame::DecisionBody;
using frame::OutcomeBody;

constexpr std::int64_t modulus = 1009;

enum class Kind { constant, mix, call, map, fold, loop, branch, race, vote, attempt, invoke, person, emit };

struct Region;

/// One statement: a number from numbers that stand before it (parameters first).
struct Statement {
  Kind kind{};
  std::uint64_t stableId = 0;
  std::size_t a = 0, b = 0; ///< Operands: places before this one.
  std::int64_t number = 0;  ///< Constant, list length, bound or retries.
  std::uint32_t member = 0; ///< 0 read, 1 other, 2 write, 3 put, 4 paid
  std::uint32_t window = 0;
  std::vector<std::unique_ptr<Region>> bodies;
};

/// Parameters, then statements; the last one is the value.
struct Region {
  std::size_t params = 0;
  std::vector<Statement> statements;
};

std::int64_t mixed(std::int64_t a, std::int64_t b) { return (a * 31 + b) % modulus; }

/// What a call of `member` with `x` answers at its attempt: the same for ever.
struct Answered {
  std::optional<std::int64_t> value;
  FailKind kind{};
  std::int64_t delayMs = 1;
};
Answered answered(std::uint32_t member, std::int64_t x, std::uint32_t attempt) {
  std::int64_t delay = 1 + (x * 7 + member * 13) % 23;
  if ((x + member) % 13 == 5)
    return {std::nullopt, FailKind::tool, delay};
  if ((x + member) % 7 == 1 && attempt == 0)
    return {std::nullopt, FailKind::transport, delay};
  return {(x * 17 + static_cast<std::int64_t>(member) * 101 + 5) % modulus, {}, delay};
}

class Generator {
public:
  explicit Generator(std::uint64_t seed) : random(seed) {}

  Region region(std::size_t params, int depth, bool mayWrite) {
    Region made;
    made.params = params;
    std::size_t count = 1 + random.below(depth == 0 ? 2 : 4);
    for (std::size_t i = 0; i < count; ++i)
      made.statements.push_back(statement(params + i, depth, mayWrite));
    // The value depends on everything, so that nothing wrong stays unseen.
    for (std::size_t place = params; place + 1 < params + made.statements.size(); place += 2) {
      Statement sum;
      sum.kind = Kind::mix;
      sum.stableId = nextId();
      sum.a = place;
      sum.b = params + made.statements.size() - 1;
      made.statements.push_back(std::move(sum));
    }
    return made;
  }

private:
  Statement statement(std::size_t places, int depth, bool mayWrite) {
    Statement made;
    made.stableId = nextId();
    made.a = places == 0 ? 0 : random.below(places);
    made.b = places == 0 ? 0 : random.below(places);
    made.number = static_cast<std::int64_t>(random.below(5));
    std::uint64_t pick = places == 0 ? 0 : random.below(depth > 0 ? 16 : 6);
    auto body = [&](std::size_t params, bool writes) {
      made.bodies.push_back(std::make_unique<Region>(region(params, depth - 1, writes)));
    };
    switch (pick) {
    case 0:
      made.kind = Kind::constant;
      made.number = static_cast<std::int64_t>(random.below(modulus));
      break;
    case 1:
      made.kind = Kind::mix;
      break;
    case 2:
    case 3:
    case 4:
    case 5: {
      made.kind = Kind::call;
      made.member = static_cast<std::uint32_t>(random.below(5));
      if (made.member == 2 && !mayWrite)
        made.member = 3;
      made.number = static_cast<std::int64_t>(random.below(3)); // retries
      break;
    }
    case 6:
    case 7:
      made.kind = Kind::map;
      made.window = static_cast<std::uint32_t>(1 + random.below(3));
      body(2, mayWrite);
      break;
    case 8:
      made.kind = Kind::fold;
      body(3, mayWrite);
      break;
    case 9:
      made.kind = Kind::loop;
      body(2, mayWrite);
      if (random.below(2))
        body(1, mayWrite);
      break;
    case 10:
      made.kind = Kind::branch;
      body(1, mayWrite);
      body(1, mayWrite);
      break;
    case 11:
      made.kind = Kind::race;
      body(1, false);
      body(1, false);
      break;
    case 12:
      made.kind = Kind::vote;
      made.number = static_cast<std::int64_t>(1 + random.below(3)); // needed, of 3
      body(1, false);
      break;
    case 13:
      made.kind = Kind::attempt;
      body(1, mayWrite);
      body(2, mayWrite);
      break;
    case 14:
      made.kind = Kind::invoke;
      made.number = static_cast<std::int64_t>(random.below(2)); // retries
      body(1, mayWrite);
      break;
    default:
      made.kind = random.below(2) ? Kind::person : Kind::emit;
      break;
    }
    return made;
  }
  std::uint64_t nextId() { return base::mix(base::Hash128{1, 2}, ++ids).low; }

  base::Random random;
  std::uint64_t ids = 0;
};

/// From the tree to a plan.
class Emitter {
public:
  explicit Emitter(PlanBuilder &plan) : plan(plan) {
    integer = plan.type(TypeKind::integer);
    numbers = plan.list(integer);
    std::uint32_t tool = plan.binding("tool", fb::BindingKind::exec, {3, 0, -1, -1, 0});
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
                         one.kind == Kind::loop && index == 0);
    };
    switch (one.kind) {
    case Kind::constant:
      return constant(block, Value::integer(one.number), integer);
    case Kind::mix: {
      Reg product = block.builtin(value::Builtin::mul, {places[one.a], number(31)});
      return mod(block, block.builtin(value::Builtin::add, {product, places[one.b]}), modulus);
    }
    case Kind::call:
      options.policy = static_cast<std::int32_t>(one.number);
      return block.call(members[one.member], {places[one.a]}, options);
    case Kind::map: {
      Reg window = constant(block, Value::integer(one.window), integer);
      return sum(block, block.map(range(block, one.number), body(0), {places[one.a]}, window, options));
    }
    case Kind::fold:
      return block.fold(range(block, one.number), places[one.a], body(0), {places[one.b]}, options);
    case Kind::loop: {
      BlockBuilder &round = body(0);
      BlockBuilder *otherwise = one.bodies.size() > 1 ? &body(1) : nullptr;
      return block.loop(constant(block, Value::integer(one.number), integer), places[one.a], round, {places[one.b]},
                        otherwise, options);
    }
    case Kind::branch: {
      BlockBuilder &left = body(0), &right = body(1);
      return block.branch(mod(block, places[one.a], 2), {&left, &right}, {places[one.b]}, options);
    }
    case Kind::race: {
      BlockBuilder &left = body(0), &right = body(1);
      return block.race({&left, &right}, {places[one.a]}, options);
    }
    case Kind::vote: {
      Reg needed = constant(block, Value::integer(one.number), integer);
      Reg total = constant(block, Value::integer(3), integer);
      return sum(block, block.vote(needed, total, body(0), {places[one.a]}, options));
    }
    case Kind::attempt: {
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
    case Kind::invoke:
      options.policy = one.number > 0 ? static_cast<std::int32_t>(one.number) : -1;
      return block.invoke(body(0), {places[one.a]}, options);
    case Kind::person:
      return block.call(person, {constant(block, Value::text("how many?"), plan.type(TypeKind::string))}, options);
    case Kind::emit:
      block.emit(places[one.a], options);
      return places[one.a];
    }
    WEFT_UNREACHABLE();
  }

  PlanBuilder &plan;
  std::uint32_t blocks = 0;
};

constexpr std::int64_t personsAnswer = 7;

/// A value, or the failures that could end it, any of which may come first; with neither it never ended.
struct Meaning {
  std::optional<std::int64_t> value;
  std::set<std::pair<FailKind, std::string>> failures;
  bool ok() const { return value.has_value(); }
};

class Walker {
public:
  explicit Walker(const FrameWorld &world) {
    for (const journal::Record &record : world.journal) {
      auto body = frame::decodeBody(record.kind, record.body);
      if (auto *decision = std::get_if<DecisionBody>(&*body); decision && record.kind == journal::RecordKind::decision)
        decisions[{record.key.path, decision->what}] = *decision;
      if (auto *outcome = std::get_if<OutcomeBody>(&*body); outcome && record.kind == journal::RecordKind::outcome &&
                                                            outcome->status == OutcomeBody::Status::failed &&
                                                            outcome->failure.kind == FailKind::unknownOutcome)
        unknown[record.key.path] = outcome->failure.why;
    }
  }

  Meaning region(const Region &region, Hash128 path, std::vector<std::int64_t> params) {
    std::vector<std::optional<std::int64_t>> places(params.begin(), params.end());
    Meaning all;
    for (const Statement &one : region.statements) {
      // What waits for something that failed never starts.
      bool ready = needs(one, places);
      Meaning meaning = ready ? statement(one, path, places) : Meaning{};
      all.failures.insert(meaning.failures.begin(), meaning.failures.end());
      places.push_back(meaning.value);
    }
    bool ended = std::all_of(places.begin(), places.end(), [](const auto &place) { return place.has_value(); });
    if (all.failures.empty() && ended)
      all.value = places.back();
    return all;
  }

  /// A region that is a scope of its own: the journal says which failure ended it.
  Meaning scope(const Region &region, Hash128 path, std::vector<std::int64_t> params) {
    Meaning meaning = this->region(region, path, std::move(params));
    auto decided = decisions.find({path, DecisionBody::What::scopeFailed});
    if (decided == decisions.end())
      return meaning;
    std::pair<FailKind, std::string> failure{decided->second.failure.kind, decided->second.failure.why};
    if (!meaning.failures.contains(failure))
      wrong.push_back("a scope is recorded as failed with " + std::string(base::name(failure.first)) + " '" +
                      failure.second + "', which nothing in it could give");
    return {std::nullopt, {failure}};
  }

  std::vector<std::string> wrong;

private:
  static bool needs(const Statement &one, const std::vector<std::optional<std::int64_t>> &places) {
    auto there = [&](std::size_t place) { return place < places.size() && places[place].has_value(); };
    switch (one.kind) {
    case Kind::constant:
    case Kind::person:
      return true;
    case Kind::mix:
    case Kind::fold:
    case Kind::loop:
    case Kind::branch:
      return there(one.a) && there(one.b);
    default:
      return there(one.a);
    }
  }

  static Hash128 below(Hash128 path, std::uint64_t stableId, std::uint64_t iteration) {
    return base::mix(base::mix(path, stableId), iteration);
  }

  Meaning statement(const Statement &one, Hash128 path, const std::vector<std::optional<std::int64_t>> &places) {
    std::int64_t a = one.kind == Kind::constant || one.kind == Kind::person ? 0 : *places[one.a];
    auto b = [&] { return *places[one.b]; };
    Hash128 here = below(path, one.stableId, 0);
    switch (one.kind) {
    case Kind::constant:
      return {one.number, {}};
    case Kind::mix:
      return {mixed(a, b()), {}};
    case Kind::person:
      return {personsAnswer, {}};
    case Kind::emit:
      return {a, {}};
    case Kind::call:
      return call(one, here, a);
    case Kind::map: {
      Meaning sum{0, {}};
      for (std::int64_t i = 0; i < one.number; ++i) {
        Meaning item = region(*one.bodies[0], below(path, one.stableId, i), {i, a});
        sum.failures.insert(item.failures.begin(), item.failures.end());
        if (item.ok() && sum.ok())
          sum.value = *sum.value + *item.value;
        else
          sum.value.reset();
      }
      if (sum.ok())
        sum.value = *sum.value % modulus;
      return sum;
    }
    case Kind::fold: {
      Meaning acc{a, {}};
      for (std::int64_t i = 0; i < one.number && acc.ok(); ++i)
        acc = region(*one.bodies[0], below(path, one.stableId, i), {*acc.value, i, b()});
      return acc;
    }
    case Kind::loop: {
      Meaning carried{a, {}};
      for (std::int64_t i = 0; i < one.number && carried.ok(); ++i) {
        carried = region(*one.bodies[0], below(path, one.stableId, i), {*carried.value, b()});
        if (carried.ok() && *carried.value % 3 == 0)
          return carried;
      }
      if (!carried.ok())
        return carried;
      if (one.bodies.size() > 1)
        return region(*one.bodies[1], here, {b()});
      std::string rounds = std::to_string(one.number) + (one.number == 1 ? " round" : " rounds");
      return {std::nullopt, {{FailKind::failed, "the loop ran out after " + rounds}}};
    }
    case Kind::branch:
      return region(*one.bodies[a % 2], here, {b()});
    case Kind::race:
      return race(one, path, here, a);
    case Kind::vote:
      return vote(one, path, here, a);
    case Kind::attempt: {
      Meaning tried = scope(*one.bodies[0], here, {a});
      if (tried.ok())
        return tried;
      if (!decisions.contains({here, DecisionBody::What::scopeFailed}))
        return {}; // something around it failed before this could: it never ended
      auto kind = static_cast<std::int64_t>(tried.failures.begin()->first);
      return region(*one.bodies[1], below(here, one.stableId + 1, 0), {kind, a});
    }
    case Kind::invoke: {
      if (one.number == 0)
        return region(*one.bodies[0], here, {a});
      Meaning last;
      for (std::int64_t attempt = 0; attempt <= one.number; ++attempt) {
        last = scope(*one.bodies[0], below(path, one.stableId, attempt), {a});
        bool again = !last.failures.empty() && last.failures.begin()->first == FailKind::transport;
        if (!again)
          return last;
      }
      return last;
    }
    }
    WEFT_UNREACHABLE();
  }

  Meaning call(const Statement &one, Hash128 here, std::int64_t x) {
    if (auto found = unknown.find(here); found != unknown.end())
      return {std::nullopt, {{FailKind::unknownOutcome, found->second}}};
    for (std::uint32_t attempt = 0;; ++attempt) {
      Answered given = answered(one.member, x, attempt);
      if (given.value)
        return {given.value, {}};
      bool retried =
          given.kind == FailKind::transport && one.member != 2 && attempt < static_cast<std::uint32_t>(one.number);
      if (!retried)
        return {std::nullopt, {{given.kind, "scripted"}}};
    }
  }

  Meaning race(const Statement &one, Hash128 path, Hash128 here, std::int64_t a) {
    auto decided = decisions.find({here, DecisionBody::What::raceWon});
    if (decided != decisions.end()) {
      std::uint32_t arm = decided->second.chosen[0];
      Meaning won = scope(*one.bodies[arm], below(path, one.stableId, arm), {a});
      if (!won.ok())
        wrong.push_back("the arm that is recorded as winner fails");
      return won;
    }
    Meaning lost;
    for (std::uint32_t arm = 0; arm < one.bodies.size(); ++arm) {
      Meaning one_ = scope(*one.bodies[arm], below(path, one.stableId, arm), {a});
      if (one_.ok()) // decided elsewhere: what stands around it failed first
        return one_;
      lost.failures.insert(one_.failures.begin(), one_.failures.end());
    }
    return lost;
  }

  Meaning vote(const Statement &one, Hash128 path, Hash128 here, std::int64_t a) {
    auto decided = decisions.find({here, DecisionBody::What::voteClosed});
    std::vector<std::uint32_t> samples{0, 1, 2};
    if (decided != decisions.end())
      samples = decided->second.chosen;
    std::int64_t sum = 0, good = 0;
    Meaning lost;
    for (std::uint32_t sample : samples) {
      Meaning one_ = scope(*one.bodies[0], below(path, one.stableId, sample), {a});
      if (one_.ok() && good < one.number) {
        sum += *one_.value;
        ++good;
      }
      for (const auto &[kind, why] : one_.failures)
        for (int left = 0; left < one.number; ++left)
          lost.failures.insert({FailKind::failed, "only " + std::to_string(left) + " of 3 samples can succeed, " +
                                                      std::to_string(one.number) +
                                                      " are wanted; the last to fail: " + why});
    }
    if (good >= one.number)
      return {sum % modulus, {}};
    if (decided != decisions.end())
      wrong.push_back("a sample that is recorded as success fails");
    return lost;
  }

  std::map<std::pair<Hash128, DecisionBody::What>, DecisionBody> decisions;
  std::map<Hash128, std::string> unknown;
};

} // namespace

struct RandomProgram {
  Region main;
  std::vector<std::uint32_t> members;
};

RandomPlan::RandomPlan(std::uint64_t seed) : program(std::make_unique<RandomProgram>()) {
  program->main = Generator(seed).region(2, 3, true);
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
  Walker walker(world);
  Meaning meaning =
      walker.scope(program->main, base::hashOf(base::bytesOf("main")), {args()[0].asInt(), args()[1].asInt()});
  if (!walker.wrong.empty())
    return walker.wrong.front();
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
