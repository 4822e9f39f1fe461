// RUN: weft-opt %s -canonicalize | FileCheck %s

// CHECK-LABEL: @neutral
//  CHECK-SAME: %[[X:.*]]: tensor<4xf32>
//  CHECK-NEXT: return %[[X]], %[[X]], %[[X]], %[[X]]
func.func @neutral(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %one = nn.constant dense<1.0> : tensor<4xf32>
  %zero = nn.constant dense<0.0> : tensor<4xf32>
  %minus_zero = nn.constant dense<-0.0> : tensor<4xf32>
  %0 = nn.elementwise mul %x, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.elementwise div %x, %one : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %2 = nn.elementwise sub %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.elementwise add %x, %minus_zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0, %1, %2, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// -0 + 0 is 0, so this is not the same value.
// CHECK-LABEL: @plus_zero
//       CHECK: nn.elementwise add
func.func @plus_zero(%x: tensor<4xf32>) -> tensor<4xf32> {
  %zero = nn.constant dense<0.0> : tensor<4xf32>
  %0 = nn.elementwise add %x, %zero : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @twice
//  CHECK-SAME: %[[X:.*]]: tensor<4xf32>
//  CHECK-NEXT: %[[R:.*]] = nn.elementwise relu %[[X]]
//  CHECK-NEXT: return %[[X]], %[[R]]
func.func @twice(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0 = nn.elementwise neg %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.elementwise neg %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = nn.elementwise relu %x : (tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.elementwise relu %2 : (tensor<4xf32>) -> tensor<4xf32>
  return %1, %3 : tensor<4xf32>, tensor<4xf32>
}

// exp(exp(x)) is no exp(x).
// CHECK-LABEL: @twice_not_idempotent
// CHECK-COUNT-2: nn.elementwise exp
func.func @twice_not_idempotent(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.elementwise exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.elementwise exp %0 : (tensor<4xf32>) -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: @transposed_back
//  CHECK-SAME: %[[X:.*]]: tensor<2x3x4xf32>
//  CHECK-NEXT: return %[[X]]
func.func @transposed_back(%x: tensor<2x3x4xf32>) -> tensor<2x3x4xf32> {
  %0 = nn.transpose %x perm [1, 2, 0] : tensor<2x3x4xf32> -> tensor<3x4x2xf32>
  %1 = nn.transpose %0 perm [2, 0, 1] : tensor<3x4x2xf32> -> tensor<2x3x4xf32>
  return %1 : tensor<2x3x4xf32>
}

// CHECK-LABEL: @transposed_on
// CHECK-COUNT-2: nn.transpose
func.func @transposed_on(%x: tensor<4x4x4xf32>) -> tensor<4x4x4xf32> {
  %0 = nn.transpose %x perm [1, 2, 0] : tensor<4x4x4xf32> -> tensor<4x4x4xf32>
  %1 = nn.transpose %0 perm [1, 2, 0] : tensor<4x4x4xf32> -> tensor<4x4x4xf32>
  return %1 : tensor<4x4x4xf32>
}

// CHECK-LABEL: @constants
//  CHECK-NEXT: nn.constant dense<5.000000e-01> : tensor<2x4xf32>
//  CHECK-NEXT: return
func.func @constants() -> tensor<2x4xf32> {
  %0 = nn.constant dense<0.5> : tensor<4xf32>
  %1 = nn.broadcast %0 dims [0] : tensor<4xf32> -> tensor<4x2xf32>
  %2 = nn.transpose %1 perm [1, 0] : tensor<4x2xf32> -> tensor<2x4xf32>
  return %2 : tensor<2x4xf32>
}

// CHECK-LABEL: @selected
//  CHECK-SAME: %[[C:.*]]: tensor<4xi1>, %[[X:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<4xf32>
//  CHECK-NEXT: return %[[X]], %[[Y]], %[[X]]
func.func @selected(%c: tensor<4xi1>, %x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<4xf32>) {
  %yes = nn.constant dense<true> : tensor<4xi1>
  %no = nn.constant dense<false> : tensor<4xi1>
  %0 = nn.select %yes, %x, %y : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %1 = nn.select %no, %x, %y : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  %2 = nn.select %c, %x, %x : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
  return %0, %1, %2 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
}

// CHECK-LABEL: @not_selected
//       CHECK: nn.select
func.func @not_selected(%x: tensor<2xf32>, %y: tensor<2xf32>) -> tensor<2xf32> {
  %some = nn.constant dense<[true, false]> : tensor<2xi1>
  %0 = nn.select %some, %x, %y : tensor<2xi1>, tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  return %0 : tensor<2xf32>
}

// CHECK-LABEL: @whole_moves
//  CHECK-SAME: %[[X:.*]]: tensor<4x8xf32>
//  CHECK-NEXT: return %[[X]], %[[X]], %[[X]]
func.func @whole_moves(%x: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>) {
  %0 = nn.slice %x offsets [0, 0] : tensor<4x8xf32> -> tensor<4x8xf32>
  %1 = nn.pad %x low [0, 0] : tensor<4x8xf32> -> tensor<4x8xf32>
  %2 = nn.concat %x dim 1 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %1, %2 : tensor<4x8xf32>, tensor<4x8xf32>, tensor<4x8xf32>
}

// CHECK-LABEL: @transposed_operands
//  CHECK-SAME: %[[X:.*]]: tensor<8x4xf32>, %[[W:.*]]: tensor<3x2x8xf32>, %[[Y:.*]]: tensor<3x4x8xf32>
//  CHECK-NEXT: nn.matmul %[[X]], %[[X]] transpose_lhs : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<4x4xf32>
//  CHECK-NEXT: nn.matmul %[[Y]], %[[W]] transpose_rhs : tensor<3x4x8xf32>, tensor<3x2x8xf32> -> tensor<3x4x2xf32>
//  CHECK-NEXT: nn.matmul %[[X]], %[[X]] transpose_lhs : tensor<8x4xf32>, tensor<8x4xf32> -> tensor<4x4xf32>
func.func @transposed_operands(%x: tensor<8x4xf32>, %w: tensor<3x2x8xf32>, %y: tensor<3x4x8xf32>)
    -> (tensor<4x4xf32>, tensor<3x4x2xf32>, tensor<4x4xf32>) {
  %0 = nn.transpose %x perm [1, 0] : tensor<8x4xf32> -> tensor<4x8xf32>
  %1 = nn.matmul %0, %x : tensor<4x8xf32>, tensor<8x4xf32> -> tensor<4x4xf32>
  %2 = nn.transpose %w perm [0, 2, 1] : tensor<3x2x8xf32> -> tensor<3x8x2xf32>
  %3 = nn.matmul %y, %2 : tensor<3x4x8xf32>, tensor<3x8x2xf32> -> tensor<3x4x2xf32>
  // Transposed twice is as it was.
  %4 = nn.matmul %x, %0 transpose_lhs transpose_rhs : tensor<8x4xf32>, tensor<4x8xf32> -> tensor<4x4xf32>
  return %1, %3, %4 : tensor<4x4xf32>, tensor<3x4x2xf32>, tensor<4x4xf32>
}

// A batch that moves is a copy that the product cannot read.
// CHECK-LABEL: @transposed_batch
//       CHECK: nn.transpose
func.func @transposed_batch(%x: tensor<3x4x8xf32>, %w: tensor<8x2xf32>) -> tensor<4x3x2xf32> {
  %0 = nn.transpose %x perm [1, 0, 2] : tensor<3x4x8xf32> -> tensor<4x3x8xf32>
  %1 = nn.matmul %0, %w : tensor<4x3x8xf32>, tensor<8x2xf32> -> tensor<4x3x2xf32>
  return %1 : tensor<4x3x2xf32>
}

// Floats go to integers towards zero and no further than the type, integers to floats to nearest.
// CHECK-LABEL: @casts_of_splats
//   CHECK-DAG: dense<3> : tensor<4xi32>
//   CHECK-DAG: dense<-2147483648> : tensor<4xi32>
//   CHECK-DAG: dense<0x4B800000> : tensor<f32>
//   CHECK-DAG: dense<255> : tensor<2xui8>
//   CHECK-DAG: dense<true> : tensor<2xi1>
//   CHECK-DAG: dense<1.000000e+00> : tensor<2xbf16>
//   CHECK-NOT: nn.cast
func.func @casts_of_splats()
    -> (tensor<4xi32>, tensor<4xi32>, tensor<f32>, tensor<2xui8>, tensor<2xi1>, tensor<2xbf16>) {
  %a = nn.constant dense<3.9> : tensor<4xf32>
  %b = nn.constant dense<-1.0e+20> : tensor<4xf64>
  %c = nn.constant dense<16777217> : tensor<i64>
  %d = nn.constant dense<-1> : tensor<2xi32>
  %e = nn.constant dense<-0.5> : tensor<2xf32>
  %f = nn.constant dense<true> : tensor<2xi1>
  %0 = nn.cast %a : tensor<4xf32> -> tensor<4xi32>
  %1 = nn.cast %b : tensor<4xf64> -> tensor<4xi32>
  %2 = nn.cast %c : tensor<i64> -> tensor<f32>
  %3 = nn.cast %d : tensor<2xi32> -> tensor<2xui8>
  %4 = nn.cast %e : tensor<2xf32> -> tensor<2xi1>
  %5 = nn.cast %f : tensor<2xi1> -> tensor<2xbf16>
  return %0, %1, %2, %3, %4, %5
      : tensor<4xi32>, tensor<4xi32>, tensor<f32>, tensor<2xui8>, tensor<2xi1>, tensor<2xbf16>
}

// Which bits a NaN gets is the machine's affair, and what differs by element is no splat.
// CHECK-LABEL: @casts_that_stay
// CHECK-COUNT-2: nn.cast
func.func @casts_that_stay() -> (tensor<f64>, tensor<2xf32>) {
  %a = nn.constant dense<0x7FC00000> : tensor<f32>
  %b = nn.constant dense<[1, 2]> : tensor<2xi32>
  %0 = nn.cast %a : tensor<f32> -> tensor<f64>
  %1 = nn.cast %b : tensor<2xi32> -> tensor<2xf32>
  return %0, %1 : tensor<f64>, tensor<2xf32>
}
