// RUN: weft-opt %s -weft-tensor | FileCheck %s

// The two-layer network on two slots: the contraction over H is split, so there is one partial sum and one all-reduce.

topo.mesh @mesh {model = 2}

// CHECK-LABEL: func.func @mlp
//       CHECK:   dist.spmd on @mesh
//  CHECK-NEXT:     %[[H:.*]] = func.call @mlp_k0(%{{.*}}, %{{.*}}) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
//  CHECK-NEXT:     %[[K:.*]] = func.call @mlp_k1(%[[H]], %{{.*}}) : (tensor<4x8xf32>, tensor<8x8xf32>) -> tensor<4x8xf32>
//  CHECK-NEXT:     %[[S:.*]] = dist.all_reduce sum %[[K]] on @mesh ["model"]
//  CHECK-NEXT:     dist.yield %[[S]]
//       CHECK: func.func private @mlp_k0
//  CHECK-SAME:   attributes {dist.kernel}
//  CHECK-NEXT:   nn.matmul
//  CHECK-NEXT:   nn.elementwise gelu
//       CHECK: func.func private @mlp_k1
//  CHECK-NEXT:   nn.matmul
func.func @mlp(%x: tensor<4x8xf32>, %w1: tensor<8x16xf32>, %w2: tensor<16x8xf32>) -> tensor<4x8xf32> {
  %a = dist.constrain %w1 to <@mesh, [[], ["model"]]> open [0] : tensor<8x16xf32>
  %b = dist.constrain %w2 to <@mesh, [["model"], []]> open [1] : tensor<16x8xf32>
  %0 = nn.matmul %x, %a : tensor<4x8xf32>, tensor<8x16xf32> -> tensor<4x16xf32>
  %1 = nn.elementwise gelu %0 : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = nn.matmul %1, %b : tensor<4x16xf32>, tensor<16x8xf32> -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}

// A tensor function that another one calls is part of it, with its marks; without a caller left it goes.
// CHECK-LABEL: func.func @outer
//       CHECK:   dist.spmd on @mesh (%{{.*}} : tensor<8xf32, #{{.*}}> as tensor<4xf32>)
//   CHECK-NOT: func.func private @inner
func.func @outer(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = func.call @inner(%x) : (tensor<8xf32>) -> tensor<8xf32>
  return %0 : tensor<8xf32>
}
func.func private @inner(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = dist.constrain %x to <@mesh, [["model"]]> : tensor<8xf32>
  %1 = nn.elementwise exp %0 : (tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// A declaration has nothing to lay out.
// CHECK: func.func private @declared(tensor<4xf32>) attributes {dist.mesh = @mesh}
func.func private @declared(tensor<4xf32>) attributes {dist.mesh = @mesh}
func.func @declaration_kept_in_use() attributes {used = @declared} {
  return
}
