// RUN: weft-opt %s -split-input-file -verify-diagnostics

// sharding C1
// expected-error @+1 {{names axis 'm' twice; an axis splits one dimension}}
func.func private @f(tensor<8x4xf32, #dist.sharding<@grid, [["m"], ["m"]]>>)

// -----

// sharding C1
// expected-error @+1 {{names axis 'm' twice; an axis splits one dimension}}
func.func private @f(tensor<8x4xf32, #dist.sharding<@grid, [["m"], []], partial = sum ["m"]>>)

// -----

// sharding C2
// expected-error @+1 {{sharding has 1 dimensions, the tensor 2; wanted as many}}
func.func private @f(tensor<8x4xf32, #dist.sharding<@grid, [["m"]]>>)

// -----

// sharding C3
// expected-error @+1 {{partial names no axes; wanted at least one, or no partial}}
func.func private @f(tensor<8xf32, #dist.sharding<@grid, [[]], partial = sum []>>)

// -----

// sharding
// expected-error @+1 {{partial results are combined by 'mean'; wanted sum, min or max}}
func.func private @f(tensor<8xf32, #dist.sharding<@grid, [[]], partial = mean ["m"]>>)

// -----

// the dialect's attribute
// expected-error @+1 {{dist.mesh is @grid; wanted the name of a mesh}}
func.func private @f() attributes {dist.mesh = @grid}

// -----

// the dialect's attribute
// expected-error @+1 {{has the unknown attribute 'dist.grid'; wanted 'dist.mesh' or 'dist.kernel' or 'dist.steps'}}
func.func private @f() attributes {dist.grid = @grid}

// -----

// constrain C1
topo.mesh @grid {m = 2}
func.func @f(%x: tensor<8x4xf32>) {
  // expected-error @+1 {{'dist.constrain' op sharding has 1 dimensions, the tensor 2; wanted as many}}
  %0 = dist.constrain %x to <@grid, [["m"]]> : tensor<8x4xf32>
  return
}

// -----

// constrain C1
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.constrain' op is laid out on @grid; wanted the name of a mesh}}
  %0 = dist.constrain %x to <@grid, [["m"]]> : tensor<8xf32>
  return
}

// -----

// constrain C1
topo.mesh @grid {data = 2, model = 2}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.constrain' op names axis 'm', which @grid does not have; wanted one of 'data' 'model'}}
  %0 = dist.constrain %x to <@grid, [["m"]]> : tensor<8xf32>
  return
}

// -----

// constrain C2
topo.mesh @grid {m = 2}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.constrain' op open has 1; wanted a dimension of a tensor of rank 1}}
  %0 = dist.constrain %x to <@grid, [["m"]]> open [1] : tensor<8xf32>
  return
}

// -----

// constrain C2
topo.mesh @grid {m = 2}
func.func @f(%x: tensor<8x8xf32>) {
  // expected-error @+1 {{'dist.constrain' op open has 0 after 1; wanted increasing dimensions}}
  %0 = dist.constrain %x to <@grid, [[], []]> open [1, 0] : tensor<8x8xf32>
  return
}

// -----

// constrain C2
topo.mesh @grid {m = 2}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.constrain' op leaves dimension 0 open and splits it; wanted one of both}}
  %0 = dist.constrain %x to <@grid, [["m"]]> open [0] : tensor<8xf32>
  return
}

// -----

// reshard C1
topo.mesh @grid {m = 2}
#rows = #dist.sharding<@grid, [["m"]]>
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.reshard' op goes from 'tensor<8xf32>' to}}
  %0 = dist.reshard %x : tensor<8xf32> -> tensor<8xf32, #rows>
  return
}

// -----

// reshard C2
topo.mesh @grid {m = 2}
#whole = #dist.sharding<@grid, [[]]>
#part = #dist.sharding<@grid, [[]], partial = sum ["m"]>
func.func @f(%x: tensor<8xf32, #whole>) {
  // expected-error @+1 {{'dist.reshard' op leaves a partial result over 'm' that the operand does not have}}
  %0 = dist.reshard %x : tensor<8xf32, #whole> -> tensor<8xf32, #part>
  return
}

// -----

// reshard C2
topo.mesh @grid {m = 2, k = 2}
#max = #dist.sharding<@grid, [[]], partial = max ["m", "k"]>
#sum = #dist.sharding<@grid, [[]], partial = sum ["m"]>
func.func @f(%x: tensor<8xf32, #max>) {
  // expected-error @+1 {{'dist.reshard' op leaves a partial result over 'm' that the operand does not have}}
  %0 = dist.reshard %x : tensor<8xf32, #max> -> tensor<8xf32, #sum>
  return
}

// -----

// reshard C3
topo.mesh @grid {m = 2}
#a = #dist.sharding<@grid, [["m"]]>
#b = #dist.sharding<@grid, [["k"]]>
func.func @f(%x: tensor<8xf32, #a>) {
  // expected-error @+1 {{'dist.reshard' op names axis 'k', which @grid does not have; wanted one of 'm'}}
  %0 = dist.reshard %x : tensor<8xf32, #a> -> tensor<8xf32, #b>
  return
}

// -----

// spmd C1
// expected-error @+1 {{'dist.spmd' op is on @grid; wanted the name of a mesh}}
dist.spmd on @grid () -> () {
  dist.yield
}

// -----

// spmd C2
topo.mesh @grid {m = 2}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.spmd' op operand 0 is 'tensor<8xf32>'; wanted a sharding on @grid without partial axes}}
  dist.spmd on @grid (%p = %x : tensor<8xf32> as tensor<8xf32>) -> () {
    dist.yield
  }
  return
}

// -----

// spmd C2
topo.mesh @grid {m = 2}
#part = #dist.sharding<@grid, [[]], partial = sum ["m"]>
func.func @f(%x: tensor<8xf32, #part>) {
  // expected-error @+1 {{wanted a sharding on @grid without partial axes}}
  dist.spmd on @grid (%p = %x : tensor<8xf32, #part> as tensor<8xf32>) -> () {
    dist.yield
  }
  return
}

// -----

// spmd C2
topo.mesh @grid {m = 2}
#rows = #dist.sharding<@grid, [["m"]]>
func.func @f(%x: tensor<7xf32, #rows>) {
  // expected-error @+1 {{'dist.spmd' op operand 0 has dimension 0 of size 7 split over 2 slots; wanted a multiple}}
  dist.spmd on @grid (%p = %x : tensor<7xf32, #rows> as tensor<3xf32>) -> () {
    dist.yield
  }
  return
}

// -----

// spmd C3
topo.mesh @grid {m = 2}
#rows = #dist.sharding<@grid, [["m"]]>
func.func @f(%x: tensor<8xf32, #rows>) {
  // expected-error @+1 {{'dist.spmd' op operand 0 has a part 'tensor<8xf32>'; wanted 'tensor<4xf32>'}}
  dist.spmd on @grid (%p = %x : tensor<8xf32, #rows> as tensor<8xf32>) -> () {
    dist.yield
  }
  return
}

// -----

// spmd C3
topo.mesh @grid {m = 2}
#rows = #dist.sharding<@grid, [["m"]]>
func.func @f(%x: tensor<8xf32, #rows>) {
  // expected-error @+1 {{'dist.spmd' op has 0 results and 1 parts of them; wanted as many}}
  dist.spmd on @grid (%p = %x : tensor<8xf32, #rows> as tensor<4xf32>) -> () {
    dist.yield %p : tensor<4xf32>
  }
  return
}

// -----

// steps C1
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.all_reduce' op is on @mesh; wanted the name of a mesh}}
  %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

// steps C1
topo.mesh @mesh {dp = 4}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.all_reduce' op names no axes; wanted at least one}}
  %0 = dist.all_reduce sum %x on @mesh [] : tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

// steps C1
topo.mesh @mesh {dp = 4}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.all_reduce' op names axis 'dp' twice; wanted different axes}}
  %0 = dist.all_reduce sum %x on @mesh ["dp", "dp"] : tensor<8xf32> -> tensor<8xf32>
  return
}

// -----

// steps C2
topo.mesh @mesh {dp = 4}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.all_gather' op turns elements of 'f32' into 'f64'; wanted one element type}}
  %0 = dist.all_gather %x on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<32xf64>
  return
}

// -----

// all_reduce C3
topo.mesh @mesh {dp = 4}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.all_reduce' op turns 'tensor<8xf32>' into 'tensor<2xf32>'; wanted one shape}}
  %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<2xf32>
  return
}

// -----

// reduce_scatter C3
topo.mesh @mesh {dp = 4}
func.func @f(%x: tensor<8x8xf32>) {
  // expected-error @+1 {{wanted a shard whose dimension 0 is 1/4 of the whole}}
  %0 = dist.reduce_scatter sum %x on @mesh ["dp"] dim 0 : tensor<8x8xf32> -> tensor<8x2xf32>
  return
}

// -----

// all_gather C3
topo.mesh @mesh {dp = 4}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{wanted a shard whose dimension 0 is 1/4 of the whole}}
  %0 = dist.all_gather %x on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<16xf32>
  return
}

// -----

// take_shard C3
topo.mesh @mesh {dp = 4}
func.func @f(%x: tensor<8xf32>) {
  // expected-error @+1 {{'dist.take_shard' op dim is 1; wanted a dimension of an operand of rank 1}}
  %0 = dist.take_shard %x on @mesh ["dp"] dim 1 : tensor<8xf32> -> tensor<2xf32>
  return
}

// -----

// slot_index C1
topo.mesh @mesh {dp = 4}
func.func @f() {
  // expected-error @+1 {{'dist.slot_index' op names axis 'tp', which @mesh does not have; wanted one of 'dp'}}
  %0 = dist.slot_index on @mesh ["tp"] : tensor<i32>
  return
}
