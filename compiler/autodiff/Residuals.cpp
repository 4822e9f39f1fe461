//===- Residuals.cpp - What a reversed scan knows of the forward turns ----===//

#include "compiler/autodiff/Residuals.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// Gives the operand's elements in other places or another type, so that one follows from the other.
bool isMove(Operation *op) { return isa<nn::BroadcastOp, nn::ReshapeOp, nn::TransposeOp, nn::CastOp>(op); }

} // namespace

bool isCheapAgain(Operation *op) {
  if (auto elementwise = dyn_cast<nn::ElementwiseOp>(op))
    return !nn::isFloatKind(elementwise.getKind());
  return isMove(op) ||
         isa<nn::CompareOp, nn::SelectOp, nn::IotaOp, nn::SliceOp, nn::PadOp, nn::LayerNormOp, nn::RmsNormOp>(op);
}

uint64_t bytesOf(Value value) {
  return uint64_t(typeOf(value).getNumElements()) * ((typeOf(value).getElementTypeBitWidth() + 7) / 8);
}

Residuals::Residuals(nn::ScanOp forward, Block &backward, MutableArrayRef<Value> yielded, uint64_t limitBytes)
    : scan(forward), backward(backward), yielded(yielded) {
  auto note = [&](Value value) {
    if (isForeign(value))
      read.insert(value);
  };
  for (Operation &op : backward)
    llvm::for_each(op.getOperands(), note);
  llvm::for_each(yielded, note);
  stored = fewest();
  if (limitBytes == 0 || keptBytes() <= limitBytes)
    return;
  ValueSet carried = carriedAlone();
  recomputes = bytesOf(carried) < keptBytes();
  if (recomputes)
    stored = std::move(carried);
}

bool Residuals::isForeign(Value value) const { return value.getParentBlock() == &scan.getBody().front(); }

bool Residuals::isFree(Value value) const {
  if (Operation *op = value.getDefiningOp())
    return matchPattern(op, m_Constant());
  return !llvm::is_contained(scan.getBodyArguments().getCarried(), cast<BlockArgument>(value));
}

/// What is read, but without what follows from the rest by cheap ops, and instead of a move the value that it moves.
Residuals::ValueSet Residuals::fewest() const {
  ValueSet wanted;
  for (Value value : read) {
    for (Operation *op = value.getDefiningOp();
         op && isMove(op) && autodiff::bytesOf(op->getOperand(0)) <= autodiff::bytesOf(value);
         op = value.getDefiningOp())
      value = op->getOperand(0);
    if (!isFree(value))
      wanted.insert(value);
  }
  // In the order of the forward body, so that what an op reads is decided before.
  DenseSet<Value> available;
  for (Value argument : scan.getBody().front().getArguments())
    if (isFree(argument) || wanted.contains(argument))
      available.insert(argument);
  for (Operation &op : scan.getBody().front()) {
    bool follows =
        matchPattern(&op, m_Constant()) ||
        (isCheapAgain(&op) && llvm::all_of(op.getOperands(), [&](Value value) { return available.contains(value); }));
    for (Value result : op.getResults()) {
      if (follows)
        wanted.remove(result);
      if (follows || wanted.contains(result))
        available.insert(result);
    }
  }
  return wanted;
}

/// The carried values that what is read depends on.
Residuals::ValueSet Residuals::carriedAlone() const {
  ValueSet carried;
  DenseSet<Value> seen;
  SmallVector<Value> pending = llvm::to_vector(read);
  while (!pending.empty()) {
    Value value = pending.pop_back_val();
    if (!seen.insert(value).second || isFree(value))
      continue;
    if (Operation *op = value.getDefiningOp())
      llvm::append_range(pending, op->getOperands());
    else
      carried.insert(value);
  }
  return carried;
}

uint64_t Residuals::bytesOf(const ValueSet &values) const {
  uint64_t bytes = 0;
  for (Value value : values)
    bytes += isGivenAlready(value) ? 0 : autodiff::bytesOf(value) * scan.getCount();
  return bytes;
}

uint64_t Residuals::keptBytes() const { return bytesOf(stored); }

nn::ScanOp Residuals::extendForward() {
  SmallVector<Value> added;
  for (Value value : stored)
    if (!isGivenAlready(value))
      added.push_back(value);
  nn::ScanOp extended = scan;
  if (!added.empty()) {
    Operation *terminator = scan.getBody().front().getTerminator();
    terminator->insertOperands(terminator->getNumOperands(), added);
    OpBuilder builder(scan);
    SmallVector<Type> types(scan->getResultTypes());
    for (Value value : added)
      types.push_back(nn::stackedType(typeOf(value), scan.getCount()));
    OperationState state(scan.getLoc(), scan->getName(), scan->getOperands(), types, scan->getAttrs());
    state.addRegion()->takeBody(scan.getBody());
    extended = cast<nn::ScanOp>(builder.create(state));
    scan->replaceAllUsesWith(extended->getResults().take_front(scan->getNumResults()));
    scan = extended;
  }
  for (auto [value, output] : llvm::zip(extended.getYieldedSlices(), extended.getStackedOutputs()))
    if (stored.contains(value))
      stackedAs.try_emplace(value, output);
  return extended;
}

void Residuals::bringOver(Value index) {
  brought[scan.getBodyArguments().getIndex()] = index;
  SmallVector<Operation *> ops;
  for (Operation &op : backward)
    ops.push_back(&op);
  for (Operation *op : ops) {
    OpBuilder builder(op);
    for (OpOperand &operand : op->getOpOperands())
      if (isForeign(operand.get()))
        operand.set(bring(operand.get(), builder));
  }
  OpBuilder builder(scan.getContext());
  builder.setInsertionPointToEnd(&backward);
  for (Value &value : yielded)
    if (isForeign(value))
      value = bring(value, builder);
}

Value Residuals::bring(Value value, OpBuilder &builder) {
  if (Value known = brought.lookup(value))
    return known;
  if (Value output = stackedAs.lookup(value))
    return brought[value] = addArgument(slices, output, value.getType());
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    unsigned place = argument.getArgNumber() - 1; // The index has no operand.
    bool isShared = place >= scan.getCarried().size() + scan.getStacked().size();
    return brought[value] = addArgument(isShared ? same : slices, scan->getOperand(place), value.getType());
  }
  Operation *op = value.getDefiningOp();
  IRMapping operands;
  for (Value operand : op->getOperands())
    operands.map(operand, bring(operand, builder));
  Operation *again = builder.clone(*op, operands);
  for (auto [result, copy] : llvm::zip(op->getResults(), again->getResults()))
    brought[result] = copy;
  return brought[value];
}

Value Residuals::addArgument(Group &group, Value operand, Type type) {
  group.operands.push_back(operand);
  group.arguments.push_back(backward.addArgument(type, operand.getLoc()));
  return group.arguments.back();
}

} // namespace weft::autodiff
