//===- MapBodies.cpp - What the items of a map have in common -------------===//

#include "compiler/flow/MapBodies.h"

#include "dialects/expr/Expr.h"
#include "mlir/Transforms/RegionUtils.h"

#include <algorithm>

using namespace mlir;

namespace weft {
bool forEachTaken(Operation *op, llvm::function_ref<bool(Value)> visit) {
  for (Value operand : op->getOperands())
    if (!visit(operand))
      return false;
  if (op->getNumRegions() == 0)
    return true;
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(op->getRegions(), used);
  return llvm::all_of(used, visit);
}

bool isUnordered(flow::MapOp map) {
  if (!map.getWindow())
    return true;
  auto constant = map.getWindow().getDefiningOp<expr::ConstantOp>();
  auto number = constant ? dyn_cast<IntegerAttr>(constant.getValue()) : IntegerAttr();
  return number && number.getInt() != 1;
}

bool letsReadsOut(Operation *form, StringRef &why) {
  if (isa<flow::SwitchOp, flow::TryOp>(form))
    return true;
  if (auto map = dyn_cast<flow::MapOp>(form)) {
    if (!isUnordered(map))
      why = "its window may be 1, which orders the items";
    return isUnordered(map);
  }
  if (isa<flow::LoopOp, flow::FoldOp>(form))
    why = "it stands in a round, and rounds come after each other";
  else if (isa<flow::RaceOp, flow::VoteOp>(form))
    why = "it stands in a race or a vote, whose alternatives and samples each make their own";
  else
    why = "a policy stands around it";
  return false;
}

bool FixedValues::isFixed(Operation *op) const {
  return forEachTaken(op, [&](Value value) { return isFixed(value); });
}

Value FixedValues::keyOf(Operation *op) const {
  Value key;
  bool one = forEachTaken(op, [&](Value value) {
    if (isFixed(value))
      return true;
    Value own = keys.contains(value) ? value : fixedBy.lookup(value.getDefiningOp());
    if (!own || (key && key != own))
      return false;
    key = own;
    return true;
  });
  return one ? key : Value();
}

void FixedValues::visit(Operation *op) {
  if (auto map = dyn_cast<flow::MapOp>(op); map && isFixed(map.getList()))
    keys.insert(map.getBody().getArgument(0));
  bool pure = isa<expr::ExprDialect>(op->getDialect()) && op->getNumResults() == 1 && !effects.of(op).fails;
  if (!pure && !isa<flow::GetOp>(op))
    return;
  if (isFixed(op))
    fixed.insert(op);
  else if (Value key = keyOf(op))
    fixedBy[op] = key;
}

bool FixedValues::sliceOf(Operation *op, std::size_t most, SmallVectorImpl<Operation *> &slice) const {
  llvm::SmallSetVector<Operation *, 16> needed;
  auto add = [&](Value value) {
    if (Operation *maker = value.getDefiningOp();
        maker && !isOutside(value) && (fixed.contains(maker) || fixedBy.contains(maker)))
      needed.insert(maker);
    return needed.size() <= most;
  };
  bool fits = forEachTaken(op, add);
  for (std::size_t at = 0; fits && at < needed.size(); ++at)
    fits = forEachTaken(needed[at], add);
  if (!fits)
    return false;
  // A maker dominates what takes its value, and stands in the same block or in one around it.
  slice.assign(needed.begin(), needed.end());
  llvm::SmallPtrSet<Operation *, 16> placed;
  SmallVector<Operation *> ordered;
  auto ready = [&](Operation *one) {
    return forEachTaken(one, [&](Value value) {
      Operation *maker = value.getDefiningOp();
      return !maker || !needed.contains(maker) || maker == one || placed.contains(maker) || one->isAncestor(maker);
    });
  };
  while (ordered.size() < needed.size())
    for (Operation *one : slice)
      if (!placed.contains(one) && ready(one)) {
        placed.insert(one);
        ordered.push_back(one);
      }
  slice.assign(ordered.begin(), ordered.end());
  return true;
}

} // namespace weft
