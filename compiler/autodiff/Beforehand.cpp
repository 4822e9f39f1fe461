//===- Beforehand.cpp - What forward turns compute for their derivative ---===//
//
// Ops of the derivative that need nothing of it fall into groups that share values.
// A group reads some values of the forward body and gives others to the rest of the
// derivative: either side may be what is kept.
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/Beforehand.h"

#include "compiler/autodiff/Residuals.h"

#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/EquivalenceClasses.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

/// Ops of the derivative that share values of the forward body or of each other, in order.
struct Group {
  SmallVector<Operation *> ops;
  llvm::SetVector<Value> reads; ///< Of the forward body, what is not there anyway.
};

class Mover {
public:
  Mover(nn::ScanOp forward, Block &backward, MutableArrayRef<Value> yielded)
      : forward(forward), body(forward.getBody().front()), backward(backward), yielded(yielded) {}

  void run() {
    for (const Group &group : groups())
      if (pays(group))
        move(group);
  }

private:
  static bool isConstant(Operation *op) { return op && matchPattern(op, m_Constant()); }
  bool isForeign(Value value) const { return value.getParentBlock() == &body; }

  /// Operands and what the loop hands in whole are where the derivative is, too.
  bool isThereAnyway(Value value) {
    if (Operation *op = value.getDefiningOp())
      return isConstant(op) || isCheapAgain(op) || llvm::is_contained(forward.getYieldedSlices(), value);
    return !llvm::is_contained(forward.getBodyArguments().getCarried(), cast<BlockArgument>(value));
  }

  SmallVector<Group> groups() {
    llvm::EquivalenceClasses<void *> together;
    DenseSet<Operation *> early;
    auto key = [](auto *one) { return static_cast<void *>(one); };
    for (Operation &op : backward) {
      bool needsNothing = op.getNumRegions() == 0 && isMemoryEffectFree(&op) && !isConstant(&op) &&
                          llvm::all_of(op.getOperands(), [&](Value value) {
                            Operation *source = value.getDefiningOp();
                            return isForeign(value) || isConstant(source) || early.contains(source);
                          });
      if (!needsNothing || !early.insert(&op).second)
        continue;
      together.insert(key(&op));
      for (Value value : op.getOperands())
        if (isForeign(value) ? !isThereAnyway(value) : !isConstant(value.getDefiningOp()))
          together.unionSets(key(&op), isForeign(value) ? value.getAsOpaquePointer() : key(value.getDefiningOp()));
    }
    llvm::MapVector<void *, Group> found;
    for (Operation &op : backward) {
      if (!early.contains(&op))
        continue;
      Group &group = found[together.getLeaderValue(key(&op))];
      group.ops.push_back(&op);
      for (Value value : op.getOperands())
        if (isForeign(value) && !isThereAnyway(value))
          group.reads.insert(value);
    }
    return llvm::map_to_vector(found, [](auto &entry) { return std::move(entry.second); });
  }

  bool isOf(const Group &group, Operation *op) const { return llvm::is_contained(group.ops, op); }

  /// Results that the rest of the derivative reads.
  SmallVector<Value> given(const Group &group) const {
    SmallVector<Value> results;
    for (Operation *op : group.ops)
      for (Value result : op->getResults())
        if (llvm::is_contained(yielded, result) ||
            llvm::any_of(result.getUsers(), [&](Operation *user) { return !isOf(group, user); }))
          results.push_back(result);
    return results;
  }

  bool pays(const Group &group) const {
    bool isDear = llvm::any_of(group.ops, [](Operation *op) {
      auto elementwise = dyn_cast<nn::ElementwiseOp>(op);
      return elementwise && nn::isFloatKind(elementwise.getKind());
    });
    std::uint64_t spared = 0, kept = 0;
    for (Value value : group.reads) {
      // A cheap op of the forward turn may be what makes another value of it for the derivative.
      bool isReadElsewhere = llvm::is_contained(yielded, value) || llvm::any_of(value.getUsers(), [&](Operation *user) {
                               return user->getBlock() == &backward ? !isOf(group, user) : isCheapAgain(user);
                             });
      spared += isReadElsewhere ? 0 : bytesOf(value);
    }
    for (Value value : given(group))
      kept += bytesOf(value);
    return isDear && kept <= spared;
  }

  void move(const Group &group) {
    OpBuilder builder(body.getTerminator());
    IRMapping mapping;
    SmallVector<Value> results = given(group);
    for (Operation *op : group.ops) {
      for (Value value : op->getOperands())
        if (Operation *source = value.getDefiningOp(); isConstant(source) && !isForeign(value))
          mapping.map(value, builder.clone(*source)->getResult(0));
      builder.clone(*op, mapping);
    }
    for (Value result : results) {
      Value moved = mapping.lookup(result);
      result.replaceUsesWithIf(moved, [&](OpOperand &use) { return !isOf(group, use.getOwner()); });
      std::replace(yielded.begin(), yielded.end(), result, moved);
    }
    for (Operation *op : llvm::reverse(group.ops))
      op->erase();
  }

  nn::ScanOp forward;
  Block &body, &backward;
  MutableArrayRef<Value> yielded;
};

} // namespace

void moveBeforehand(nn::ScanOp forward, Block &backward, MutableArrayRef<Value> yielded) {
  Mover(forward, backward, yielded).run();
}

} // namespace weft::autodiff
