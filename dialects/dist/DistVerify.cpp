//===- DistVerify.cpp - The numbered constraints of dist's ops ------------===//

#include "dialects/dist/Dist.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace weft::dist {
namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

LogicalResult axisExists(Operation *op, MeshInterface mesh, FlatSymbolRefAttr name, StringRef axis) {
  if (axisSize(mesh, axis))
    return success();
  auto diagnostic = op->emitOpError() << "names axis '" << axis << "', which " << name
                                      << " does not have; wanted one of";
  for (StringRef known : mesh.getAxisNames())
    diagnostic << " '" << known << "'";
  return diagnostic;
}

LogicalResult shardingFits(Operation *op, ShardingAttr sharding) {
  MeshInterface mesh = lookUpMesh(op, sharding.getMesh());
  if (!mesh)
    return op->emitOpError() << "is laid out on " << sharding.getMesh() << "; wanted the name of a mesh";
  for (const auto &axes : sharding.getDimAxes())
    for (StringRef axis : axes)
      if (failed(axisExists(op, mesh, sharding.getMesh(), axis)))
        return failure();
  for (StringRef axis : sharding.getPartial())
    if (failed(axisExists(op, mesh, sharding.getMesh(), axis)))
      return failure();
  return success();
}

/// C1 of every step, and how many slots its group has.
FailureOr<int64_t> groupSize(Operation *op, FlatSymbolRefAttr meshName, ArrayAttr axes) {
  MeshInterface mesh = lookUpMesh(op, meshName);
  if (!mesh)
    return op->emitOpError() << "is on " << meshName << "; wanted the name of a mesh";
  if (axes.empty())
    return op->emitOpError() << "names no axes; wanted at least one";
  int64_t slots = 1;
  llvm::StringSet<> seen;
  for (StringRef axis : axes.getAsValueRange<StringAttr>()) {
    if (failed(axisExists(op, mesh, meshName, axis)))
      return failure();
    if (!seen.insert(axis).second)
      return op->emitOpError() << "names axis '" << axis << "' twice; wanted different axes";
    slots *= axisSize(mesh, axis);
  }
  return slots;
}

LogicalResult sameElements(Operation *op, Value input, Value result) {
  if (typeOf(input).getElementType() == typeOf(result).getElementType())
    return success();
  return op->emitOpError() << "turns elements of " << typeOf(input).getElementType() << " into "
                           << typeOf(result).getElementType() << "; wanted one element type";
}

LogicalResult dimIsInRank(Operation *op, Value input, int64_t dim) {
  if (dim >= 0 && dim < typeOf(input).getRank())
    return success();
  return op->emitOpError() << "dim is " << dim << "; wanted a dimension of an operand of rank "
                           << typeOf(input).getRank();
}

/// C3 of the steps that join or cut: `whole` is `shard` with `dim` as many times as long as the group has slots.
LogicalResult joins(Operation *op, FlatSymbolRefAttr mesh, ArrayAttr axes, Value shard, Value whole, int64_t dim) {
  FailureOr<int64_t> slots = groupSize(op, mesh, axes);
  if (failed(slots))
    return failure();
  SmallVector<int64_t> wanted(typeOf(shard).getShape());
  wanted[dim] *= *slots;
  if (typeOf(whole).getShape() == ArrayRef(wanted))
    return success();
  return op->emitOpError() << "has a whole tensor " << whole.getType() << " and a shard " << shard.getType()
                           << "; wanted a shard whose dimension " << dim << " is 1/" << *slots << " of the whole";
}

} // namespace

LogicalResult ConstrainOp::verify() {
  if (static_cast<int64_t>(getSharding().getDims().size()) != getType().getRank()) // C1
    return emitOpError() << "sharding has " << getSharding().getDims().size() << " dimensions, the tensor "
                         << getType().getRank() << "; wanted as many";
  for (auto [i, dim] : llvm::enumerate(getOpen())) { // C2
    if (dim < 0 || dim >= getType().getRank())
      return emitOpError() << "open has " << dim << "; wanted a dimension of a tensor of rank " << getType().getRank();
    if (i && dim <= getOpen()[i - 1])
      return emitOpError() << "open has " << dim << " after " << getOpen()[i - 1] << "; wanted increasing dimensions";
    if (!getSharding().getAxesOf(dim).empty())
      return emitOpError() << "leaves dimension " << dim << " open and splits it; wanted one of both";
  }
  return success();
}

LogicalResult ConstrainOp::verifySymbolUses(SymbolTableCollection &) {
  return shardingFits(*this, getSharding());
} // C1

LogicalResult ReshardOp::verify() {
  RankedTensorType from = typeOf(getInput()), to = getType();
  ShardingAttr before = shardingOf(from), after = shardingOf(to);
  if (from.getShape() != to.getShape() || from.getElementType() != to.getElementType() || !before || !after ||
      before.getMesh() != after.getMesh()) // C1
    return emitOpError() << "goes from " << from << " to " << to
                         << "; wanted one shape and element type, and shardings on one mesh";
  for (StringRef axis : after.getPartial()) // C2
    if (!llvm::is_contained(before.getPartial(), axis) || before.getPartialKind() != after.getPartialKind())
      return emitOpError() << "leaves a partial result over '" << axis
                           << "' that the operand does not have; wanted partial axes of the operand";
  return success();
}

LogicalResult ReshardOp::verifySymbolUses(SymbolTableCollection &) { // C3
  if (failed(shardingFits(*this, shardingOf(getInput()))))
    return failure();
  return shardingFits(*this, shardingOf(getResult()));
}

LogicalResult SpmdOp::verifySymbolUses(SymbolTableCollection &) {
  MeshInterface mesh = lookUpMesh(*this, getMeshAttr());
  if (!mesh) // C1
    return emitOpError() << "is on " << getMeshAttr() << "; wanted the name of a mesh";
  auto check = [&](StringRef what, ValueRange wholes, ValueRange parts) -> LogicalResult {
    if (wholes.size() != parts.size()) // C3
      return emitOpError() << "has " << wholes.size() << ' ' << what << "s and " << parts.size()
                           << " parts of them; wanted as many";
    for (auto [i, whole, part] : llvm::enumerate(wholes, parts)) {
      ShardingAttr sharding = shardingOf(whole);
      if (!sharding || sharding.getMesh() != getMeshAttr() || sharding.isPartial()) // C2
        return emitOpError() << what << ' ' << i << " is " << whole.getType() << "; wanted a sharding on "
                             << getMeshAttr() << " without partial axes";
      if (failed(shardingFits(*this, sharding))) // C2
        return failure();
      unsigned dim = 0;
      RankedTensorType local = localType(typeOf(whole), mesh, &dim);
      if (!local) // C2
        return emitOpError() << what << ' ' << i << " has dimension " << dim << " of size "
                             << typeOf(whole).getDimSize(dim) << " split over "
                             << axesSize(mesh, sharding.getAxesOf(dim)) << " slots; wanted a multiple";
      if (part.getType() != local) // C3
        return emitOpError() << what << ' ' << i << " has a part " << part.getType() << "; wanted " << local;
    }
    return success();
  };
  if (failed(check("operand", getInputs(), getBody().getArguments())))
    return failure();
  return check("result", getOutputs(), getYielded());
}

LogicalResult SpmdOp::verifyRegions() {
  if (!isa<YieldOp>(getBody().front().back()))
    return emitOpError() << "ends in '" << getBody().front().back().getName() << "'; wanted dist.yield";
  return success();
}

LogicalResult AllReduceOp::verify() {
  if (typeOf(getInput()).getShape() != getType().getShape()) // C3
    return emitOpError() << "turns " << getInput().getType() << " into " << getType() << "; wanted one shape";
  return sameElements(*this, getInput(), getResult()); // C2
}
LogicalResult AllReduceOp::verifySymbolUses(SymbolTableCollection &) {
  return groupSize(*this, getMeshAttr(), getAxes());
}

LogicalResult ReduceScatterOp::verify() {
  if (failed(dimIsInRank(*this, getInput(), getDim())))
    return failure();
  return sameElements(*this, getInput(), getResult());
}
LogicalResult ReduceScatterOp::verifySymbolUses(SymbolTableCollection &) {
  return joins(*this, getMeshAttr(), getAxes(), getResult(), getInput(), getDim());
}

LogicalResult AllGatherOp::verify() {
  if (failed(dimIsInRank(*this, getInput(), getDim())))
    return failure();
  return sameElements(*this, getInput(), getResult());
}
LogicalResult AllGatherOp::verifySymbolUses(SymbolTableCollection &) {
  return joins(*this, getMeshAttr(), getAxes(), getInput(), getResult(), getDim());
}

LogicalResult TakeShardOp::verify() {
  if (failed(dimIsInRank(*this, getInput(), getDim())))
    return failure();
  return sameElements(*this, getInput(), getResult());
}
LogicalResult TakeShardOp::verifySymbolUses(SymbolTableCollection &) {
  return joins(*this, getMeshAttr(), getAxes(), getResult(), getInput(), getDim());
}

LogicalResult SlotIndexOp::verifySymbolUses(SymbolTableCollection &) {
  return groupSize(*this, getMeshAttr(), getAxes());
}

} // namespace weft::dist
