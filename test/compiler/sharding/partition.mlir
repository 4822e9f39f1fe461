// RUN: weft-opt %s -weft-partition -weft-verify-partition -split-input-file -verify-diagnostics | FileCheck %s

topo.mesh @grid {a = 2, b = 4}
#whole = #dist.sharding<@grid, [[], []]>
#rows = #dist.sharding<@grid, [["a"], []]>
#cols = #dist.sharding<@grid, [[], ["a"]]>
#both = #dist.sharding<@grid, [["a", "b"], []]>
#part = #dist.sharding<@grid, [[], []], partial = sum ["a", "b"]>

// Ops work on parts; a splat is a smaller splat.
// CHECK-LABEL: @parts
//       CHECK:   dist.spmd on @grid (%[[P:.*]] = %{{.*}} as tensor<4x4xf32>)
//  CHECK-NEXT:     %[[C:.*]] = nn.constant dense<1.000000e+00> : tensor<4x4xf32>
//  CHECK-NEXT:     %[[R:.*]] = nn.elementwise add %[[P]], %[[C]] : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
//  CHECK-NEXT:     dist.yield %[[R]] : tensor<4x4xf32>
func.func @parts(%x: tensor<8x4xf32, #rows>) -> tensor<8x4xf32, #rows> attributes {dist.mesh = @grid} {
  %0 = nn.constant dense<1.0> : tensor<8x4xf32> as tensor<8x4xf32, #rows>
  %1 = nn.elementwise add %x, %0 : (tensor<8x4xf32, #rows>, tensor<8x4xf32, #rows>) -> tensor<8x4xf32, #rows>
  return %1 : tensor<8x4xf32, #rows>
}

// The innermost split is gathered first.
// CHECK-LABEL: @gather
//       CHECK:     %[[B:.*]] = dist.all_gather %{{.*}} on @grid ["b"] dim 0 : tensor<1x4xf32> -> tensor<4x4xf32>
//  CHECK-NEXT:     dist.all_gather %[[B]] on @grid ["a"] dim 0 : tensor<4x4xf32> -> tensor<8x4xf32>
func.func @gather(%x: tensor<8x4xf32, #both>) -> tensor<8x4xf32, #whole> attributes {dist.mesh = @grid} {
  %0 = dist.reshard %x : tensor<8x4xf32, #both> -> tensor<8x4xf32, #whole>
  return %0 : tensor<8x4xf32, #whole>
}

// CHECK-LABEL: @cut
//       CHECK:     %[[A:.*]] = dist.take_shard %{{.*}} on @grid ["a"] dim 0 : tensor<8x4xf32> -> tensor<4x4xf32>
//  CHECK-NEXT:     dist.take_shard %[[A]] on @grid ["b"] dim 0 : tensor<4x4xf32> -> tensor<1x4xf32>
func.func @cut(%x: tensor<8x4xf32, #whole>) -> tensor<8x4xf32, #both> attributes {dist.mesh = @grid} {
  %0 = dist.reshard %x : tensor<8x4xf32, #whole> -> tensor<8x4xf32, #both>
  return %0 : tensor<8x4xf32, #both>
}

// CHECK-LABEL: @moved
//       CHECK:     %[[A:.*]] = dist.all_gather %{{.*}} on @grid ["a"] dim 0
//  CHECK-NEXT:     dist.take_shard %[[A]] on @grid ["a"] dim 1
func.func @moved(%x: tensor<8x4xf32, #rows>) -> tensor<8x4xf32, #cols> attributes {dist.mesh = @grid} {
  %0 = dist.reshard %x : tensor<8x4xf32, #rows> -> tensor<8x4xf32, #cols>
  return %0 : tensor<8x4xf32, #cols>
}

// Scattered over the axis that the result is split over, summed over the other.
// CHECK-LABEL: @partial
//       CHECK:     %[[P:.*]] = nn.matmul
//  CHECK-NEXT:     %[[A:.*]] = dist.reduce_scatter sum %[[P]] on @grid ["a"] dim 0 : tensor<8x4xf32> -> tensor<4x4xf32>
//  CHECK-NEXT:     dist.all_reduce sum %[[A]] on @grid ["b"] : tensor<4x4xf32> -> tensor<4x4xf32>
#k_cols = #dist.sharding<@grid, [[], ["a", "b"]]>
func.func @partial(%x: tensor<8x16xf32, #k_cols>, %w: tensor<16x4xf32, #both>) -> tensor<8x4xf32, #rows> attributes {dist.mesh = @grid} {
  %0 = nn.matmul %x, %w : tensor<8x16xf32, #k_cols>, tensor<16x4xf32, #both> -> tensor<8x4xf32, #part>
  %1 = dist.reshard %0 : tensor<8x4xf32, #part> -> tensor<8x4xf32, #rows>
  return %1 : tensor<8x4xf32, #rows>
}

// CHECK-LABEL: @operand_is_result
//       CHECK:   dist.yield %{{.*}}, %{{.*}} : tensor<4x4xf32>, tensor<4x4xf32>
func.func @operand_is_result(%x: tensor<8x4xf32, #rows>) -> (tensor<8x4xf32, #rows>, tensor<8x4xf32, #rows>) attributes {dist.mesh = @grid} {
  return %x, %x : tensor<8x4xf32, #rows>, tensor<8x4xf32, #rows>
}

// -----

topo.mesh @grid {a = 2}
#rows = #dist.sharding<@grid, [["a"], []]>
// expected-error @+1 {{dimension 0, of size 63, is split over 2 slots of 'a'; wanted a size that the slots divide evenly}}
func.func @uneven_argument(%x: tensor<63x4xf32, #rows>) attributes {dist.mesh = @grid} {
  return
}

// -----

topo.mesh @grid {a = 2}
#rows = #dist.sharding<@grid, [["a"]]>
#whole = #dist.sharding<@grid, [[]]>
func.func @uneven_resharding(%x: tensor<63xf32, #whole>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{dimension 0, of size 63, is split over 2 slots}}
  %0 = dist.reshard %x : tensor<63xf32, #whole> -> tensor<63xf32, #rows>
  return
}

// -----

topo.mesh @grid {a = 2}
#whole = #dist.sharding<@grid, [[]]>
// expected-error @+1 {{has 2 blocks; wanted one in a function on a mesh}}
func.func @two_blocks(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> attributes {dist.mesh = @grid} {
  cf.br ^next
^next:
  return %x : tensor<4xf32, #whole>
}

// -----

topo.mesh @grid {a = 2}
// expected-error @+1 {{is 'index'; wanted a tensor with a sharding in a function on a mesh}}
func.func @no_tensor(%x: index) attributes {dist.mesh = @grid} {
  return
}

// -----

topo.mesh @grid {a = 2}
// expected-error @+1 {{is 'tensor<4xf32>'; wanted a tensor with a sharding in a function on a mesh}}
func.func @no_sharding(%x: tensor<4xf32>) attributes {dist.mesh = @grid} {
  return
}
