// RUN: weft-opt %s -weft-place-on-one-slot -weft-verify-partition | FileCheck %s

topo.mesh @one_slot {}
topo.mesh @single {data = 1}

// The body goes over as it is.
// CHECK-LABEL: @body
//  CHECK-SAME:   (%[[X:[^:]*]]: tensor<8xf32, #[[WHOLE:[^>]*]]>)
//       CHECK:   dist.spmd on @one_slot (%[[P:.*]] = %[[X]]
//  CHECK-NEXT:     %[[E:.*]] = nn.elementwise exp %[[P]] : (tensor<8xf32>) -> tensor<8xf32>
//  CHECK-NEXT:     dist.yield %[[E]], %[[P]] : tensor<8xf32>, tensor<8xf32>
func.func @body(%x: tensor<8xf32>) -> (tensor<8xf32>, tensor<8xf32>) attributes {dist.mesh = @one_slot} {
  %0 = nn.elementwise exp %x : (tensor<8xf32>) -> tensor<8xf32>
  return %0, %x : tensor<8xf32>, tensor<8xf32>
}

// A mesh that has axes has one slot too; its marks say nothing.
// CHECK-LABEL: @marks
//   CHECK-NOT:   dist.constrain
//       CHECK:   dist.spmd on @single
func.func @marks(%x: tensor<8xf32>) -> tensor<8xf32> attributes {dist.mesh = @single} {
  %0 = dist.constrain %x to <@single, [["data"]]> open [] : tensor<8xf32>
  %1 = nn.elementwise exp %0 : (tensor<8xf32>) -> tensor<8xf32>
  return %1 : tensor<8xf32>
}

func.func private @external(tensor<8xf32>) -> tensor<8xf32>
