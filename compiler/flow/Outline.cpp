//===- Outline.cpp - What bodies take from outside is named ---------------===//

#include "compiler/flow/Passes.h"

#include "mlir/Transforms/RegionUtils.h"

namespace weft {
#define GEN_PASS_DEF_OUTLINE
#define GEN_PASS_DEF_VERIFYOUTLINED
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

struct Outline : impl::OutlineBase<Outline> {
  using OutlineBase::OutlineBase;

  void runOnOperation() override {
    // Inner forms first: what they take becomes an operand, which the form around them then takes in its turn.
    getOperation().walk<WalkOrder::PostOrder>([&](flow::FormInterface form) { outline(form); });
  }

private:
  void outline(flow::FormInterface form) {
    Operation *op = form;
    // Uses are found from the bodies, not from the values: a value may have uses all over the workflow.
    SmallVector<SmallVector<OpOperand *>> uses(op->getNumRegions());
    llvm::SetVector<Value> used;
    for (Region &region : op->getRegions())
      visitUsedValuesDefinedAbove(region, region, [&](OpOperand *use) {
        uses[region.getRegionNumber()].push_back(use);
        used.insert(use->get());
      });
    for (Value value : used)
      if (!isConstant(value)) {
        form.captures().append(value);
        ++numCaptures;
      }
    for (Region &region : op->getRegions())
      if (!region.empty())
        name(region, used, uses[region.getRegionNumber()]);
  }

  static bool isConstant(Value value) {
    return value.getDefiningOp<expr::ConstantOp>() || value.getDefiningOp<expr::SchemaOp>();
  }

  /// An argument for each of `used`, in order; a copy for a constant that the region uses.
  static void name(Region &region, const llvm::SetVector<Value> &used, ArrayRef<OpOperand *> uses) {
    llvm::DenseSet<Value> here;
    for (OpOperand *use : uses)
      here.insert(use->get());
    llvm::DenseMap<Value, Value> inside;
    for (Value value : used) {
      if (!isConstant(value))
        inside[value] = region.addArgument(value.getType(), value.getLoc());
      else if (here.contains(value))
        inside[value] = OpBuilder::atBlockBegin(&region.front()).clone(*value.getDefiningOp())->getResult(0);
    }
    for (OpOperand *use : uses)
      use->set(inside.lookup(use->get()));
  }
};

struct VerifyOutlined : impl::VerifyOutlinedBase<VerifyOutlined> {
  using VerifyOutlinedBase::VerifyOutlinedBase;

  void runOnOperation() override {
    auto checked = getOperation().walk([&](flow::FormInterface form) {
      llvm::SetVector<Value> used;
      getUsedValuesDefinedAbove(form->getRegions(), used);
      if (used.empty())
        return WalkResult::advance();
      form->emitError() << "a body uses a value of outside of type " << used[0].getType()
                        << "; weft-flow-outline names them";
      return WalkResult::interrupt();
    });
    if (checked.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
} // namespace weft
