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

  /// Calls function `index` of the program; `args` are as many as its params (and captures, which follow).
  std::optional<Failure> call(std::uint32_t index, std::span<const Value> args, Value &result, std::uint64_t &fuel);

  /// Calls a closure.
  std::optional<Failure> callValue(const Value &function, std::span<const Value> args, Value &result,
                                   std::uint64_t &fuel);

  /// Every `where` of `type` and inside it, outermost last, over `value`, which has the shape of the type. The failure
  /// has kind `schema` and names the place: `$.score: 1.5 does not satisfy 0.0 <= score and score <= 1.0`.
  std::optional<Failure> check(TypeId type, const Value &value, std::uint64_t &fuel);

  /// JSON text from outside to a value: syntax, shape, every `where`. Failures have kind `schema`.
  std::optional<Failure> parse(TypeId type, std::string_view json, bool dropUnknown, Value &result,
                               std::uint64_t &fuel);

  bool apply(const Value &function, Args args, Value &result) override;

private:
  class Activation;
  bool execute(std::span<const std::uint32_t> words, Value *registers, Value *returned);
  bool enter(std::uint32_t index, Args args, std::span<const Value> captures, Value &result);
  bool checkAt(TypeId type, const Value &value, std::string &path);
  bool checkFields(const std::vector<Field> &fields, std::span<const Value> values, std::string &path);
  bool holds(std::int32_t check, std::span<const Value> values, std::string_view text, const Value &shown, TypeId type,
             const std::string &path);
  bool parseInto(std::uint32_t typeAndFlags, const Value &operand, Value &result);
  std::optional<Failure> outcome(bool ok);

  Program program;
  std::vector<std::unique_ptr<Value[]>> blocks; ///< Registers of activations, block after block.
  std::vector<std::size_t> blockSizes;
  std::size_t block = 0, used = 0; ///< Where the next activation's registers start.
  std::uint32_t depth = 0;         ///< Activations below each other.
};

} // namespace weft::value
