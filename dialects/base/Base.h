//===- Base.h - Interfaces and enumerations shared by dialects ------------===//
#pragma once

#include "dialects/base/ShardingRule.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpDefinition.h"

#include "dialects/base/BaseInterfaces.h.inc"

namespace weft {

/// The mesh named `mesh`, looked up from `from` outwards; null where no symbol or no mesh has that name.
MeshInterface lookUpMesh(mlir::Operation *from, mlir::FlatSymbolRefAttr mesh);

/// Slots along `axis`, or 0 where the mesh has no such axis.
std::int64_t axisSize(MeshInterface mesh, llvm::StringRef axis);

/// Slots along all of `axes` together; every axis must exist.
std::int64_t axesSize(MeshInterface mesh, llvm::ArrayRef<llvm::StringRef> axes);

/// Slots in the whole mesh; 1 for a mesh without axes.
std::int64_t slotCount(MeshInterface mesh);

} // namespace weft
