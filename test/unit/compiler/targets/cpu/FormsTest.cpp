//===- FormsTest.cpp - Kernels of each form, at each of their edges -------===//
//
// Items are run alone and from the last to the first (NativeKernels.cpp), so what is
// right here is right with any threads.
//
//===----------------------------------------------------------------------===//

#include "KernelFixture.h"

#include <algorithm>

namespace weft::test {
namespace {
using namespace mlir;

std::string tensor(std::vector<int> sizes, const char *element = "f32") {
  std::string text = "tensor<";
  for (int size : sizes)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

class FormsTest : public KernelFixture {};

std::string product(int m, int k, int n, bool left, bool right, const char *element = "f32", int batch = 0) {
  auto shaped = [&](int rows, int columns) {
    return batch ? tensor({batch, rows, columns}, element) : tensor({rows, columns}, element);
  };
  std::string a = left ? shaped(k, m) : shaped(m, k), b = right ? shaped(n, k) : shaped(k, n), c = shaped(m, n);
  return "func.func @f(%a: " + a + ", %b: " + b + ") -> " + c + " {\n  %0 = nn.matmul %a, %b" +
         (left ? " transpose_lhs" : "") + (right ? " transpose_rhs" : "") + " : " + a + ", " + b + " -> " + c +
         "\n  return %0 : " + c + "\n}";
}

// Below, at and above tiles, blocks, and the depth of a pass; operands that are packed (1024) and that are not.
TEST_F(FormsTest, ProductsOfEveryEdgeAndOrder) {
  for (auto [m, k, n] :
       {std::tuple{5, 3, 2}, {13, 17, 33}, {50, 300, 70}, {100, 40, 130}, {45, 1024, 100}, {9, 700, 64}})
    for (bool left : {false, true})
      for (bool right : {false, true}) {
        SCOPED_TRACE(std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n) + (left ? " lhs" : "") +
                     (right ? " rhs" : ""));
        check(product(m, k, n, left, right), 1e-6);
      }
  check(product(30, 600, 20, false, true, "f64"), 1e-14);
  for (bool left : {false, true})
    check(product(39, 420, 75, left, !left, "f32", 3), 1e-6);
}

TEST_F(FormsTest, ProductsOfFewRows) {
  for (int m : {1, 2, 3, 4})
    for (bool right : {false, true})
      check(product(m, 70, 300, false, right), 1e-6);
  check(product(1, 70, 130, true, false), 1e-6);
}

// The bias is a value for each column, the factor one for each row, and both results are stored. Sums over more than
// one pass wait in the result, but where a summand could lie there.
TEST_F(FormsTest, WhatFollowsOnAProduct) {
  for (bool adds : {true, false})
    for (auto [m, k, n] : {std::tuple{30, 20, 70}, {48, 20, 64}, {2, 20, 200}, {61, 500, 70}}) {
      SCOPED_TRACE(std::to_string(m) + "x" + std::to_string(k) + "x" + std::to_string(n) + (adds ? " adds" : ""));
      std::string x = tensor({m, k}), w = tensor({k, n}), y = tensor({m, n}), b = tensor({n}), f = tensor({m});
      std::string binary = " : (" + y + ", " + y + ") -> " + y;
      check("func.func @f(%x: " + x + ", %w: " + w + ", %b: " + b + ", %f: " + f +
                (adds ? ", %r: " + y + " {dist.in_place = 0 : i64}" : "") + ") -> (" + y + ", " + y +
                ") {\n  %0 = nn.matmul %x, %w : " + x + ", " + w + " -> " + y + "\n  %1 = nn.broadcast %b dims [1] : " +
                b + " -> " + y + "\n  %2 = nn.elementwise add %0, %1" + binary + "\n  %3 = nn.elementwise gelu %2 : (" +
                y + ") -> " + y + "\n  %4 = nn.broadcast %f dims [0] : " + f + " -> " + y +
                "\n  %5 = nn.elementwise mul %3, %4" + binary + "\n  %6 = nn.elementwise add %5, " +
                (adds ? "%r" : "%0") + binary + "\n  return %6, %2 : " + y + ", " + y + "\n}",
            1e-6);
    }
}

TEST_F(FormsTest, RowsAndWhatIsSummedOverThem) {
  for (auto [rows, columns] : {std::pair{3, 5}, {100, 64}, {700, 33}}) {
    std::string x = tensor({rows, columns}), c = tensor({columns}), s = tensor({});
    check("func.func @f(%x: " + x + ", %g: " + c + ") -> (" + x + ", " + c + ", " + s + ") {\n" +
              "  %0 = nn.layer_norm %x dim 1 eps 1.0e-5 : " + x + " -> " + x + "\n  %1 = nn.broadcast %g dims [1] : " +
              c + " -> " + x + "\n  %2 = nn.elementwise mul %0, %1 : (" + x + ", " + x + ") -> " + x +
              "\n  %3 = nn.softmax %2 dim 1 : " + x + " -> " + x + "\n  %4 = nn.reduce sum %3 dims [0] : " + x +
              " -> " + c + "\n  %5 = nn.elementwise mul %3, %3 : (" + x + ", " + x + ") -> " + x +
              "\n  %6 = nn.reduce sum %5 dims [0, 1] : " + x + " -> " + s + "\n  %7 = nn.elementwise sqrt %6 : (" + s +
              ") -> " + s + "\n  return %3, %4, %7 : " + x + ", " + c + ", " + s + "\n}",
          1e-5);
  }
}

TEST_F(FormsTest, LossOfRows) {
  for (auto [rows, classes] : {std::pair{4, 10}, {200, 37}}) {
    std::string x = tensor({rows, classes}), ids = tensor({rows}, "i32"), row = tensor({rows}), s = tensor({});
    check("func.func @f(%x: " + x + ") -> (" + row + ", " + s + ") {\n  %i = nn.iota dim 0 -> " + ids +
              "\n  %0 = nn.cross_entropy %x, %i : " + x + ", " + ids + " -> " + row +
              "\n  %1 = nn.reduce sum %0 dims [0] : " + row + " -> " + s + "\n  return %0, %1 : " + row + ", " + s +
              "\n}",
          1e-5);
  }
}

TEST_F(FormsTest, ElementsThatNoOpPutsIntoRows) {
  std::string x = tensor({70000}), s = tensor({});
  std::string text = "func.func @f(%x: " + x + ", %s: " + s + ") -> (" + x + ", " + s + ") {\n" +
                     "  %0 = nn.broadcast %s dims [] : " + s + " -> " + x + "\n  %1 = nn.elementwise mul %x, %0 : (" +
                     x + ", " + x + ") -> " + x + "\n  %2 = nn.reduce max %1 dims [0] : " + x + " -> " + s +
                     "\n  return %1, %2 : " + x + ", " + s + "\n}";
  check(text, 1e-6);
  std::vector<std::uint64_t> phases = phasesOf(text);
  ASSERT_EQ(phases.size(), 2U);
  EXPECT_GT(phases[0], 1U);
  EXPECT_EQ(phases[1], 1U);
}

std::string attention(int batch, int queries, int keys, int heads, int width, bool causal, bool gradient,
                      const char *element = "f32", const char *scale = "3.0e-1") {
  std::string q = tensor({batch, queries, heads * width}, element), k = tensor({batch, keys, heads * width}, element);
  std::string l = tensor({batch, heads, queries}, element);
  std::string how = " heads " + std::to_string(heads) + (causal ? " causal" : "") + " scale " + scale + " : (";
  std::string text = "func.func @f(%q: " + q + ", %k: " + k + ", %v: " + k;
  if (!gradient)
    return text + ") -> (" + q + ", " + l + ") {\n  %0, %1 = nn.attention %q, %k, %v" + how + q + ", " + k + ", " + k +
           ") -> (" + q + ", " + l + ")\n  return %0, %1 : " + q + ", " + l + "\n}";
  return text + ", %o: " + q + ", %l: " + l + ", %d: " + q + ") -> (" + q + ", " + k + ", " + k +
         ") {\n  %0, %1, %2 = nn.attention_grad %q, %k, %v, %o, %l, %d" + how + q + ", " + k + ", " + k + ", " + q +
         ", " + l + ", " + q + ") -> (" + q + ", " + k + ", " + k + ")\n  return %0, %1, %2 : " + q + ", " + k + ", " +
         k + "\n}";
}

// Fewer keys and queries than a block, more than one, not a multiple; heads narrower than a vector.
TEST_F(FormsTest, AttentionAndItsGradients) {
  for (bool gradient : {false, true})
    for (bool causal : {false, true})
      for (auto [queries, keys, width] : {std::tuple{5, 5, 3}, {64, 64, 32}, {70, 130, 20}, {33, 530, 9}}) {
        SCOPED_TRACE(std::to_string(queries) + " queries, " + std::to_string(keys) + " keys" +
                     (causal ? ", causal" : "") + (gradient ? ", gradient" : ""));
        check(attention(2, queries, keys, 2, width, causal, gradient), 2e-5);
      }
  check(attention(1, 20, 70, 1, 6, true, false, "f64"), 1e-13);
}

// A later block of keys brings a larger score; most weights are too small for a number. The error is that of the
// scores, which are hundreds.
TEST_F(FormsTest, AttentionWhoseWeightsAreFarApart) {
  for (const char *scale : {"4.0e+1", "-4.0e+1"})
    for (bool causal : {false, true})
      check(attention(1, 40, 600, 1, 16, causal, false, "f32", scale), 1e-3);
}

// The first queries see no key: more queries than keys.
TEST_F(FormsTest, QueriesThatSeeNoKey) { check(attention(1, 70, 6, 1, 8, true, false), 1e-5); }

TEST_F(FormsTest, WorkIsCutIntoItems) {
  EXPECT_EQ(phasesOf(product(256, 256, 256, false, false)), std::vector<std::uint64_t>{8});
  EXPECT_EQ(phasesOf(product(1, 768, 768, false, false)), std::vector<std::uint64_t>{6});
  EXPECT_GT(phasesOf(attention(2, 128, 128, 4, 16, true, false)).back(), 15U);
}

// Loops that linalg makes: outer loops, pieces of the only one, two nests one after the other; small ones stay whole.
TEST_F(FormsTest, LoopsOfOtherOpsAreItems) {
  auto moved = [](const std::string &op, const std::string &from, const std::string &to) {
    return "func.func @f(%x: " + from + ") -> " + to + " {\n  %0 = nn." + op + " : " + from + " -> " + to +
           "\n  return %0 : " + to + "\n}";
  };
  auto most = [&](const std::string &kernel) {
    std::vector<std::uint64_t> phases = phasesOf(kernel);
    return *std::max_element(phases.begin(), phases.end());
  };
  std::string turned = moved("transpose %x perm [1, 0, 2]", tensor({400, 70, 5}), tensor({70, 400, 5}));
  EXPECT_GT(most(turned), 1U);
  check(turned, 0);
  std::string cut = moved("slice %x offsets [3]", tensor({100000}), tensor({99000}));
  EXPECT_GT(most(cut), 1U);
  check(cut, 0);
  std::string padded = moved("pad %x low [1, 2]", tensor({3000, 50}), tensor({3002, 53}));
  EXPECT_GT(most(padded), 1U);
  check(padded, 0);
  std::string small = moved("transpose %x perm [1, 0]", tensor({6, 7}), tensor({7, 6}));
  EXPECT_EQ(phasesOf(small), std::vector<std::uint64_t>{1});
  std::string across = moved("softmax %x dim 0", tensor({50, 200}), tensor({50, 200}));
  EXPECT_GT(most(across), 1U);
  check(across, 1e-6);
}

} // namespace
} // namespace weft::test
