// RUN: weft-opt %s -weft-differentiate -canonicalize -cse | FileCheck %s

// The derivative by the second operand is not read, so nothing of it is built; the value is not read either.
// CHECK-LABEL: @unread
//  CHECK-SAME: %[[X:.*]]: tensor<4x8xf32>, %[[W:.*]]: tensor<8x2xf32>
//       CHECK: %[[ONE:.*]] = nn.constant dense<1.0
//  CHECK-NEXT: %[[D:.*]] = nn.matmul %[[ONE]], %[[W]] transpose_rhs
//  CHECK-NEXT: return %[[D]]
func.func @unread(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) -> tensor<4x8xf32> {
  %0:3 = nn.value_and_grad @product(%x, %w) wrt 2 : (tensor<4x8xf32>, tensor<8x2xf32>) -> (tensor<f32>, tensor<4x8xf32>, tensor<8x2xf32>)
  return %0#1 : tensor<4x8xf32>
}
func.func private @product(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) -> tensor<f32> {
  %0 = nn.matmul %x, %w : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<4x2xf32>
  %1 = nn.reduce sum %0 dims [0, 1] : tensor<4x2xf32> -> tensor<f32>
  return %1 : tensor<f32>
}

// A second result of the function is handed through; the value does not depend on it.
// CHECK-LABEL: @another_result
//  CHECK-SAME: %[[X:.*]]: tensor<4xf32>
//   CHECK-DAG: %[[ONE:.*]] = nn.constant dense<1.0
//   CHECK-DAG: %[[V:.*]] = nn.reduce sum %[[X]]
//   CHECK-DAG: %[[T:.*]] = nn.elementwise tanh %[[X]]
//       CHECK: return %[[V]], %[[T]], %[[ONE]]
func.func @another_result(%x: tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>, tensor<4xf32>) {
  %0:3 = nn.value_and_grad @with_tanh(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>, tensor<4xf32>)
  return %0#0, %0#1, %0#2 : tensor<f32>, tensor<4xf32>, tensor<4xf32>
}
func.func private @with_tanh(%x: tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>) {
  %0 = nn.elementwise tanh %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.reduce sum %x dims [0] : tensor<4xf32> -> tensor<f32>
  return %1, %0 : tensor<f32>, tensor<4xf32>
}

// The value does not depend on %y: its derivative as a whole is zero, the only zeros that are written.
// CHECK-LABEL: @independent
//       CHECK: %[[ZERO:.*]] = nn.constant dense<0.0
//  CHECK-NEXT: return %[[ZERO]]
func.func @independent(%x: tensor<4xf32>, %y: tensor<3xf32>) -> tensor<3xf32> {
  %0:3 = nn.value_and_grad @of_the_first(%y, %x) wrt 2 : (tensor<3xf32>, tensor<4xf32>) -> (tensor<f32>, tensor<3xf32>, tensor<4xf32>)
  return %0#1 : tensor<3xf32>
}
func.func private @of_the_first(%y: tensor<3xf32>, %x: tensor<4xf32>) -> tensor<f32> {
  %1 = nn.reduce sum %x dims [0] : tensor<4xf32> -> tensor<f32>
  return %1 : tensor<f32>
}

// Two uses add up, through a call.
// CHECK-LABEL: @two_uses
//  CHECK-SAME: %[[X:.*]]: tensor<f32>
//  CHECK-NEXT: %[[S:.*]] = nn.elementwise add %[[X]], %[[X]]
//  CHECK-NEXT: return %[[S]]
func.func @two_uses(%x: tensor<f32>) -> tensor<f32> {
  %0:2 = nn.value_and_grad @squared(%x) wrt 1 : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}
func.func private @squared(%x: tensor<f32>) -> tensor<f32> {
  %0 = call @product_of(%x, %x) : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}
func.func private @product_of(%x: tensor<f32>, %y: tensor<f32>) -> tensor<f32> {
  %0 = nn.elementwise mul %x, %y : (tensor<f32>, tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// The cotangent of what is laid out is laid out alike.
// CHECK-LABEL: @laid_out
//       CHECK: dist.constrain %{{.*}} to #[[LAYOUT:.*]] : tensor<4xf32>
//       CHECK: %[[G:.*]] = nn.elementwise mul
//  CHECK-NEXT: dist.constrain %[[G]] to #[[LAYOUT]]
func.func @laid_out(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0:2 = nn.value_and_grad @laid(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
  return %0#1 : tensor<4xf32>
}
func.func private @laid(%x: tensor<4xf32>) -> tensor<f32> {
  %0 = dist.constrain %x to <@grid, [["model"]]> : tensor<4xf32>
  %1 = nn.elementwise exp %0 : (tensor<4xf32>) -> tensor<4xf32>
  %w = nn.constant dense<[1.0, 2.0, 3.0, 4.0]> : tensor<4xf32>
  %2 = nn.elementwise mul %1, %w : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.reduce sum %2 dims [0] : tensor<4xf32> -> tensor<f32>
  return %3 : tensor<f32>
}
topo.mesh @grid {model = 2}

// A comparison is a condition, so nothing is asked of it.
// CHECK-LABEL: @by_a_condition
//       CHECK: nn.select
func.func @by_a_condition(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0:2 = nn.value_and_grad @positive(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
  return %0#1 : tensor<4xf32>
}
func.func private @positive(%x: tensor<4xf32>) -> tensor<f32> {
  %zero = nn.constant dense<0.0> : tensor<4xf32>
  %c = nn.compare gt %x, %zero : tensor<4xf32>, tensor<4xf32> -> tensor<4xi1>
  %0 = nn.select %c, %x, %zero : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %1 = nn.reduce sum %0 dims [0] : tensor<4xf32> -> tensor<f32>
  return %1 : tensor<f32>
}

// Micro-batches: a derivative in the body of a scan.
// CHECK-LABEL: @in_a_loop
//       CHECK: nn.scan count 2
//   CHECK-NOT: value_and_grad
//       CHECK:   nn.yield
func.func @in_a_loop(%x: tensor<4xf32>, %batches: tensor<2x4xf32>) -> tensor<4xf32> {
  %zero = nn.constant dense<0.0> : tensor<4xf32>
  %0 = nn.scan count 2 carry(%zero) stacked(%batches) shared(%x) : (tensor<4xf32>, tensor<2x4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %sum: tensor<4xf32>, %batch: tensor<4xf32>, %w: tensor<4xf32>):
    %1:2 = nn.value_and_grad @weighted(%w, %batch) wrt 1 : (tensor<4xf32>, tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
    %2 = nn.elementwise add %sum, %1#1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %2 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
func.func private @weighted(%w: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<f32> {
  %0 = nn.elementwise mul %w, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.elementwise tanh %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = nn.reduce sum %1 dims [0] : tensor<4xf32> -> tensor<f32>
  return %2 : tensor<f32>
}
