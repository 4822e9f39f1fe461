// RUN: weft-opt %s -weft-verify-communication -split-input-file -verify-diagnostics

// K1
topo.mesh @mesh {a = 2, b = 2}
#whole = #dist.sharding<@mesh, [[]]>
func.func @step_in_a_branch(%x: tensor<4xf32, #whole>) {
  dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> () {
    %c = arith.constant true
    scf.if %c {
      // expected-error @+1 {{stands in 'scf.if'; wanted it in the body of dist.spmd itself, where every slot takes it}}
      %0 = dist.all_reduce sum %p on @mesh ["a"] : tensor<4xf32> -> tensor<4xf32>
    }
    dist.yield
  }
  return
}

// -----

// K2
topo.mesh @mesh {a = 2}
#whole = #dist.sharding<@mesh, [[], []]>
func.func @shards_of_columns(%x: tensor<4x2xf32, #whole>) {
  dist.spmd on @mesh (%p = %x : tensor<4x2xf32, #whole> as tensor<4x2xf32>) -> () {
    // expected-error @+1 {{has shards along dimension 1 of 'tensor<4x4xf32>', which are not contiguous; wanted them packed by weft-pack-collectives}}
    %0 = dist.all_gather %p on @mesh ["a"] dim 1 : tensor<4x2xf32> -> tensor<4x4xf32>
    dist.yield
  }
  return
}

// -----

// K3
topo.mesh @mesh {a = 2, b = 2}
#whole = #dist.sharding<@mesh, [[]]>
func.func @axes_in_another_order(%x: tensor<4xf32, #whole>) {
  dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> () {
    %0 = dist.all_reduce sum %p on @mesh ["a", "b"] : tensor<4xf32> -> tensor<4xf32>
    // expected-error @+1 {{names axes ["b", "a"] in another order than @mesh; wanted the mesh's order}}
    %1 = dist.all_reduce sum %0 on @mesh ["b", "a"] : tensor<4xf32> -> tensor<4xf32>
    dist.yield
  }
  return
}
