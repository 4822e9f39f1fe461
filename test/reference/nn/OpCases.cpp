//===- OpCases.cpp - A function for each op that has a derivative ---------===//

#include "test/reference/nn/OpCases.h"

namespace weft::reference {
namespace {

#define UNARY(KIND)                                                                                                    \
  FunctionCase {                                                                                                       \
#KIND, "func.func @f(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {\n"                                                  \
           "  %0 = nn.elementwise " #KIND " %x : (tensor<3x4xf64>) -> tensor<3x4xf64>\n"                               \
           "  return %0 : tensor<3x4xf64>\n}"                                                                          \
  }
/// Of positive numbers.
#define UNARY_ABOVE(KIND)                                                                                              \
  FunctionCase {                                                                                                       \
#KIND, "func.func @f(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {\n"                                                  \
           "  %half = nn.constant dense<0.5> : tensor<3x4xf64>\n"                                                      \
           "  %1 = nn.elementwise mul %x, %x : (tensor<3x4xf64>, tensor<3x4xf64>) -> tensor<3x4xf64>\n"                \
           "  %2 = nn.elementwise add %1, %half : (tensor<3x4xf64>, tensor<3x4xf64>) -> tensor<3x4xf64>\n"             \
           "  %0 = nn.elementwise " #KIND " %2 : (tensor<3x4xf64>) -> tensor<3x4xf64>\n"                               \
           "  return %0 : tensor<3x4xf64>\n}"                                                                          \
  }
#define BINARY(KIND)                                                                                                   \
  FunctionCase {                                                                                                       \
#KIND, "func.func @f(%x: tensor<3x4xf64>, %y: tensor<3x4xf64>) -> tensor<3x4xf64> {\n"                             \
           "  %0 = nn.elementwise " #KIND " %x, %y : (tensor<3x4xf64>, tensor<3x4xf64>) -> tensor<3x4xf64>\n"          \
           "  return %0 : tensor<3x4xf64>\n}"                                                                          \
  }

const FunctionCase elementwiseCasesTable[] = {
    BINARY(add), BINARY(sub), BINARY(mul), BINARY(div),      BINARY(min),       BINARY(max),        UNARY(neg),
    UNARY(abs),  UNARY(relu), UNARY(exp),  UNARY_ABOVE(log), UNARY_ABOVE(sqrt), UNARY_ABOVE(rsqrt), UNARY(tanh),
    UNARY(erf),  UNARY(gelu), UNARY(silu), UNARY(sigmoid),   UNARY(sin),        UNARY(cos)};

#define MATMUL(NAME, LHS, RHS, FLAGS, RESULT)                                                                          \
  FunctionCase {                                                                                                       \
    NAME, "func.func @f(%a: tensor<" LHS "xf64>, %b: tensor<" RHS "xf64>) -> tensor<" RESULT "xf64> {\n"               \
          "  %0 = nn.matmul %a, %b " FLAGS " : tensor<" LHS "xf64>, tensor<" RHS "xf64> -> tensor<" RESULT "xf64>\n"   \
          "  return %0 : tensor<" RESULT "xf64>\n}"                                                                    \
  }

const FunctionCase matmulCasesTable[] = {
    MATMUL("plain", "2x3", "3x4", "", "2x4"),
    MATMUL("right", "2x3", "4x3", "transpose_rhs", "2x4"),
    MATMUL("left", "3x2", "3x4", "transpose_lhs", "2x4"),
    MATMUL("both", "3x2", "4x3", "transpose_lhs transpose_rhs", "2x4"),
    MATMUL("batched", "2x2x3", "2x3x4", "", "2x2x4"),
    MATMUL("batched_right", "2x2x3", "2x4x3", "transpose_rhs", "2x2x4"),
    MATMUL("batched_left", "2x3x2", "2x3x4", "transpose_lhs", "2x2x4"),
    MATMUL("batched_both", "2x3x2", "2x4x3", "transpose_lhs transpose_rhs", "2x2x4"),
    MATMUL("serving", "2x5x2x3", "3x4", "", "2x5x2x4"),
    MATMUL("serving_right", "5x2x3", "4x3", "transpose_rhs", "5x2x4"),
    MATMUL("serving_left", "5x3x2", "3x4", "transpose_lhs", "5x2x4"),
    MATMUL("serving_both", "5x3x2", "4x3", "transpose_lhs transpose_rhs", "5x2x4")};

/// From a tensor of 3x4 by one op.
#define OF_MATRIX(NAME, OP, RESULT)                                                                                    \
  FunctionCase {                                                                                                       \
    NAME, "func.func @f(%x: tensor<3x4xf64>) -> tensor<" RESULT "xf64> {\n"                                            \
          "  %0 = " OP " : tensor<3x4xf64> -> tensor<" RESULT "xf64>\n"                                                \
          "  return %0 : tensor<" RESULT "xf64>\n}"                                                                    \
  }

const FunctionCase rowCasesTable[] = {OF_MATRIX("sum", "nn.reduce sum %x dims [0]", "4"),
                                      OF_MATRIX("largest", "nn.reduce max %x dims [1]", "3"),
                                      OF_MATRIX("smallest", "nn.reduce min %x dims [0]", "4"),
                                      OF_MATRIX("softmax_first", "nn.softmax %x dim 0", "3x4"),
                                      OF_MATRIX("softmax_last", "nn.softmax %x dim 1", "3x4"),
                                      OF_MATRIX("layer_norm_first", "nn.layer_norm %x dim 0 eps 1.0e-3", "3x4"),
                                      OF_MATRIX("layer_norm_last", "nn.layer_norm %x dim 1 eps 1.0e-5", "3x4"),
                                      OF_MATRIX("rms_norm_first", "nn.rms_norm %x dim 0 eps 1.0e-3", "3x4"),
                                      OF_MATRIX("rms_norm_last", "nn.rms_norm %x dim 1 eps 1.0e-5", "3x4")};

const FunctionCase moveCasesTable[] = {
    OF_MATRIX("reshape", "nn.reshape %x", "2x6"), OF_MATRIX("transpose", "nn.transpose %x perm [1, 0]", "4x3"),
    OF_MATRIX("broadcast", "nn.broadcast %x dims [0, 2]", "3x2x4"),
    OF_MATRIX("slice", "nn.slice %x offsets [1, 0]", "2x3"), OF_MATRIX("pad", "nn.pad %x low [1, 0]", "5x6")};

const FunctionCase otherCasesTable[] = {FunctionCase{"transpose_of_three", R"(
func.func @f(%x: tensor<2x3x4xf64>) -> tensor<4x2x3xf64> {
  %0 = nn.transpose %x perm [2, 0, 1] : tensor<2x3x4xf64> -> tensor<4x2x3xf64>
  return %0 : tensor<4x2x3xf64>
})"},
                                        FunctionCase{"select", R"(
func.func @f(%x: tensor<3x4xf64>, %y: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %c = nn.compare lt %x, %y : tensor<3x4xf64>, tensor<3x4xf64> -> tensor<3x4xi1>
  %2 = nn.elementwise mul %x, %y : (tensor<3x4xf64>, tensor<3x4xf64>) -> tensor<3x4xf64>
  %0 = nn.select %c, %2, %y : tensor<3x4xi1>, tensor<3x4xf64>, tensor<3x4xf64> -> tensor<3x4xf64>
  return %0 : tensor<3x4xf64>
})"},
                                        FunctionCase{"concat", R"(
func.func @f(%x: tensor<2x3xf64>, %y: tensor<2x1xf64>) -> tensor<2x7xf64> {
  %0 = nn.concat %x, %y, %x dim 1 : (tensor<2x3xf64>, tensor<2x1xf64>, tensor<2x3xf64>) -> tensor<2x7xf64>
  return %0 : tensor<2x7xf64>
})"},
                                        FunctionCase{"update_slice", R"(
func.func @f(%x: tensor<2x5xf64>, %y: tensor<2x2xf64>) -> tensor<2x5xf64> {
  %at = nn.constant dense<1> : tensor<i32>
  %0 = nn.update_slice %x, %y dim 1 at %at : tensor<2x5xf64>, tensor<2x2xf64>, tensor<i32> -> tensor<2x5xf64>
  return %0 : tensor<2x5xf64>
})"},
                                        FunctionCase{"update_slice_moved", R"(
func.func @f(%x: tensor<2x5xf64>, %y: tensor<2x2xf64>) -> tensor<2x5xf64> {
  %at = nn.constant dense<9> : tensor<i32>
  %0 = nn.update_slice %x, %y dim 1 at %at : tensor<2x5xf64>, tensor<2x2xf64>, tensor<i32> -> tensor<2x5xf64>
  return %0 : tensor<2x5xf64>
})"},
                                        FunctionCase{"gather_of_equal_ids_and_beyond", R"(
func.func @f(%x: tensor<4x3xf64>) -> tensor<2x3x3xf64> {
  %ids = nn.constant dense<[[0, 2, 2], [-5, 9, 1]]> : tensor<2x3xi32>
  %0 = nn.gather %x, %ids dim 0 : tensor<4x3xf64>, tensor<2x3xi32> -> tensor<2x3x3xf64>
  return %0 : tensor<2x3x3xf64>
})"},
                                        FunctionCase{"gather_of_columns", R"(
func.func @f(%x: tensor<3x4xf64>) -> tensor<3x2xf64> {
  %ids = nn.constant dense<[3, 1]> : tensor<2xi32>
  %0 = nn.gather %x, %ids dim 1 : tensor<3x4xf64>, tensor<2xi32> -> tensor<3x2xf64>
  return %0 : tensor<3x2xf64>
})"},
                                        FunctionCase{"scatter_add", R"(
func.func @f(%x: tensor<3x2xf64>) -> tensor<4x2xf64> {
  %ids = nn.constant dense<[2, 0, 2]> : tensor<3xi32>
  %0 = nn.scatter_add %x, %ids dim 0 : tensor<3x2xf64>, tensor<3xi32> -> tensor<4x2xf64>
  return %0 : tensor<4x2xf64>
})"},
                                        FunctionCase{"cross_entropy", R"(
func.func @f(%x: tensor<2x3x5xf64>) -> tensor<2x3xf64> {
  %ids = nn.constant dense<[[0, 4, 2], [-3, 8, 1]]> : tensor<2x3xi32>
  %0 = nn.cross_entropy %x, %ids : tensor<2x3x5xf64>, tensor<2x3xi32> -> tensor<2x3xf64>
  return %0 : tensor<2x3xf64>
})"},
                                        FunctionCase{"attention", R"(
func.func @f(%q: tensor<2x3x4xf64>, %k: tensor<2x5x4xf64>, %v: tensor<2x5x6xf64>) -> tensor<2x3x6xf64> {
  %o, %lse = nn.attention %q, %k, %v heads 2 scale 0.7 : (tensor<2x3x4xf64>, tensor<2x5x4xf64>, tensor<2x5x6xf64>) -> (tensor<2x3x6xf64>, tensor<2x2x3xf64>)
  return %o : tensor<2x3x6xf64>
})"},
                                        FunctionCase{"causal_attention", R"(
func.func @f(%q: tensor<4x4xf64>, %k: tensor<4x4xf64>, %v: tensor<4x4xf64>) -> tensor<4x4xf64> {
  %o, %lse = nn.attention %q, %k, %v heads 2 causal scale 0.5 : (tensor<4x4xf64>, tensor<4x4xf64>, tensor<4x4xf64>) -> (tensor<4x4xf64>, tensor<2x4xf64>)
  return %o : tensor<4x4xf64>
})"},
                                        FunctionCase{"dropout", R"(
func.func @f(%x: tensor<3x4xf64>) -> tensor<3x4xf64> {
  %key = nn.constant dense<7> : tensor<i64>
  %rate = nn.constant dense<0.5> : tensor<3x4xf64>
  %zero = nn.constant dense<0.0> : tensor<3x4xf64>
  %r = nn.random uniform %key place 0 : tensor<i64> -> tensor<3x4xf64>
  %c = nn.compare lt %r, %rate : tensor<3x4xf64>, tensor<3x4xf64> -> tensor<3x4xi1>
  %0 = nn.select %c, %x, %zero : tensor<3x4xi1>, tensor<3x4xf64>, tensor<3x4xf64> -> tensor<3x4xf64>
  %1 = nn.elementwise mul %0, %x : (tensor<3x4xf64>, tensor<3x4xf64>) -> tensor<3x4xf64>
  return %1 : tensor<3x4xf64>
})"},
                                        FunctionCase{"cast", R"(
func.func @f(%x: tensor<3x4xf64>) -> tensor<3x4xf32> {
  %0 = nn.elementwise mul %x, %x : (tensor<3x4xf64>, tensor<3x4xf64>) -> tensor<3x4xf64>
  %1 = nn.cast %0 : tensor<3x4xf64> -> tensor<3x4xf32>
  return %1 : tensor<3x4xf32>
})"},
                                        FunctionCase{"used_twice_and_unused", R"(
func.func @f(%x: tensor<3xf64>, %unused: tensor<2xf64>) -> tensor<3xf64> {
  %0 = nn.elementwise mul %x, %x : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
  %1 = nn.elementwise sub %0, %x : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
  %2 = nn.elementwise mul %1, %0 : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
  return %2 : tensor<3xf64>
})"}};

} // namespace

llvm::ArrayRef<FunctionCase> elementwiseCases() { return elementwiseCasesTable; }
llvm::ArrayRef<FunctionCase> matmulCases() { return matmulCasesTable; }
llvm::ArrayRef<FunctionCase> rowCases() { return rowCasesTable; }
llvm::ArrayRef<FunctionCase> moveCases() { return moveCasesTable; }
llvm::ArrayRef<FunctionCase> otherCases() { return otherCasesTable; }

std::vector<FunctionCase> allOpCases() {
  std::vector<FunctionCase> all;
  for (llvm::ArrayRef<FunctionCase> cases :
       {elementwiseCases(), matmulCases(), rowCases(), moveCases(), otherCases(), scanCases()})
    all.insert(all.end(), cases.begin(), cases.end());
  return all;
}

} // namespace weft::reference
