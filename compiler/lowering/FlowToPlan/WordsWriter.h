//===- WordsWriter.h - Pure ops as instruction words ----------------------===//
//
// One writer writes one range of words: a function's, or those that a node runs
// before its op. Where values lie (`places`) and the next free register are
// shared by the ranges of one block, whose registers they all use.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/lowering/FlowToPlan/Pools.h"
#include "runtime/value/WordsBuilder.h"

namespace weft::lowering {

/// Builtins that are given more than an instruction holds are written in groups; only `concat` can be.
inline constexpr std::size_t maxPieces = 128;

/// Registers of one frame or activation.
struct Registers {
  llvm::DenseMap<mlir::Value, std::uint32_t> places;
  std::uint32_t next = 0;

  std::uint32_t add(mlir::Value value) { return places[value] = next++; }
};

/// The value itself, below the names that `expr.as` gives it.
mlir::Value underName(mlir::Value value);
/// Whether it lies in a register; else it is a constant of the plan, or never arrives.
bool isRegister(mlir::Value value);

class WordsWriter {
public:
  WordsWriter(Pools &pools, Registers &registers, llvm::StringRef owner)
      : pools(pools), registers(registers), owner(owner.str()) {}

  /// Where a value can be read: a register, or a constant of the plan.
  value::Operand operand(mlir::Value value);
  /// A register that holds the value; a constant is moved into a new one.
  std::uint32_t inRegister(mlir::Value value);
  /// Writes one pure op; its result gets a register.
  void write(mlir::Operation *op);
  /// Words that leave how a round of a loop ended: whether it stops, and the value.
  std::pair<std::uint32_t, std::uint32_t> splitStep(mlir::Value step);
  /// A register with the int that chooses a body: of a bool, 0 for true and 1 for false.
  std::uint32_t selector(mlir::Value value);

  value::WordsBuilder words;
  std::vector<WordPlace> places; ///< Of what can fail.

private:
  std::vector<value::Operand> operands(mlir::ValueRange values);
  void arms(mlir::Operation *op, value::Operand selector, bool boolean);
  void arm(mlir::Region &region, std::uint32_t result);
  void loop(mlir::Operation *op);
  void lambda(mlir::Operation *op);
  void format(mlir::Operation *op);
  void list(std::uint32_t dst, std::span<const value::Operand> items);
  value::Operand integer(std::int64_t value);

  Pools &pools;
  Registers &registers;
  std::string owner;
};

/// Fills in the plan's function of an `expr.function`.
void writeFunction(Pools &pools, expr::FunctionOp function);

} // namespace weft::lowering
