//===- ReshardSteps.cpp - A resharding as a chain of collectives ----------===//
//
// Partial axes are settled first, while the tensor is split most; then splits
// that the target does not have are gathered, the innermost first, because only
// the innermost split of a dimension lies in contiguous parts; last, what is
// whole by then is cut.
//
//===----------------------------------------------------------------------===//

#include "compiler/sharding/ReshardSteps.h"

using namespace mlir;

namespace weft::sharding {
namespace {

/// The dimension whose next split in `to` is `axis`, given what is split in `now`.
std::optional<unsigned> nextSplit(const dist::ShardingAttr::DimAxes &now, const dist::ShardingAttr::DimAxes &to,
                                  StringRef axis) {
  for (unsigned dim = 0; dim < now.size(); ++dim)
    if (now[dim].size() < to[dim].size() && to[dim][now[dim].size()] == axis &&
        ArrayRef(to[dim]).take_front(now[dim].size()) == ArrayRef(now[dim]))
      return dim;
  return std::nullopt;
}

} // namespace

SmallVector<ReshardStep> planReshard(dist::ShardingAttr from, dist::ShardingAttr to, MeshInterface mesh) {
  SmallVector<ReshardStep> steps;
  auto now = from.getDimAxes(), wanted = to.getDimAxes();

  ReshardStep reduce{StepKind::allReduce, {}};
  SmallVector<StringRef> open;
  for (StringRef axis : mesh.getAxisNames())
    if (llvm::is_contained(from.getPartial(), axis) && !llvm::is_contained(to.getPartial(), axis))
      open.push_back(axis);
  // A scatter can make the next one possible, so look again after each.
  for (bool changed = true; changed;) {
    changed = false;
    for (StringRef axis : open)
      if (auto dim = nextSplit(now, wanted, axis)) {
        steps.push_back({StepKind::reduceScatter, {axis}, *dim});
        now[*dim].push_back(axis);
        llvm::erase(open, axis);
        changed = true;
        break;
      }
  }
  reduce.axes.assign(open.begin(), open.end());
  if (!reduce.axes.empty())
    steps.push_back(reduce);

  for (unsigned dim = 0; dim < now.size(); ++dim) {
    size_t common = 0;
    while (common < now[dim].size() && common < wanted[dim].size() && now[dim][common] == wanted[dim][common])
      ++common;
    while (now[dim].size() > common)
      steps.push_back({StepKind::allGather, {now[dim].pop_back_val()}, dim});
  }
  for (unsigned dim = 0; dim < now.size(); ++dim)
    for (StringRef axis : ArrayRef(wanted[dim]).drop_front(now[dim].size()))
      steps.push_back({StepKind::takeShard, {axis}, dim});
  // A group of one slot has nothing to exchange and nothing to cut.
  llvm::erase_if(steps, [&](const ReshardStep &step) { return axesSize(mesh, step.axes) == 1; });
  return steps;
}

double costOf(ArrayRef<ReshardStep> steps, RankedTensorType type, dist::ShardingAttr from, MeshInterface mesh) {
  double bytes = double(type.getNumElements()) * type.getElementTypeBitWidth() / 8, cost = 0;
  for (const auto &axes : from.getDimAxes())
    bytes /= double(axesSize(mesh, axes));
  for (const ReshardStep &step : steps) {
    double slots = double(axesSize(mesh, step.axes));
    switch (step.kind) {
    case StepKind::allReduce:
      cost += 2 * bytes * (slots - 1) / slots + bytesPerStep;
      break;
    case StepKind::reduceScatter:
      cost += bytes * (slots - 1) / slots + bytesPerStep;
      bytes /= slots;
      break;
    case StepKind::allGather:
      bytes *= slots;
      cost += bytes * (slots - 1) / slots + bytesPerStep;
      break;
    case StepKind::takeShard:
      bytes /= slots;
      break;
    }
  }
  return cost;
}

} // namespace weft::sharding
