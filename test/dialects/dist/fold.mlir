// RUN: weft-opt %s -canonicalize -loop-invariant-code-motion | FileCheck %s

topo.mesh @mesh {dp = 4}
#rows = #dist.sharding<@mesh, [["dp"]]>
#whole = #dist.sharding<@mesh, [[]]>

// CHECK-LABEL: @reshard_to_the_same
//  CHECK-SAME: %[[X:.*]]: tensor
//  CHECK-NEXT: return %[[X]]
func.func @reshard_to_the_same(%x: tensor<8xf32, #rows>) -> tensor<8xf32, #rows> {
  %0 = dist.reshard %x : tensor<8xf32, #rows> -> tensor<8xf32, #rows>
  return %0 : tensor<8xf32, #rows>
}

// An unused step may go ...
// CHECK-LABEL: @unused_step
//  CHECK-NEXT: return
func.func @unused_step(%x: tensor<8xf32>) {
  %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
  return
}

// ... but a gather of a cut is only what it was where all slots hold the same.
// CHECK-LABEL: @gather_of_a_cut
//       CHECK: dist.take_shard
//       CHECK: dist.all_gather
func.func @gather_of_a_cut(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = dist.take_shard %x on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
  %1 = dist.all_gather %0 on @mesh ["dp"] dim 0 : tensor<2xf32> -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

// A step is not hoisted out of a loop that may not run: not every slot might take it.
// CHECK-LABEL: @step_in_a_loop
//       CHECK: scf.for
//       CHECK: dist.all_reduce
func.func @step_in_a_loop(%x: tensor<8xf32>, %n: index) -> tensor<8xf32> {
  %zero = arith.constant 0 : index
  %one = arith.constant 1 : index
  %0 = scf.for %i = %zero to %n step %one iter_args(%sum = %x) -> tensor<8xf32> {
    %1 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
    %2 = nn.elementwise add %sum, %1 : (tensor<8xf32>, tensor<8xf32>) -> tensor<8xf32>
    scf.yield %2 : tensor<8xf32>
  }
  return %0 : tensor<8xf32>
}
