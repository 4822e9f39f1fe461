//===- ShareBuffers.h - Results written over what dies --------------------===//
#pragma once

#include "compiler/lowering/DistToPlan/RoleBuffers.h"
#include "compiler/lowering/DistToPlan/RoleLowering.h"

namespace weft::lowering {

/// What dies where a kernel makes something of its size is written over, where the kernel allows it; and what a step
/// keeps lies where it began, so that it need not be copied. O(actors) for each state.
void shareInPlace(GangRole &role, RoleBuffers &buffers, const KernelNames &kernels);

} // namespace weft::lowering
