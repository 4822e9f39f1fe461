// RUN: weft-opt %s | weft-opt | FileCheck %s
// RUN: weft-opt %s -mlir-print-op-generic | weft-opt | FileCheck %s

// CHECK-LABEL: @all_ops
func.func @all_ops(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>, %b: tensor<3x4x8xf32>) {
  // CHECK: nn.constant dense<[1.000000e+00, 2.000000e+00]> : tensor<2xf32>
  %c = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
  // CHECK: nn.elementwise add %{{.*}}, %{{.*}} : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  %0 = nn.elementwise add %x, %x : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  // CHECK: nn.elementwise gelu %{{.*}} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %1 = nn.elementwise gelu %0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  // CHECK: nn.matmul %{{.*}}, %{{.*}} : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<4x2xf32>
  %2 = nn.matmul %1, %w : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<4x2xf32>
  // CHECK: nn.matmul %{{.*}}, %{{.*}} : tensor<3x4x8xf32>, tensor<8x2xf32> -> tensor<3x4x2xf32>
  %3 = nn.matmul %b, %w : tensor<3x4x8xf32>, tensor<8x2xf32> -> tensor<3x4x2xf32>
  // CHECK: nn.reduce max %{{.*}} dims [0, 1] : tensor<4x2xf32> -> tensor<f32>
  %4 = nn.reduce max %2 dims [0, 1] : tensor<4x2xf32> -> tensor<f32>
  // CHECK: nn.softmax %{{.*}} dim 1 : tensor<4x2xf32> -> tensor<4x2xf32>
  %5 = nn.softmax %2 dim 1 : tensor<4x2xf32> -> tensor<4x2xf32>
  // CHECK: nn.reshape %{{.*}} : tensor<4x8xf32> -> tensor<2x2x8xf32>
  %6 = nn.reshape %x : tensor<4x8xf32> -> tensor<2x2x8xf32>
  // CHECK: nn.transpose %{{.*}} perm [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
  %7 = nn.transpose %x perm [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
  // CHECK: nn.broadcast %{{.*}} dims [1] : tensor<2xf32> -> tensor<4x2xf32>
  %8 = nn.broadcast %c dims [1] : tensor<2xf32> -> tensor<4x2xf32>
  // CHECK: nn.cast %{{.*}} : tensor<2xf32> -> tensor<2xi64>
  %9 = nn.cast %c : tensor<2xf32> -> tensor<2xi64>
  return
}
