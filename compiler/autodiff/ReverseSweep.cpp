//===- ReverseSweep.cpp - Cotangents of a block's values, last op first ---===//

#include "compiler/autodiff/ReverseSweep.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

/// The op that turned floats into the integers that `op` reads: where the derivative is lost. Null where none is found,
/// as behind the arguments of a body.
Operation *lastDiscrete(Operation *op, const Values &varied) {
  for (Value operand : op->getOperands()) {
    if (!varied.contains(operand))
      continue;
    if (isFloat(operand))
      return op;
    if (Operation *made = operand.getDefiningOp())
      if (Operation *found = lastDiscrete(made, varied))
        return found;
  }
  return nullptr;
}

/// Why an op of this result has no derivative, for people.
StringRef reasonOf(Operation *op) {
  if (isa<nn::AttentionGradOp>(op))
    return "second derivatives through attention are not carried; write the attention that is differentiated twice as "
           "matmul, softmax and matmul";
  if (isa<nn::CastOp>(op) && isFloat(op->getResult(0)))
    return "it makes numbers of whole numbers or truth values, which do not follow a small change of what they depend "
           "on";
  if (llvm::none_of(op->getResults(), isFloat))
    return "it gives whole numbers or truth values, which do not follow a small change of its operand; use them as an "
           "index or a condition (select), not as a number";
  return "it says of no operand how a small change of it changes the result";
}

LogicalResult refuse(Operation *op) { return op->emitOpError() << "has no derivative: " << reasonOf(op); }

} // namespace

void ReverseSweep::add(Value forward, Value cotangent) {
  if (!cotangent || !varied.contains(forward) || !isFloat(forward))
    return;
  Value &sum = cotangents[forward];
  sum = !sum ? cotangent
             : nn::ElementwiseOp::create(builder, cotangent.getLoc(), cotangent.getType(), nn::ElementwiseKind::add,
                                         ValueRange{sum, cotangent})
                   .getResult();
}

LogicalResult ReverseSweep::run(Block &forward) {
  SmallVector<Operation *> ops;
  for (Operation &op : forward)
    ops.push_back(&op);
  for (Operation *op : llvm::reverse(ops)) {
    if (llvm::none_of(op->getResults(), [&](Value result) { return cotangentOf(result); }) ||
        llvm::none_of(op->getOperands(), [&](Value operand) { return varied.contains(operand); }))
      continue;
    auto scan = dyn_cast<nn::ScanOp>(op);
    if (failed(scan ? pullBack(scan) : pullBack(op)))
      return failure();
  }
  return success();
}

LogicalResult ReverseSweep::pullBack(Operation *op) {
  auto differentiable = dyn_cast<DifferentiableInterface>(op);
  // A conversion is where numbers begin again that hang on a discrete choice.
  if (isa<nn::CastOp>(op) && !isFloat(op->getOperand(0))) {
    Operation *discrete = lastDiscrete(op, varied);
    return refuse(discrete ? discrete : op);
  }
  if (!differentiable)
    return refuse(op);
  SmallVector<bool> wanted;
  for (Value operand : op->getOperands())
    wanted.push_back(varied.contains(operand) && isFloat(operand));
  if (llvm::none_of(wanted, [](bool is) { return is; }))
    return success();
  SmallVector<Value> results;
  for (Value result : op->getResults())
    results.push_back(cotangentOf(result));
  FailureOr<SmallVector<Value>> operands = differentiable.buildPullback(builder, results, wanted);
  if (failed(operands))
    return failure();
  assert(operands->size() == op->getNumOperands() && "a pullback gives one cotangent for each operand");
  for (auto [operand, cotangent, isWanted] : llvm::zip(op->getOperands(), *operands, wanted))
    if (isWanted)
      add(operand, cotangent);
  return success();
}

} // namespace weft::autodiff
