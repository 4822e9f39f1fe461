//===- Packing.h - Operands of a product as the inner loop reads them -----===//
#pragma once

#include "compiler/targets/cpu/PhaseBuilder.h"

namespace weft::cpu {

/// An operand in memory: at each of k places along the sum, `extent` elements. Element (k, place) is at
/// `base` + k + place x `stride` where it runs along k, else at `base` + k x `stride` + place.
struct Operand {
  mlir::Value buffer, base;
  bool runsAlongK;
  std::int64_t stride;

  std::int64_t placeStride() const { return runsAlongK ? stride : 1; }
  std::int64_t kStride() const { return runsAlongK ? 1 : stride; }
};

/// Writes `width` places of the operand from `firstPlace` and `firstK` on as a panel: for each of `depth` k's the
/// elements of all places, one behind another, at `target` + k x `width` + place. Only the first `valid` places are
/// read, the others are zero.
struct PanelWriter {
  PhaseBuilder &phase;
  mlir::FloatType element;
  std::int64_t lanes;

  void write(const Operand &from, mlir::Value firstPlace, mlir::Value firstK, mlir::Value depth, std::int64_t valid,
             std::int64_t width, mlir::Value memory, mlir::Value target) const;

private:
  void turn(const Operand &from, mlir::Value source, std::int64_t valid, std::int64_t width, mlir::Value memory,
            mlir::Value target) const;
};

/// `valid` elements at `at`, as a vector of `lanes` with zeros behind them.
mlir::Value loadPart(PhaseBuilder &phase, mlir::Value buffer, mlir::Value at, std::int64_t valid, std::int64_t lanes);

/// Stores the first `valid` elements of a vector.
void storePart(PhaseBuilder &phase, mlir::Value vector, mlir::Value buffer, mlir::Value at, std::int64_t valid);

} // namespace weft::cpu
