//===- ScanGradientTest.cpp - Derivatives through loops -------------------===//

#include "dialects/nn/Nn.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "test/reference/nn/Generator.h"
#include "test/unit/compiler/autodiff/Gradients.h"

#include <chrono>
#include <cstdio>

namespace weft::test {
namespace {
using namespace mlir;

class ScanGradient : public ::testing::TestWithParam<FunctionCase> {
protected:
  /// The module of the case, differentiated by all arguments of its first function.
  static OwningOpRef<ModuleOp> differentiated(const char *text, uint64_t memoryLimitBytes) {
    auto module = parseSourceString<ModuleOp>(text, &tensorContext());
    auto loss = *module->getOps<func::FuncOp>().begin();
    makeLoss(loss);
    EXPECT_TRUE(succeeded(differentiate(*module, loss, loss.getNumArguments(), memoryLimitBytes)));
    EXPECT_TRUE(succeeded(verify(*module)));
    return module;
  }
};

TEST_P(ScanGradient, IsTheLimitOfDifferences) {
  auto module = differentiated(GetParam().function, 0);
  auto loss = *module->getOps<func::FuncOp>().begin();
  auto inputs = reference::randomInputs(loss, 5);
  Comparison comparison = compareWithDifferences(*module, loss.getNumArguments(), inputs, 0, 0);
  EXPECT_GT(comparison.compared, 0u);
  EXPECT_EQ(comparison.atKinks, 0u);
  EXPECT_LT(comparison.worst, 1e-8);
}

TEST_P(ScanGradient, HasTheSameBitsWhenTheBodyIsComputedAgain) {
  auto kept = differentiated(GetParam().function, 0), recomputed = differentiated(GetParam().function, 1);
  auto inputs = reference::randomInputs(*kept->getOps<func::FuncOp>().begin(), 5);
  auto left = reference::evaluate(kept->lookupSymbol<func::FuncOp>("gradient"), inputs);
  auto right = reference::evaluate(recomputed->lookupSymbol<func::FuncOp>("gradient"), inputs);
  ASSERT_EQ(left.size(), right.size());
  for (size_t i = 0; i < left.size(); ++i)
    EXPECT_EQ(left[i].elements, right[i].elements);
}

INSTANTIATE_TEST_SUITE_P(Loops, ScanGradient, ::testing::ValuesIn(reference::scanCases()), nameOf);

/// A transformer's block as language models stack it, in f32.
std::string transformer(unsigned layers) {
  std::string n = std::to_string(layers);
  auto stack = [&](const char *shape) { return "tensor<" + n + "x" + shape + "xf32>"; };
  const std::string operands = "tensor<2x64x32xf32>, " + stack("32x32") + ", " + stack("32x32") + ", " +
                               stack("32x32") + ", " + stack("32x32") + ", " + stack("32x128") + ", " + stack("128x32");
  return "func.func @f(%x: tensor<2x64x32xf32>, %q: " + stack("32x32") + ", %k: " + stack("32x32") +
         ", %v: " + stack("32x32") + ", %o: " + stack("32x32") + ", %up: " + stack("32x128") +
         ", %down: " + stack("128x32") + ") -> tensor<2x64x32xf32> {\n  %0 = nn.scan count " + n +
         " carry(%x) stacked(%q, %k, %v, %o, %up, %down) : (" + operands + R"() -> tensor<2x64x32xf32> {
  ^bb0(%i: tensor<i32>, %h: tensor<2x64x32xf32>, %q_i: tensor<32x32xf32>, %k_i: tensor<32x32xf32>, %v_i: tensor<32x32xf32>, %o_i: tensor<32x32xf32>, %up_i: tensor<32x128xf32>, %down_i: tensor<128x32xf32>):
    %n = nn.rms_norm %h dim 2 eps 1.0e-5 : tensor<2x64x32xf32> -> tensor<2x64x32xf32>
    %1 = nn.matmul %n, %q_i : tensor<2x64x32xf32>, tensor<32x32xf32> -> tensor<2x64x32xf32>
    %2 = nn.matmul %n, %k_i : tensor<2x64x32xf32>, tensor<32x32xf32> -> tensor<2x64x32xf32>
    %3 = nn.matmul %n, %v_i : tensor<2x64x32xf32>, tensor<32x32xf32> -> tensor<2x64x32xf32>
    %a, %lse = nn.attention %1, %2, %3 heads 4 causal scale 0.35 : (tensor<2x64x32xf32>, tensor<2x64x32xf32>, tensor<2x64x32xf32>) -> (tensor<2x64x32xf32>, tensor<2x4x64xf32>)
    %4 = nn.matmul %a, %o_i : tensor<2x64x32xf32>, tensor<32x32xf32> -> tensor<2x64x32xf32>
    %5 = nn.elementwise add %h, %4 : (tensor<2x64x32xf32>, tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
    %m = nn.rms_norm %5 dim 2 eps 1.0e-5 : tensor<2x64x32xf32> -> tensor<2x64x32xf32>
    %6 = nn.matmul %m, %up_i : tensor<2x64x32xf32>, tensor<32x128xf32> -> tensor<2x64x128xf32>
    %7 = nn.elementwise gelu %6 : (tensor<2x64x128xf32>) -> tensor<2x64x128xf32>
    %8 = nn.matmul %7, %down_i : tensor<2x64x128xf32>, tensor<128x32xf32> -> tensor<2x64x32xf32>
    %9 = nn.elementwise add %5, %8 : (tensor<2x64x32xf32>, tensor<2x64x32xf32>) -> tensor<2x64x32xf32>
    nn.yield %9 : tensor<2x64x32xf32>
  }
  return %0 : tensor<2x64x32xf32>
})";
}

// A derivative is as large as the body, not as the body times the layers. How long it takes is printed.
TEST(ScanGradientOfLayers, IsOneScanThereAndOneBack) {
  auto module = parseSourceString<ModuleOp>(transformer(24), &tensorContext());
  ASSERT_TRUE(module);
  auto loss = *module->getOps<func::FuncOp>().begin();
  makeLoss(loss);
  auto begin = std::chrono::steady_clock::now();
  ASSERT_TRUE(succeeded(differentiate(*module, loss, loss.getNumArguments())));
  std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  std::printf("24 layers differentiated in %.2f ms\n", took.count());
  unsigned scans = 0, ops = 0, kept = 0;
  module->lookupSymbol<func::FuncOp>("gradient").walk([&](Operation *op) {
    ++ops;
    auto scan = dyn_cast<nn::ScanOp>(op);
    scans += bool(scan);
    if (scan && !scan.getReverse())
      kept = scan.getStackedOutputs().size();
  });
  EXPECT_EQ(scans, 2u);
  EXPECT_LT(ops, 200u);
  // Queries, keys, values, attention's two results, the block's input and middle, the product before gelu and gelu.
  EXPECT_EQ(kept, 9u);
}

} // namespace
} // namespace weft::test
