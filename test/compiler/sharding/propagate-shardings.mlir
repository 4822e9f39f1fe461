// RUN: weft-opt %s -weft-propagate-shardings -split-input-file -verify-diagnostics | FileCheck %s

topo.mesh @grid {model = 2, data = 2}

// CHECK-DAG: #[[COLS:.*]] = #dist.sharding<@grid, {{\[}}[], ["model"]]>
// CHECK-DAG: #[[ROWS:.*]] = #dist.sharding<@grid, {{\[}}["model"], []]>
// CHECK-DAG: #[[WHOLE:.*]] = #dist.sharding<@grid, {{\[}}[], []]>
// CHECK-DAG: #[[BOTH:.*]] = #dist.sharding<@grid, {{\[}}["data"], ["model"]]>
// CHECK-DAG: #[[DATA:.*]] = #dist.sharding<@grid, {{\[}}["data"], []]>

// From a weight to the result, through an elementwise op.
// CHECK-LABEL: @forward
//  CHECK-SAME: (%{{.*}}: tensor<4x8xf32, #[[WHOLE]]>, %{{.*}}: tensor<8x6xf32, #[[COLS]]>) -> tensor<4x6xf32, #[[COLS]]>
//   CHECK-NOT: dist.constrain
func.func @forward(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>) -> tensor<4x6xf32> attributes {dist.mesh = @grid} {
  %0 = dist.constrain %w to <@grid, [[], ["model"]]> open [0] : tensor<8x6xf32>
  %1 = nn.matmul %x, %0 : tensor<4x8xf32>, tensor<8x6xf32> -> tensor<4x6xf32>
  %2 = nn.elementwise relu %1 : (tensor<4x6xf32>) -> tensor<4x6xf32>
  return %2 : tensor<4x6xf32>
}

// From a mark on the result back to the argument.
// CHECK-LABEL: @backward
//  CHECK-SAME: (%{{.*}}: tensor<8x4xf32, #[[COLS]]>) -> tensor<4x8xf32, #[[ROWS]]>
func.func @backward(%x: tensor<8x4xf32>) -> tensor<4x8xf32> attributes {dist.mesh = @grid} {
  %0 = nn.transpose %x perm [1, 0] : tensor<8x4xf32> -> tensor<4x8xf32>
  %1 = dist.constrain %0 to <@grid, [["model"], []]> : tensor<4x8xf32>
  return %1 : tensor<4x8xf32>
}

// Two marks of one value on different dimensions meet in its user.
// CHECK-LABEL: @two_axes
//  CHECK-SAME: -> tensor<4x8xf32, #[[BOTH]]>
func.func @two_axes(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> attributes {dist.mesh = @grid} {
  %0 = dist.constrain %x to <@grid, [["data"], []]> open [1] : tensor<4x8xf32>
  %1 = dist.constrain %y to <@grid, [[], ["model"]]> open [0] : tensor<4x8xf32>
  %2 = nn.elementwise add %0, %1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}

// A dimension that is marked whole stays whole.
// CHECK-LABEL: @closed
//  CHECK-SAME: (%{{.*}}: tensor<4x8xf32, #[[DATA]]>, %{{.*}}: tensor<4x8xf32, #[[WHOLE]]>)
func.func @closed(%x: tensor<4x8xf32>, %y: tensor<4x8xf32>) -> tensor<4x8xf32> attributes {dist.mesh = @grid} {
  %0 = dist.constrain %x to <@grid, [["data"], []]> : tensor<4x8xf32>
  %1 = dist.constrain %y to <@grid, [[], []]> : tensor<4x8xf32>
  %2 = nn.elementwise add %0, %1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}

// The outermost of dimensions that are joined carries its split on.
// CHECK-LABEL: @joined
//  CHECK-SAME: (%{{.*}}: tensor<4x8xf32, #[[ROWS]]>) -> tensor<32xf32, #
//       CHECK: nn.reshape %{{.*}} -> tensor<32xf32, #
func.func @joined(%x: tensor<4x8xf32>) -> tensor<32xf32> attributes {dist.mesh = @grid} {
  %0 = dist.constrain %x to <@grid, [["model"], []]> : tensor<4x8xf32>
  %1 = nn.reshape %0 : tensor<4x8xf32> -> tensor<32xf32>
  return %1 : tensor<32xf32>
}

// One axis splits one dimension: the second operand's mark on the same axis does not reach the result.
// CHECK-LABEL: @axis_taken
//  CHECK-SAME: -> tensor<4x4xf32, #[[ROWS]]>
func.func @axis_taken(%x: tensor<4x4xf32>, %y: tensor<4x4xf32>) -> tensor<4x4xf32> attributes {dist.mesh = @grid} {
  %0 = dist.constrain %x to <@grid, [["model"], []]> : tensor<4x4xf32>
  %1 = dist.constrain %y to <@grid, [[], ["model"]]> : tensor<4x4xf32>
  %2 = nn.elementwise add %0, %1 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  return %2 : tensor<4x4xf32>
}

// The second mark on one value is a resharding.
// CHECK-LABEL: @marked_twice
//       CHECK: dist.reshard %{{.*}} : tensor<4x4xf32, #[[ROWS]]> -> tensor<4x4xf32, #[[COLS]]>
func.func @marked_twice(%x: tensor<4x4xf32>) -> tensor<4x4xf32> attributes {dist.mesh = @grid} {
  %0 = dist.constrain %x to <@grid, [["model"], []]> : tensor<4x4xf32>
  %1 = dist.constrain %0 to <@grid, [[], ["model"]]> : tensor<4x4xf32>
  return %1 : tensor<4x4xf32>
}

// CHECK-LABEL: @without_a_mesh
//  CHECK-SAME: (%{{.*}}: tensor<4xf32>)
func.func @without_a_mesh(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}

// -----

topo.mesh @grid {model = 2}
func.func @partial_argument(%x: tensor<4xf32>) -> tensor<4xf32> attributes {dist.mesh = @grid} {
  // expected-error @+1 {{marks an argument as a sum still to be made; a tensor function takes finished tensors}}
  %0 = dist.constrain %x to <@grid, [[]], partial = sum ["model"]> : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

topo.mesh @grid {model = 2}
func.func @partial_result(%x: tensor<4x8xf32>) -> tensor<4xf32> attributes {dist.mesh = @grid} {
  %0 = nn.reduce sum %x dims [1] : tensor<4x8xf32> -> tensor<4xf32>
  // expected-error @+1 {{marks a result as a sum still to be made; a tensor function gives finished tensors}}
  %1 = dist.constrain %0 to <@grid, [[]], partial = sum ["model"]> : tensor<4xf32>
  return %1 : tensor<4xf32>
}

// -----

topo.mesh @grid {model = 2}
func.func @unknown_op(%x: tensor<4xf32>) -> tensor<4xf32> attributes {dist.mesh = @grid} {
  // expected-error @+1 {{'tensor.cast' has no sharding rule; wanted ops with one in a function on a mesh}}
  %0 = tensor.cast %x : tensor<4xf32> to tensor<?xf32>
  return %x : tensor<4xf32>
}

// -----

topo.mesh @grid {three = 3}

// 4 does not divide over 3 slots, so the split of 12 does not go on to it.
// CHECK-LABEL: @uneven
//  CHECK-SAME: -> tensor<4x3xf32, #[[WHOLE2:.*]]>
//       CHECK: nn.reshape %{{.*}} : tensor<12xf32, #{{.*}}> -> tensor<4x3xf32, #[[WHOLE2]]>
func.func @uneven(%x: tensor<12xf32>) -> tensor<4x3xf32> attributes {dist.mesh = @grid} {
  %0 = dist.constrain %x to <@grid, [["three"]]> : tensor<12xf32>
  %1 = nn.reshape %0 : tensor<12xf32> -> tensor<4x3xf32>
  return %1 : tensor<4x3xf32>
}

// -----

topo.mesh @grid {model = 2}
// expected-error @+1 {{takes or gives 'index'; wanted tensors in a function on a mesh}}
func.func @no_tensor(%x: index) attributes {dist.mesh = @grid} {
  return
}
