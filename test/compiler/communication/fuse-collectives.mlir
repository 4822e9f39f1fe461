// RUN: weft-opt %s -pass-pipeline='builtin.module(any(weft-fuse-collectives))' | FileCheck %s
// RUN: weft-opt %s -pass-pipeline='builtin.module(any(weft-fuse-collectives{max-shards=2}))' | FileCheck %s --check-prefix=TWO
// RUN: weft-opt %s -pass-pipeline='builtin.module(any(weft-fuse-collectives))' --remark-policy=all --remarks-filter='fuse.*' -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

topo.mesh @mesh {dp = 4, tp = 2}
topo.mesh @other {dp = 4, tp = 2}

// CHECK-LABEL: @one_shard
//  CHECK-SAME: %[[X:.*]]: tensor<8xf32>
//  CHECK-NEXT: %[[R:.*]] = dist.reduce_scatter sum %[[X]] on @mesh ["dp"] dim 0
//  CHECK-NEXT: return %[[R]]
func.func @one_shard(%x: tensor<8xf32>) -> tensor<2xf32> {
  %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
  %1 = dist.take_shard %0 on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// The whole sum is used too, so fusing would add a step.
// CHECK-LABEL: @also_used_whole
//       CHECK: dist.all_reduce
//       CHECK: dist.take_shard
//   CHECK-NOT: dist.reduce_scatter
func.func @also_used_whole(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<2xf32>) {
  %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
  %1 = dist.take_shard %0 on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
  return %0, %1 : tensor<8xf32>, tensor<2xf32>
}

// REMARK: TooManyShards
// REMARK-SAME: 2 shards, max-shards is 1
// CHECK-LABEL: @two_shards
//       CHECK: dist.all_reduce
//   TWO-LABEL: @two_shards
//     TWO-NOT: dist.all_reduce
// TWO-COUNT-2: dist.reduce_scatter max
func.func @two_shards(%x: tensor<8x8xf32>) -> (tensor<2x8xf32>, tensor<8x2xf32>) {
  %0 = dist.all_reduce max %x on @mesh ["dp"] : tensor<8x8xf32> -> tensor<8x8xf32>
  %1 = dist.take_shard %0 on @mesh ["dp"] dim 0 : tensor<8x8xf32> -> tensor<2x8xf32>
  %2 = dist.take_shard %0 on @mesh ["dp"] dim 1 : tensor<8x8xf32> -> tensor<8x2xf32>
  return %1, %2 : tensor<2x8xf32>, tensor<8x2xf32>
}

// CHECK-LABEL: @other_axis
//       CHECK: dist.all_reduce
//       CHECK: dist.take_shard
func.func @other_axis(%x: tensor<8xf32>) -> tensor<4xf32> {
  %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
  %1 = dist.take_shard %0 on @mesh ["tp"] dim 0 : tensor<8xf32> -> tensor<4xf32>
  return %1 : tensor<4xf32>
}

// CHECK-LABEL: @other_mesh
//       CHECK: dist.all_reduce
//       CHECK: dist.take_shard
func.func @other_mesh(%x: tensor<8xf32>) -> tensor<2xf32> {
  %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
  %1 = dist.take_shard %0 on @other ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
  return %1 : tensor<2xf32>
}

// The order of axes is the order of slots: these are other shards.
// CHECK-LABEL: @axes_in_another_order
//       CHECK: dist.all_reduce
//       CHECK: dist.take_shard
func.func @axes_in_another_order(%x: tensor<8xf32>) -> tensor<1xf32> {
  %0 = dist.all_reduce sum %x on @mesh ["dp", "tp"] : tensor<8xf32> -> tensor<8xf32>
  %1 = dist.take_shard %0 on @mesh ["tp", "dp"] dim 0 : tensor<8xf32> -> tensor<1xf32>
  return %1 : tensor<1xf32>
}

// CHECK-LABEL: @shard_of_gather
//  CHECK-SAME: %[[X:.*]]: tensor<2x8xf32>
//  CHECK-NEXT: return %[[X]]
func.func @shard_of_gather(%x: tensor<2x8xf32>) -> tensor<2x8xf32> {
  %0 = dist.all_gather %x on @mesh ["dp"] dim 0 : tensor<2x8xf32> -> tensor<8x8xf32>
  %1 = dist.take_shard %0 on @mesh ["dp"] dim 0 : tensor<8x8xf32> -> tensor<2x8xf32>
  return %1 : tensor<2x8xf32>
}

// CHECK-LABEL: @shard_of_gather_along_another_dim
//       CHECK: dist.all_gather
//       CHECK: dist.take_shard
func.func @shard_of_gather_along_another_dim(%x: tensor<2x8xf32>) -> tensor<8x2xf32> {
  %0 = dist.all_gather %x on @mesh ["dp"] dim 0 : tensor<2x8xf32> -> tensor<8x8xf32>
  %1 = dist.take_shard %0 on @mesh ["dp"] dim 1 : tensor<8x8xf32> -> tensor<8x2xf32>
  return %1 : tensor<8x2xf32>
}

// The gather's result is used whole too: it stays, but the cut goes.
// CHECK-LABEL: @gather_also_used_whole
//  CHECK-SAME: %[[X:.*]]: tensor<2xf32>
//  CHECK-NEXT: %[[G:.*]] = dist.all_gather
//  CHECK-NEXT: return %[[G]], %[[X]]
func.func @gather_also_used_whole(%x: tensor<2xf32>) -> (tensor<8xf32>, tensor<2xf32>) {
  %0 = dist.all_gather %x on @mesh ["dp"] dim 0 : tensor<2xf32> -> tensor<8xf32>
  %1 = dist.take_shard %0 on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
  return %0, %1 : tensor<8xf32>, tensor<2xf32>
}

// The mirror shape is left alone.
// CHECK-LABEL: @gather_of_shard
//       CHECK: dist.take_shard
//       CHECK: dist.all_gather
func.func @gather_of_shard(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = dist.take_shard %x on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
  %1 = dist.all_gather %0 on @mesh ["dp"] dim 0 : tensor<2xf32> -> tensor<8xf32>
  return %1 : tensor<8xf32>
}
