//===- OpGradientTest.cpp - Each op's derivative against differences ------===//

#include "dialects/nn/Nn.h"
#include "mlir/Parser/Parser.h"
#include "test/reference/nn/Generator.h"
#include "test/unit/compiler/autodiff/Gradients.h"

#include <set>

namespace weft::test {
namespace {
using namespace mlir;

/// The arguments of floats come first, and the derivative is by all of them.
class OpGradient : public ::testing::TestWithParam<FunctionCase> {};

TEST_P(OpGradient, IsTheLimitOfDifferences) {
  auto module = parseSourceString<ModuleOp>(GetParam().function, &tensorContext());
  ASSERT_TRUE(module);
  auto loss = *module->getOps<func::FuncOp>().begin();
  makeLoss(loss);
  auto wrt =
      llvm::count_if(loss.getArgumentTypes(), [](Type type) { return isa<FloatType>(getElementTypeOrSelf(type)); });
  ASSERT_TRUE(succeeded(differentiate(*module, loss, wrt)));
  std::vector<reference::Tensor> inputs = reference::randomInputs(loss, 7);
  Comparison comparison = compareWithDifferences(*module, wrt, inputs, 0, 0);
  EXPECT_GT(comparison.compared, 0u);
  EXPECT_EQ(comparison.atKinks, 0u) << "the inputs of this test are not near a kink";
  EXPECT_LT(comparison.worst, 1e-8);
}

INSTANTIATE_TEST_SUITE_P(Elementwise, OpGradient, ::testing::ValuesIn(reference::elementwiseCases()), nameOf);
INSTANTIATE_TEST_SUITE_P(Matmul, OpGradient, ::testing::ValuesIn(reference::matmulCases()), nameOf);
INSTANTIATE_TEST_SUITE_P(Rows, OpGradient, ::testing::ValuesIn(reference::rowCases()), nameOf);
INSTANTIATE_TEST_SUITE_P(Moves, OpGradient, ::testing::ValuesIn(reference::moveCases()), nameOf);
INSTANTIATE_TEST_SUITE_P(Others, OpGradient, ::testing::ValuesIn(reference::otherCases()), nameOf);

// An op has a derivative, which is tried here, or is one of those that have none; a new op is neither.
TEST(OpGradients, AllOpsThatHaveOneHaveACase) {
  const std::set<StringRef> none = {"nn.argmax", "nn.attention_grad", "nn.compare", "nn.constant", "nn.fold_in",
                                    "nn.iota",   "nn.random",         "nn.top_k",   "nn.yield",    "nn.value_and_grad"};
  std::set<std::string> seen;
  std::set<nn::ElementwiseKind> kinds;
  for (const FunctionCase &one : reference::allOpCases()) {
    auto module = parseSourceString<ModuleOp>(one.function, &tensorContext());
    ASSERT_TRUE(module) << one.name;
    module->walk([&](Operation *op) {
      seen.insert(op->getName().getStringRef().str());
      if (auto node = dyn_cast<nn::ElementwiseOp>(op))
        kinds.insert(node.getKind());
    });
  }
  for (RegisteredOperationName op : tensorContext().getRegisteredOperationsByDialect("nn")) {
    bool isKnown = op.hasInterface<DifferentiableInterface>() || op.getStringRef() == "nn.scan";
    EXPECT_NE(isKnown, bool(none.count(op.getStringRef()))) << op.getStringRef().str();
    if (isKnown)
      EXPECT_TRUE(seen.count(op.getStringRef().str())) << op.getStringRef().str() << " has no case in OpCases.cpp";
  }
  for (uint32_t number = 0; number < 256; ++number)
    if (auto kind = nn::symbolizeElementwiseKind(number))
      EXPECT_TRUE(kinds.count(*kind)) << stringifyElementwiseKind(*kind).str() << " has no case in OpCases.cpp";
}

double gradientOf(const char *function, double x, double y) {
  auto module = parseSourceString<ModuleOp>(function, &tensorContext());
  auto loss = *module->getOps<func::FuncOp>().begin();
  makeLoss(loss);
  EXPECT_TRUE(succeeded(differentiate(*module, loss, 1)));
  std::vector<reference::Tensor> inputs = {{{}, {x}}, {{}, {y}}};
  inputs.resize(loss.getNumArguments());
  return reference::evaluate(module->lookupSymbol<func::FuncOp>("gradient"), inputs).back().elements[0];
}

TEST(OpGradientAtKinks, ReluAndAbsHaveNoSlopeAtZero) {
  const char *relu = R"(func.func @f(%x: tensor<f64>) -> tensor<f64> {
    %0 = nn.elementwise relu %x : (tensor<f64>) -> tensor<f64>
    return %0 : tensor<f64>
  })";
  EXPECT_EQ(gradientOf(relu, 0, 0), 0);
  EXPECT_EQ(gradientOf(relu, 1e-300, 0), 1);
  const char *abs = R"(func.func @f(%x: tensor<f64>) -> tensor<f64> {
    %0 = nn.elementwise abs %x : (tensor<f64>) -> tensor<f64>
    return %0 : tensor<f64>
  })";
  EXPECT_EQ(gradientOf(abs, 0, 0), 0);
  EXPECT_EQ(gradientOf(abs, -1e-300, 0), -1);
}

TEST(OpGradientAtKinks, EqualOperandsOfMaxHaveHalfEach) {
  const char *max = R"(func.func @f(%x: tensor<f64>, %y: tensor<f64>) -> tensor<f64> {
    %0 = nn.elementwise max %x, %y : (tensor<f64>, tensor<f64>) -> tensor<f64>
    return %0 : tensor<f64>
  })";
  EXPECT_EQ(gradientOf(max, 1, 1), 0.5);
  EXPECT_EQ(gradientOf(max, 2, 1), 1);
  EXPECT_EQ(gradientOf(max, 1, 2), 0);
}

TEST(OpGradientAtKinks, EqualLargestElementsShareTheCotangent) {
  auto module = parseSourceString<ModuleOp>(R"(func.func @f(%x: tensor<4xf64>) -> tensor<f64> {
    %0 = nn.reduce max %x dims [0] : tensor<4xf64> -> tensor<f64>
    return %0 : tensor<f64>
  })",
                                            &tensorContext());
  auto loss = *module->getOps<func::FuncOp>().begin();
  makeLoss(loss);
  ASSERT_TRUE(succeeded(differentiate(*module, loss, 1)));
  auto results = reference::evaluate(module->lookupSymbol<func::FuncOp>("gradient"), {{{4}, {3, 5, 5, -1}}});
  EXPECT_EQ(results.back().elements, (std::vector<double>{0, 0.5, 0.5, 0}));
}

} // namespace
} // namespace weft::test
