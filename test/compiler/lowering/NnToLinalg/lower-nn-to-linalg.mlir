// RUN: weft-opt %s -weft-lower-nn-to-linalg | FileCheck %s

// What the forms compute is tested by running (test/unit/compiler/targets/cpu); here stands which loops they are.

// CHECK-DAG: #[[ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[SWAP:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-DAG: #[[ROW:.*]] = affine_map<(d0, d1) -> (d0)>
// CHECK-DAG: #[[COLUMN:.*]] = affine_map<(d0, d1) -> (d1)>

// CHECK-LABEL: @elementwise
//       CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[ID]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
//       CHECK:   arith.maximumf
//   CHECK-NOT: nn.
func.func @elementwise(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = nn.elementwise max %x, %y : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// No function of libm is left to call.
// CHECK-LABEL: @functions
//   CHECK-NOT: math.{{(exp|log|tanh|erf)}}
func.func @functions(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.elementwise exp %x : (tensor<4xf32>) -> tensor<4xf32>
  %1 = nn.elementwise log %0 : (tensor<4xf32>) -> tensor<4xf32>
  %2 = nn.elementwise tanh %1 : (tensor<4xf32>) -> tensor<4xf32>
  %3 = nn.elementwise gelu %2 : (tensor<4xf32>) -> tensor<4xf32>
  return %3 : tensor<4xf32>
}

// A batch that shares its right operand is one product of more rows.
// CHECK-LABEL: @shared_right_operand
//       CHECK: linalg.matmul ins(%{{.*}}, %{{.*}} : tensor<12x8xf32>, tensor<8x2xf32>)
func.func @shared_right_operand(%x: tensor<3x4x8xf32>, %w: tensor<8x2xf32>) -> tensor<3x4x2xf32> {
  %0 = nn.matmul %x, %w : tensor<3x4x8xf32>, tensor<8x2xf32> -> tensor<3x4x2xf32>
  return %0 : tensor<3x4x2xf32>
}

// CHECK-LABEL: @batch
//       CHECK: linalg.batch_matmul
func.func @batch(%x: tensor<3x4x8xf32>, %w: tensor<3x8x2xf32>) -> tensor<3x4x2xf32> {
  %0 = nn.matmul %x, %w : tensor<3x4x8xf32>, tensor<3x8x2xf32> -> tensor<3x4x2xf32>
  return %0 : tensor<3x4x2xf32>
}

// CHECK-LABEL: @reduce
//       CHECK: linalg.generic {indexing_maps = [#[[ID]], #[[ROW]]], iterator_types = ["parallel", "reduction"]}
//       CHECK:   arith.addf %{{.*}}, %{{.*}} fastmath<reassoc,contract>
func.func @reduce(%x: tensor<4x8xf32>) -> tensor<4xf32> {
  %0 = nn.reduce sum %x dims [1] : tensor<4x8xf32> -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @transpose
//       CHECK: linalg.generic {indexing_maps = [#[[SWAP]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
func.func @transpose(%x: tensor<4x8xf32>) -> tensor<8x4xf32> {
  %0 = nn.transpose %x perm [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
  return %0 : tensor<8x4xf32>
}

// CHECK-LABEL: @broadcast
//       CHECK: linalg.generic {indexing_maps = [#[[COLUMN]], #[[ID]]], iterator_types = ["parallel", "parallel"]}
func.func @broadcast(%x: tensor<8xf32>) -> tensor<4x8xf32> {
  %0 = nn.broadcast %x dims [1] : tensor<8xf32> -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: @reshape
//       CHECK: tensor.collapse_shape
//       CHECK: tensor.expand_shape
func.func @reshape(%x: tensor<4x6xf32>) -> tensor<3x8xf32> {
  %0 = nn.reshape %x : tensor<4x6xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}
