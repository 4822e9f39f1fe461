//===- Interpreter.cpp - nn computed in float64, element by element -------===//

#include "test/reference/nn/Interpreter.h"

#include "dialects/dist/Dist.h"
#include "test/reference/nn/Cases.h"

#include <cstdio>
#include <cstdlib>

namespace weft::reference {
namespace {
using namespace mlir;

/// Narrow floats are what a program asks for, so that they are rounded; f32 is an error that the oracle does not make.
void round(Tensor &tensor, Type element) {
  if (!element.isBF16() && !element.isF16())
    return;
  for (double &value : tensor.elements) {
    APFloat number(value);
    bool isInexact = false;
    number.convert(cast<FloatType>(element).getFloatSemantics(), APFloat::rmNearestTiesToEven, &isInexact);
    number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &isInexact);
    value = number.convertToDouble();
  }
}

} // namespace

Tensor Tensor::ofShape(ArrayRef<int64_t> shape) {
  Tensor tensor{{shape.begin(), shape.end()}, {}};
  int64_t count = 1;
  for (int64_t size : shape)
    count *= size;
  tensor.elements.resize(count);
  return tensor;
}

int64_t placeOf(ArrayRef<int64_t> index, ArrayRef<int64_t> shape) {
  int64_t place = 0;
  for (size_t dim = 0; dim < shape.size(); ++dim)
    place = place * shape[dim] + index[dim];
  return place;
}

std::vector<int64_t> indexOf(int64_t place, ArrayRef<int64_t> shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t dim = shape.size(); dim-- > 0; place /= shape[dim])
    index[dim] = place % shape[dim];
  return index;
}

std::vector<Tensor> evaluate(Operation *op, const std::vector<Tensor> &operands) {
  if (isa<dist::ConstrainOp, dist::ReshardOp>(op))
    return operands;
  if (auto call = dyn_cast<func::CallOp>(op))
    return evaluate(SymbolTable::lookupNearestSymbolFrom<func::FuncOp>(call, call.getCalleeAttr()), operands);
  Results results;
  for (auto family :
       {evaluateElements, evaluateMoves, evaluateRows, evaluateAttention, evaluateRandom, evaluateScan, evaluateCuts})
    if (!results)
      results = family(op, operands);
  if (!results) {
    std::fprintf(stderr, "the oracle does not know '%s'\n", op->getName().getStringRef().str().c_str());
    std::abort();
  }
  for (auto [value, tensor] : llvm::zip(op->getResults(), *results))
    round(tensor, getElementTypeOrSelf(value));
  return *results;
}

std::vector<Tensor> evaluate(func::FuncOp function, const std::vector<Tensor> &inputs) {
  return evaluate(function.getBody().front(), inputs);
}

std::vector<Tensor> evaluate(Block &block, const std::vector<Tensor> &inputs) {
  DenseMap<Value, Tensor> values;
  for (auto [argument, input] : llvm::zip(block.getArguments(), inputs))
    values[argument] = input;
  for (Operation &op : block) {
    std::vector<Tensor> operands;
    for (Value operand : op.getOperands())
      operands.push_back(values.at(operand));
    if (isa<func::ReturnOp, nn::YieldOp>(op))
      return operands;
    std::vector<Tensor> results = evaluate(&op, operands);
    for (auto [result, tensor] : llvm::zip(op.getResults(), results))
      values[result] = tensor;
  }
  return {};
}

double distance(const Tensor &a, const Tensor &b) {
  if (a.shape != b.shape || a.elements.size() != b.elements.size())
    return INFINITY;
  double apart = 0, size = 0;
  for (size_t i = 0; i < a.elements.size(); ++i) {
    double x = a.elements[i], y = b.elements[i];
    if (std::isnan(x) != std::isnan(y))
      return INFINITY;
    if (std::isnan(x) || (std::isinf(y) && x == y))
      continue;
    apart += (x - y) * (x - y);
    size += y * y;
  }
  return std::sqrt(apart) / std::fmax(std::sqrt(size), 1e-30);
}

} // namespace weft::reference
