//===- DecodersTest.cpp - Position by position is the whole sequence ------===//

#include "compiler/decoding/Passes.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "runtime/base/Random.h"
#include "test/reference/nn/Generator.h"
#include "test/reference/nn/Interpreter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;

/// Two layers with a norm, two heads of rotated attention, a residual and a product; a table of places, a bias for
/// every position, and a weight that falls with the place.
constexpr const char *model = R"(
func.func @model(%table: tensor<7x8xf64> {dist.state = "table"}, %places: tensor<12x8xf64>, %q: tensor<2x8x8xf64>, %k: tensor<2x8x8xf64>,
                 %v: tensor<2x8x8xf64>, %o: tensor<2x8x8xf64>, %b: tensor<8xf64>, %ids: tensor<1x12xi32>) -> tensor<1x12x7xf64>
    attributes {nn.sequence = {argument = 7 : i64, chunks = [1 : i64, 4 : i64]}} {
  %e = nn.gather %table, %ids dim 0 : tensor<7x8xf64>, tensor<1x12xi32> -> tensor<1x12x8xf64>
  %p = nn.broadcast %places dims [1, 2] : tensor<12x8xf64> -> tensor<1x12x8xf64>
  %bias = nn.broadcast %b dims [2] : tensor<8xf64> -> tensor<1x12x8xf64>
  %n = nn.iota dim 1 -> tensor<1x12x8xf64>
  %half = nn.constant dense<0.5> : tensor<1x12x8xf64>
  %fall = nn.elementwise mul %n, %half : (tensor<1x12x8xf64>, tensor<1x12x8xf64>) -> tensor<1x12x8xf64>
  %0 = nn.elementwise add %e, %p : (tensor<1x12x8xf64>, tensor<1x12x8xf64>) -> tensor<1x12x8xf64>
  %1 = nn.elementwise add %0, %bias : (tensor<1x12x8xf64>, tensor<1x12x8xf64>) -> tensor<1x12x8xf64>
  %2 = nn.elementwise add %1, %fall : (tensor<1x12x8xf64>, tensor<1x12x8xf64>) -> tensor<1x12x8xf64>
  %3 = nn.scan count 2 carry(%2) stacked(%q, %k, %v, %o)
      : (tensor<1x12x8xf64>, tensor<2x8x8xf64>, tensor<2x8x8xf64>, tensor<2x8x8xf64>, tensor<2x8x8xf64>) -> tensor<1x12x8xf64> {
  ^bb0(%i: tensor<i32>, %x: tensor<1x12x8xf64>, %wq: tensor<8x8xf64>, %wk: tensor<8x8xf64>, %wv: tensor<8x8xf64>, %wo: tensor<8x8xf64>):
    %a = nn.rms_norm %x dim 2 eps 1.0e-5 : tensor<1x12x8xf64> -> tensor<1x12x8xf64>
    %mq = nn.matmul %a, %wq : tensor<1x12x8xf64>, tensor<8x8xf64> -> tensor<1x12x8xf64>
    %mk = nn.matmul %a, %wk : tensor<1x12x8xf64>, tensor<8x8xf64> -> tensor<1x12x8xf64>
    %mv = nn.matmul %a, %wv : tensor<1x12x8xf64>, tensor<8x8xf64> -> tensor<1x12x8xf64>
    %t, %lse = nn.attention %mq, %mk, %mv heads 2 causal scale 5.0e-1
        : (tensor<1x12x8xf64>, tensor<1x12x8xf64>, tensor<1x12x8xf64>) -> (tensor<1x12x8xf64>, tensor<1x2x12xf64>)
    %mo = nn.matmul %t, %wo : tensor<1x12x8xf64>, tensor<8x8xf64> -> tensor<1x12x8xf64>
    %r = nn.elementwise add %x, %mo : (tensor<1x12x8xf64>, tensor<1x12x8xf64>) -> tensor<1x12x8xf64>
    nn.yield %r : tensor<1x12x8xf64>
  }
  %4 = nn.matmul %3, %table transpose_rhs : tensor<1x12x8xf64>, tensor<7x8xf64> -> tensor<1x12x7xf64>
  return %4 : tensor<1x12x7xf64>
}
)";

class DecodersTest : public ::testing::Test {
protected:
  DecodersTest() { context.loadDialect<nn::NnDialect, dist::DistDialect, func::FuncDialect>(); }

  LogicalResult run(ModuleOp module) {
    PassManager passes(&context);
    passes.addPass(createMakeDecoders());
    return passes.run(module);
  }

  /// What the pass says of a function whose body is `body`, with %x [1, 4, 3] made of the tokens.
  std::string refusal(const std::string &body, const std::string &result = "tensor<1x4x3xf32>") {
    auto module = parseSourceString<ModuleOp>(
        "func.func @f(%t: tensor<5x3xf32>, %ids: tensor<1x4xi32>) -> " + result +
            " attributes {nn.sequence = {argument = 1 : i64, chunks = [1 : i64]}} {\n"
            "%x = nn.gather %t, %ids dim 0 : tensor<5x3xf32>, tensor<1x4xi32> -> tensor<1x4x3xf32>\n" +
            body + " }",
        &context);
    EXPECT_TRUE(module);
    std::string message;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      message += diagnostic.str();
      return success();
    });
    EXPECT_TRUE(failed(run(*module)));
    return message;
  }

  MLIRContext context;
};

Tensor filled(base::Random &random, std::vector<std::int64_t> shape) {
  Tensor tensor = Tensor::ofShape(shape);
  for (double &element : tensor.elements)
    element = double(random.below(2001)) / 1000 - 1;
  return tensor;
}

TEST_F(DecodersTest, ChunksGiveTheRowsOfTheWholeSequence) {
  auto module = parseSourceString<ModuleOp>(model, &context);
  ASSERT_TRUE(module);
  auto whole = *module->getOps<func::FuncOp>().begin();
  base::Random random(3);
  std::vector<Tensor> inputs;
  for (Type type : whole.getArgumentTypes().drop_back())
    inputs.push_back(filled(random, cast<RankedTensorType>(type).getShape().vec()));
  Tensor ids = Tensor::ofShape({1, 12});
  for (double &id : ids.elements)
    id = double(random.below(7));
  std::vector<Tensor> all = inputs;
  all.push_back(ids);
  Tensor wanted = reference::evaluate(whole, all)[0];

  ASSERT_TRUE(succeeded(run(*module)));
  std::map<std::int64_t, func::FuncOp> decoders{{1, module->lookupSymbol<func::FuncOp>("model.decode1")},
                                                {4, module->lookupSymbol<func::FuncOp>("model.decode4")}};
  ASSERT_TRUE(decoders[1] && decoders[4]);
  EXPECT_FALSE(module->lookupSymbol("model"));
  EXPECT_EQ(cast<StringAttr>(decoders[1].getArgAttr(0, "dist.state")).getValue(), "table");
  EXPECT_TRUE(decoders[1].getArgAttr(7, "dist.zeros"));

  std::vector<Tensor> caches(2, Tensor::ofShape({2, 1, 12, 8}));
  std::int64_t position = 0;
  for (std::int64_t chunk : {4, 1, 4, 1, 1, 1}) {
    std::vector<Tensor> operands = inputs;
    operands.insert(operands.end(), caches.begin(), caches.end());
    Tensor part = Tensor::ofShape({1, chunk}), start = Tensor::ofShape({});
    std::copy_n(ids.elements.begin() + position, chunk, part.elements.begin());
    start.elements[0] = double(position);
    operands.push_back(part);
    operands.push_back(start);
    std::vector<Tensor> found = reference::evaluate(decoders[chunk], operands);
    caches = {found[0], found[1]};
    position += chunk;
    Tensor row = Tensor::ofShape({1, 7});
    std::copy_n(wanted.elements.begin() + (position - 1) * 7, 7, row.elements.begin());
    EXPECT_LE(reference::distance(found[2], row), 1e-14) << "behind " << position;
  }
}

TEST_F(DecodersTest, RefusesWhatNeedsOtherPositions) {
  using testing::HasSubstr;
  EXPECT_THAT(
      refusal("%1 = nn.softmax %x dim 1 : tensor<1x4x3xf32> -> tensor<1x4x3xf32>\nreturn %1 : tensor<1x4x3xf32>"),
      HasSubstr("needs several positions at once"));
  EXPECT_THAT(
      refusal("%1 = nn.matmul %x, %x transpose_rhs : tensor<1x4x3xf32>, tensor<1x4x3xf32> -> tensor<1x4x4xf32>\n"
              "return %1 : tensor<1x4x4xf32>",
              "tensor<1x4x4xf32>"),
      HasSubstr("needs several positions at once"));
  EXPECT_THAT(refusal("%1, %2 = nn.attention %x, %x, %x heads 1 scale 1.0 : (tensor<1x4x3xf32>, tensor<1x4x3xf32>, "
                      "tensor<1x4x3xf32>) -> (tensor<1x4x3xf32>, tensor<1x1x4xf32>)\nreturn %1 : tensor<1x4x3xf32>"),
              HasSubstr("positions that are still to come"));
  EXPECT_THAT(
      refusal("%1 = nn.reduce sum %x dims [1] : tensor<1x4x3xf32> -> tensor<1x3xf32>\nreturn %1 : tensor<1x3xf32>",
              "tensor<1x3xf32>"),
      HasSubstr("needs several positions at once"));
  EXPECT_THAT(refusal("%1 = nn.constant dense<0.0> : tensor<1x4x3xf32>\nreturn %1 : tensor<1x4x3xf32>"),
              HasSubstr("wanted a row for each position"));
}

} // namespace
} // namespace weft::test
