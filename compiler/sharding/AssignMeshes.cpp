//===- AssignMeshes.cpp - Names the mesh of every tensor function ---------===//

#include "compiler/sharding/Passes.h"

#include "dialects/dist/Dist.h"
#include "dialects/topo/Topo.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace weft {
#define GEN_PASS_DEF_ASSIGNMESHES
#include "compiler/sharding/Passes.h.inc"

namespace {
using namespace mlir;

/// A program may have something of its own by this name; then another one is found.
constexpr llvm::StringLiteral oneSlotName = "one_slot";

bool isTensorFunction(func::FuncOp function) {
  auto isTensor = [](Type type) { return isa<RankedTensorType>(type); };
  return !function.isExternal() && function.getNumResults() > 0 &&
         llvm::all_of(function.getArgumentTypes(), isTensor) && llvm::all_of(function.getResultTypes(), isTensor);
}

/// The mesh of a function's constraints, null where it has none.
FailureOr<FlatSymbolRefAttr> constrainedMesh(func::FuncOp function) {
  auto mesh = function->getAttrOfType<FlatSymbolRefAttr>(dist::meshAttrName);
  auto walked = function.walk([&](dist::ConstrainOp constrain) {
    FlatSymbolRefAttr found = constrain.getSharding().getMesh();
    if (mesh && mesh != found) {
      constrain.emitError() << "is laid out on " << found << ", its function on " << mesh << "; wanted one mesh";
      return WalkResult::interrupt();
    }
    mesh = found;
    return WalkResult::advance();
  });
  if (walked.wasInterrupted())
    return failure();
  return mesh;
}

struct AssignMeshes : impl::AssignMeshesBase<AssignMeshes> {
  using AssignMeshesBase::AssignMeshesBase;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<func::FuncOp>()) {
      if (!isTensorFunction(function))
        continue;
      FailureOr<FlatSymbolRefAttr> mesh = constrainedMesh(function);
      if (failed(mesh))
        return signalPassFailure();
      function->setAttr(dist::meshAttrName, *mesh ? *mesh : oneSlot());
    }
  }

  FlatSymbolRefAttr oneSlot() {
    std::string name(oneSlotName);
    for (unsigned number = 0;; ++number) {
      Operation *found = SymbolTable::lookupSymbolIn(getOperation(), name);
      if (auto mesh = dyn_cast_or_null<topo::MeshOp>(found); mesh && mesh.getAxes().empty() && !mesh.getCluster())
        break;
      if (!found) {
        auto builder = OpBuilder::atBlockEnd(getOperation().getBody());
        topo::MeshOp::create(builder, getOperation().getLoc(), builder.getStringAttr(name), FlatSymbolRefAttr(),
                             builder.getArrayAttr({}), builder.getDenseI64ArrayAttr({}),
                             builder.getDenseBoolArrayAttr({}));
        break;
      }
      name = (oneSlotName + "_" + Twine(number)).str();
    }
    return FlatSymbolRefAttr::get(&getContext(), name);
  }
};
} // namespace
} // namespace weft
