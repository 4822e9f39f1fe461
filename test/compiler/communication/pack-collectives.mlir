// RUN: weft-opt %s -pass-pipeline='builtin.module(any(weft-pack-collectives))' | FileCheck %s

topo.mesh @mesh {tp = 2}

// CHECK-LABEL: @gather_along_columns
//  CHECK-NEXT: %[[A:.*]] = nn.reshape %{{.*}} : tensor<3x4xf32> -> tensor<1x3x4xf32>
//  CHECK-NEXT: %[[B:.*]] = dist.all_gather %[[A]] on @mesh ["tp"] dim 0 : tensor<1x3x4xf32> -> tensor<2x3x4xf32>
//  CHECK-NEXT: %[[C:.*]] = nn.transpose %[[B]] perm [1, 0, 2] : tensor<2x3x4xf32> -> tensor<3x2x4xf32>
//  CHECK-NEXT: nn.reshape %[[C]] : tensor<3x2x4xf32> -> tensor<3x8xf32>
func.func @gather_along_columns(%x: tensor<3x4xf32>) -> tensor<3x8xf32> {
  %0 = dist.all_gather %x on @mesh ["tp"] dim 1 : tensor<3x4xf32> -> tensor<3x8xf32>
  return %0 : tensor<3x8xf32>
}

// CHECK-LABEL: @scatter_along_columns
//  CHECK-NEXT: %[[A:.*]] = nn.reshape %{{.*}} : tensor<3x8xf32> -> tensor<3x2x4xf32>
//  CHECK-NEXT: %[[B:.*]] = nn.transpose %[[A]] perm [1, 0, 2] : tensor<3x2x4xf32> -> tensor<2x3x4xf32>
//  CHECK-NEXT: %[[C:.*]] = dist.reduce_scatter max %[[B]] on @mesh ["tp"] dim 0 : tensor<2x3x4xf32> -> tensor<1x3x4xf32>
//  CHECK-NEXT: nn.reshape %[[C]] : tensor<1x3x4xf32> -> tensor<3x4xf32>
func.func @scatter_along_columns(%x: tensor<3x8xf32>) -> tensor<3x4xf32> {
  %0 = dist.reduce_scatter max %x on @mesh ["tp"] dim 1 : tensor<3x8xf32> -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}

// Along the first dimension shards are contiguous as they are.
// CHECK-LABEL: @along_rows
//  CHECK-NEXT: dist.all_gather %{{.*}} on @mesh ["tp"] dim 0 : tensor<3x4xf32> -> tensor<6x4xf32>
func.func @along_rows(%x: tensor<3x4xf32>) -> tensor<6x4xf32> {
  %0 = dist.all_gather %x on @mesh ["tp"] dim 0 : tensor<3x4xf32> -> tensor<6x4xf32>
  return %0 : tensor<6x4xf32>
}

// Dimensions of size 1 before it change nothing.
// CHECK-LABEL: @behind_ones
//  CHECK-NEXT: dist.all_gather %{{.*}} on @mesh ["tp"] dim 1 : tensor<1x4xf32> -> tensor<1x8xf32>
func.func @behind_ones(%x: tensor<1x4xf32>) -> tensor<1x8xf32> {
  %0 = dist.all_gather %x on @mesh ["tp"] dim 1 : tensor<1x4xf32> -> tensor<1x8xf32>
  return %0 : tensor<1x8xf32>
}

// take_shard is local and may cut anywhere.
// CHECK-LABEL: @cut_along_columns
//  CHECK-NEXT: dist.take_shard %{{.*}} on @mesh ["tp"] dim 1
func.func @cut_along_columns(%x: tensor<3x8xf32>) -> tensor<3x4xf32> {
  %0 = dist.take_shard %x on @mesh ["tp"] dim 1 : tensor<3x8xf32> -> tensor<3x4xf32>
  return %0 : tensor<3x4xf32>
}
