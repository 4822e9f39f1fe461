//===- InPlace.cpp - Results that may lie where an operand lies -----------===//

#include "compiler/fusion/InPlace.h"

#include "compiler/analysis/RowShape.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/IR/Builders.h"

#include <algorithm>

namespace weft::fusion {
namespace {
using namespace mlir;

/// How many ops lie between `value` and each argument, on the shortest way.
DenseMap<Value, unsigned> distancesFrom(Value value) {
  DenseMap<Value, unsigned> distances = {{value, 0}};
  SmallVector<Value> work = {value};
  for (size_t at = 0; at < work.size(); ++at)
    if (Operation *op = work[at].getDefiningOp())
      for (Value operand : op->getOperands())
        if (distances.try_emplace(operand, distances[work[at]] + 1).second)
          work.push_back(operand);
  return distances;
}

/// All of `into` but the part that is written stays as it is, so that nothing is left to do where the result lies
/// there.
void allowUpdates(func::FuncOp kernel) {
  Builder builder(kernel.getContext());
  for (auto [number, result] : llvm::enumerate(kernel.getBody().front().getTerminator()->getOperands()))
    if (auto update = result.getDefiningOp<nn::UpdateSliceOp>())
      if (auto into = dyn_cast<BlockArgument>(update.getInto()); into && into.hasOneUse() && result.hasOneUse())
        kernel.setArgAttr(into.getArgNumber(), dist::inPlaceAttrName,
                          builder.getI64IntegerAttr(static_cast<int64_t>(number)));
}

} // namespace

void allowInPlace(func::FuncOp kernel) {
  allowUpdates(kernel);
  Block &body = kernel.getBody().front();
  SmallVector<Operation *> ops;
  Operation *product = nullptr;
  for (Operation &op : body.without_terminator()) {
    ops.push_back(&op);
    if (isa<nn::MatmulOp>(op))
      product = &op;
  }
  std::optional<analysis::RowShape> shape = analysis::rowShapeOf(ops);
  // A row that is passed over again would be read behind what was written.
  if (!shape || (!shape->isFlat && !product))
    return;
  auto isFull = [&](Value value) {
    auto extent = shape->extents.find(value);
    return extent != shape->extents.end() && extent->second == analysis::Extent::full;
  };
  struct Pair {
    unsigned distance, argument, result;
  };
  SmallVector<Pair> pairs;
  for (auto [number, result] : llvm::enumerate(body.getTerminator()->getOperands())) {
    if (!isFull(result))
      continue;
    DenseMap<Value, unsigned> distances = distancesFrom(result);
    for (BlockArgument argument : kernel.getArguments())
      if (distances.contains(argument) && isFull(argument) && argument.getType() == result.getType() &&
          !(product && llvm::is_contained(product->getOperands(), argument)))
        pairs.push_back({distances[argument], argument.getArgNumber(), static_cast<unsigned>(number)});
  }
  llvm::stable_sort(pairs, [](const Pair &a, const Pair &b) { return a.distance < b.distance; });
  llvm::SmallDenseSet<unsigned> arguments, results;
  Builder builder(kernel.getContext());
  for (const Pair &pair : pairs)
    if (!arguments.contains(pair.argument) && !results.contains(pair.result)) {
      arguments.insert(pair.argument);
      results.insert(pair.result);
      kernel.setArgAttr(pair.argument, dist::inPlaceAttrName, builder.getI64IntegerAttr(pair.result));
    }
}

} // namespace weft::fusion
