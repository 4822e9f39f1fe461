//===- TensorPipeline.h - The phases of tensor functions, in order --------===//
#pragma once

#include <cstdint>

namespace mlir {
class OpPassManager;
}

namespace weft::pipelines {

/// Appends, for a module that holds tensor functions (func.func on nn ops, marked by dist.constrain) beside anything
/// else: inline calls between them; sharding; communication; fusion. Each phase ends in its Verify passes. Afterwards
/// every tensor function is one dist.spmd of kernel calls and collectives, ready for `lowering::lowerToGangs`. Private
/// tensor functions that nothing names any more are dropped. `keptBytes` is what one scan may keep for its derivative
/// before its body is computed again; 0 is no limit.
void buildTensorPipeline(mlir::OpPassManager &passes, std::uint64_t keptBytes = 0);

/// Makes the phases known to weft-opt: weft-sharding, weft-communication, weft-fusion, and weft-tensor for all.
void registerTensorPipelines();

} // namespace weft::pipelines
