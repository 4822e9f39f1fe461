//===- Dist.h - Who holds what, and how it gets there ---------------------===//
#pragma once

#include "dialects/base/Base.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/IR/TensorEncoding.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialects/dist/DistDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/dist/DistAttrs.h.inc"
#define GET_OP_CLASSES
#include "dialects/dist/DistOps.h.inc"

namespace weft::dist {

/// The attribute of a function that names the mesh that it is laid out on.
inline constexpr llvm::StringLiteral meshAttrName = "dist.mesh";

/// The attribute of a function that is one kernel: it runs on one slot and knows nothing of the others.
inline constexpr llvm::StringLiteral kernelAttrName = "dist.kernel";

/// The attribute of a kernel's argument that names a result, by its number, that may lie where the argument lies: the
/// kernel reads each element of it before it writes there.
inline constexpr llvm::StringLiteral inPlaceAttrName = "dist.in_place";

/// What a run does around a tensor function. Of the function: how often it runs, what its feeds read, which states are
/// written when, and which function measures them on what is held out.
inline constexpr llvm::StringLiteral stepsAttrName = "dist.steps", dataAttrName = "dist.data",
                                     checkpointAttrName = "dist.checkpoint", evaluationAttrName = "dist.evaluation";
/// Of arguments and results: an argument and a result with one state are what a step begins and ends with, and `zeros`
/// says that no operand gives what the first step begins with; a state of an argument alone names an operand. `feed`
/// is a source's number and x or y; `step` is the number of the step, an i32; a report is a number told after it.
inline constexpr llvm::StringLiteral stateAttrName = "dist.state", zerosAttrName = "dist.zeros",
                                     feedAttrName = "dist.feed", stepAttrName = "dist.step",
                                     reportAttrName = "dist.report";

/// The program of one slot that a function's body is; null where the function is not partitioned.
SpmdOp programOf(mlir::Region &body);

/// The sharding that a tensor's type carries; null where it has none.
ShardingAttr shardingOf(mlir::Type type);
inline ShardingAttr shardingOf(mlir::Value value) { return shardingOf(value.getType()); }

/// `type` with another sharding; a null one gives the plain type.
mlir::RankedTensorType withSharding(mlir::RankedTensorType type, ShardingAttr sharding);

/// What one slot holds of a tensor of `type`: a plain type with each dimension divided by the slots of its axes. Null
/// where a dimension does not divide evenly; `dim` then names it.
mlir::RankedTensorType localType(mlir::RankedTensorType type, MeshInterface mesh, unsigned *dim = nullptr);

/// Where one slot's part of a tensor lies in the whole: for each dimension the first index, with `localType`'s sizes.
/// `slot` counts row by row over the mesh, the first axis slowest.
llvm::SmallVector<std::int64_t> shardOffsets(mlir::RankedTensorType type, MeshInterface mesh, std::int64_t slot);

/// The place of `slot` among the slots that differ from it only along `axes`, the first of `axes` slowest.
std::int64_t indexInGroup(MeshInterface mesh, llvm::ArrayRef<llvm::StringRef> axes, std::int64_t slot);

} // namespace weft::dist
