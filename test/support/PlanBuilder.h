//===- PlanBuilder.h - Write a plan by hand, for tests --------------------===//
//
//   PlanBuilder plan;
//   auto text = plan.type(TypeKind::string);
//   auto read = plan.member(plan.binding("docs", fb::BindingKind::files), "read", {text}, text, Effect::read);
//   auto main = plan.block("main", 1);
//   auto body = main.call(read, {main.param(0)});
//   main.result(body);
//   plan.entry("main", main, {text}, text);
//   std::shared_ptr<const plan::Plan> built = plan.build();
//
// Registers, edges, stable ids and the flat pools are worked out here; `build`
// reads the file back through the reader and PlanCheck and ends the process
// with their message when the plan is wrong, so that a test starts from a plan
// that a compiler could have written. `file` gives the bytes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/plan/Plan.h"
#include "runtime/value/WordsBuilder.h"

#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::test {

namespace fb = plan::fb;
using plan::Effect;
using value::TypeKind;
using value::Value;

class PlanBuilder;

/// A register of a block.
struct Reg {
  std::uint32_t number = 0;
  operator value::Operand() const { return value::reg(number); }
};

using Regs = std::vector<Reg>;

struct NodeOptions {
  std::int32_t policy = -1;
  std::vector<std::uint32_t> after; ///< Positions of nodes of this block to wait for without data.
  std::uint64_t stableId = 0;       ///< 0: made from the block's name and the node's position.
  Effect effect = Effect::pure_;    ///< Of nodes with bodies; calls take their member's.
  std::uint8_t flags = 0;
  std::uint32_t group = 0;
};

/// Nodes in the order of their making; a node may read registers of any node, also of one that is made later.
class BlockBuilder {
public:
  Reg param(std::uint32_t index) const;
  /// A register that nobody writes yet.
  Reg fresh();
  /// What a frame of this block gives.
  void result(Reg reg) { results.push_back(reg); }
  std::uint32_t index() const { return number; }
  /// Of the node made last; for `NodeOptions::after`.
  std::uint32_t lastNode() const { return static_cast<std::uint32_t>(nodes.size()) - 1; }
  /// At most so many activations below each other.
  void depth(std::uint32_t bound) { activations = bound; }

  /// A node that runs words and nothing more; `write` writes them over the registers given and the new one returned.
  Reg eval(const std::function<void(value::WordsBuilder &, Reg)> &write, NodeOptions options = {});
  /// A constant in a register.
  Reg constant(std::uint32_t index);
  Reg builtin(value::Builtin function, const std::vector<value::Operand> &args);

  Reg call(std::uint32_t member, const Regs &args, NodeOptions options = {});
  Reg invoke(const BlockBuilder &callee, const Regs &args, NodeOptions options = {});
  Reg map(Reg list, const BlockBuilder &body, const Regs &captures = {}, std::optional<Reg> window = {},
          NodeOptions options = {});
  Reg fold(Reg list, Reg init, const BlockBuilder &body, const Regs &captures = {}, NodeOptions options = {});
  /// A fold whose body is associative.
  Reg tree(Reg list, Reg init, const BlockBuilder &body, const Regs &captures = {}, NodeOptions options = {});
  Reg loop(Reg most, Reg init, const BlockBuilder &body, const Regs &captures = {},
           const BlockBuilder *otherwise = nullptr, NodeOptions options = {});
  Reg branch(Reg selector, const std::vector<const BlockBuilder *> &alternatives, const Regs &captures = {},
             NodeOptions options = {});
  Reg race(const std::vector<const BlockBuilder *> &arms, const Regs &captures = {}, NodeOptions options = {});
  Reg vote(Reg needed, Reg total, const BlockBuilder &sample, const Regs &captures = {}, NodeOptions options = {});
  Reg attempt(const BlockBuilder &body, const BlockBuilder &handler, const Regs &captures = {},
              NodeOptions options = {});
  Reg scope(const BlockBuilder &body, const Regs &captures, NodeOptions options);
  /// A cell; `get` asks it.
  Reg once(const BlockBuilder &body, const Regs &captures = {}, NodeOptions options = {});
  Reg get(Reg cell);
  /// A cell with keys: the body's first parameter is the key.
  Reg onceByKey(const BlockBuilder &body, const Regs &captures = {});
  Reg get(Reg cell, Reg key);
  Regs gang(std::uint32_t gang, const Regs &args, std::uint32_t results, NodeOptions options = {});
  void emit(Reg value, NodeOptions options = {});
  void fail(base::FailKind kind, Reg why, NodeOptions options = {});
  /// Raises the error record of a handler again.
  void raiseAgain(Reg error);
  Reg system(std::int32_t function, const Regs &args = {});

private:
  friend class PlanBuilder;
  struct NodeDraft {
    fb::Op op;
    Effect effect = Effect::pure_;
    std::uint8_t flags = 0;
    Regs operands, own, listed;
    std::vector<std::uint32_t> bodies, words;
    std::int32_t target = -1;
    NodeOptions options;
  };
  BlockBuilder(PlanBuilder &plan, std::uint32_t number, std::string name, std::uint32_t params);
  Reg add(fb::Op op, const Regs &operands, std::vector<std::uint32_t> bodies, std::int32_t target, NodeOptions options);

  PlanBuilder &plan;
  std::uint32_t number;
  std::string name;
  std::uint32_t params, registers, activations = 0;
  std::deque<NodeDraft> nodes;
  Regs results;
};

struct MemberOptions {
  bool paid = false;
};

struct BindingOptions {
  std::uint32_t concurrency = 0, ratePerMin = 0;
  std::int64_t priceInputNano = -1, priceOutputNano = -1; ///< Per million tokens.
  std::int64_t maxTokens = 0;                             ///< Setting `max_tokens`; 0: none.
  std::uint32_t batch = 0;
};

class PlanBuilder {
public:
  PlanBuilder();
  ~PlanBuilder();

  /// Limits, gangs and whatever else has no function here; blocks, code and pools are written by `file`.
  fb::PlanT draft;

  std::uint32_t type(TypeKind kind);
  std::uint32_t list(std::uint32_t element);
  std::uint32_t optional(std::uint32_t element);
  std::uint32_t type(fb::TypeT type);
  std::uint32_t constant(const Value &value, std::uint32_t type = 0);

  std::uint32_t binding(const std::string &name, fb::BindingKind kind, BindingOptions options = {});
  std::uint32_t member(std::uint32_t binding, const std::string &name, const std::vector<std::uint32_t> &params,
                       std::uint32_t result, Effect effect, MemberOptions options = {});
  /// 1 + its place: what `NodeOptions::group` takes.
  std::uint32_t group(std::uint64_t digest, std::uint32_t prefixBytes);
  std::uint32_t policy(fb::PolicyT policy);
  std::uint32_t budget(fb::BudgetT budget);
  /// A pure function; `write` writes its words over registers 0 (the first parameter) and up, `registers` in all.
  std::uint32_t function(const std::string &name, std::uint32_t params, std::uint32_t registers,
                         const std::function<void(value::WordsBuilder &)> &write, std::uint32_t captures = 0);
  /// Lives as long as the builder.
  BlockBuilder &block(const std::string &name, std::uint32_t params);
  void entry(const std::string &name, const BlockBuilder &block, const std::vector<std::uint32_t> &params,
             std::uint32_t result, std::int32_t budget = -1, Effect effect = Effect::write);

  base::Bytes file() const;
  std::shared_ptr<const plan::Plan> build() const;

private:
  friend class BlockBuilder;
  struct FunctionDraft {
    std::string name;
    std::uint32_t params, captures, registers;
    std::vector<std::uint32_t> words;
  };
  std::vector<FunctionDraft> functions;
  std::deque<BlockBuilder> blocks;
};

} // namespace weft::test
