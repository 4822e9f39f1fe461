//===- ProductKernel.cpp - A kernel of one product and what follows on it -===//

#include "compiler/targets/cpu/ProductKernel.h"

namespace weft::cpu {
using namespace mlir;

ProductKernel::ProductKernel(func::FuncOp kernel, nn::MatmulOp matmul, analysis::RowShape shape, Isa isa)
    : kernel(kernel), matmul(matmul), shape(std::move(shape)), product(Product::of(matmul)),
      tile(tileOf(isa, product.element)), left(cast<BlockArgument>(matmul.getLhs()).getArgNumber()),
      right(cast<BlockArgument>(matmul.getRhs()).getArgNumber()),
      outputs(kernel.getBody().front().getTerminator()->getOperands()) {}

std::optional<unsigned> ProductKernel::outputForSums() const {
  unsigned inputs = func::FuncOp(kernel).getNumArguments();
  llvm::SmallBitVector coinciding = mayCoincide(kernel);
  for (unsigned number = 0; number < outputs.size(); ++number)
    if (cast<RankedTensorType>(outputs[number].getType()).getElementType() == product.element &&
        !coinciding[inputs + number])
      return number;
  return {};
}

ProductEnd::ProductEnd(PhaseBuilder &phase, const ProductKernel &product)
    : phase(phase), product(product), element(phase, product.kernel, product.shape) {
  element.readScalars();
}

void ProductEnd::write(Value row, Value column, Value count, function_ref<Value(Value)> sum) {
  nn::MatmulOp matmul = product.matmul; // the ops' accessors are not const
  Value result = matmul.getResult();
  element.goToRow(row);
  element.readRow();
  Value base = phase.add(phase.mul(row, product.product.n), column);
  phase.loop(phase.index(0), count, 1, [&](Value j) {
    element.goTo(phase.add(column, j), phase.add(base, j));
    element.know(result, sum(j));
    for (auto [number, output] : llvm::enumerate(product.outputs))
      element.store(output, static_cast<unsigned>(number));
  });
}

} // namespace weft::cpu
