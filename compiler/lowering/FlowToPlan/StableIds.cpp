//===- StableIds.cpp - Names of steps that survive edits ------------------===//

#include "compiler/lowering/FlowToPlan/StableIds.h"

#include "runtime/base/Digest.h"

using namespace mlir;

namespace weft::lowering {

std::uint64_t stableIdOf(StringRef text) { return base::hashOf(base::bytesOf({text.data(), text.size()})).low; }

std::uint64_t stableIdOf(std::uint64_t whole, StringRef part, std::uint64_t ordinal) {
  return base::mix(base::mix({0, whole}, stableIdOf(part)), ordinal).low;
}

LogicalResult StableIds::claim(std::uint64_t id, Operation *op) {
  auto [entry, added] = owners.try_emplace(id, op);
  if (added)
    return success();
  InFlightDiagnostic error = op->emitError() << "the step's stable id " << id
                                             << " is another step's too; give one of them another name";
  error.attachNote(entry->second->getLoc()) << "the other step";
  return error;
}

} // namespace weft::lowering
