//===- GangInterface.h - What a tensor function's arguments stand for -----===//
//
// Attributes of a tensor function say what comes from outside of it: operands,
// states that are kept from step to step, windows of text, the step's number; and
// what becomes of its results. A function without any takes operands and gives
// results.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/lowering/DistToPlan/GangPlan.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft::lowering {

struct GangInterface {
  enum class Kind : std::uint8_t { operand, state, feed, step, result, report };
  /// `number` counts the operands, states, feeds, results or reports.
  struct Use {
    Kind kind;
    std::uint32_t number = 0;
  };

  std::vector<Use> arguments; ///< operand, state, feed or step.
  std::vector<Use> results;   ///< result, state or report.
  /// Everything of a gang but its roles. The number of the gang that evaluates it is not known yet.
  GangPlan gang;
  std::string evaluation; ///< The function that evaluates the gang, or empty.
  /// The states of a training that begin with an operand, which are the first results of its node.
  std::vector<std::uint32_t> returnedStates;
};

/// Reads the attributes `dist.state`, `dist.zeros`, `dist.feed`, `dist.step`, `dist.report`, `dist.steps`, `dist.data`,
/// `dist.checkpoint` and `dist.evaluation` of a function. Errors are reported at the function.
mlir::FailureOr<GangInterface> interfaceOf(mlir::func::FuncOp function);

} // namespace weft::lowering
