//===- Gemm.cpp - Products of matrices ------------------------------------===//

#include "compiler/targets/cpu/Gemm.h"

#include "compiler/targets/cpu/ProductKernel.h"

namespace weft::cpu {
using namespace mlir;

std::optional<KernelFrame> lowerProduct(func::FuncOp kernel, Isa isa) {
  Block &body = kernel.getBody().front();
  SmallVector<Operation *> ops;
  nn::MatmulOp matmul;
  for (Operation &op : body.without_terminator()) {
    ops.push_back(&op);
    if (auto found = dyn_cast<nn::MatmulOp>(op))
      matmul = found;
  }
  if (!matmul || !::llvm::isa<BlockArgument>(matmul.getLhs()) || !::llvm::isa<BlockArgument>(matmul.getRhs()) ||
      !::llvm::isa<Float32Type, Float64Type>(cast<RankedTensorType>(matmul.getType()).getElementType()))
    return {};
  std::optional<analysis::RowShape> shape = analysis::rowShapeOf(ops);
  if (!shape)
    return {};
  for (Value result : body.getTerminator()->getOperands()) {
    auto extent = shape->extents.find(result);
    if (extent == shape->extents.end() || extent->second != analysis::Extent::full)
      return {};
  }
  ProductKernel product(kernel, matmul, *std::move(shape), isa);
  bool isFew = product.product.batches == 1 && product.product.m <= fewRows;
  return isFew ? writeFewRows(product) : writeTiles(std::move(product));
}

} // namespace weft::cpu
