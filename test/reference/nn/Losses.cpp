//===- Losses.cpp - Functions to be differentiated, and differences -------===//

#include "test/reference/nn/Losses.h"

#include "dialects/nn/Nn.h"

#include <cmath>
#include <random>

namespace weft::reference {
using namespace mlir;
namespace {

/// The error of a central difference falls with the square of the step and grows with the rounding over the step: for
/// float64 both are about 1e-10 of the value here.
constexpr double step = 1e-5;

double lossAt(func::FuncOp loss, std::vector<Tensor> inputs, const std::vector<Tensor> &direction, double by) {
  for (size_t i = 0; i < direction.size(); ++i)
    for (int64_t k = 0; k < direction[i].count(); ++k)
      inputs[i].elements[k] += by * direction[i].elements[k];
  return evaluate(loss, inputs).front().elements.front();
}

double differenceAlong(func::FuncOp loss, const std::vector<Tensor> &inputs, const std::vector<Tensor> &direction,
                       double h) {
  return (lossAt(loss, inputs, direction, h) - lossAt(loss, inputs, direction, -h)) / (2 * h);
}

} // namespace

void makeLoss(func::FuncOp function) {
  function.setSymName("loss");
  Operation *terminator = function.getBody().front().getTerminator();
  OpBuilder builder(terminator);
  Location place = function.getLoc();
  Value value = terminator->getOperand(0);
  auto type = cast<RankedTensorType>(value.getType());
  if (type.getRank() > 0) {
    SmallVector<Attribute> weights;
    for (int64_t i = 0; i < type.getNumElements(); ++i)
      weights.push_back(builder.getFloatAttr(type.getElementType(), double((i * 37 + 11) % 41 - 20) / 20));
    Value weight = nn::ConstantOp::create(builder, place, type, DenseElementsAttr::get(type, weights));
    value = nn::ElementwiseOp::create(builder, place, type, nn::ElementwiseKind::mul, ValueRange{value, weight});
    value = nn::ReduceOp::create(builder, place, RankedTensorType::get({}, type.getElementType()), ReduceKind::sum,
                                 value, llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())));
  }
  terminator->setOperands(value);
  function.setType(builder.getFunctionType(function.getArgumentTypes(), value.getType()));
}

func::FuncOp addGradient(ModuleOp module, func::FuncOp loss, unsigned wrt) {
  auto builder = OpBuilder::atBlockEnd(module.getBody());
  SmallVector<Type> results(loss.getResultTypes());
  llvm::append_range(results, loss.getArgumentTypes().take_front(wrt));
  auto gradient = func::FuncOp::create(builder, loss.getLoc(), "gradient",
                                       builder.getFunctionType(loss.getArgumentTypes(), results));
  Block *entry = gradient.addEntryBlock();
  builder.setInsertionPointToStart(entry);
  auto both =
      nn::ValueAndGradOp::create(builder, loss.getLoc(), results, loss.getSymName(), entry->getArguments(), wrt);
  func::ReturnOp::create(builder, loss.getLoc(), both.getResults());
  return gradient;
}

Comparison compareWithDifferences(func::FuncOp loss, ArrayRef<Tensor> gradients, const std::vector<Tensor> &inputs,
                                  unsigned directions, uint64_t seed) {
  size_t wrt = gradients.size();
  Comparison comparison;
  auto compare = [&](const std::vector<Tensor> &direction) {
    double along = 0, scale = 1;
    for (size_t i = 0; i < wrt; ++i)
      for (int64_t k = 0; k < direction[i].count(); ++k) {
        along += gradients[i].elements[k] * direction[i].elements[k];
        scale += std::fabs(gradients[i].elements[k] * direction[i].elements[k]);
      }
    double difference = differenceAlong(loss, inputs, direction, step);
    double half = differenceAlong(loss, inputs, direction, step / 2);
    if (!(std::fabs(difference - half) <= 1e-6 * scale)) {
      ++comparison.atKinks;
      return;
    }
    ++comparison.compared;
    double apart = std::fabs(along - difference) / scale;
    comparison.worst = std::isnan(apart) ? INFINITY : std::fmax(comparison.worst, apart);
  };
  std::vector<Tensor> direction;
  for (size_t i = 0; i < wrt; ++i)
    direction.push_back(Tensor::ofShape(inputs[i].shape));
  if (directions == 0)
    for (Tensor &tensor : direction)
      for (double &element : tensor.elements) {
        element = 1;
        compare(direction);
        element = 0;
      }
  std::mt19937_64 random(seed);
  for (unsigned i = 0; i < directions; ++i) {
    for (Tensor &tensor : direction)
      for (double &element : tensor.elements)
        element = double(int64_t(random() % 2001) - 1000) / 1000;
    compare(direction);
  }
  return comparison;
}

} // namespace weft::reference
