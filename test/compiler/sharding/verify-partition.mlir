// RUN: weft-opt %s -weft-verify-partition -split-input-file -verify-diagnostics

// P1
topo.mesh @grid {a = 2}
#whole = #dist.sharding<@grid, [[]]>
// expected-error @+1 {{is not one dist.spmd on @grid of its arguments and a return of its results}}
func.func @whole(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> attributes {dist.mesh = @grid} {
  return %x : tensor<4xf32, #whole>
}

// -----

// P1
topo.mesh @grid {a = 2}
#whole = #dist.sharding<@grid, [[]]>
// expected-error @+1 {{is not one dist.spmd on @grid of its arguments and a return of its results}}
func.func @other_result(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> attributes {dist.mesh = @grid} {
  %0 = dist.spmd on @grid (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> (tensor<4xf32, #whole>) {
    dist.yield %p : tensor<4xf32>
  }
  return %x : tensor<4xf32, #whole>
}

// -----

// P2
topo.mesh @grid {a = 2}
#whole = #dist.sharding<@grid, [[]]>
func.func @encoding_inside(%x: tensor<4xf32, #whole>) attributes {dist.mesh = @grid} {
  dist.spmd on @grid (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> () {
    // expected-error @+1 {{gives 'tensor<4xf32, #dist.sharding<@grid, }}
    %0 = nn.elementwise exp %p : (tensor<4xf32>) -> tensor<4xf32, #whole>
    dist.yield
  }
  return
}

// -----

// P2
topo.mesh @grid {a = 2}
#whole = #dist.sharding<@grid, [[]]>
func.func @mark_inside(%x: tensor<4xf32, #whole>) attributes {dist.mesh = @grid} {
  dist.spmd on @grid (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> () {
    // expected-error @+1 {{is inside dist.spmd; wanted collectives}}
    %0 = dist.constrain %p to #whole : tensor<4xf32>
    dist.yield
  }
  return
}
