//===- Limits.cpp - What instruction words can hold -----------------------===//
//
// Registers belong to one block of the plan or one activation of a function.
// They are counted as WordsWriter and BlockWriter will hand them out, or a
// little above: a bound that is too high would refuse what could be written.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/FlowToPlan/Limits.h"

#include "compiler/lowering/FlowToPlan/WordsWriter.h"
#include "dialects/flow/Flow.h"
#include "runtime/value/Words.h"

#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;

namespace weft::lowering {
namespace {

std::size_t registersOf(Block &block);

/// Holes that are no texts already.
std::size_t textsOf(expr::FormatOp format) {
  return static_cast<std::size_t>(
      llvm::count_if(format.getHoles(), [](Value hole) { return !expr::isKind(hole.getType(), expr::Kind::string); }));
}

/// What one op takes of the registers around it.
std::size_t registersOf(Operation &op) {
  if (isa<expr::ConstantOp, expr::SchemaOp, expr::AsOp, expr::YieldOp>(op))
    return 0;
  std::size_t count = op.getNumResults();
  if (isa<flow::StepInterface, flow::YieldOp>(op)) // A node reads registers only: constants are moved into some.
    count += static_cast<std::size_t>(llvm::count_if(op.getOperands(), [](Value value) { return !isRegister(value); }));
  if (isa<flow::SwitchOp>(op)) // The int that a bool becomes.
    count += 1;
  else if (isa<flow::YieldOp>(op)) // How a round of a loop ended.
    count += 3;
  else if (auto format = dyn_cast<expr::FormatOp>(op)) // Texts of holes, and what is joined before the end.
    count += textsOf(format) + 2 * format.getHoles().size() / (maxPieces - 1);
  else if (isa<expr::ListOp>(op)) // Shorter lists, and what is joined of them.
    count += 2 * (op.getNumOperands() / value::maxOperands);
  else if (isa<expr::LoopOp>(op)) // The count, whether there are more, how a round ended.
    count += 5 + registersOf(op.getRegion(0).front()) + registersOf(op.getRegion(1).front());
  else if (isa<expr::SwitchOp>(op))
    for (Region &arm : op.getRegions())
      count += 1 + registersOf(arm.front());
  return count;
}

std::size_t registersOf(Block &block) {
  std::size_t count = block.getNumArguments();
  for (Operation &op : block)
    count += registersOf(op);
  return count;
}

std::size_t capturesOf(Operation *lambda) {
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(lambda->getRegions(), used);
  return static_cast<std::size_t>(llvm::count_if(used, isRegister));
}

/// Of the bodies of `op` that have registers of their own.
LogicalResult checkRegisters(Operation *op) {
  if (!isa<flow::WorkflowOp, flow::FormInterface, expr::FunctionOp, expr::LambdaOp>(op))
    return success();
  for (Region &region : op->getRegions()) {
    if (region.empty())
      continue;
    std::size_t count = registersOf(region.front()) + (isa<expr::LambdaOp>(op) ? capturesOf(op) : 0);
    if (count > value::maxRegisters)
      return op->emitError() << "this needs up to " << count << " registers, the limit is " << value::maxRegisters
                             << "; split it into workflows or functions that call each other";
  }
  return success();
}

LogicalResult checkWidth(Operation *op) {
  if (isa<expr::ListOp, expr::FormatOp>(op) || !isa<expr::ExprDialect>(op->getDialect()))
    return success();
  std::size_t count = isa<expr::LambdaOp>(op) ? capturesOf(op) : op->getNumOperands();
  if (count <= value::maxOperands)
    return success();
  return op->emitError() << "this takes " << count << " values at once, the limit is " << value::maxOperands
                         << "; group them in records or lists";
}

} // namespace

LogicalResult checkLimits(ModuleOp module) {
  bool fits = true;
  module.walk([&](Operation *op) { fits &= succeeded(checkRegisters(op)) && succeeded(checkWidth(op)); });
  return success(fits);
}

} // namespace weft::lowering
