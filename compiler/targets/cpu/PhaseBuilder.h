//===- PhaseBuilder.h - A kernel's phases, written loop by loop -----------===//
//
// Kernels whose loops are decided here and not by upstream's passes: every buffer
// is flat, every phase a function over a range of items. What a phase needs beside
// the kernel's own buffers is asked for before the first phase is written, so that
// all phases take the same arguments.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/targets/cpu/LowerKernel.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

#include <functional>

namespace weft::cpu {

class PhaseBuilder;

/// A flat buffer of the workspace or of a thread's scratch.
struct Piece {
  bool isScratch;
  unsigned number;
};

/// Collects the phases of one kernel, then replaces the module's function by them.
class PhasedKernel {
public:
  explicit PhasedKernel(mlir::func::FuncOp kernel) : kernel(kernel) {}

  Piece addWorkspace(mlir::Type element, int64_t count) { return add(false, element, count); }
  Piece addScratch(mlir::Type element, int64_t count) { return add(true, element, count); }

  /// `body` writes the loops over the items of PhaseBuilder::begin and end.
  void addPhase(int64_t items, std::function<void(PhaseBuilder &)> body);

  /// Writes the functions, in order, and erases the kernel. Its values must not be asked for afterwards.
  KernelFrame finish();

private:
  friend class PhaseBuilder;
  Piece add(bool isScratch, mlir::Type element, int64_t count);

  mlir::func::FuncOp kernel;
  llvm::SmallVector<mlir::Type> workspace, scratch;
  llvm::SmallVector<std::pair<int64_t, std::function<void(PhaseBuilder &)>>> phases;
};

/// Writes one phase. Indices are values of index type; elements of i1 lie as bytes in memory.
class PhaseBuilder {
public:
  PhaseBuilder(PhasedKernel &kernel, mlir::func::FuncOp function, mlir::OpBuilder &builder);

  mlir::OpBuilder &builder;
  mlir::Location place;
  mlir::Value begin, end;

  mlir::Value input(unsigned number);
  mlir::Value output(unsigned number);
  mlir::Value piece(Piece piece);

  mlir::Value index(int64_t value);
  mlir::Value add(mlir::Value a, mlir::Value b);
  mlir::Value add(mlir::Value a, int64_t b) { return b ? add(a, index(b)) : a; }
  mlir::Value mul(mlir::Value a, int64_t b);
  mlir::Value div(mlir::Value a, int64_t b);
  mlir::Value rem(mlir::Value a, int64_t b);
  mlir::Value sub(mlir::Value a, mlir::Value b);
  mlir::Value least(mlir::Value a, mlir::Value b);
  mlir::Value most(mlir::Value a, mlir::Value b);
  mlir::Value isLess(mlir::Value a, mlir::Value b);

  /// One element as it is computed with.
  mlir::Value load(mlir::Value buffer, mlir::Value at, mlir::Type element);
  void store(mlir::Value value, mlir::Value buffer, mlir::Value at);
  mlir::Value loadVector(mlir::Value buffer, mlir::Value at, int64_t width);
  void storeVector(mlir::Value vector, mlir::Value buffer, mlir::Value at);

  /// Asks for the cache lines of `count` elements from `at` on.
  void prefetch(mlir::Value buffer, mlir::Value at, int64_t count);

  /// Asks for the line of an element; `level` is the cache that it goes to, 1 or 2.
  void fetchLine(mlir::Value buffer, mlir::Value at, unsigned level);

  /// Each of `sums` and `factor` times the vector of its number.
  llvm::SmallVector<mlir::Value> addProducts(mlir::ValueRange sums, mlir::Value factor, mlir::ValueRange vectors);

  void loop(mlir::Value from, mlir::Value to, int64_t step, llvm::function_ref<void(mlir::Value)> body);
  void loop(int64_t from, int64_t to, int64_t step, llvm::function_ref<void(mlir::Value)> body) {
    loop(index(from), index(to), step, body);
  }
  /// With values that each turn hands on.
  llvm::SmallVector<mlir::Value>
  loop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange start,
       llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);
  /// The same of elements that lie one behind another, which LLVM makes vectors of. It stays a loop, however short:
  /// unrolled, what several vectors sum up would be added to one, each addition waiting for the one before.
  llvm::SmallVector<mlir::Value>
  elementLoop(mlir::Value from, mlir::Value to, mlir::ValueRange start,
              llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);
  /// `body` where `condition` is true.
  void when(mlir::Value condition, llvm::function_ref<void()> body);

private:
  mlir::Operation *writeLoop(mlir::Value from, mlir::Value to, int64_t step, mlir::ValueRange start,
                             llvm::function_ref<llvm::SmallVector<mlir::Value>(mlir::Value, mlir::ValueRange)> body);

  PhasedKernel &kernel;
  mlir::func::FuncOp function;
};

} // namespace weft::cpu
