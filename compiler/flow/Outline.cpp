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
    llvm::SetVector<Value> used;
    getUsedValuesDefinedAbove(op->getRegions(), used);
    for (Value value : used) {
      bool isConstant = value.getDefiningOp<expr::ConstantOp>() || value.getDefiningOp<expr::SchemaOp>();
      if (!isConstant) {
        form.captures().append(value);
        ++numCaptures;
      }
      for (Region &region : op->getRegions()) {
        if (region.empty())
          continue;
        Value inside = isConstant ? copyOf(value, region) : region.addArgument(value.getType(), value.getLoc());
        if (inside)
          value.replaceUsesWithIf(inside,
                                  [&](OpOperand &use) { return region.isAncestor(use.getOwner()->getParentRegion()); });
      }
    }
  }

  /// Null where the region does not use it.
  static Value copyOf(Value constant, Region &region) {
    auto inside = [&](OpOperand &use) { return region.isAncestor(use.getOwner()->getParentRegion()); };
    if (llvm::none_of(constant.getUses(), inside))
      return {};
    OpBuilder builder(&region.front(), region.front().begin());
    return builder.clone(*constant.getDefiningOp())->getResult(0);
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
