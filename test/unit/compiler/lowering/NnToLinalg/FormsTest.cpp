//===- FormsTest.cpp - Each op's linalg form beside the interpreter -------===//
//
// One op a test, with the arguments that its text says something of: ids out of range,
// NaN, ties, scores that are large, queries without keys.
//
//===----------------------------------------------------------------------===//

#include "test/reference/nn/Generator.h"
#include "test/support/kernels/KernelChecks.h"

#include <cmath>

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;

class FormsTest : public KernelChecks {
protected:
  /// A function of `arguments` ("%x: tensor<4xf32>, ..."), with `body`, that gives `results` ("%0 : tensor<4xf32>").
  static std::string program(const std::string &arguments, const std::string &body, const std::string &results) {
    return "func.func @f(" + arguments + ") -> (" + results.substr(results.find(':') + 1) + ") {\n" + body +
           "\nreturn " + results + "\n}";
  }

  /// On random arguments, some of them replaced.
  void checkWith(const std::string &text, std::map<unsigned, std::vector<double>> given, double tolerance = 1e-6) {
    OwningOpRef<ModuleOp> module = parse(text);
    if (!module)
      return;
    std::vector<Tensor> inputs = reference::randomInputs(function(*module), 3);
    for (auto &[i, elements] : given) {
      ASSERT_EQ(inputs[i].elements.size(), elements.size());
      inputs[i].elements = elements;
    }
    check(*module, inputs, tolerance);
  }
};

TEST_F(FormsTest, CompareAndSelect) {
  for (const char *kind : {"eq", "ne", "lt", "le", "gt", "ge"})
    checkWith(program("%x: tensor<6xf32>, %y: tensor<6xf32>",
                      std::string("%c = nn.compare ") + kind +
                          " %x, %y : tensor<6xf32>, tensor<6xf32> -> tensor<6xi1>\n"
                          "%0 = nn.select %c, %x, %y : tensor<6xi1>, tensor<6xf32>, tensor<6xf32> -> tensor<6xf32>",
                      "%c, %0 : tensor<6xi1>, tensor<6xf32>"),
              {{0, {1, 2, NAN, -0.0, INFINITY, 5}}, {1, {2, 1, 1, 0.0, INFINITY, 5}}}, 0);
  for (const char *type : {"i8", "ui8", "i32", "i64", "i1"})
    check(program(std::string("%x: tensor<64x") + type + ">, %y: tensor<64x" + type + ">",
                  std::string("%0 = nn.compare ") + (std::string(type) == "i1" ? "ne" : "lt") + " %x, %y : tensor<64x" +
                      type + ">, tensor<64x" + type + "> -> tensor<64xi1>",
                  "%0 : tensor<64xi1>"),
          0);
}

// What is not taken leaves no trace.
TEST_F(FormsTest, SelectDropsNan) {
  checkWith(program("%c: tensor<2xi1>, %x: tensor<2xf32>, %y: tensor<2xf32>",
                    "%0 = nn.select %c, %x, %y : tensor<2xi1>, tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>",
                    "%0 : tensor<2xf32>"),
            {{0, {1, 0}}, {1, {1, NAN}}, {2, {NAN, 2}}}, 0);
}

TEST_F(FormsTest, CastsBetweenAllElements) {
  std::vector<std::string> types = {"f32", "f64", "bf16", "f16", "i64", "i32", "i8", "ui8", "i1"};
  for (const std::string &from : types) {
    std::string body, results, resultTypes;
    for (const std::string &to : types) {
      body += "%" + to + " = nn.cast %x : tensor<40x" + from + "> -> tensor<40x" + to + ">\n";
      results += (results.empty() ? "%" : ", %") + to;
      resultTypes += (resultTypes.empty() ? "tensor<40x" : ", tensor<40x") + to + ">";
    }
    SCOPED_TRACE(from);
    check(program("%x: tensor<40x" + from + ">", body, results + " : " + resultTypes), 1e-7);
  }
  checkWith(
      program("%x: tensor<8xf32>",
              "%0 = nn.cast %x : tensor<8xf32> -> tensor<8xi8>\n%1 = nn.cast %x : tensor<8xf32> -> tensor<8xui8>\n"
              "%2 = nn.cast %x : tensor<8xf32> -> tensor<8xi1>\n%3 = nn.cast %x : tensor<8xf32> -> tensor<8xbf16>",
              "%0, %1, %2, %3 : tensor<8xi8>, tensor<8xui8>, tensor<8xi1>, tensor<8xbf16>"),
      {{0, {300, -300, NAN, 1.99, -1.99, 0.0, 255.5, 1.00390625}}}, 0);
}

TEST_F(FormsTest, NarrowFloatsAreComputedInF32) {
  for (const char *type : {"bf16", "f16"}) {
    std::string t = std::string("tensor<8x16x") + type + ">", s = std::string("tensor<8x") + type + ">";
    check(program("%x: " + t + ", %y: " + t,
                  "%0 = nn.elementwise mul %x, %y : (" + t + ", " + t + ") -> " + t +
                      "\n%1 = nn.reduce sum %x dims [1] : " + t + " -> " + s +
                      "\n%2 = nn.matmul %x, %y transpose_rhs : " + t + ", " + t + " -> tensor<8x8x" + type +
                      ">\n%3 = nn.softmax %x dim 1 : " + t + " -> " + t,
                  "%0, %1, %2, %3 : " + t + ", " + s + ", tensor<8x8x" + type + ">, " + t),
          std::string(type) == "bf16" ? 4e-3 : 5e-4);
  }
}

TEST_F(FormsTest, ProductsReadTransposedOperands) {
  check(program("%a: tensor<5x7xf32>, %b: tensor<5x3xf32>",
                "%0 = nn.matmul %a, %b transpose_lhs : tensor<5x7xf32>, tensor<5x3xf32> -> tensor<7x3xf32>",
                "%0 : tensor<7x3xf32>"),
        1e-6);
  check(program("%a: tensor<2x7x5xf32>, %b: tensor<2x3x5xf32>",
                "%0 = nn.matmul %a, %b transpose_rhs : tensor<2x7x5xf32>, tensor<2x3x5xf32> -> tensor<2x7x3xf32>",
                "%0 : tensor<2x7x3xf32>"),
        1e-6);
  check(program("%a: tensor<2x5x7xf32>, %b: tensor<3x5xf32>",
                "%0 = nn.matmul %a, %b transpose_lhs transpose_rhs : tensor<2x5x7xf32>, tensor<3x5xf32> -> "
                "tensor<2x7x3xf32>",
                "%0 : tensor<2x7x3xf32>"),
        1e-6);
}

TEST_F(FormsTest, Moves) {
  for (std::string type : {"f32", "i1", "ui8", "bf16"}) {
    auto t = [&](const char *shape) { return std::string("tensor<") + shape + "x" + type + ">"; };
    check(program("%x: " + t("4x6x2") + ", %y: " + t("4x3x2"),
                  "%0 = nn.slice %x offsets [1, 2, 0] : " + t("4x6x2") + " -> " + t("2x3x2") +
                      "\n%1 = nn.concat %x, %y, %x dim 1 : (" + t("4x6x2") + ", " + t("4x3x2") + ", " + t("4x6x2") +
                      ") -> " + t("4x15x2") + "\n%2 = nn.pad %y low [0, 2, 1] : " + t("4x3x2") + " -> " + t("5x6x4"),
                  "%0, %1, %2 : " + t("2x3x2") + ", " + t("4x15x2") + ", " + t("5x6x4")),
          0);
  }
}

TEST_F(FormsTest, UpdateSliceMovesItsStartIntoRange) {
  for (double start : {0.0, 2.0, 3.0, 9.0, -2.0})
    checkWith(program("%x: tensor<2x5x3xf32>, %p: tensor<2x2x3xf32>, %s: tensor<i32>",
                      "%0 = nn.update_slice %x, %p dim 1 at %s : tensor<2x5x3xf32>, tensor<2x2x3xf32>, tensor<i32> -> "
                      "tensor<2x5x3xf32>",
                      "%0 : tensor<2x5x3xf32>"),
              {{2, {start}}}, 0);
}

TEST_F(FormsTest, GatherAndScatterMoveIdsIntoRange) {
  std::vector<double> ids = {0, 4, 2, 2, -7, 99};
  for (std::string type : {"i32", "i64"}) {
    checkWith(
        program("%x: tensor<2x5x3xf32>, %i: tensor<3x2x" + type + ">",
                "%0 = nn.gather %x, %i dim 1 : tensor<2x5x3xf32>, tensor<3x2x" + type + "> -> tensor<2x3x2x3xf32>",
                "%0 : tensor<2x3x2x3xf32>"),
        {{1, ids}}, 0);
    checkWith(
        program("%x: tensor<2x3x2x3xf32>, %i: tensor<3x2x" + type + ">",
                "%0 = nn.scatter_add %x, %i dim 1 : tensor<2x3x2x3xf32>, tensor<3x2x" + type + "> -> tensor<2x5x3xf32>",
                "%0 : tensor<2x5x3xf32>"),
        {{1, ids}});
  }
  // Every slice of a table of one row, one element, and integers.
  checkWith(program("%x: tensor<6xi32>, %i: tensor<6xi32>",
                    "%0 = nn.scatter_add %x, %i dim 0 : tensor<6xi32>, tensor<6xi32> -> tensor<3xi32>",
                    "%0 : tensor<3xi32>"),
            {{1, ids}}, 0);
}

TEST_F(FormsTest, Iota) {
  check(program("%s: tensor<i32>",
                "%0 = nn.iota dim 1 -> tensor<3x4xf32>\n%1 = nn.iota dim 0 start %s : tensor<i32> -> tensor<3x4xi64>",
                "%0, %1 : tensor<3x4xf32>, tensor<3x4xi64>"),
        0);
}

TEST_F(FormsTest, Norms) {
  for (const char *op : {"layer_norm", "rms_norm"})
    for (int dim = 0; dim < 3; ++dim)
      check(program("%x: tensor<3x4x37xf32>",
                    std::string("%0 = nn.") + op + " %x dim " + std::to_string(dim) +
                        " eps 1.0e-5 : tensor<3x4x37xf32> -> tensor<3x4x37xf32>",
                    "%0 : tensor<3x4x37xf32>"),
            2e-6);
  // The mean is a thousand times the deviation.
  checkWith(program("%x: tensor<4xf32>", "%0 = nn.layer_norm %x dim 0 eps 0.0 : tensor<4xf32> -> tensor<4xf32>",
                    "%0 : tensor<4xf32>"),
            {{0, {1000, 1001, 1002, 1003}}});
}

TEST_F(FormsTest, CrossEntropy) {
  checkWith(program("%x: tensor<2x2x5xf32>, %i: tensor<2x2xi32>",
                    "%0 = nn.cross_entropy %x, %i : tensor<2x2x5xf32>, tensor<2x2xi32> -> tensor<2x2xf32>",
                    "%0 : tensor<2x2xf32>"),
            {{1, {4, 0, -3, 70}}});
  checkWith(program("%x: tensor<2x3xf32>, %i: tensor<2xi64>",
                    "%0 = nn.cross_entropy %x, %i : tensor<2x3xf32>, tensor<2xi64> -> tensor<2xf32>",
                    "%0 : tensor<2xf32>"),
            {{0, {1000, -1000, 3, 1000, -1000, 3}}, {1, {0, 1}}});
}

TEST_F(FormsTest, OrderOfEqualElementsAndNan) {
  std::vector<double> x = {1, 3, 3, -2, NAN, 5, NAN, 0, -0.0, 0.0, -INFINITY, INFINITY};
  checkWith(program("%x: tensor<3x4xf32>",
                    "%0 = nn.argmax %x dim 1 : tensor<3x4xf32> -> tensor<3xi32>\n"
                    "%1 = nn.argmax %x dim 0 : tensor<3x4xf32> -> tensor<4xi32>\n"
                    "%2, %3 = nn.top_k %x dim 1 : tensor<3x4xf32> -> tensor<3x4xf32>, tensor<3x4xi32>\n"
                    "%4, %5 = nn.top_k %x dim 0 : tensor<3x4xf32> -> tensor<2x4xf32>, tensor<2x4xi32>",
                    "%0, %1, %2, %3, %4, %5 : tensor<3xi32>, tensor<4xi32>, tensor<3x4xf32>, tensor<3x4xi32>, "
                    "tensor<2x4xf32>, tensor<2x4xi32>"),
            {{0, x}}, 0);
  for (std::string type : {"i32", "i64", "f64", "bf16"})
    check(program("%x: tensor<3x40x" + type + ">",
                  "%0 = nn.argmax %x dim 1 : tensor<3x40x" + type +
                      "> -> tensor<3xi32>\n%1, %2 = nn.top_k %x dim 1 : " + "tensor<3x40x" + type + "> -> tensor<3x7x" +
                      type + ">, tensor<3x7xi32>",
                  "%0, %1, %2 : tensor<3xi32>, tensor<3x7x" + type + ">, tensor<3x7xi32>"),
          0);
}

std::string attention(const std::string &settings, const std::string &offset, int queries, int keys) {
  std::string q = "tensor<2x" + std::to_string(queries) + "x8xf32>", k = "tensor<2x" + std::to_string(keys) + "x8xf32>",
              v = "tensor<2x" + std::to_string(keys) + "x4xf32>", o = "tensor<2x" + std::to_string(queries) + "x4xf32>",
              lse = "tensor<2x2x" + std::to_string(queries) + "xf32>";
  std::string extra = offset.empty() ? "" : ", tensor<i32>";
  return "%o, %lse = nn.attention %q, %k, %v heads 2 " + settings + " scale 0.5 : (" + q + ", " + k + ", " + v + extra +
         ") -> (" + o + ", " + lse + ")\n%dq, %dk, %dv = nn.attention_grad %q, %k, %v, %o, %lse, %g heads 2 " +
         settings + " scale 0.5 : (" + q + ", " + k + ", " + v + ", " + o + ", " + lse + ", " + o + extra + ") -> (" +
         q + ", " + k + ", " + v + ")\nreturn %o, %lse, %dq, %dk, %dv : " + o + ", " + lse + ", " + q + ", " + k +
         ", " + v + "\n}";
}

TEST_F(FormsTest, AttentionAndItsGradient) {
  auto head = [](int queries, int keys, const char *more) {
    std::string s = std::to_string(queries), t = std::to_string(keys);
    return "func.func @f(%q: tensor<2x" + s + "x8xf32>, %k: tensor<2x" + t + "x8xf32>, %v: tensor<2x" + t +
           "x4xf32>, %g: tensor<2x" + s + "x4xf32>" + more + ") -> (tensor<2x" + s + "x4xf32>, tensor<2x2x" + s +
           "xf32>, tensor<2x" + s + "x8xf32>, tensor<2x" + t + "x8xf32>, tensor<2x" + t + "x4xf32>) {\n";
  };
  check(head(5, 7, "") + attention("", "", 5, 7), 2e-6);
  check(head(5, 7, "") + attention("causal", "", 5, 7), 2e-6);
  check(head(6, 6, "") + attention("causal", "", 6, 6), 2e-6);
  // Fewer keys than queries: the first queries see none.
  check(head(6, 4, "") + attention("causal", "", 6, 4), 2e-6);
  for (double offset : {0.0, 3.0, -2.0, 50.0})
    checkWith(head(3, 7, ", %s: tensor<i32>") + attention("causal offset %s", "%s", 3, 7), {{4, {offset}}}, 2e-6);
}

// Scores beyond what exp can take.
TEST_F(FormsTest, AttentionOfLargeScores) {
  checkWith(program("%q: tensor<2x2xf32>, %k: tensor<3x2xf32>, %v: tensor<3x2xf32>",
                    "%o, %lse = nn.attention %q, %k, %v heads 1 scale 1.0 : (tensor<2x2xf32>, tensor<3x2xf32>, "
                    "tensor<3x2xf32>) -> (tensor<2x2xf32>, tensor<1x2xf32>)",
                    "%o, %lse : tensor<2x2xf32>, tensor<1x2xf32>"),
            {{0, {30, 20, -30, 10}}, {1, {40, 1, 2, 30, -50, 4}}});
}

TEST_F(FormsTest, RandomNumbers) {
  for (std::string type : {"f32", "f64"})
    checkWith(program("%k: tensor<i64>",
                      "%0 = nn.random uniform %k place 3 : tensor<i64> -> tensor<3x50x" + type +
                          ">\n%1 = nn.random normal %k place 4 : tensor<i64> -> tensor<3x50x" + type + ">",
                      "%0, %1 : tensor<3x50x" + type + ">, tensor<3x50x" + type + ">"),
              {{0, {1234567890123}}}, type == "f32" ? 3e-7 : 1e-15);
  checkWith(program("%k: tensor<i64>, %n: tensor<i64>",
                    "%0 = nn.fold_in %k, %n : tensor<i64>, tensor<i64> -> tensor<i64>", "%0 : tensor<i64>"),
            {{0, {987654321987}}, {1, {-5}}}, 0);
}

// The same bits whatever the ISA fuses.
TEST_F(FormsTest, RandomNumbersAreTheSameOnEveryIsa) {
  OwningOpRef<ModuleOp> module =
      parse(program("%k: tensor<i64>", "%0 = nn.random normal %k place 0 : tensor<i64> -> tensor<1000xf32>",
                    "%0 : tensor<1000xf32>"));
  Tensor key{{}, {42}};
  std::vector<double> first = runNatively(*module, cpu::Isa::baseline, {key})[0].elements;
  for (cpu::Isa isa : runnableIsas())
    EXPECT_EQ(runNatively(*module, isa, {key})[0].elements, first) << cpu::name(isa);
  double sum = 0, squares = 0;
  for (double x : first) {
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / 1000, 0, 0.1);
  EXPECT_NEAR(squares / 1000, 1, 0.15);
}

// Known answers of Philox4x32-10: counter and key all zeros, and all ones.
TEST_F(FormsTest, KnownAnswersOfPhilox) {
  OwningOpRef<ModuleOp> module = parse(program("%k: tensor<i64>, %n: tensor<i64>",
                                               "%0 = nn.random uniform %k place 0 : tensor<i64> -> tensor<1xf64>\n"
                                               "%1 = nn.fold_in %n, %n : tensor<i64>, tensor<i64> -> tensor<i64>",
                                               "%0, %1 : tensor<1xf64>, tensor<i64>"));
  std::vector<Tensor> inputs = {Tensor{{}, {0}}, Tensor{{}, {-1}}};
  double uniform = std::ldexp(double(0xe169c58d6627e8d5ull >> 11), -53);
  double folded = double(0x41c83b0e408f276dull & ((1ull << 53) - 1));
  std::vector<Tensor> wanted = reference::evaluate(function(*module), inputs);
  EXPECT_EQ(wanted[0].elements[0], uniform);
  EXPECT_EQ(wanted[1].elements[0], folded);
  for (cpu::Isa isa : runnableIsas()) {
    std::vector<Tensor> found = runNatively(*module, isa, inputs);
    ASSERT_EQ(found.size(), 2u);
    EXPECT_EQ(found[0].elements[0], uniform);
    EXPECT_EQ(found[1].elements[0], folded);
  }
}

} // namespace
} // namespace weft::test
