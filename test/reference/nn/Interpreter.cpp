//===- Interpreter.cpp - nn computed in float64, element by element -------===//

#include "test/reference/nn/Interpreter.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace weft::reference {
namespace {
using namespace mlir;
using nn::ElementwiseKind;

std::vector<int64_t> shapeOf(Value value) {
  auto shape = cast<RankedTensorType>(value.getType()).getShape();
  return {shape.begin(), shape.end()};
}

bool isInteger(Value value) { return isa<IntegerType>(cast<RankedTensorType>(value.getType()).getElementType()); }

/// What a two's-complement integer of the type keeps of a mathematical result.
double wrapped(double value, unsigned width) {
  auto bits = static_cast<uint64_t>(static_cast<int64_t>(value));
  return width == 32 ? double(static_cast<int32_t>(bits)) : double(static_cast<int64_t>(bits));
}

double nanMin(double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::fmin(a, b); }
double nanMax(double a, double b) { return std::isnan(a) || std::isnan(b) ? NAN : std::fmax(a, b); }

double element(ElementwiseKind kind, double a, double b, bool isWhole) {
  switch (kind) {
  case ElementwiseKind::add:
    return a + b;
  case ElementwiseKind::sub:
    return a - b;
  case ElementwiseKind::mul:
    return a * b;
  case ElementwiseKind::div:
    return isWhole ? (b == 0 ? 0 : std::trunc(a / b)) : a / b;
  case ElementwiseKind::min:
    return nanMin(a, b);
  case ElementwiseKind::max:
    return nanMax(a, b);
  case ElementwiseKind::neg:
    return -a;
  case ElementwiseKind::abs:
    return std::fabs(a);
  case ElementwiseKind::relu:
    return nanMax(a, 0);
  case ElementwiseKind::exp:
    return std::exp(a);
  case ElementwiseKind::log:
    return std::log(a);
  case ElementwiseKind::sqrt:
    return std::sqrt(a);
  case ElementwiseKind::rsqrt:
    return 1 / std::sqrt(a);
  case ElementwiseKind::tanh:
    return std::tanh(a);
  case ElementwiseKind::erf:
    return std::erf(a);
  case ElementwiseKind::gelu:
    // The square of the argument magnifies its rounding, so it is not rounded to a double.
    return double(a * 0.5L * std::erfc(-a * std::sqrt(0.5L)));
  case ElementwiseKind::silu:
    return a / (1 + std::exp(-a));
  case ElementwiseKind::sigmoid:
    return 1 / (1 + std::exp(-a));
  case ElementwiseKind::sin:
    return std::sin(a);
  case ElementwiseKind::cos:
    return std::cos(a);
  }
  std::abort();
}

Tensor elementwise(nn::ElementwiseOp op, const std::vector<Tensor> &operands) {
  Tensor result = Tensor::ofShape(op.getType().getShape());
  bool isWhole = isInteger(op.getResult());
  for (int64_t i = 0; i < result.count(); ++i) {
    double b = operands.size() > 1 ? operands[1].elements[i] : 0;
    double value = element(op.getKind(), operands[0].elements[i], b, isWhole);
    result.elements[i] = isWhole ? wrapped(value, op.getType().getElementTypeBitWidth()) : value;
  }
  return result;
}

Tensor matmul(nn::MatmulOp op, const Tensor &a, const Tensor &b) {
  Tensor result = Tensor::ofShape(op.getType().getShape());
  for (int64_t place = 0; place < result.count(); ++place) {
    std::vector<int64_t> batch = indexOf(place, result.shape);
    int64_t n = batch.back(), m = batch[batch.size() - 2];
    batch.resize(batch.size() - 2);
    auto read = [&](const Tensor &from, int64_t row, int64_t column, bool isTransposed) {
      std::vector<int64_t> at = from.shape.size() == 2 ? std::vector<int64_t>() : batch;
      at.push_back(isTransposed ? column : row);
      at.push_back(isTransposed ? row : column);
      return from.elements[placeOf(at, from.shape)];
    };
    double sum = 0;
    for (int64_t k = 0; k < nn::matmulSizes(op).k; ++k)
      sum += read(a, m, k, op.getTransposeLhs()) * read(b, k, n, op.getTransposeRhs());
    result.elements[place] = sum;
  }
  return result;
}

Tensor reduce(nn::ReduceOp op, const Tensor &input) {
  Tensor result = Tensor::ofShape(op.getType().getShape());
  std::vector<bool> isStarted(result.elements.size(), false);
  for (int64_t place = 0; place < input.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, input.shape), kept;
    for (size_t dim = 0; dim < at.size(); ++dim)
      if (!llvm::is_contained(op.getDims(), static_cast<int64_t>(dim)))
        kept.push_back(at[dim]);
    int64_t to = placeOf(kept, result.shape);
    double value = input.elements[place], &sum = result.elements[to];
    if (!isStarted[to])
      sum = value;
    else
      sum = op.getKind() == ReduceKind::sum   ? sum + value
            : op.getKind() == ReduceKind::min ? nanMin(sum, value)
                                              : nanMax(sum, value);
    isStarted[to] = true;
  }
  return result;
}

Tensor softmax(nn::SoftmaxOp op, const Tensor &input) {
  Tensor result = input;
  int64_t dim = op.getDim();
  for (int64_t place = 0; place < input.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, input.shape);
    double mine = input.elements[place], sum = 0;
    for (at[dim] = 0; at[dim] < input.shape[dim]; ++at[dim])
      sum += std::exp(input.elements[placeOf(at, input.shape)] - mine);
    result.elements[place] = 1 / sum;
  }
  return result;
}

Tensor transpose(nn::TransposeOp op, const Tensor &input) {
  Tensor result = Tensor::ofShape(op.getType().getShape());
  for (int64_t place = 0; place < result.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, result.shape), from(at.size());
    for (size_t i = 0; i < at.size(); ++i)
      from[op.getPerm()[i]] = at[i];
    result.elements[place] = input.elements[placeOf(from, input.shape)];
  }
  return result;
}

Tensor broadcast(nn::BroadcastOp op, const Tensor &input) {
  Tensor result = Tensor::ofShape(op.getType().getShape());
  for (int64_t place = 0; place < result.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, result.shape), from;
    for (int64_t dim : op.getDims())
      from.push_back(at[dim]);
    result.elements[place] = input.elements[placeOf(from, input.shape)];
  }
  return result;
}

Tensor constant(nn::ConstantOp op) {
  Tensor result = Tensor::ofShape(op.getType().getShape());
  auto value = cast<DenseElementsAttr>(op.getValue());
  int64_t i = 0;
  if (isInteger(op.getResult()))
    for (const APInt &number : value.getValues<APInt>())
      result.elements[i++] = double(number.getSExtValue());
  else
    for (APFloat number : value.getValues<APFloat>()) {
      bool lost = false;
      number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &lost);
      result.elements[i++] = number.convertToDouble();
    }
  return result;
}

Tensor convert(nn::CastOp op, const Tensor &input) {
  Tensor result = input;
  if (!isInteger(op.getResult()))
    return result;
  unsigned width = op.getType().getElementTypeBitWidth();
  double least = -std::ldexp(1.0, int(width) - 1);
  for (double &value : result.elements) {
    if (isInteger(op.getInput()))
      value = wrapped(value, width);
    else if (std::isnan(value))
      value = 0;
    else
      value = std::fmin(std::fmax(std::trunc(value), least), -(least + 1));
  }
  return result;
}

std::vector<Tensor> scan(nn::ScanOp op, const std::vector<Tensor> &operands) {
  size_t carriedCount = op.getCarried().size(), stackedCount = op.getStacked().size();
  std::vector<Tensor> results(operands.begin(), operands.begin() + carriedCount);
  for (Value output : op.getStackedOutputs())
    results.push_back(Tensor::ofShape(cast<RankedTensorType>(output.getType()).getShape()));
  int64_t count = op.getCount();
  for (int64_t turn = 0; turn < count; ++turn) {
    int64_t i = op.getReverse() ? count - 1 - turn : turn;
    std::vector<Tensor> inputs = {Tensor{{}, {double(i)}}};
    inputs.insert(inputs.end(), results.begin(), results.begin() + carriedCount);
    for (size_t k = carriedCount; k < carriedCount + stackedCount; ++k) {
      const Tensor &whole = operands[k];
      Tensor slice = Tensor::ofShape(ArrayRef<int64_t>(whole.shape).drop_front());
      std::copy_n(whole.elements.begin() + i * slice.count(), slice.count(), slice.elements.begin());
      inputs.push_back(std::move(slice));
    }
    inputs.insert(inputs.end(), operands.begin() + carriedCount + stackedCount, operands.end());
    std::vector<Tensor> yielded = evaluate(op.getBody().front(), inputs);
    for (size_t k = 0; k < yielded.size(); ++k)
      if (k < carriedCount)
        results[k] = std::move(yielded[k]);
      else
        std::copy_n(yielded[k].elements.begin(), yielded[k].count(),
                    results[k].elements.begin() + i * yielded[k].count());
  }
  return results;
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
  if (auto node = dyn_cast<nn::ElementwiseOp>(op))
    return {elementwise(node, operands)};
  if (auto node = dyn_cast<nn::MatmulOp>(op))
    return {matmul(node, operands[0], operands[1])};
  if (auto node = dyn_cast<nn::ReduceOp>(op))
    return {reduce(node, operands[0])};
  if (auto node = dyn_cast<nn::SoftmaxOp>(op))
    return {softmax(node, operands[0])};
  if (auto node = dyn_cast<nn::TransposeOp>(op))
    return {transpose(node, operands[0])};
  if (auto node = dyn_cast<nn::BroadcastOp>(op))
    return {broadcast(node, operands[0])};
  if (auto node = dyn_cast<nn::ReshapeOp>(op))
    return {Tensor{shapeOf(node.getResult()), operands[0].elements}};
  if (auto node = dyn_cast<nn::CastOp>(op))
    return {convert(node, operands[0])};
  if (auto node = dyn_cast<nn::ConstantOp>(op))
    return {constant(node)};
  if (auto node = dyn_cast<nn::ScanOp>(op))
    return scan(node, operands);
  std::fprintf(stderr, "the oracle does not know '%s'\n", op->getName().getStringRef().str().c_str());
  std::abort();
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
    if (isa<dist::ConstrainOp>(op)) {
      values[op.getResult(0)] = operands[0];
      continue;
    }
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
