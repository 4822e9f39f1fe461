// RUN: weft-opt %s -weft-place-on-one-slot | FileCheck %s

topo.mesh @pair {data = 2}

// More slots, or no mesh: left to others.
// CHECK-LABEL: @two
//   CHECK-NOT:   dist.spmd
//       CHECK:   return %{{.*}} : tensor<8xf32>
func.func @two(%x: tensor<8xf32>) -> tensor<8xf32> attributes {dist.mesh = @pair} {
  return %x : tensor<8xf32>
}
// CHECK-LABEL: @none
//   CHECK-NOT:   dist.spmd
func.func @none(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}
