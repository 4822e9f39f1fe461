//===- TopoVerify.cpp - The numbered constraints of topo's ops ------------===//

#include "dialects/topo/Topo.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace weft::topo {
namespace {

LogicalResult atLeast(Operation *op, StringRef what, int64_t found, int64_t least) {
  if (found >= least)
    return success();
  return op->emitOpError() << what << " is " << found << "; wanted at least " << least;
}

template <typename... Allowed> LogicalResult bodyHolds(Operation *op, Region &body, StringRef wanted) {
  for (Operation &inner : body.getOps())
    if (!isa<Allowed...>(inner))
      return op->emitOpError() << "holds '" << inner.getName() << "'; wanted " << wanted;
  return success();
}

} // namespace

LogicalResult ClusterOp::verifyRegions() {
  return bodyHolds<NodeOp, LinkOp>(*this, getBody(), "only topo.node and topo.link"); // C1
}

LogicalResult NodeOp::verifyRegions() {
  if (failed(atLeast(*this, "count", getCount(), 1)) || failed(atLeast(*this, "price", getPrice(), 0))) // C1
    return failure();
  return bodyHolds<DeviceOp>(*this, getBody(), "only topo.device"); // C2
}

LogicalResult DeviceOp::verify() {
  if (failed(atLeast(*this, "count", getCount(), 1)) || failed(atLeast(*this, "memory", getMemory(), 0)) ||
      failed(atLeast(*this, "flops", getFlops(), 0)) || failed(atLeast(*this, "bandwidth", getBandwidth(), 0))) // C1
    return failure();
  if (getKind() != "cpu" && getKind() != "cuda") // C2
    return emitOpError() << "kind is '" << getKind() << "'; wanted 'cpu' or 'cuda'";
  return success();
}

LogicalResult LinkOp::verify() {
  if (failed(atLeast(*this, "bandwidth", getBandwidth(), 1))) // C2
    return failure();
  return atLeast(*this, "latency", getLatency(), 0);
}

LogicalResult LinkOp::verifySymbolUses(SymbolTableCollection &symbols) {
  for (FlatSymbolRefAttr end : {getSourceAttr(), getTargetAttr()}) // C1
    if (!symbols.lookupSymbolIn<NodeOp>((*this)->getParentOp(), end))
      return emitOpError() << "names " << end << "; wanted a topo.node of the cluster";
  return success();
}

LogicalResult MeshOp::verify() {
  if (getSizes().size() != getAxes().size() || getElastic().size() != getAxes().size())
    return emitOpError() << "has " << getAxes().size() << " axes, " << getSizes().size() << " sizes and "
                         << getElastic().size() << " elastic flags; wanted as many of each";
  if (getAxes().size() > maxAxes) // C1
    return emitOpError() << "has " << getAxes().size() << " axes; wanted at most " << maxAxes;
  llvm::StringSet<> seen;
  int64_t slots = 1;
  for (auto [name, size] : llvm::zip(getAxisNames(), getSizes())) {
    if (name.empty()) // C1
      return emitOpError() << "has an axis without a name";
    if (!seen.insert(name).second) // C1
      return emitOpError() << "has two axes named '" << name << "'; wanted different names";
    if (size < 1 || size > maxSlots) // C2
      return emitOpError() << "axis '" << name << "' has " << size << " slots; wanted 1 to " << maxSlots;
    slots *= size;
    if (slots > maxSlots) // C2
      return emitOpError() << "has more than " << maxSlots << " slots";
  }
  return success();
}

LogicalResult MeshOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (getClusterAttr() && !symbols.lookupNearestSymbolFrom<ClusterOp>(*this, getClusterAttr())) // C3
    return emitOpError() << "is on " << getClusterAttr() << "; wanted a topo.cluster";
  return success();
}

} // namespace weft::topo
