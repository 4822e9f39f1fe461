//===- ScanPullback.cpp - The derivative of a scan is a scan --------------===//
//
// It runs in the other direction. Where the forward scan carries c, it carries
// c's cotangent; for a shared operand it carries the sum over the turns; the
// cotangents of slices are slices of a stacked result.
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/Beforehand.h"
#include "compiler/autodiff/Residuals.h"
#include "compiler/autodiff/ReverseSweep.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

RankedTensorType typeOf(Value value) {
  auto type = cast<RankedTensorType>(value.getType());
  return RankedTensorType::get(type.getShape(), type.getElementType());
}

/// In which a sum over turns is made: a sum of many roundings to bf16 or f16 would lose the small addends.
RankedTensorType sumType(RankedTensorType type) {
  bool isNarrow = type.getElementTypeBitWidth() < 32;
  return isNarrow ? RankedTensorType::get(type.getShape(), Float32Type::get(type.getContext())) : type;
}

Value converted(OpBuilder &builder, Value value, RankedTensorType type) {
  return value.getType() == type ? value : nn::CastOp::create(builder, value.getLoc(), type, value).getResult();
}

Value orZeros(OpBuilder &builder, Location place, Value value, RankedTensorType type) {
  return value ? value : nn::buildSplat(builder, place, type, 0);
}

/// The parts of the derivative's body that stand in no scan yet: arguments with the operands for them, and what is
/// yielded with the forward operand whose cotangent that is.
struct BackwardBody {
  Block block;
  Residuals::Group carried, stacked;
  SmallVector<Value> yielded;
  SmallVector<Value> sources;
};

nn::ScanOp buildBackward(OpBuilder &builder, nn::ScanOp forward, BackwardBody &body, const Residuals &residuals) {
  SmallVector<Value> stacked = body.stacked.operands;
  llvm::append_range(stacked, residuals.stacked().operands);
  return nn::ScanOp::create(builder, forward.getLoc(), forward.getCount(), !forward.getReverse(), body.carried.operands,
                            stacked, residuals.shared().operands, [&](OpBuilder &, nn::ScanBody to) {
                              IRMapping mapping;
                              auto map = [&](ArrayRef<BlockArgument> from, ValueRange arguments) {
                                for (auto [argument, now] : llvm::zip_equal(from, arguments)) {
                                  Value old = argument;
                                  old.replaceAllUsesWith(now);
                                  mapping.map(old, now);
                                }
                              };
                              SmallVector<BlockArgument> slices = body.stacked.arguments;
                              llvm::append_range(slices, residuals.stacked().arguments);
                              map(body.block.getArgument(0), to.getIndex());
                              map(body.carried.arguments, to.getCarried());
                              map(slices, to.getSlices());
                              map(residuals.shared().arguments, to.getShared());
                              to.getBlock().getOperations().splice(to.getBlock().end(), body.block.getOperations());
                              SmallVector<Value> yielded;
                              for (Value value : body.yielded)
                                yielded.push_back(mapping.lookupOrDefault(value));
                              return yielded;
                            });
}

} // namespace

LogicalResult ReverseSweep::pullBack(nn::ScanOp scan) {
  Location place = scan.getLoc();
  Values reached;
  for (Value output : scan.getOutputs())
    if (cotangentOf(output))
      reached.insert(output);
  spreadReached(scan, varied, reached);

  BackwardBody body;
  auto addArgument = [&](Residuals::Group &group, Value operand, RankedTensorType type) {
    group.operands.push_back(operand);
    group.arguments.push_back(body.block.addArgument(type, place));
    return group.arguments.back();
  };
  body.block.addArgument(RankedTensorType::get({}, builder.getI32Type()), place);
  OpBuilder inside(scan.getContext());
  inside.setInsertionPointToEnd(&body.block);
  ReverseSweep sweep(inside, varied, accounts);
  nn::ScanBody forward = scan.getBodyArguments();
  // A last value that no turn reads has its cotangent in the last turn alone: the zeros of the others are carried.
  SmallVector<std::pair<BlockArgument, Value>> carried;
  for (auto [argument, operand, next, last] :
       llvm::zip(forward.getCarried(), scan.getCarried(), scan.getNextCarried(), scan.getLastCarried())) {
    if (!reached.contains(argument) && !(reached.contains(last) && reached.contains(next)))
      continue;
    carried.emplace_back(argument, operand);
    Value first = orZeros(builder, place, cotangentOf(last), typeOf(argument));
    sweep.add(next, addArgument(body.carried, first, typeOf(argument)));
  }
  for (auto [slice, output] : llvm::zip(scan.getYieldedSlices(), scan.getStackedOutputs()))
    if (reached.contains(output) && reached.contains(slice))
      sweep.add(slice, addArgument(body.stacked, cotangentOf(output), typeOf(slice)));
  if (failed(sweep.run(scan.getBody().front())))
    return failure();

  for (auto [argument, operand] : carried) {
    body.yielded.push_back(orZeros(inside, place, sweep.cotangentOf(argument), typeOf(argument)));
    body.sources.push_back(operand);
  }
  for (auto [argument, operand] : llvm::zip(forward.getShared(), scan.getShared())) {
    Value cotangent = sweep.cotangentOf(argument);
    if (!cotangent)
      continue;
    RankedTensorType type = sumType(typeOf(argument));
    Value sum = addArgument(body.carried, nn::buildSplat(builder, place, type, 0), type);
    cotangent = converted(inside, cotangent, type);
    body.yielded.push_back(
        nn::ElementwiseOp::create(inside, place, type, nn::ElementwiseKind::add, ValueRange{sum, cotangent}));
    body.sources.push_back(operand);
  }
  for (auto [argument, operand] : llvm::zip(forward.getSlices(), scan.getStacked()))
    if (Value cotangent = sweep.cotangentOf(argument)) {
      body.yielded.push_back(cotangent);
      body.sources.push_back(operand);
    }

  moveBeforehand(scan, body.block, body.yielded);
  Residuals residuals(scan, body.block, body.yielded, accounts.memoryLimitBytes);
  ++accounts.scans;
  accounts.recomputedScans += residuals.isRecomputed();
  accounts.keptBytes += residuals.keptBytes();
  if (residuals.isRecomputed())
    remark::passed(place, remark::RemarkOpts::name("Recomputed").category("differentiate"))
        << remark::reason("computes the body again for the derivative, and keeps {0} bytes", residuals.keptBytes());
  nn::ScanOp extended = residuals.extendForward();
  if (extended != scan)
    replaceForward(scan, extended);
  residuals.bringOver(body.block.getArgument(0));
  nn::ScanOp backward = buildBackward(builder, extended, body, residuals);
  for (auto [source, cotangent] : llvm::zip(body.sources, backward.getOutputs()))
    add(source, converted(builder, cotangent, typeOf(source)));
  return success();
}

void ReverseSweep::replaceForward(nn::ScanOp scan, nn::ScanOp extended) {
  for (auto [old, output] : llvm::zip(scan.getOutputs(), extended.getOutputs())) {
    cotangents.erase(old);
    if (varied.erase(old))
      varied.insert(output);
  }
  scan.erase();
}

} // namespace weft::autodiff
