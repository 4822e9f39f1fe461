//===- PlaceOnOneSlot.cpp - A mesh of one slot needs no sharding ----------===//

#include "compiler/sharding/Passes.h"

#include "dialects/dist/Dist.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft {
#define GEN_PASS_DEF_PLACEONONESLOT
#include "compiler/sharding/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;

/// Every tensor of `types` held whole; empty where one is no tensor.
SmallVector<Type> held(TypeRange types, FlatSymbolRefAttr mesh) {
  SmallVector<Type> result;
  for (Type type : types) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    if (!tensor)
      return {};
    result.push_back(withSharding(tensor, ShardingAttr::getReplicated(mesh, tensor.getRank())));
  }
  return result;
}

struct PlaceOnOneSlot : impl::PlaceOnOneSlotBase<PlaceOnOneSlot> {
  using PlaceOnOneSlotBase::PlaceOnOneSlotBase;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    auto meshName = function->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
    MeshInterface mesh = lookUpMesh(function, meshName);
    if (!mesh || slotCount(mesh) != 1 || function.isExternal() || !function.getBody().hasOneBlock())
      return;
    SmallVector<Type> arguments = held(function.getArgumentTypes(), meshName),
                      results = held(function.getResultTypes(), meshName);
    if (arguments.size() != function.getNumArguments() || results.size() != function.getNumResults())
      return; // refused where shardings are propagated
    // One slot holds everything whole, and a sum over one slot is finished.
    function.walk([](ConstrainOp mark) {
      mark.replaceAllUsesWith(mark.getInput());
      mark.erase();
    });
    Block *body = &function.getBody().front();
    auto *outside = new Block;
    function.getBody().push_back(outside);
    SmallVector<Location> places;
    for (Value argument : body->getArguments())
      places.push_back(argument.getLoc());
    outside->addArguments(arguments, places);
    auto builder = OpBuilder::atBlockEnd(outside);
    Operation *end = body->getTerminator();
    auto spmd = SpmdOp::create(builder, function.getLoc(), results, outside->getArguments(), meshName);
    func::ReturnOp::create(builder, end->getLoc(), spmd.getOutputs());
    builder.setInsertionPoint(end);
    YieldOp::create(builder, end->getLoc(), end->getOperands());
    end->erase();
    body->moveBefore(&spmd.getBody(), spmd.getBody().end());
    function.setType(builder.getFunctionType(arguments, results));
  }
};
} // namespace
} // namespace weft
