//===- Evaluator.h - Run instruction words --------------------------------===//
//
// Runs words that `checkWords` has accepted. Every instruction costs one unit of
// fuel, every element that a builtin visits one more, so that no plan can hold
// a thread. Values inside 16 bytes are computed without an allocation.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/value/Builtins.h"
#include "runtime/value/Words.h"

#include <memory>
#include <string>
#include <vector>

namespace weft::value {

/// Owns the registers of function activations and keeps their memory between runs: one per thread, reused. Not
/// thread-safe; different evaluators over one program are independent.
class Evaluator final : public Applier {
public:
  explicit Evaluator(Program program) : program(program) {}

  /// Runs a node's words over a frame's registers until their end. `fuel` is what may still be spent and is lowered;
  /// at 0 the run ends with `failed`. After a failure the registers hold whatever was written before.
  std::optional<Failure> run(std::span<const std::uint32_t> words, std::span<Value> registers, std::uint64_t &fuel);

  /// Calls function `index` of the program with its parameters, followed by its captures if it has any.
  std::optional<Failure> call(std::uint32_t index, std::span<const Value> args, Value &result, std::uint64_t &fuel);

  /// Calls a closure.
  std::optional<Failure> callValue(const Value &function, std::span<const Value> args, Value &result,
                                   std::uint64_t &fuel);

  /// Every `where` of `type` and inside it over `value`, which must have the shape of the type. The failure has kind
  /// `schema` and names the place: "$.score: 1.5 does not satisfy 0.0 <= score and score <= 1.0".
  std::optional<Failure> check(TypeId type, const Value &value, std::uint64_t &fuel);

  /// JSON text from outside to a value: syntax, shape, every `where`. Such failures have kind `schema`.
  std::optional<Failure> parse(TypeId type, std::string_view json, bool dropUnknown, Value &result,
                               std::uint64_t &fuel);

  bool apply(const Value &function, Args args, Value &result) override;

  /// The instruction that failed in the last run or call, the innermost of its activations; null if none did.
  const std::uint32_t *failedWord() const { return failedAt; }

private:
  friend class CheckWalk;
  struct Lease; ///< Registers of one activation, given back and emptied when it ends.

  bool execute(std::span<const std::uint32_t> words, Value *registers, Value *returned);
  bool enter(std::uint32_t index, Args args, std::span<const Value> captures, Value &result);
  bool callBuiltin(std::uint32_t number, const std::uint32_t *operands, std::uint32_t count, const Value *registers,
                   Value &dst);
  bool callMany(bool closure, std::uint32_t function, const std::uint32_t *operands, std::uint32_t count,
                const Value *registers, Value &dst);
  bool parseInto(std::uint32_t typeAndFlags, const Value &operand, Value &dst);
  bool textInto(Opcode opcode, TypeId type, const Value &operand, Value &dst);
  bool makeMap(const std::uint32_t *operands, std::uint32_t count, const Value *registers, Value &dst);
  bool tooLarge(const Value &value);
  bool wrongOperand(Opcode opcode, const Value &operand);
  const Value &at(std::uint32_t operand, const Value *registers) const {
    return operand & constantBit ? program.consts[operand & ~constantBit] : registers[operand];
  }
  bool stopped(const std::uint32_t *instruction);
  void start(std::uint64_t fuel);
  std::optional<Failure> end(bool ok, std::uint64_t &fuel);

  Program program;
  struct Block {
    std::unique_ptr<Value[]> registers;
    std::size_t size;
  };
  std::vector<Block> blocks;       ///< Registers of activations; they never move, so that operands may refer to them.
  std::size_t block = 0, used = 0; ///< Where the next activation's registers start.
  std::uint32_t depth = 0;         ///< Activations below each other.
  const std::uint32_t *failedAt = nullptr;
  std::string scratch; ///< Texts on their way into a value.
};

} // namespace weft::value
