// RUN: weft-opt %s -weft-verify-kernels -split-input-file -verify-diagnostics

// F1
topo.mesh @mesh {tp = 2}
#whole = #dist.sharding<@mesh, [[]]>
func.func @op_on_a_slot(%x: tensor<4xf32, #whole>) {
  dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> () {
    // expected-error @+1 {{is run by slots; wanted a collective or the call of a kernel}}
    %1 = nn.elementwise exp %p : (tensor<4xf32>) -> tensor<4xf32>
    dist.yield
  }
  return
}

// -----

// F1
topo.mesh @mesh {tp = 2}
func.func private @no_kernel()
dist.spmd on @mesh () -> () {
  // expected-error @+1 {{is run by slots; wanted a collective or the call of a kernel}}
  func.call @no_kernel() : () -> ()
  dist.yield
}

// -----

// F2
topo.mesh @mesh {tp = 2}
func.func private @k(%x: tensor<4xf32>) -> tensor<4xf32> attributes {dist.kernel} {
  // expected-error @+1 {{is in a kernel; wanted ops that one slot computes alone}}
  %0 = dist.all_reduce sum %x on @mesh ["tp"] : tensor<4xf32> -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// F3
// expected-error @+1 {{takes or gives 'i32'; wanted tensors of static shape without encoding}}
func.func private @k(%x: i32) -> tensor<4xf32> attributes {dist.kernel} {
  %0 = nn.constant dense<1.0> : tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// F3
// expected-error @+1 {{takes or gives 'tensor<?xf32>'; wanted tensors of static shape without encoding}}
func.func private @k(%x: tensor<?xf32>) -> tensor<?xf32> attributes {dist.kernel} {
  return %x : tensor<?xf32>
}

// -----

// F3
// expected-error @+1 {{gives nothing; wanted at least one tensor}}
func.func private @k(%x: tensor<4xf32>) attributes {dist.kernel} {
  return
}

// -----

// expected-error @+1 {{has no body; wanted the ops of the kernel}}
func.func private @k(tensor<4xf32>) -> tensor<4xf32> attributes {dist.kernel}
