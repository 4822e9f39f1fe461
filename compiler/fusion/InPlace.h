//===- InPlace.h - Results that may lie where an operand lies -------------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace weft::fusion {

/// Gives arguments of a kernel `dist.in_place` where it reads each of their elements before it writes that of a result:
/// the kernel computes elements one by one, or the argument is read only behind a product, element by element. Each
/// result is paired with the argument that is nearest to it: an optimizer's parameter with the new one. So is what
/// `nn.update_slice` writes into, where the kernel reads it nowhere else: a cache that grows is not copied.
void allowInPlace(mlir::func::FuncOp kernel);

} // namespace weft::fusion
