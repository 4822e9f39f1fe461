//===- DerivedIds.cpp - Names of steps that passes make -------------------===//

#include "compiler/flow/DerivedIds.h"

#include "mlir/IR/Builders.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

using namespace mlir;

namespace weft {

std::int64_t idOfBoth(std::int64_t first, std::int64_t second) {
  std::uint8_t both[16];
  llvm::support::endian::write64le(both, static_cast<std::uint64_t>(first));
  llvm::support::endian::write64le(both + 8, static_cast<std::uint64_t>(second));
  return static_cast<std::int64_t>(llvm::xxh3_64bits(both));
}

IntegerAttr derivedId(Operation *step, StringRef part) {
  IntegerAttr id = cast<flow::StepInterface>(step).getStepId();
  if (!id)
    return {};
  std::int64_t name = static_cast<std::int64_t>(llvm::xxh3_64bits(part));
  return Builder(step->getContext()).getI64IntegerAttr(idOfBoth(id.getInt(), name));
}

} // namespace weft
