// RUN: weft-opt %s | weft-opt | FileCheck %s
// RUN: weft-opt %s -mlir-print-op-generic | weft-opt | FileCheck %s

topo.mesh @grid {data = 2 elastic, model = 4}

#rows = #dist.sharding<@grid, [["data"], []]>
#part = #dist.sharding<@grid, [["data"], []], partial = sum ["model"]>

// CHECK: #[[PART:.*]] = #dist.sharding<@grid, {{\[}}["data"], []], partial = sum ["model"]>
// CHECK: #[[MARK:.*]] = #dist.sharding<@grid, {{\[}}["model"], []]>
// CHECK: #[[ROWS:.*]] = #dist.sharding<@grid, {{\[}}["data"], []]>

// CHECK-LABEL: @whole
// CHECK-SAME: attributes {dist.mesh = @grid}
func.func @whole(%x: tensor<8x4xf32>, %y: tensor<8x4xf32, #part>) attributes {dist.mesh = @grid} {
  // CHECK: dist.constrain %{{.*}} to #[[MARK]] : tensor<8x4xf32>
  %0 = dist.constrain %x to <@grid, [["model"], []]> : tensor<8x4xf32>
  // CHECK: dist.constrain %{{.*}} to #[[MARK]] open [1] : tensor<8x4xf32>
  %1 = dist.constrain %x to <@grid, [["model"], []]> open [1] : tensor<8x4xf32>
  // CHECK: dist.reshard %{{.*}} : tensor<8x4xf32, #[[PART]]> -> tensor<8x4xf32, #[[ROWS]]>
  %2 = dist.reshard %y : tensor<8x4xf32, #part> -> tensor<8x4xf32, #rows>
  return
}

// CHECK-LABEL: @slots
func.func @slots(%x: tensor<8x4xf32, #rows>) -> tensor<8x4xf32, #rows> {
  // CHECK: dist.spmd on @grid (%[[P:.*]] = %{{.*}} : tensor<8x4xf32, #[[ROWS]]> as tensor<4x4xf32>) -> (tensor<8x4xf32, #[[ROWS]]>) {
  %0 = dist.spmd on @grid (%p = %x : tensor<8x4xf32, #rows> as tensor<4x4xf32>) -> (tensor<8x4xf32, #rows>) {
    // CHECK: dist.all_reduce sum %[[P]] on @grid ["model"] : tensor<4x4xf32> -> tensor<4x4xf32>
    %1 = dist.all_reduce sum %p on @grid ["model"] : tensor<4x4xf32> -> tensor<4x4xf32>
    // CHECK: dist.reduce_scatter max %{{.*}} on @grid ["model"] dim 1 : tensor<4x4xf32> -> tensor<4x1xf32>
    %2 = dist.reduce_scatter max %1 on @grid ["model"] dim 1 : tensor<4x4xf32> -> tensor<4x1xf32>
    // CHECK: dist.all_gather %{{.*}} on @grid ["model"] dim 1 : tensor<4x1xf32> -> tensor<4x4xf32>
    %3 = dist.all_gather %2 on @grid ["model"] dim 1 : tensor<4x1xf32> -> tensor<4x4xf32>
    // CHECK: dist.take_shard %{{.*}} on @grid ["model"] dim 0 : tensor<4x4xf32> -> tensor<1x4xf32>
    %4 = dist.take_shard %3 on @grid ["model"] dim 0 : tensor<4x4xf32> -> tensor<1x4xf32>
    // CHECK: dist.slot_index on @grid ["data", "model"] : tensor<i32>
    %5 = dist.slot_index on @grid ["data", "model"] : tensor<i32>
    // CHECK: dist.yield %{{.*}} : tensor<4x4xf32>
    dist.yield %3 : tensor<4x4xf32>
  }
  return %0 : tensor<8x4xf32, #rows>
}
