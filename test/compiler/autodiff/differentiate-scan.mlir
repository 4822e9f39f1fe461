// RUN: weft-opt %s -weft-differentiate -canonicalize -cse | FileCheck %s
// RUN: weft-opt %s -pass-pipeline='builtin.module(weft-differentiate{memory-limit=100},canonicalize,cse)' | FileCheck %s --check-prefix=AGAIN
// RUN: weft-opt %s -pass-pipeline='builtin.module(weft-differentiate{memory-limit=100})' --remark-policy=all --remarks-filter='differentiate' 2>&1 | FileCheck %s --check-prefix=REMARK

// What the derivative reads of a turn: the result of tanh alone is new (the slice of %w is the operand's, the carried value
// is kept for the derivative by %w).
// CHECK-LABEL: func.func @layers
//  CHECK-SAME: %[[X:.*]]: tensor<8xf32>, %[[W:.*]]: tensor<4x8xf32>
//       CHECK: nn.scan count 4 carry(%[[X]]) stacked(%[[W]]) : (tensor<8xf32>, tensor<4x8xf32>) -> (tensor<8xf32>, tensor<4x8xf32>, tensor<4x8xf32>)
//       CHECK: %[[B:.*]]:2 = nn.scan count 4 reverse carry(%{{.*}}) stacked(%{{.*}}) : (tensor<8xf32>, tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>) -> (tensor<8xf32>, tensor<4x8xf32>)
//   CHECK-NOT:   nn.elementwise tanh
//       CHECK: return %[[B]]#0, %[[B]]#1
// Under the limit the carried value alone is kept, and tanh is computed again.
// AGAIN-LABEL: func.func @layers
//       AGAIN: nn.scan count 4 carry(%{{.*}}) stacked(%{{.*}}) : (tensor<8xf32>, tensor<4x8xf32>) -> (tensor<8xf32>, tensor<4x8xf32>)
//       AGAIN: nn.scan count 4 reverse carry(%{{.*}}) stacked(%{{.*}}) : (tensor<8xf32>, tensor<4x8xf32>, tensor<4x8xf32>) -> (tensor<8xf32>, tensor<4x8xf32>)
//       AGAIN:   nn.elementwise tanh
// REMARK: Recomputed{{.*}}computes the body again for the derivative, and keeps 128 bytes
func.func @layers(%x: tensor<8xf32>, %w: tensor<4x8xf32>) -> (tensor<8xf32>, tensor<4x8xf32>) {
  %0:3 = nn.value_and_grad @chain(%x, %w) wrt 2 : (tensor<8xf32>, tensor<4x8xf32>) -> (tensor<f32>, tensor<8xf32>, tensor<4x8xf32>)
  return %0#1, %0#2 : tensor<8xf32>, tensor<4x8xf32>
}
func.func private @chain(%x: tensor<8xf32>, %w: tensor<4x8xf32>) -> tensor<f32> {
  %0 = nn.scan count 4 carry(%x) stacked(%w) : (tensor<8xf32>, tensor<4x8xf32>) -> tensor<8xf32> {
  ^bb0(%i: tensor<i32>, %h: tensor<8xf32>, %m: tensor<8xf32>):
    %1 = nn.elementwise mul %h, %m : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %2 = nn.elementwise tanh %1 : (tensor<8xf32>) -> tensor<8xf32>
    nn.yield %2 : tensor<8xf32>
  }
  %3 = nn.reduce sum %0 dims [0] : tensor<8xf32> -> tensor<f32>
  return %3 : tensor<f32>
}

// A body that is linear in what is carried: nothing of the forward turns is read, and so there is no forward scan left.
// CHECK-LABEL: func.func @linear
//   CHECK-NOT: nn.scan count 3 carry
//       CHECK: nn.scan count 3 reverse
//   CHECK-NOT: nn.scan
//       CHECK: return
func.func @linear(%x: tensor<8xf32>, %w: tensor<3x8xf32>) -> tensor<8xf32> {
  %0:2 = nn.value_and_grad @scaled(%x, %w) wrt 1 : (tensor<8xf32>, tensor<3x8xf32>) -> (tensor<f32>, tensor<8xf32>)
  return %0#1 : tensor<8xf32>
}
func.func private @scaled(%x: tensor<8xf32>, %w: tensor<3x8xf32>) -> tensor<f32> {
  %0 = nn.scan count 3 carry(%x) stacked(%w) : (tensor<8xf32>, tensor<3x8xf32>) -> tensor<8xf32> {
  ^bb0(%i: tensor<i32>, %h: tensor<8xf32>, %m: tensor<8xf32>):
    %1 = nn.elementwise mul %h, %m : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    nn.yield %1 : tensor<8xf32>
  }
  %3 = nn.reduce sum %0 dims [0] : tensor<8xf32> -> tensor<f32>
  return %3 : tensor<f32>
}

// The derivative of a shared operand is a carried sum, in f32 for bf16; that of the carried value is not asked for, but goes
// from turn to turn.
// CHECK-LABEL: func.func @shared
//       CHECK: nn.scan count 3 reverse carry(%{{.*}}, %{{.*}}) {{.*}} : (tensor<8xbf16>, tensor<8xf32>
//       CHECK:   nn.cast %{{.*}} : tensor<8xbf16> -> tensor<8xf32>
//       CHECK: nn.cast %{{.*}} : tensor<8xf32> -> tensor<8xbf16>
func.func @shared(%s: tensor<8xbf16>, %x: tensor<8xbf16>) -> tensor<8xbf16> {
  %0:2 = nn.value_and_grad @repeated(%s, %x) wrt 1 : (tensor<8xbf16>, tensor<8xbf16>) -> (tensor<f32>, tensor<8xbf16>)
  return %0#1 : tensor<8xbf16>
}
func.func private @repeated(%s: tensor<8xbf16>, %x: tensor<8xbf16>) -> tensor<f32> {
  %0 = nn.scan count 3 carry(%x) shared(%s) : (tensor<8xbf16>, tensor<8xbf16>) -> tensor<8xbf16> {
  ^bb0(%i: tensor<i32>, %h: tensor<8xbf16>, %t: tensor<8xbf16>):
    %1 = nn.elementwise mul %h, %t : (tensor<8xbf16>, tensor<8xbf16>) -> tensor<8xbf16>
    nn.yield %1 : tensor<8xbf16>
  }
  %3 = nn.cast %0 : tensor<8xbf16> -> tensor<8xf32>
  %4 = nn.reduce sum %3 dims [0] : tensor<8xf32> -> tensor<f32>
  return %4 : tensor<f32>
}

// Of a broadcast what it repeats is kept, four bytes a turn; the sum and the product of kept values are made again.
// CHECK-LABEL: func.func @cheap
//       CHECK: nn.scan count 3 carry(%{{.*}}) : (tensor<8xf32>) -> (tensor<8xf32>, tensor<3x8xf32>, tensor<3xf32>)
//       CHECK: nn.scan count 3 reverse
//       CHECK:   nn.broadcast
func.func @cheap(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0:2 = nn.value_and_grad @with_a_row(%x) wrt 1 : (tensor<8xf32>) -> (tensor<f32>, tensor<8xf32>)
  return %0#1 : tensor<8xf32>
}
func.func private @with_a_row(%x: tensor<8xf32>) -> tensor<f32> {
  %0 = nn.scan count 3 carry(%x) : (tensor<8xf32>) -> tensor<8xf32> {
  ^bb0(%i: tensor<i32>, %h: tensor<8xf32>):
    %1 = nn.reduce sum %h dims [0] : tensor<8xf32> -> tensor<f32>
    %2 = nn.broadcast %1 dims [] : tensor<f32> -> tensor<8xf32>
    %3 = nn.elementwise add %h, %2 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %4 = nn.elementwise mul %3, %2 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    %5 = nn.elementwise mul %4, %h : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    nn.yield %5 : tensor<8xf32>
  }
  %6 = nn.reduce sum %0 dims [0] : tensor<8xf32> -> tensor<f32>
  return %6 : tensor<f32>
}

// The slope of gelu hangs on values of the forward turns alone: it is made there and kept, and what gelu reads is not.
// CHECK-LABEL: func.func @gelu_of_products
//       CHECK:   nn.scan count 3 carry
//       CHECK:     %[[Z:.*]] = nn.matmul
//       CHECK:     %[[G:.*]] = nn.elementwise gelu %[[Z]]
//       CHECK:     nn.elementwise erf
//       CHECK:     nn.elementwise exp
//       CHECK:     %[[S:.*]] = nn.elementwise add
//  CHECK-NEXT:     nn.yield %[[G]], %[[S]], %{{.*}} :
//       CHECK:   nn.scan count 3 reverse
//   CHECK-NOT:     nn.elementwise erf
func.func private @gelus(%x: tensor<4x4xf32>, %w: tensor<3x4x4xf32>) -> tensor<f32> {
  %0 = nn.scan count 3 carry(%x) stacked(%w) : (tensor<4x4xf32>, tensor<3x4x4xf32>) -> tensor<4x4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4x4xf32>, %s: tensor<4x4xf32>):
    %1 = nn.matmul %c, %s : tensor<4x4xf32>, tensor<4x4xf32> -> tensor<4x4xf32>
    %2 = nn.elementwise gelu %1 : (tensor<4x4xf32>) -> tensor<4x4xf32>
    nn.yield %2 : tensor<4x4xf32>
  }
  %3 = nn.reduce sum %0 dims [0, 1] : tensor<4x4xf32> -> tensor<f32>
  return %3 : tensor<f32>
}
func.func @gelu_of_products(%x: tensor<4x4xf32>, %w: tensor<3x4x4xf32>) -> tensor<3x4x4xf32> {
  %value, %dx, %dw = nn.value_and_grad @gelus(%x, %w) wrt 2 : (tensor<4x4xf32>, tensor<3x4x4xf32>) -> (tensor<f32>, tensor<4x4xf32>, tensor<3x4x4xf32>)
  return %dw : tensor<3x4x4xf32>
}
