//===- WordsBuilder.h - Write instruction words ---------------------------===//
//
//   WordsBuilder words;
//   auto other = words.label();
//   words.builtin(Builtin::lt, 2, {reg(0), constant(1)});
//   words.jumpUnless(other, reg(2));
//   words.return_(reg(0));
//   words.bind(other);
//   words.return_(constant(1));
//   std::vector<std::uint32_t> code = words.finish();
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/value/Builtins.h"
#include "runtime/value/Words.h"

#include <initializer_list>
#include <vector>

namespace weft::value {

/// A register or a constant, as it stands in an operand word.
struct Operand {
  std::uint32_t word;
};
inline Operand reg(std::uint32_t number) { return {number}; }
inline Operand constant(std::uint32_t index) { return {index | constantBit}; }

class WordsBuilder {
public:
  struct Label {
    std::uint32_t id;
  };
  using Operands = std::span<const Operand>;
  using Init = std::initializer_list<Operand>;

  /// Any instruction; at most maxOperands operands.
  void add(Opcode opcode, std::uint32_t dst, std::initializer_list<std::uint32_t> immediates, Operands operands);
  void add(Opcode opcode, std::uint32_t dst, std::initializer_list<std::uint32_t> immediates, Init operands) {
    add(opcode, dst, immediates, Operands(operands.begin(), operands.size()));
  }

  void builtin(Builtin id, std::uint32_t dst, Operands args) {
    add(Opcode::builtin, dst, {static_cast<std::uint32_t>(id)}, args);
  }
  void builtin(Builtin id, std::uint32_t dst, Init args) { builtin(id, dst, Operands(args.begin(), args.size())); }
  void move(std::uint32_t dst, Operand a) { add(Opcode::move, dst, {}, {a}); }
  void record(std::uint32_t dst, Operands fields) { add(Opcode::record, dst, {}, fields); }
  void field(std::uint32_t dst, Operand a, std::uint32_t index) { add(Opcode::field, dst, {index}, {a}); }
  void list(std::uint32_t dst, Operands items) { add(Opcode::list, dst, {}, items); }
  void variant(std::uint32_t dst, std::uint32_t caseIndex, Operands fields) {
    add(Opcode::variant, dst, {caseIndex}, fields);
  }
  void caseIndex(std::uint32_t dst, Operand a) { add(Opcode::caseIndex, dst, {}, {a}); }
  void caseField(std::uint32_t dst, Operand a, std::uint32_t index) { add(Opcode::caseField, dst, {index}, {a}); }
  void closure(std::uint32_t dst, std::uint32_t function, Operands captures) {
    add(Opcode::closure, dst, {function}, captures);
  }
  /// The first operand is the function.
  void apply(std::uint32_t dst, Operands functionAndArgs) { add(Opcode::apply, dst, {}, functionAndArgs); }
  void callFunction(std::uint32_t dst, std::uint32_t function, Operands args) {
    add(Opcode::callFunction, dst, {function}, args);
  }
  void text(std::uint32_t dst, TypeId type, Operand a) { add(Opcode::text, dst, {type}, {a}); }
  void toJson(std::uint32_t dst, TypeId type, Operand a) { add(Opcode::toJson, dst, {type}, {a}); }
  /// `flags`: of ParseFlag.
  void parse(std::uint32_t dst, TypeId type, Operand a, std::uint32_t flags = 0) {
    add(Opcode::parse, dst, {type | flags}, {a});
  }
  void check(std::uint32_t dst, TypeId type, Operand a) { add(Opcode::check, dst, {type}, {a}); }
  void fail(FailKind kind, Operand message) { add(Opcode::fail, 0, {static_cast<std::uint32_t>(kind)}, {message}); }
  void return_(Operand a) { add(Opcode::return_, 0, {}, {a}); }
  void withField(std::uint32_t dst, Operand record, std::uint32_t index, Operand value) {
    add(Opcode::withField, dst, {index}, {record, value});
  }
  void map(std::uint32_t dst, Operands keysAndValues) { add(Opcode::map, dst, {}, keysAndValues); }
  void bindAgent(std::uint32_t dst, AgentKind kind, std::uint32_t index, Operands captures) {
    add(Opcode::bindAgent, dst, {static_cast<std::uint32_t>(kind), index}, captures);
  }
  void isSome(std::uint32_t dst, Operand a) { add(Opcode::isSome, dst, {}, {a}); }
  void rngSplit(std::uint32_t dst, std::uint32_t site, Operand rng) { add(Opcode::rngSplit, dst, {site}, {rng}); }

  Label label();
  /// The place of the next instruction; once per label.
  void bind(Label label);
  void jump(Label target);
  void jumpUnless(Label target, Operand condition);

  /// Words so far: the number of the next one.
  std::uint32_t size() const { return static_cast<std::uint32_t>(words.size()); }
  /// The words, with every jump's target filled in; each label that is jumped to must have been bound.
  std::vector<std::uint32_t> finish();

private:
  struct Jump {
    std::size_t word;
    std::uint32_t label;
  };
  std::vector<std::uint32_t> words;
  std::vector<std::int64_t> places; ///< Of each label; -1 until bound.
  std::vector<Jump> jumps;
};

} // namespace weft::value
