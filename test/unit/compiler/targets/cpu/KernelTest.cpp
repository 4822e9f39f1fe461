//===- KernelTest.cpp - Native kernels against the float64 interpreter ----===//

#include "KernelFixture.h"

#include "test/reference/nn/Generator.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

#include <cmath>

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;

using KernelTest = KernelFixture;

std::string matmul(int m, int k, int n, const char *element) {
  auto tensor = [&](int rows, int columns) {
    return "tensor<" + std::to_string(rows) + "x" + std::to_string(columns) + "x" + element + ">";
  };
  return "func.func @f(%a: " + tensor(m, k) + ", %b: " + tensor(k, n) + ") -> " + tensor(m, n) +
         " {\n%0 = nn.matmul %a, %b : " + tensor(m, k) + ", " + tensor(k, n) + " -> " + tensor(m, n) +
         "\nreturn %0 : " + tensor(m, n) + "\n}";
}

// Each size below, at and above a tile of each ISA, so that every edge is met.
TEST_F(KernelTest, MatmulOfEveryEdge) {
  for (auto [m, k, n] :
       {std::tuple{1, 1, 1}, {4, 8, 8}, {3, 5, 7}, {8, 16, 32}, {9, 3, 33}, {17, 20, 70}, {6, 1, 16}, {64, 64, 64}})
    check(matmul(m, k, n, "f32"), 1e-6);
  check(matmul(17, 20, 35, "f64"), 1e-14);
}

TEST_F(KernelTest, BatchedMatmul) {
  check("func.func @f(%a: tensor<3x5x4xf32>, %b: tensor<3x4x6xf32>) -> tensor<3x5x6xf32> {\n"
        "  %0 = nn.matmul %a, %b : tensor<3x5x4xf32>, tensor<3x4x6xf32> -> tensor<3x5x6xf32>\n"
        "  return %0 : tensor<3x5x6xf32>\n}");
  check("func.func @f(%a: tensor<2x3x5x4xf32>, %b: tensor<4x6xf32>) -> tensor<2x3x5x6xf32> {\n"
        "  %0 = nn.matmul %a, %b : tensor<2x3x5x4xf32>, tensor<4x6xf32> -> tensor<2x3x5x6xf32>\n"
        "  return %0 : tensor<2x3x5x6xf32>\n}");
}

TEST_F(KernelTest, Mlp) {
  check("func.func @mlp(%x: tensor<4x8xf32>, %w1: tensor<8x16xf32>, %w2: tensor<16x8xf32>) -> tensor<4x8xf32> {\n"
        "  %0 = nn.matmul %x, %w1 : tensor<4x8xf32>, tensor<8x16xf32> -> tensor<4x16xf32>\n"
        "  %1 = nn.elementwise gelu %0 : (tensor<4x16xf32>) -> tensor<4x16xf32>\n"
        "  %2 = nn.matmul %1, %w2 : tensor<4x16xf32>, tensor<16x8xf32> -> tensor<4x8xf32>\n"
        "  return %2 : tensor<4x8xf32>\n}",
        1e-6);
}

TEST_F(KernelTest, ResultsThatAreOperands) {
  check("func.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) { return %x, %x : tensor<4xf32>, "
        "tensor<4xf32> }");
  check("func.func @f(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<2x2xf32>, tensor<4xf32>) {\n"
        "  %0 = nn.elementwise neg %x : (tensor<4xf32>) -> tensor<4xf32>\n"
        "  %1 = nn.reshape %0 : tensor<4xf32> -> tensor<2x2xf32>\n"
        "  return %0, %1, %0 : tensor<4xf32>, tensor<2x2xf32>, tensor<4xf32>\n}");
}

TEST_F(KernelTest, ScalarsAndConstants) {
  check("func.func @f(%x: tensor<3x4xf32>) -> (tensor<f32>, tensor<1x1xf32>, tensor<2xf32>) {\n"
        "  %0 = nn.reduce sum %x dims [0, 1] : tensor<3x4xf32> -> tensor<f32>\n"
        "  %1 = nn.reshape %0 : tensor<f32> -> tensor<1x1xf32>\n"
        "  %2 = nn.reshape %1 : tensor<1x1xf32> -> tensor<f32>\n"
        "  %3 = nn.constant dense<[1.5, -2.0]> : tensor<2xf32>\n"
        "  return %2, %1, %3 : tensor<f32>, tensor<1x1xf32>, tensor<2xf32>\n}");
}

// A function may be called what LLVM keeps for itself, or what its optimiser thinks that it knows.
TEST_F(KernelTest, NamesThatMeanSomethingToLlvm) {
  for (const char *name : {"llvm.B4_k0", "llvm.exp.f32", "exp", "body", "main"}) {
    SCOPED_TRACE(name);
    check("func.func @" + std::string(name) +
          "(%x: tensor<3x4xf32>) -> tensor<3x4xf32> {\n"
          "  %0 = nn.elementwise exp %x : (tensor<3x4xf32>) -> tensor<3x4xf32>\n"
          "  return %0 : tensor<3x4xf32>\n}");
  }
}

// No input at all, and an output of one element: what tells a slot its number.
TEST_F(KernelTest, ANumber) {
  check("func.func private @f() -> tensor<i32> {\n"
        "  %0 = nn.constant dense<3> : tensor<i32>\n  return %0 : tensor<i32>\n}",
        0);
}

TEST_F(KernelTest, Integers) {
  for (const char *element : {"i32", "i64"}) {
    std::string type = std::string("tensor<4x5x") + element + ">", body;
    for (const char *kind : {"add", "sub", "mul", "div", "min", "max"})
      body += std::string("  %") + kind + " = nn.elementwise " + kind + " %x, %y : (" + type + ", " + type + ") -> " +
              type + "\n";
    for (const char *kind : {"neg", "abs", "relu"})
      body += std::string("  %") + kind + " = nn.elementwise " + kind + " %x : (" + type + ") -> " + type + "\n";
    std::string types;
    for (int i = 0; i < 9; ++i)
      types += (i ? ", " : "") + type;
    check("func.func @f(%x: " + type + ", %y: " + type + ") -> (" + types + ") {\n" + body +
              "  return %add, %sub, %mul, %div, %min, %max, %neg, %abs, %relu : " + types + "\n}",
          0);
  }
}

// x / 0 is 0, and the smallest integer divided by -1 wraps: the instruction would trap on both.
TEST_F(KernelTest, IntegerDivisionsThatTrap) {
  OwningOpRef<ModuleOp> module =
      parse("func.func @f(%x: tensor<4xi32>, %y: tensor<4xi32>) -> tensor<4xi32> {\n"
            "  %0 = nn.elementwise div %x, %y : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>\n"
            "  return %0 : tensor<4xi32>\n}");
  std::vector<Tensor> inputs = {Tensor{{4}, {7, -2147483648.0, -7, 9}}, Tensor{{4}, {0, -1, 2, -1}}};
  for (cpu::Isa isa : runnableIsas()) {
    std::vector<Tensor> found = runNatively(*module, isa, inputs);
    ASSERT_EQ(found.size(), 1u);
    EXPECT_EQ(found[0].elements, (std::vector<double>{0, -2147483648.0, -3, -9}));
  }
}

TEST_F(KernelTest, Casts) {
  auto cast = [](const char *from, const char *to) {
    std::string a = std::string("tensor<6x") + from + ">", b = std::string("tensor<6x") + to + ">";
    return "func.func @f(%x: " + a + ") -> " + b + " {\n  %0 = nn.cast %x : " + a + " -> " + b +
           "\n  return %0 : " + b + "\n}";
  };
  for (const char *from : {"f32", "f64"})
    for (const char *to : {"i32", "i64"}) {
      OwningOpRef<ModuleOp> module = parse(cast(from, to));
      check(*module, {Tensor{{6}, {1.75, -1.75, NAN, 1e30, -1e30, 0.0}}}, 1e-9);
    }
  for (auto [from, to] : {std::pair{"i32", "f32"}, {"i64", "f64"}, {"i32", "i64"}, {"f32", "f64"}, {"f64", "f32"}})
    check(cast(from, to), 1e-7);
  OwningOpRef<ModuleOp> narrow = parse(cast("i64", "i32"));
  check(*narrow, {Tensor{{6}, {1, -1, 4294967296.0 + 5, -4294967296.0 - 5, 2147483648.0, 0}}}, 0);
}

TEST_F(KernelTest, SoftmaxAlongEachDimensionAndOfLargeScores) {
  for (int dim = 0; dim < 3; ++dim)
    check("func.func @f(%x: tensor<3x4x5xf32>) -> tensor<3x4x5xf32> {\n  %0 = nn.softmax %x dim " +
          std::to_string(dim) + " : tensor<3x4x5xf32> -> tensor<3x4x5xf32>\n  return %0 : tensor<3x4x5xf32>\n}");
  OwningOpRef<ModuleOp> module = parse("func.func @f(%x: tensor<3xf32>) -> tensor<3xf32> {\n"
                                       "  %0 = nn.softmax %x dim 0 : tensor<3xf32> -> tensor<3xf32>\n"
                                       "  return %0 : tensor<3xf32>\n}");
  check(*module, {Tensor{{3}, {1000, 1001, -1000}}}, 1e-6);
}

/// The largest error relative to the result over a grid of arguments, and that special arguments give what libm gives.
void checkFunction(MLIRContext &context, const char *kind, const char *element, double low, double high,
                   double tolerance) {
  constexpr int count = 20000;
  bool isSingle = std::string(element) == "f32";
  std::string type = "tensor<" + std::to_string(count) + "x" + element + ">";
  auto module =
      parseSourceString<ModuleOp>("func.func @f(%x: " + type + ") -> " + type + " {\n  %0 = nn.elementwise " + kind +
                                      " %x : (" + type + ") -> " + type + "\n  return %0 : " + type + "\n}",
                                  &context);
  ASSERT_TRUE(module);
  auto function = *module->getOps<func::FuncOp>().begin();
  Tensor input = Tensor::ofShape({count});
  for (int i = 0; i < count; ++i) {
    double x = low + (high - low) * i / (count - 1);
    input.elements[i] = isSingle ? double(float(x)) : x;
  }
  // Small arguments of both signs, where a result near 0 loses its bits first.
  for (int i = 0; i < 200; ++i)
    if (double x = std::ldexp(i % 2 ? -1.0 : 1.0, -i / 10); x > low && x < high)
      input.elements[i] = x;
  std::vector<double> special = {0.0, -0.0, INFINITY, NAN, low, high};
  for (size_t i = 0; i < special.size(); ++i)
    input.elements[300 + i] = isSingle ? double(float(special[i])) : special[i];
  Tensor wanted = reference::evaluate(function, {input})[0];
  for (cpu::Isa isa : runnableIsas()) {
    std::vector<Tensor> found = runNatively(*module, isa, {input});
    ASSERT_EQ(found.size(), 1u);
    double worst = 0, at = 0;
    for (int i = 0; i < count; ++i) {
      double x = found[0].elements[i], y = wanted.elements[i];
      if (std::isnan(y) || std::isinf(y)) {
        EXPECT_TRUE(std::isnan(y) ? std::isnan(x) : x == y) << kind << " of " << input.elements[i] << " is " << x;
        continue;
      }
      if (std::fabs(y) < (isSingle ? 1.2e-38 : 2.3e-308))
        continue;
      double error = std::fabs(x - y) / std::fabs(y);
      if (!(error <= worst)) {
        worst = error;
        at = input.elements[i];
      }
    }
    EXPECT_LE(worst, tolerance) << kind << " " << element << " on " << cpu::name(isa) << ", worst at " << at;
  }
}

TEST_F(KernelTest, AccuracyOfFunctions) {
  checkFunction(context, "exp", "f32", -87, 88, 2e-7);
  checkFunction(context, "exp", "f64", -700, 709, 4e-16);
  checkFunction(context, "log", "f32", 1e-30, 40, 2e-7);
  checkFunction(context, "log", "f64", 1e-300, 40, 4e-16);
  checkFunction(context, "tanh", "f32", -12, 12, 4e-7);
  checkFunction(context, "tanh", "f64", -25, 25, 1e-15);
  checkFunction(context, "erf", "f32", -5, 5, 3e-7);
  checkFunction(context, "erf", "f64", -7, 7, 1e-15);
  checkFunction(context, "gelu", "f32", -12.9, 12, 6e-7);
  checkFunction(context, "gelu", "f64", -37, 30, 2e-14);
  checkFunction(context, "silu", "f32", -80, 80, 4e-7);
  checkFunction(context, "sigmoid", "f32", -80, 80, 4e-7);
  checkFunction(context, "sqrt", "f32", 0, 100, 1e-7);
  checkFunction(context, "rsqrt", "f32", 1e-6, 100, 3e-7);
  checkFunction(context, "relu", "f32", -3, 3, 0);
  for (const char *kind : {"sin", "cos"}) {
    checkFunction(context, kind, "f32", -10, 10, 2e-7);
    checkFunction(context, kind, "f32", -1e6, 1e6, 2e-7);
    checkFunction(context, kind, "f64", -10, 10, 4e-16);
    checkFunction(context, kind, "f64", -1e6, 1e6, 4e-16);
  }
}

// Overflow and underflow go to infinity and 0 as libm's do, through subnormal numbers.
TEST_F(KernelTest, ExpAtItsEnds) {
  OwningOpRef<ModuleOp> module = parse("func.func @f(%x: tensor<6xf32>) -> tensor<6xf32> {\n"
                                       "  %0 = nn.elementwise exp %x : (tensor<6xf32>) -> tensor<6xf32>\n"
                                       "  return %0 : tensor<6xf32>\n}");
  Tensor input{{6}, {89, 88.75, -INFINITY, -200, -95, -103}};
  for (cpu::Isa isa : runnableIsas()) {
    std::vector<double> found = runNatively(*module, isa, {input})[0].elements;
    EXPECT_EQ(found[0], INFINITY);
    EXPECT_EQ(found[1], INFINITY);
    EXPECT_EQ(found[2], 0);
    EXPECT_EQ(found[3], 0);
    EXPECT_NEAR(found[4] / std::exp(-95.0), 1, 1e-4);
    EXPECT_NEAR(found[5] / std::exp(-103.0), 1, 0.5);
  }
}

// Results are written where the caller wants them, and elementwise ops work in place.
TEST_F(KernelTest, OnlyWhatIsBetweenNeedsAWorkspace) {
  auto bytes = [&](const std::string &text) {
    OwningOpRef<ModuleOp> module = parse(text);
    function(*module)->setAttr("dist.kernel", UnitAttr::get(&context));
    auto images = cpu::compileKernels(*module, cpu::Isa::avx2);
    return succeeded(images) ? images->front().workspaceBytes : ~0ull;
  };
  EXPECT_EQ(bytes("func.func @f(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {\n"
                  "  %0 = nn.elementwise relu %x : (tensor<4x8xf32>) -> tensor<4x8xf32>\n"
                  "  return %0 : tensor<4x8xf32>\n}"),
            0u);
  EXPECT_EQ(
      bytes("func.func @mlp(%x: tensor<4x8xf32>, %w1: tensor<8x16xf32>, %w2: tensor<16x8xf32>) -> tensor<4x8xf32> {\n"
            "  %0 = nn.matmul %x, %w1 : tensor<4x8xf32>, tensor<8x16xf32> -> tensor<4x16xf32>\n"
            "  %1 = nn.elementwise gelu %0 : (tensor<4x16xf32>) -> tensor<4x16xf32>\n"
            "  %2 = nn.matmul %1, %w2 : tensor<4x16xf32>, tensor<16x8xf32> -> tensor<4x8xf32>\n"
            "  return %2 : tensor<4x8xf32>\n}"),
      4 * 16 * sizeof(float));
}

/// A cache that grows: where the result lies over what is written into, and where it does not.
TEST_F(KernelTest, AnUpdateInPlaceAndApart) {
  OwningOpRef<ModuleOp> module =
      parse("func.func @grow(%into: tensor<1x9x4xf32> {dist.in_place = 0 : i64}, %part: tensor<1x2x4xf32>,\n"
            "               %at: tensor<i32>) -> tensor<1x9x4xf32> attributes {dist.kernel} {\n"
            "  %0 = nn.update_slice %into, %part dim 1 at %at\n"
            "      : tensor<1x9x4xf32>, tensor<1x2x4xf32>, tensor<i32> -> tensor<1x9x4xf32>\n"
            "  return %0 : tensor<1x9x4xf32>\n}");
  for (cpu::Isa isa : runnableIsas()) {
    auto images = cpu::compileKernels(*module, isa);
    ASSERT_TRUE(succeeded(images));
    LoadedKernel kernel(images->front());
    for (bool inPlace : {true, false})
      for (std::int32_t at : {0, 3, 7, 8}) {
        std::vector<float> into(36), part(8), apart(36, -1), wanted;
        for (std::size_t i = 0; i < into.size(); ++i)
          into[i] = static_cast<float>(i);
        for (std::size_t i = 0; i < part.size(); ++i)
          part[i] = 100 + static_cast<float>(i);
        wanted = into;
        std::copy(part.begin(), part.end(), wanted.begin() + 4 * std::min(at, 7));
        std::vector<float> &to = inPlace ? into : apart;
        kernel({into.data(), part.data(), &at, to.data()});
        EXPECT_EQ(to, wanted) << "at " << at << (inPlace ? " in place" : " apart") << " on " << cpu::name(isa);
      }
  }
}

TEST_F(KernelTest, RandomPrograms) {
  for (std::uint64_t seed = 1; seed <= test::tries(25, 250); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    OwningOpRef<ModuleOp> module = reference::generate(context, seed, {.ops = 10, .doubles = seed % 5 == 0});
    check(*module, reference::randomInputs(function(*module), seed), seed % 5 == 0 ? 1e-12 : 1e-5);
  }
}

TEST_F(KernelTest, TheSameInputGivesTheSameBytes) {
  OwningOpRef<ModuleOp> module = reference::generate(context, 7, {});
  function(*module)->setAttr("dist.kernel", UnitAttr::get(&context));
  auto isas = {cpu::Isa::baseline, cpu::Isa::avx2, cpu::Isa::avx512};
  auto once = cpu::compileKernels(*module, isas), again = cpu::compileKernels(*module, isas);
  ASSERT_TRUE(succeeded(once) && succeeded(again));
  ASSERT_EQ(once->size(), 3u);
  for (size_t i = 0; i < once->size(); ++i) {
    EXPECT_EQ((*once)[i].elf, (*again)[i].elf);
    EXPECT_EQ((*once)[i].workspaceBytes, (*once)[0].workspaceBytes);
  }
  EXPECT_NE((*once)[0].elf, (*once)[2].elf);
}

} // namespace
} // namespace weft::test
