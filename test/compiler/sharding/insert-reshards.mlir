// RUN: weft-opt %s -weft-insert-reshards -split-input-file -verify-diagnostics | FileCheck %s

topo.mesh @grid {model = 2}
#rows = #dist.sharding<@grid, [["model"], []]>
#cols = #dist.sharding<@grid, [[], ["model"]]>
#whole = #dist.sharding<@grid, [[], []]>
#part = #dist.sharding<@grid, [[], []], partial = sum ["model"]>

// CHECK-DAG: #[[ROWS:.*]] = #dist.sharding<@grid, {{\[}}["model"], []]>
// CHECK-DAG: #[[COLS:.*]] = #dist.sharding<@grid, {{\[}}[], ["model"]]>
// CHECK-DAG: #[[WHOLE:.*]] = #dist.sharding<@grid, {{\[}}[], []]>
// CHECK-DAG: #[[PART:.*]] = #dist.sharding<@grid, {{\[}}[], []], partial = sum ["model"]>
// CHECK-DAG: #[[MAX:.*]] = #dist.sharding<@grid, {{\[}}[]], partial = max ["model"]>

// The contraction is split: a partial sum, which is combined.
// CHECK-LABEL: @contraction
//  CHECK-NEXT: %[[P:.*]] = nn.matmul {{.*}} -> tensor<4x6xf32, #[[PART]]>
//  CHECK-NEXT: dist.reshard %[[P]] : tensor<4x6xf32, #[[PART]]> -> tensor<4x6xf32, #[[WHOLE]]>
func.func @contraction(%x: tensor<4x8xf32, #cols>, %w: tensor<8x6xf32, #rows>) -> tensor<4x6xf32, #whole> attributes {dist.mesh = @grid} {
  %0 = nn.matmul %x, %w : tensor<4x8xf32, #cols>, tensor<8x6xf32, #rows> -> tensor<4x6xf32, #whole>
  return %0 : tensor<4x6xf32, #whole>
}

// A reduction of the split dimension likewise, in the reduction's own way.
// CHECK-LABEL: @maximum
//  CHECK-NEXT: nn.reduce max {{.*}} -> tensor<4xf32, #[[MAX]]>
//  CHECK-NEXT: dist.reshard
func.func @maximum(%x: tensor<4x8xf32, #cols>) -> tensor<4xf32, #dist.sharding<@grid, [[]]>> attributes {dist.mesh = @grid} {
  %0 = nn.reduce max %x dims [1] : tensor<4x8xf32, #cols> -> tensor<4xf32, #dist.sharding<@grid, [[]]>>
  return %0 : tensor<4xf32, #dist.sharding<@grid, [[]]>>
}

// What fits is left alone.
// CHECK-LABEL: @fits
//   CHECK-NOT: dist.reshard
func.func @fits(%x: tensor<4x8xf32, #rows>, %w: tensor<8x6xf32, #whole>) -> tensor<4x6xf32, #rows> attributes {dist.mesh = @grid} {
  %0 = nn.matmul %x, %w : tensor<4x8xf32, #rows>, tensor<8x6xf32, #whole> -> tensor<4x6xf32, #rows>
  return %0 : tensor<4x6xf32, #rows>
}

// The smaller operand moves: cutting what is whole costs nothing.
// CHECK-LABEL: @operands_disagree
//  CHECK-NEXT: %[[Y:.*]] = dist.reshard %arg1 : tensor<4x8xf32, #[[WHOLE]]> -> tensor<4x8xf32, #[[ROWS]]>
//  CHECK-NEXT: nn.elementwise add %arg0, %[[Y]]
func.func @operands_disagree(%x: tensor<4x8xf32, #rows>, %y: tensor<4x8xf32, #whole>) -> tensor<4x8xf32, #rows> attributes {dist.mesh = @grid} {
  %0 = nn.elementwise add %x, %y : (tensor<4x8xf32, #rows>, tensor<4x8xf32, #whole>) -> tensor<4x8xf32, #rows>
  return %0 : tensor<4x8xf32, #rows>
}

// A dimension that the op needs whole is gathered.
// CHECK-LABEL: @must_be_whole
//  CHECK-NEXT: %[[X:.*]] = dist.reshard %arg0 : tensor<4x8xf32, #[[COLS]]> -> tensor<4x8xf32, #[[WHOLE]]>
//  CHECK-NEXT: nn.softmax %[[X]] dim 1
func.func @must_be_whole(%x: tensor<4x8xf32, #cols>) -> tensor<4x8xf32, #whole> attributes {dist.mesh = @grid} {
  %0 = nn.softmax %x dim 1 : tensor<4x8xf32, #cols> -> tensor<4x8xf32, #whole>
  return %0 : tensor<4x8xf32, #whole>
}

// A partial operand is combined before it is used.
// CHECK-LABEL: @partial_operand
//       CHECK: nn.matmul {{.*}} -> tensor<4x6xf32, #[[PART]]>
//  CHECK-NEXT: %[[S:.*]] = dist.reshard %{{.*}} : tensor<4x6xf32, #[[PART]]> -> tensor<4x6xf32, #
//  CHECK-NEXT: nn.elementwise exp %[[S]]
func.func @partial_operand(%x: tensor<4x8xf32, #cols>, %w: tensor<8x6xf32, #rows>) -> tensor<4x6xf32, #whole> attributes {dist.mesh = @grid} {
  %0 = nn.matmul %x, %w : tensor<4x8xf32, #cols>, tensor<8x6xf32, #rows> -> tensor<4x6xf32, #part>
  %1 = nn.elementwise exp %0 : (tensor<4x6xf32, #part>) -> tensor<4x6xf32, #whole>
  return %1 : tensor<4x6xf32, #whole>
}

// -----

topo.mesh @grid {model = 2}
#whole = #dist.sharding<@grid, [[], []]>
#part = #dist.sharding<@grid, [[], []], partial = sum ["model"]>
func.func @no_sum_to_make(%x: tensor<4x8xf32, #whole>) -> tensor<4x8xf32, #part> attributes {dist.mesh = @grid} {
  // expected-error @+1 {{is asked for a sum over axes that it does not sum over}}
  %0 = nn.elementwise exp %x : (tensor<4x8xf32, #whole>) -> tensor<4x8xf32, #part>
  return %0 : tensor<4x8xf32, #part>
}

// -----

topo.mesh @grid {model = 2}
func.func @not_propagated(%x: tensor<4xf32>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{has a tensor without a sharding; wanted one on each, run weft-propagate-shardings first}}
  %0 = nn.elementwise exp %x : (tensor<4xf32>) -> tensor<4xf32>
  return
}
