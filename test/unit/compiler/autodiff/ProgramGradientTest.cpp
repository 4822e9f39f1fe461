//===- ProgramGradientTest.cpp - Derivatives of random programs -----------===//

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "test/reference/nn/Generator.h"
#include "test/support/Seeds.h"
#include "test/unit/compiler/autodiff/Gradients.h"

#include <cstring>

#include <gtest/gtest.h>

namespace weft::test {
namespace {
using namespace mlir;

/// Whether a program was refused because it asks for a derivative that there is none of: through a discrete op, or
/// through the derivative of an attention.
bool isWithoutDerivative(const std::string &told) {
  return told.find("has no derivative: it gives whole numbers") != std::string::npos ||
         told.find("has no derivative: second derivatives through attention") != std::string::npos;
}

/// A derivative of each of many programs against differences.
void compareRandomPrograms(reference::GeneratorOptions options, uint64_t count, double tolerance) {
  options.doubles = true;
  unsigned compared = 0, leftOut = 0;
  for (uint64_t seed = 1; seed <= count; ++seed) {
    auto module = reference::generate(tensorContext(), seed, options);
    auto loss = *module->getOps<func::FuncOp>().begin();
    makeLoss(loss);
    std::string told;
    ScopedDiagnosticHandler handler(&tensorContext(), [&](Diagnostic &diagnostic) { told += diagnostic.str(); });
    if (failed(differentiate(*module, loss, loss.getNumArguments()))) {
      EXPECT_TRUE(isWithoutDerivative(told)) << seed << ": " << told;
      leftOut += 3;
      continue;
    }
    ASSERT_TRUE(succeeded(verify(*module))) << "seed " << seed;
    auto inputs = reference::randomInputs(loss, seed);
    Comparison comparison = compareWithDifferences(*module, loss.getNumArguments(), inputs, 3, seed);
    EXPECT_LT(comparison.worst, tolerance) << "seed " << seed;
    compared += comparison.compared;
    leftOut += comparison.atKinks;
  }
  EXPECT_GT(compared, 4 * leftOut) << "too much is left out";
}

TEST(ProgramGradient, IsTheLimitOfDifferencesForRandomPrograms) { compareRandomPrograms({}, tries(300, 5000), 1e-6); }

TEST(ProgramGradient, IsTheLimitOfDifferencesForRandomLoops) {
  reference::GeneratorOptions options;
  options.loops = true;
  compareRandomPrograms(options, tries(100, 2000), 1e-6);
}

// What a loop computes again has the bits of what it would have kept.
TEST(ProgramGradient, IsTheSameForRandomLoopsUnderALimitOfMemory) {
  reference::GeneratorOptions options{.doubles = true, .loops = true};
  unsigned compared = 0;
  for (uint64_t seed = 1; seed <= tries(100, 2000); ++seed) {
    std::vector<std::vector<reference::Tensor>> results;
    for (uint64_t limit : {0, 1}) {
      auto module = reference::generate(tensorContext(), seed, options);
      auto loss = *module->getOps<func::FuncOp>().begin();
      makeLoss(loss);
      std::string told;
      ScopedDiagnosticHandler handler(&tensorContext(), [&](Diagnostic &diagnostic) { told += diagnostic.str(); });
      if (failed(differentiate(*module, loss, loss.getNumArguments(), limit))) {
        ASSERT_TRUE(isWithoutDerivative(told)) << "seed " << seed << ": " << told;
        break;
      }
      ++compared;
      auto inputs = reference::randomInputs(loss, seed);
      results.push_back(reference::evaluate(module->lookupSymbol<func::FuncOp>("gradient"), inputs));
    }
    for (size_t i = 0; !results.empty() && i < results[0].size(); ++i)
      ASSERT_TRUE(std::memcmp(results[0][i].elements.data(), results[1][i].elements.data(),
                              results[0][i].elements.size() * sizeof(double)) == 0)
          << "seed " << seed << ", result " << i;
  }
  EXPECT_GT(compared, 2 * tries(100, 2000) / 2) << "too much is left out";
}

/// |x|² of the derivative of a function: a derivative by it is a second derivative.
TEST(ProgramGradient, OfAFunctionThatDifferentiates) {
  auto module = parseSourceString<ModuleOp>(R"(
func.func @f(%x: tensor<3xf64>) -> tensor<f64> {
  %0:2 = nn.value_and_grad @inner(%x) wrt 1 : (tensor<3xf64>) -> (tensor<f64>, tensor<3xf64>)
  %1 = nn.elementwise mul %0#1, %0#1 : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
  %2 = nn.reduce sum %1 dims [0] : tensor<3xf64> -> tensor<f64>
  %3 = nn.elementwise add %2, %0#0 : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %3 : tensor<f64>
}
func.func private @inner(%x: tensor<3xf64>) -> tensor<f64> {
  %0 = nn.scan count 3 carry(%x) : (tensor<3xf64>) -> tensor<3xf64> {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf64>):
    %1 = nn.elementwise sin %h : (tensor<3xf64>) -> tensor<3xf64>
    %2 = nn.elementwise mul %1, %h : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    nn.yield %2 : tensor<3xf64>
  }
  %3 = nn.reduce sum %0 dims [0] : tensor<3xf64> -> tensor<f64>
  return %3 : tensor<f64>
})",
                                            &tensorContext());
  auto loss = *module->getOps<func::FuncOp>().begin();
  makeLoss(loss);
  ASSERT_TRUE(succeeded(differentiate(*module, loss, 1)));
  Comparison comparison = compareWithDifferences(*module, 1, {{{3}, {0.5, -0.3, 0.8}}}, 0, 0);
  EXPECT_EQ(comparison.compared, 3u);
  EXPECT_LT(comparison.worst, 1e-8);
}

// One operand for two arguments: each has its own derivative.
TEST(ProgramGradient, OfOneValueForTwoArguments) {
  auto module = parseSourceString<ModuleOp>(R"(
func.func @f(%x: tensor<f64>, %y: tensor<f64>) -> tensor<f64> {
  %0 = nn.elementwise mul %x, %y : (tensor<f64>, tensor<f64>) -> tensor<f64>
  %1 = nn.elementwise mul %0, %y : (tensor<f64>, tensor<f64>) -> tensor<f64>
  return %1 : tensor<f64>
}
func.func @both(%x: tensor<f64>) -> (tensor<f64>, tensor<f64>) {
  %0:3 = nn.value_and_grad @f(%x, %x) wrt 2 : (tensor<f64>, tensor<f64>) -> (tensor<f64>, tensor<f64>, tensor<f64>)
  return %0#1, %0#2 : tensor<f64>, tensor<f64>
})",
                                            &tensorContext());
  auto f = module->lookupSymbol<func::FuncOp>("f");
  ASSERT_TRUE(succeeded(differentiate(*module, f, 2)));
  auto results = reference::evaluate(module->lookupSymbol<func::FuncOp>("both"), {{{}, {3}}});
  EXPECT_EQ(results[0].elements[0], 9);
  EXPECT_EQ(results[1].elements[0], 18);
}

} // namespace
} // namespace weft::test
