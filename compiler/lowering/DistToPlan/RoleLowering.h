//===- RoleLowering.h - The program of one slot as actors -----------------===//
#pragma once

#include "compiler/lowering/DistToPlan/GangInterface.h"
#include "dialects/dist/Dist.h"

#include <functional>

namespace weft::lowering {

/// What all roles of a module share.
struct KernelNames {
  /// Index into `GangModule::kernels` of a kernel in the module.
  std::function<std::uint32_t(llvm::StringRef symbol)> indexOf;
  /// Operands and results of a kernel that may lie in one place: the kernel reads each element before it writes there.
  std::function<llvm::ArrayRef<std::pair<unsigned, unsigned>>(std::uint32_t kernel)> inPlace;
  /// A kernel that writes a number into an i32; made once for each number.
  std::function<std::uint32_t(std::int64_t number)> ofNumber;
  /// A kernel that copies a tensor; made once for each type.
  std::function<std::uint32_t(mlir::RankedTensorType type)> ofCopy;
};

/// The actors, buffers and ports of `slot`. Errors are reported at the op: an op that slots do not run, or elements
/// that no buffer holds.
mlir::FailureOr<GangRole> lowerRole(dist::SpmdOp spmd, std::int64_t slot, const KernelNames &kernels,
                                    const GangInterface &interface);

} // namespace weft::lowering
