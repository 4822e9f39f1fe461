//===- ShareBuffers.cpp - Results written over what dies ------------------===//

#include "compiler/lowering/DistToPlan/ShareBuffers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace weft::lowering {
namespace {

bool areAlike(const RoleBuffers &buffers, std::uint32_t a, std::uint32_t b) {
  return buffers.storageOf(a) != buffers.storageOf(b) && buffers.isWhole(a) && buffers.isWhole(b) &&
         buffers.bytes(a) == buffers.bytes(b);
}

void writeOverWhatDies(const GangRole &role, RoleBuffers &buffers, const KernelNames &kernels) {
  for (auto [number, actor] : llvm::enumerate(role.actors)) {
    if (!actor.isKernel)
      continue;
    for (auto [operand, result] : kernels.inPlace(actor.kernel)) {
      std::uint32_t from = actor.inputs[operand], to = actor.outputs[result];
      bool isFree = buffers.lastUse(from) == number && buffers.firstUse(to) == number && !buffers.isKept(from) &&
                    !buffers.isKept(to);
      bool isAlone = llvm::count_if(actor.inputs, [&](std::uint32_t other) {
                       return buffers.storageOf(other) == buffers.storageOf(from);
                     }) == 1;
      if (isFree && isAlone && areAlike(buffers, from, to))
        buffers.share(to, from);
    }
  }
}

/// Whether the value that is made in one storage may be made in an older one.
class Overlay {
public:
  Overlay(const GangRole &role, const RoleBuffers &buffers, const KernelNames &kernels)
      : role(role), buffers(buffers), kernels(kernels) {}

  /// Whether nobody reads a byte of the storage of `old` behind the actor that writes it in that of `made`, but the
  /// actor itself where its kernel works in place.
  bool mayLieOver(std::uint32_t made, std::uint32_t old) const {
    std::uint32_t below = buffers.storageOf(old), above = buffers.storageOf(made);
    llvm::SmallVector<std::pair<std::uint64_t, std::uint64_t>> written; // of the storages' bytes
    for (const GangActor &actor : role.actors) {
      for (std::uint32_t buffer : actor.inputs)
        if (buffers.storageOf(buffer) == below)
          for (auto [begin, end] : written)
            if (buffers.offsetOf(buffer) < end && begin < buffers.offsetOf(buffer) + buffers.bytes(buffer))
              return false;
      for (auto [result, buffer] : llvm::enumerate(actor.outputs)) {
        if (buffers.storageOf(buffer) != above)
          continue;
        for (auto [operand, other] : llvm::enumerate(actor.inputs))
          if (buffers.storageOf(other) == below && !worksInPlace(actor, operand, result))
            return false;
        written.push_back({buffers.offsetOf(buffer), buffers.offsetOf(buffer) + buffers.bytes(buffer)});
      }
    }
    return true;
  }

private:
  /// Whether the two buffers of an actor do not meet in their storages, or the kernel may write the one over the other.
  bool worksInPlace(const GangActor &actor, std::size_t operand, std::size_t result) const {
    std::uint32_t from = actor.inputs[operand], to = actor.outputs[result];
    std::uint64_t begin = buffers.offsetOf(from), other = buffers.offsetOf(to);
    if (begin + buffers.bytes(from) <= other || other + buffers.bytes(to) <= begin)
      return true;
    return begin == other && buffers.bytes(from) == buffers.bytes(to) && actor.isKernel &&
           llvm::is_contained(kernels.inPlace(actor.kernel), std::pair<unsigned, unsigned>(operand, result));
  }

  const GangRole &role;
  const RoleBuffers &buffers;
  const KernelNames &kernels;
};

} // namespace

void shareInPlace(GangRole &role, RoleBuffers &buffers, const KernelNames &kernels) {
  writeOverWhatDies(role, buffers, kernels);
  Overlay overlay(role, buffers, kernels);
  for (auto [port, kept] : llvm::zip(role.states, role.kept))
    if (areAlike(buffers, port.buffer, kept) && !buffers.isKept(kept) && overlay.mayLieOver(kept, port.buffer)) {
      buffers.share(kept, port.buffer);
      kept = port.buffer;
    }
}

} // namespace weft::lowering
