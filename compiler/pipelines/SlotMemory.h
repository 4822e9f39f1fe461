//===- SlotMemory.h - Whether programs of slots fit their devices ---------===//
//
// What a device has is what its cluster declares, or what weftc was told. A mesh on
// the machine that runs the program has no figure of its own.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "mlir/IR/BuiltinOps.h"

#include <cstdint>
#include <optional>

namespace weft::pipelines {

/// Whether the buffers of every slot, and the copy of its states that a checkpoint makes, fit its memory. `module` is
/// after the tensor pipeline and stays as it is; `slotBytes` counts where a cluster does not declare less. True without
/// work where no slot has a limit. Fails, with the error reported, where the module cannot be placed at all.
mlir::FailureOr<bool> fitsSlots(mlir::ModuleOp module, std::optional<std::uint64_t> slotBytes);

/// The same, with an error at each function that does not fit.
mlir::LogicalResult reportWhatDoesNotFit(mlir::ModuleOp module, std::optional<std::uint64_t> slotBytes);

} // namespace weft::pipelines
