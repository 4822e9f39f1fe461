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
  // CHECK: nn.elementwise sin %{{.*}} : (tensor<4x8xf32>) -> tensor<4x8xf32>
  %10 = nn.elementwise sin %0 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  // CHECK: nn.compare le %{{.*}}, %{{.*}} : tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xi1>
  %11 = nn.compare le %x, %0 : tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xi1>
  // CHECK: nn.select %{{.*}}, %{{.*}}, %{{.*}} : tensor<4x8xi1>, tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
  %12 = nn.select %11, %x, %0 : tensor<4x8xi1>, tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x8xf32>
  // CHECK: nn.matmul %{{.*}}, %{{.*}} transpose_lhs : tensor<4x8xf32>, tensor<4x2xf32> -> tensor<8x2xf32>
  %13 = nn.matmul %x, %2 transpose_lhs : tensor<4x8xf32>, tensor<4x2xf32> -> tensor<8x2xf32>
  // CHECK: nn.matmul %{{.*}}, %{{.*}} transpose_lhs transpose_rhs : tensor<8x2xf32>, tensor<4x8xf32> -> tensor<2x4xf32>
  %14 = nn.matmul %w, %x transpose_lhs transpose_rhs : tensor<8x2xf32>, tensor<4x8xf32> -> tensor<2x4xf32>
  return
}

// CHECK-LABEL: @moves
func.func @moves(%x: tensor<4x8xf32>, %ids: tensor<3xi32>, %start: tensor<i32>, %u: tensor<2x3xui8>) {
  // CHECK: nn.slice %{{.*}} offsets [0, 2] : tensor<4x8xf32> -> tensor<4x3xf32>
  %0 = nn.slice %x offsets [0, 2] : tensor<4x8xf32> -> tensor<4x3xf32>
  // CHECK: nn.concat %{{.*}}, %{{.*}} dim 1 : (tensor<4x8xf32>, tensor<4x3xf32>) -> tensor<4x11xf32>
  %1 = nn.concat %x, %0 dim 1 : (tensor<4x8xf32>, tensor<4x3xf32>) -> tensor<4x11xf32>
  // CHECK: nn.pad %{{.*}} low [1, 0] : tensor<4x8xf32> -> tensor<6x8xf32>
  %2 = nn.pad %x low [1, 0] : tensor<4x8xf32> -> tensor<6x8xf32>
  // CHECK: nn.update_slice %{{.*}}, %{{.*}} dim 1 at %{{.*}} : tensor<4x8xf32>, tensor<4x3xf32>, tensor<i32> -> tensor<4x8xf32>
  %3 = nn.update_slice %x, %0 dim 1 at %start : tensor<4x8xf32>, tensor<4x3xf32>, tensor<i32> -> tensor<4x8xf32>
  // CHECK: nn.gather %{{.*}}, %{{.*}} dim 1 : tensor<4x8xf32>, tensor<3xi32> -> tensor<4x3xf32>
  %4 = nn.gather %x, %ids dim 1 : tensor<4x8xf32>, tensor<3xi32> -> tensor<4x3xf32>
  // CHECK: nn.scatter_add %{{.*}}, %{{.*}} dim 1 : tensor<4x3xf32>, tensor<3xi32> -> tensor<4x8xf32>
  %5 = nn.scatter_add %4, %ids dim 1 : tensor<4x3xf32>, tensor<3xi32> -> tensor<4x8xf32>
  // CHECK: nn.iota dim 1 -> tensor<4x8xi64>
  %6 = nn.iota dim 1 -> tensor<4x8xi64>
  // CHECK: nn.iota dim 0 start %{{.*}} : tensor<i32> -> tensor<4xf32>
  %7 = nn.iota dim 0 start %start : tensor<i32> -> tensor<4xf32>
  // CHECK: nn.transpose %{{.*}} perm [1, 0] : tensor<2x3xui8> -> tensor<3x2xui8>
  %8 = nn.transpose %u perm [1, 0] : tensor<2x3xui8> -> tensor<3x2xui8>
  return
}

// CHECK-LABEL: @rows
func.func @rows(%x: tensor<4x8xf32>, %ids: tensor<4xi64>) {
  // CHECK: nn.layer_norm %{{.*}} dim 1 eps 1.000000e-05 : tensor<4x8xf32> -> tensor<4x8xf32>
  %0 = nn.layer_norm %x dim 1 eps 1.0e-5 : tensor<4x8xf32> -> tensor<4x8xf32>
  // CHECK: nn.rms_norm %{{.*}} dim 0 eps 0.000000e+00 : tensor<4x8xf32> -> tensor<4x8xf32>
  %1 = nn.rms_norm %x dim 0 eps 0.0 : tensor<4x8xf32> -> tensor<4x8xf32>
  // CHECK: nn.cross_entropy %{{.*}}, %{{.*}} : tensor<4x8xf32>, tensor<4xi64> -> tensor<4xf32>
  %2 = nn.cross_entropy %x, %ids : tensor<4x8xf32>, tensor<4xi64> -> tensor<4xf32>
  // CHECK: nn.argmax %{{.*}} dim 0 : tensor<4x8xf32> -> tensor<8xi32>
  %3 = nn.argmax %x dim 0 : tensor<4x8xf32> -> tensor<8xi32>
  // CHECK: nn.top_k %{{.*}} dim 1 : tensor<4x8xf32> -> tensor<4x3xf32>, tensor<4x3xi32>
  %4, %5 = nn.top_k %x dim 1 : tensor<4x8xf32> -> tensor<4x3xf32>, tensor<4x3xi32>
  return
}

// CHECK-LABEL: @attention
func.func @attention(%q: tensor<2x4x8xbf16>, %k: tensor<2x6x8xbf16>, %v: tensor<2x6x4xbf16>, %start: tensor<i32>) {
  // CHECK: nn.attention %{{.*}}, %{{.*}}, %{{.*}} heads 2 scale 5.000000e-01 : (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>) -> (tensor<2x4x4xbf16>, tensor<2x2x4xf32>)
  %0, %1 = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>) -> (tensor<2x4x4xbf16>, tensor<2x2x4xf32>)
  // CHECK: nn.attention %{{.*}}, %{{.*}}, %{{.*}} heads 4 causal offset %{{.*}} scale 5.000000e-01 : (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>, tensor<i32>) -> (tensor<2x4x4xbf16>, tensor<2x4x4xf32>)
  %2, %3 = nn.attention %q, %k, %v heads 4 causal offset %start scale 0.5 : (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>, tensor<i32>) -> (tensor<2x4x4xbf16>, tensor<2x4x4xf32>)
  // CHECK: nn.attention_grad %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}, %{{.*}} heads 2 causal scale 5.000000e-01 : (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>, tensor<2x4x4xbf16>, tensor<2x2x4xf32>, tensor<2x4x4xbf16>) -> (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>)
  %4, %5, %6 = nn.attention_grad %q, %k, %v, %0, %1, %0 heads 2 causal scale 0.5 : (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>, tensor<2x4x4xbf16>, tensor<2x2x4xf32>, tensor<2x4x4xbf16>) -> (tensor<2x4x8xbf16>, tensor<2x6x8xbf16>, tensor<2x6x4xbf16>)
  return
}

// CHECK-LABEL: @random
func.func @random(%key: tensor<i64>) {
  // CHECK: nn.random uniform %{{.*}} place 0 : tensor<i64> -> tensor<4x8xf32>
  %0 = nn.random uniform %key place 0 : tensor<i64> -> tensor<4x8xf32>
  // CHECK: nn.random normal %{{.*}} place 3 : tensor<i64> -> tensor<4xf64>
  %1 = nn.random normal %key place 3 : tensor<i64> -> tensor<4xf64>
  // CHECK: nn.fold_in %{{.*}}, %{{.*}} : tensor<i64>, tensor<i64> -> tensor<i64>
  %2 = nn.fold_in %key, %key : tensor<i64>, tensor<i64> -> tensor<i64>
  return
}
