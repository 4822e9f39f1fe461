//===- ScanCases.cpp - Loops that have derivatives ------------------------===//

#include "test/reference/nn/OpCases.h"

namespace weft::reference {
namespace {

const FunctionCase scanCasesTable[] = {FunctionCase{"layers", R"(
func.func @f(%x: tensor<2x3xf64>, %w: tensor<4x3x3xf64>, %b: tensor<3xf64>) -> tensor<2x3xf64> {
  %0 = nn.scan count 4 carry(%x) stacked(%w) shared(%b) : (tensor<2x3xf64>, tensor<4x3x3xf64>, tensor<3xf64>) -> tensor<2x3xf64> {
  ^bb0(%i: tensor<i32>, %h: tensor<2x3xf64>, %m: tensor<3x3xf64>, %bias: tensor<3xf64>):
    %1 = nn.matmul %h, %m : tensor<2x3xf64>, tensor<3x3xf64> -> tensor<2x3xf64>
    %2 = nn.broadcast %bias dims [1] : tensor<3xf64> -> tensor<2x3xf64>
    %3 = nn.elementwise add %1, %2 : (tensor<2x3xf64>, tensor<2x3xf64>) -> tensor<2x3xf64>
    %4 = nn.elementwise tanh %3 : (tensor<2x3xf64>) -> tensor<2x3xf64>
    %5 = nn.elementwise add %h, %4 : (tensor<2x3xf64>, tensor<2x3xf64>) -> tensor<2x3xf64>
    nn.yield %5 : tensor<2x3xf64>
  }
  return %0 : tensor<2x3xf64>
})"},
                                       FunctionCase{"stacked_result_and_last_value", R"(
func.func @f(%x: tensor<3xf64>, %w: tensor<4x3xf64>) -> tensor<3xf64> {
  %0:2 = nn.scan count 4 reverse carry(%x) stacked(%w) : (tensor<3xf64>, tensor<4x3xf64>) -> (tensor<3xf64>, tensor<4x3xf64>) {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf64>, %m: tensor<3xf64>):
    %1 = nn.elementwise mul %h, %m : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %2 = nn.elementwise sin %1 : (tensor<3xf64>) -> tensor<3xf64>
    %3 = nn.elementwise mul %2, %m : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    nn.yield %2, %3 : tensor<3xf64>, tensor<3xf64>
  }
  %4 = nn.elementwise mul %0#1, %0#1 : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4x3xf64>
  %5 = nn.reduce sum %4 dims [0] : tensor<4x3xf64> -> tensor<3xf64>
  %6 = nn.elementwise mul %5, %0#0 : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
  return %6 : tensor<3xf64>
})"},
                                       FunctionCase{"exchanged", R"(
func.func @f(%x: tensor<3xf64>, %y: tensor<3xf64>) -> tensor<3xf64> {
  %0:2 = nn.scan count 3 carry(%x, %y) : (tensor<3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<3xf64>) {
  ^bb0(%i: tensor<i32>, %a: tensor<3xf64>, %b: tensor<3xf64>):
    %1 = nn.elementwise mul %a, %b : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    nn.yield %1, %a : tensor<3xf64>, tensor<3xf64>
  }
  return %0#0 : tensor<3xf64>
})"},
                                       // Only the last turn reaches the result; the cotangents of the others are zeros.
                                       FunctionCase{"last_turn_alone", R"(
func.func @f(%x: tensor<3xf64>, %w: tensor<4x3xf64>) -> tensor<3xf64> {
  %0 = nn.scan count 4 carry(%x) stacked(%w) : (tensor<3xf64>, tensor<4x3xf64>) -> tensor<3xf64> {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf64>, %m: tensor<3xf64>):
    %1 = nn.elementwise exp %m : (tensor<3xf64>) -> tensor<3xf64>
    nn.yield %1 : tensor<3xf64>
  }
  return %0 : tensor<3xf64>
})"},
                                       // A carried value that is not varied before the first turn is so after it.
                                       FunctionCase{"varied_by_a_turn", R"(
func.func @f(%w: tensor<4x3xf64>) -> tensor<3xf64> {
  %zero = nn.constant dense<0.5> : tensor<3xf64>
  %0 = nn.scan count 4 carry(%zero) stacked(%w) : (tensor<3xf64>, tensor<4x3xf64>) -> tensor<3xf64> {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf64>, %m: tensor<3xf64>):
    %1 = nn.elementwise mul %h, %h : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %2 = nn.elementwise add %1, %m : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %3 = nn.elementwise tanh %2 : (tensor<3xf64>) -> tensor<3xf64>
    nn.yield %3 : tensor<3xf64>
  }
  return %0 : tensor<3xf64>
})"},
                                       FunctionCase{"index", R"(
func.func @f(%x: tensor<3xf64>) -> tensor<3xf64> {
  %0 = nn.scan count 4 carry(%x) : (tensor<3xf64>) -> tensor<3xf64> {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf64>):
    %1 = nn.cast %i : tensor<i32> -> tensor<f64>
    %2 = nn.broadcast %1 dims [] : tensor<f64> -> tensor<3xf64>
    %3 = nn.elementwise mul %h, %2 : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %4 = nn.elementwise add %3, %h : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %5 = nn.elementwise sin %4 : (tensor<3xf64>) -> tensor<3xf64>
    nn.yield %5 : tensor<3xf64>
  }
  return %0 : tensor<3xf64>
})"},
                                       FunctionCase{"loop_in_a_loop", R"(
func.func @f(%x: tensor<3xf64>, %w: tensor<2x4x3xf64>, %s: tensor<3xf64>) -> tensor<3xf64> {
  %0 = nn.scan count 2 carry(%x) stacked(%w) shared(%s) : (tensor<3xf64>, tensor<2x4x3xf64>, tensor<3xf64>) -> tensor<3xf64> {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf64>, %ws: tensor<4x3xf64>, %t: tensor<3xf64>):
    %1:2 = nn.scan count 4 carry(%h) stacked(%ws) shared(%t) : (tensor<3xf64>, tensor<4x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<4x3xf64>) {
    ^bb0(%j: tensor<i32>, %g: tensor<3xf64>, %m: tensor<3xf64>, %u: tensor<3xf64>):
      %2 = nn.elementwise mul %g, %m : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
      %3 = nn.elementwise add %2, %u : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
      %4 = nn.elementwise tanh %3 : (tensor<3xf64>) -> tensor<3xf64>
      nn.yield %4, %2 : tensor<3xf64>, tensor<3xf64>
    }
    %5 = nn.reduce sum %1#1 dims [0] : tensor<4x3xf64> -> tensor<3xf64>
    %6 = nn.elementwise mul %1#0, %5 : (tensor<3xf64>, tensor<3xf64>) -> tensor<3xf64>
    %7 = nn.elementwise sin %6 : (tensor<3xf64>) -> tensor<3xf64>
    nn.yield %7 : tensor<3xf64>
  }
  return %0 : tensor<3xf64>
})"},
                                       // What is yielded is an argument, and one value is yielded twice.
                                       FunctionCase{"hands_on", R"(
func.func @f(%x: tensor<3xf64>, %w: tensor<4x3xf64>, %s: tensor<3xf64>) -> tensor<4x3xf64> {
  %0:4 = nn.scan count 4 carry(%x) stacked(%w) shared(%s) : (tensor<3xf64>, tensor<4x3xf64>, tensor<3xf64>) -> (tensor<3xf64>, tensor<4x3xf64>, tensor<4x3xf64>, tensor<4x3xf64>) {
  ^bb0(%i: tensor<i32>, %h: tensor<3xf64>, %m: tensor<3xf64>, %t: tensor<3xf64>):
    nn.yield %m, %h, %m, %t : tensor<3xf64>, tensor<3xf64>, tensor<3xf64>, tensor<3xf64>
  }
  %1 = nn.elementwise mul %0#1, %0#2 : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4x3xf64>
  %2 = nn.elementwise mul %1, %0#3 : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4x3xf64>
  %3 = nn.broadcast %0#0 dims [1] : tensor<3xf64> -> tensor<4x3xf64>
  %4 = nn.elementwise mul %2, %3 : (tensor<4x3xf64>, tensor<4x3xf64>) -> tensor<4x3xf64>
  return %4 : tensor<4x3xf64>
})"}};

} // namespace

llvm::ArrayRef<FunctionCase> scanCases() { return scanCasesTable; }

} // namespace weft::reference
