//===- FixedReads.cpp - Reads behind calls that a map could share ---------===//

#include "compiler/flow/FixedReads.h"

#include "dialects/expr/Expr.h"

using namespace mlir;

namespace weft {
namespace {

/// Calls below each other that are looked through; each needs a stack frame.
constexpr unsigned maxLevels = 64;

} // namespace

llvm::SetVector<Operation *> FixedReads::run(flow::WorkflowOp workflow) {
  workflow.walk<WalkOrder::PreOrder>([&](flow::MapOp map) {
    FixedValues values(map, effects);
    if (isUnordered(map))
      look(map.getBody().front(), map, values);
  });
  return std::move(calls);
}

void FixedReads::look(Block &body, flow::MapOp map, FixedValues &values) {
  for (Operation &op : body) {
    values.visit(&op);
    auto invoke = dyn_cast<flow::InvokeOp>(op);
    // One whose arguments are fixed is such a read itself.
    if (invoke && bodies.allows(invoke) && !values.isFixed(invoke.getOperation()) &&
        holdsFixed(
            invoke, [&](Value value) { return values.isFixed(value); }, map, maxLevels))
      calls.insert(invoke);
    StringRef why;
    if (isa<flow::FormInterface>(op) && !isa<flow::OnceOp>(op) && letsReadsOut(&op, why))
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          look(inner, map, values);
  }
}

bool FixedReads::holdsFixed(flow::InvokeOp invoke, llvm::function_ref<bool(Value)> isFixed, flow::MapOp map,
                            unsigned levels) {
  Values fixed;
  Block &callee = bodies.calls().calleeOf(invoke).getBody().front();
  for (auto [argument, given] : llvm::zip(callee.getArguments(), invoke.getArguments()))
    if (isFixed(given))
      fixed.insert(argument);
  return holdsFixed(callee, fixed, map, levels);
}

/// `fixed` holds values of the callee that are the same for all items, and is added to.
bool FixedReads::holdsFixed(Block &body, Values &fixed, flow::MapOp map, unsigned levels) {
  for (Operation &op : body) {
    if (room == 0)
      return false;
    --room;
    bool same = forEachTaken(&op, [&](Value value) { return fixed.contains(value); });
    if (same && mayLeave(&op, map))
      return true;
    if (same && isa<expr::ExprDialect>(op.getDialect()) && op.getNumResults() == 1 && !effects.of(&op).fails)
      fixed.insert(op.getResult(0));
    if (auto invoke = dyn_cast<flow::InvokeOp>(op); invoke && levels > 0 && bodies.allows(invoke))
      if (holdsFixed(
              invoke, [&](Value value) { return fixed.contains(value); }, map, levels - 1))
        return true;
    StringRef why;
    if (isa<flow::FormInterface>(op) && letsReadsOut(&op, why))
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          if (holdsFixed(inner, fixed, map, levels))
            return true;
  }
  return false;
}

bool FixedReads::mayLeave(Operation *op, flow::MapOp map) {
  const analysis::Touch &touch = effects.of(op);
  if (!isa<flow::StepInterface>(op) || touch.effect != flow::Effect::read || touch.chance || touch.people ||
      touch.emits || op->getNumResults() != 1)
    return false;
  const analysis::Touch &around = effects.of(map);
  return llvm::none_of(touch.bindings, [&](auto &read) {
    auto other = around.bindings.find(read.first);
    return other != around.bindings.end() && flow::writes(other->second);
  });
}

} // namespace weft
