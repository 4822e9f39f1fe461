//===- TensorsTest.cpp - Tensor functions against hand-made results -------===//

#include "test/reference/workflow/Tensors.h"
#include "test/reference/workflow/TypedJson.h"
#include "test/reference/workflow/self/Program.h"

#include <cmath>

namespace weft::reference::workflow {
namespace {

/// `fn f` of the text on the tensors; each is [shape, data].
Tensor run(const std::string &text, const std::vector<Tensor> &inputs) {
  Program program(text + "\nworkflow main() -> int { 1 }\n");
  Values arguments;
  for (const Tensor &one : inputs)
    arguments.push_back(Value::of(one));
  return *tensorCall(*program.checked, program.checked->find("f"), arguments).tensor;
}

const Tensor two{sema::ElementType::f32, {2, 2}, {1, 2, 3, 4}};
const Tensor row{sema::ElementType::f32, {2}, {10, 20}};

TEST(Tensors, ProductsContractTheInnerDimension) {
  EXPECT_EQ(run("fn f(x: f32[B, D], y: f32[D, H]) -> f32[B, H] { x @ y }", {two, two}).elements,
            (std::vector<double>{7, 10, 15, 22}));
}

TEST(Tensors, MissingDimensionsRepeat) {
  EXPECT_EQ(run("fn f(x: f32[B, D], y: f32[D]) -> f32[B, D] { x + y * 2.0 }", {two, row}).elements,
            (std::vector<double>{21, 42, 23, 44}));
}

TEST(Tensors, AReducedDimensionDisappears) {
  Tensor sum = run("fn f(x: f32[B, D]) -> f32[D] { sum(x, B) }", {two});
  EXPECT_EQ(sum.shape, std::vector<std::int64_t>{2});
  EXPECT_EQ(sum.elements, (std::vector<double>{4, 6}));
  EXPECT_EQ(run("fn f(x: f32[B, D]) -> f32[B] { max(x, D) }", {two}).elements, (std::vector<double>{2, 4}));
  EXPECT_EQ(run("fn f(x: f32[B, D]) -> f32 { mean(x) }", {two}).elements, std::vector<double>{2.5});
}

TEST(Tensors, SoftmaxSumsToOne) {
  Tensor out = run("fn f(x: f32[B, D]) -> f32[B, D] { softmax(x, D) }", {two});
  EXPECT_NEAR(out.elements[0] + out.elements[1], 1, 1e-12);
  EXPECT_NEAR(out.elements[1] / out.elements[0], std::exp(1), 1e-12);
}

TEST(Tensors, GeluIsTheErfForm) {
  EXPECT_NEAR(run("fn f(x: f32[B, D]) -> f32[B, D] { gelu(x) }", {two}).elements[0], 0.8413447460685429, 1e-12);
}

TEST(Tensors, FunctionsCallFunctions) {
  EXPECT_EQ(run("fn g(x: f32[A, C]) -> f32[C, A] { transpose(x) }\nfn f(x: f32[B, D]) -> f32[D, B] { let y = g(x)\n "
                "0.0 - y }",
                {two})
                .elements,
            (std::vector<double>{-1, -3, -2, -4}));
}

} // namespace
} // namespace weft::reference::workflow
