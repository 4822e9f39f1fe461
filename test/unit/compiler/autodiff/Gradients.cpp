//===- Gradients.cpp - Derivatives against differences of the oracle ------===//

#include "test/unit/compiler/autodiff/Gradients.h"

#include "compiler/autodiff/Passes.h"
#include "compiler/autodiff/Pullbacks.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Pass/PassManager.h"

namespace weft::test {
using namespace mlir;
using reference::Tensor;

MLIRContext &tensorContext() {
  static MLIRContext context = [] {
    DialectRegistry registry;
    registry.insert<nn::NnDialect, dist::DistDialect, topo::TopoDialect, func::FuncDialect>();
    autodiff::registerPullbacks(registry);
    return MLIRContext(registry);
  }();
  context.loadAllAvailableDialects();
  return context;
}

LogicalResult differentiate(ModuleOp module, func::FuncOp loss, unsigned wrt, uint64_t memoryLimitBytes) {
  reference::addGradient(module, loss, wrt);
  PassManager passes(module.getContext());
  DifferentiateOptions options;
  options.memoryLimitBytes = memoryLimitBytes;
  passes.addPass(createDifferentiate(options));
  return passes.run(module);
}

Comparison compareWithDifferences(ModuleOp module, unsigned wrt, const std::vector<Tensor> &inputs, unsigned directions,
                                  uint64_t seed) {
  std::vector<Tensor> results = reference::evaluate(module.lookupSymbol<func::FuncOp>("gradient"), inputs);
  return reference::compareWithDifferences(module.lookupSymbol<func::FuncOp>("loss"),
                                           ArrayRef<Tensor>(results).take_back(wrt), inputs, directions, seed);
}

} // namespace weft::test
