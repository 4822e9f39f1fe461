//===- SlotMemory.cpp - Whether programs of slots fit their devices -------===//

#include "compiler/pipelines/SlotMemory.h"

#include "compiler/lowering/DistToPlan/DistToPlan.h"
#include "dialects/dist/Dist.h"
#include "dialects/topo/Topo.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <algorithm>

namespace weft::pipelines {
namespace {
using namespace mlir;

/// Of the smallest device that the mesh may be on; nothing where nobody says.
std::optional<std::uint64_t> memoryOf(ModuleOp module, StringRef mesh, std::optional<std::uint64_t> slotBytes) {
  std::optional<std::uint64_t> least = slotBytes;
  auto found = module.lookupSymbol<topo::MeshOp>(mesh);
  auto cluster = found && found.getClusterAttr() ? module.lookupSymbol<topo::ClusterOp>(found.getClusterAttr())
                                                 : topo::ClusterOp();
  if (cluster)
    cluster.walk([&](topo::DeviceOp device) {
      if (auto bytes = static_cast<std::uint64_t>(device.getMemory()); bytes > 0)
        least = std::min(least.value_or(bytes), bytes);
    });
  return least;
}

bool hasLimits(ModuleOp module, std::optional<std::uint64_t> slotBytes) {
  return llvm::any_of(module.getOps<topo::MeshOp>(),
                      [&](topo::MeshOp mesh) { return memoryOf(module, mesh.getSymName(), slotBytes).has_value(); });
}

std::uint64_t bytesOf(const lowering::GangPlan &gang, const lowering::GangRole &role) {
  std::uint64_t bytes = role.arenaBytes;
  if (gang.checkpointEvery > 0 || !gang.checkpointTo.empty())
    for (const lowering::GangPort &state : role.states)
      bytes += role.buffers[state.buffer].bytes;
  return bytes;
}

/// Calls `tell` for each gang with a slot that has less than it needs.
LogicalResult eachTooLarge(ModuleOp module, std::optional<std::uint64_t> slotBytes,
                           llvm::function_ref<void(const lowering::GangPlan &, std::uint64_t, std::uint64_t)> tell) {
  if (!hasLimits(module, slotBytes))
    return success();
  // Lowering adds kernels of its own to the module.
  OwningOpRef<ModuleOp> copy = module.clone();
  FailureOr<lowering::GangModule> gangs = lowering::lowerToGangs(*copy);
  if (failed(gangs))
    return failure();
  for (const lowering::GangPlan &gang : gangs->gangs) {
    std::uint64_t needed = 0;
    for (const lowering::GangRole &role : gang.roles)
      needed = std::max(needed, bytesOf(gang, role));
    if (auto has = memoryOf(module, gangs->meshes[gang.mesh].name, slotBytes); has && needed > *has)
      tell(gang, needed, *has);
  }
  return success();
}

} // namespace

FailureOr<bool> fitsSlots(ModuleOp module, std::optional<std::uint64_t> slotBytes) {
  bool fits = true;
  if (failed(eachTooLarge(module, slotBytes, [&](auto &, std::uint64_t, std::uint64_t) { fits = false; })))
    return failure();
  return fits;
}

LogicalResult reportWhatDoesNotFit(ModuleOp module, std::optional<std::uint64_t> slotBytes) {
  bool fits = true;
  auto tell = [&](const lowering::GangPlan &gang, std::uint64_t needed, std::uint64_t has) {
    fits = false;
    auto function = module.lookupSymbol<func::FuncOp>(gang.name);
    emitError(function ? function.getLoc() : module.getLoc())
        << "'" << gang.name << "' takes " << needed << " bytes of a slot, which has " << has
        << ", although derivatives compute again what they may; wanted smaller tensors, smaller micro-batches, or more "
           "memory";
  };
  return failed(eachTooLarge(module, slotBytes, tell)) || !fits ? failure() : success();
}

} // namespace weft::pipelines
