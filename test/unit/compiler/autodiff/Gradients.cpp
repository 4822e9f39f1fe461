//===- Gradients.cpp - Derivatives against differences of the oracle ------===//

#include "test/unit/compiler/autodiff/Gradients.h"

#include "compiler/autodiff/Passes.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Pass/PassManager.h"

#include <cmath>
#include <random>

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;

/// The error of a central difference falls with the square of the step and grows with the rounding over the step: for
/// float64 both are about 1e-10 of the value here.
constexpr double step = 1e-5;

double lossAt(ModuleOp module, std::vector<Tensor> inputs, const std::vector<Tensor> &direction, double by) {
  for (size_t i = 0; i < direction.size(); ++i)
    for (int64_t k = 0; k < direction[i].count(); ++k)
      inputs[i].elements[k] += by * direction[i].elements[k];
  return reference::evaluate(module.lookupSymbol<func::FuncOp>("loss"), inputs).front().elements.front();
}

double differenceAlong(ModuleOp module, const std::vector<Tensor> &inputs, const std::vector<Tensor> &direction,
                       double h) {
  return (lossAt(module, inputs, direction, h) - lossAt(module, inputs, direction, -h)) / (2 * h);
}

} // namespace

MLIRContext &tensorContext() {
  static MLIRContext context = [] {
    DialectRegistry registry;
    registry.insert<nn::NnDialect, dist::DistDialect, topo::TopoDialect, func::FuncDialect>();
    return MLIRContext(registry);
  }();
  context.loadAllAvailableDialects();
  return context;
}

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

LogicalResult differentiate(ModuleOp module, func::FuncOp loss, unsigned wrt, uint64_t memoryLimitBytes) {
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
  PassManager passes(module.getContext());
  DifferentiateOptions options;
  options.memoryLimitBytes = memoryLimitBytes;
  passes.addPass(createDifferentiate(options));
  return passes.run(module);
}

Comparison compareWithDifferences(ModuleOp module, unsigned wrt, const std::vector<Tensor> &inputs, unsigned directions,
                                  uint64_t seed) {
  std::vector<Tensor> results = reference::evaluate(module.lookupSymbol<func::FuncOp>("gradient"), inputs);
  ArrayRef<Tensor> gradients = ArrayRef<Tensor>(results).take_back(wrt);
  Comparison comparison;
  auto compare = [&](const std::vector<Tensor> &direction) {
    double along = 0, scale = 1;
    for (unsigned i = 0; i < wrt; ++i)
      for (int64_t k = 0; k < direction[i].count(); ++k) {
        along += gradients[i].elements[k] * direction[i].elements[k];
        scale += std::fabs(gradients[i].elements[k] * direction[i].elements[k]);
      }
    double difference = differenceAlong(module, inputs, direction, step);
    double half = differenceAlong(module, inputs, direction, step / 2);
    if (!(std::fabs(difference - half) <= 1e-6 * scale)) {
      ++comparison.atKinks;
      return;
    }
    ++comparison.compared;
    double apart = std::fabs(along - difference) / scale;
    comparison.worst = std::isnan(apart) ? INFINITY : std::fmax(comparison.worst, apart);
  };
  std::vector<Tensor> direction;
  for (unsigned i = 0; i < wrt; ++i)
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

} // namespace weft::test
