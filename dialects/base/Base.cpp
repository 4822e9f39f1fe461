//===- Base.cpp - Interfaces and enumerations shared by dialects ----------===//

#include "dialects/base/Base.h"

#include "mlir/IR/SymbolTable.h"

#include "dialects/base/BaseEnums.cpp.inc"
#include "dialects/base/BaseInterfaces.cpp.inc"

namespace weft {

mlir::Operation *cloneOnShards(mlir::OpBuilder &builder, mlir::Operation *op, mlir::ValueRange operands,
                               mlir::TypeRange resultTypes) {
  mlir::OperationState state(op->getLoc(), op->getName(), operands, resultTypes, op->getAttrs());
  return builder.create(state);
}

MeshInterface lookUpMesh(mlir::Operation *from, mlir::FlatSymbolRefAttr mesh) {
  if (!mesh)
    return {};
  return mlir::dyn_cast_or_null<MeshInterface>(mlir::SymbolTable::lookupNearestSymbolFrom(from, mesh));
}

std::int64_t axisSize(MeshInterface mesh, llvm::StringRef axis) {
  for (auto [name, size] : llvm::zip(mesh.getAxisNames(), mesh.getAxisSizes()))
    if (name == axis)
      return size;
  return 0;
}

std::int64_t axesSize(MeshInterface mesh, llvm::ArrayRef<llvm::StringRef> axes) {
  std::int64_t size = 1;
  for (llvm::StringRef axis : axes)
    size *= axisSize(mesh, axis);
  return size;
}

std::int64_t slotCount(MeshInterface mesh) {
  std::int64_t size = 1;
  for (std::int64_t slots : mesh.getAxisSizes())
    size *= slots;
  return size;
}

} // namespace weft
