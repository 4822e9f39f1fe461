// RUN: weft-opt %s -weft-outline-kernels -weft-verify-kernels | FileCheck %s

topo.mesh @mesh {tp = 2}
#whole = #dist.sharding<@mesh, [[]]>
#whole2 = #dist.sharding<@mesh, [[], []]>
#none = #dist.sharding<@mesh, []>

// One kernel before the collective and one behind it; the constant is in each.
// CHECK-LABEL: func.func @two_stages
//       CHECK:   %[[A:.*]] = func.call @two_stages_k0(%[[P:.*]]) :
//  CHECK-NEXT:   %[[S:.*]] = dist.all_reduce sum %[[A]]
//  CHECK-NEXT:   %[[B:.*]] = func.call @two_stages_k1(%[[S]], %[[P]]) :
//  CHECK-NEXT:   dist.yield %[[B]]
//       CHECK: func.func private @two_stages_k0(%{{.*}}) -> tensor<4xf32> attributes {dist.kernel}
//  CHECK-NEXT:   nn.constant
//  CHECK-NEXT:   nn.elementwise mul
//  CHECK-NEXT:   return
//       CHECK: func.func private @two_stages_k1(%{{.*}}, %{{.*}}) -> tensor<4xf32> attributes {dist.kernel}
//  CHECK-NEXT:   nn.constant
//  CHECK-NEXT:   nn.elementwise mul
//  CHECK-NEXT:   nn.elementwise add
//  CHECK-NEXT:   return
func.func @two_stages(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> (tensor<4xf32, #whole>) {
    %c = nn.constant dense<2.0> : tensor<4xf32>
    %1 = nn.elementwise mul %p, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %2 = dist.all_reduce sum %1 on @mesh ["tp"] : tensor<4xf32> -> tensor<4xf32>
    %3 = nn.elementwise mul %2, %c : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %4 = nn.elementwise add %3, %p : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dist.yield %4 : tensor<4xf32>
  }
  return %0 : tensor<4xf32, #whole>
}

// A cut is a slice at a place that follows from the slot's number.
// CHECK-LABEL: func.func @cut
//       CHECK:   %[[I:.*]] = dist.slot_index on @mesh ["tp"] : tensor<i32>
//  CHECK-NEXT:   func.call @cut_k0(%[[I]], %{{.*}}) :
//       CHECK: func.func private @cut_k0(%[[I:.*]]: tensor<i32>, %[[X:.*]]: tensor<4xf32>) -> tensor<2xf32>
//       CHECK:   %[[N:.*]] = tensor.extract %[[I]][] : tensor<i32>
//  CHECK-NEXT:   %[[K:.*]] = arith.index_cast %[[N]] : i32 to index
//       CHECK:   %[[O:.*]] = arith.muli %[[K]], %c2
//       CHECK:   tensor.extract_slice %[[X]][%[[O]]] [2] [1]
func.func @cut(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #dist.sharding<@mesh, [["tp"]]>> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> (tensor<4xf32, #dist.sharding<@mesh, [["tp"]]>>) {
    %1 = dist.take_shard %p on @mesh ["tp"] dim 0 : tensor<4xf32> -> tensor<2xf32>
    dist.yield %1 : tensor<2xf32>
  }
  return %0 : tensor<4xf32, #dist.sharding<@mesh, [["tp"]]>>
}

// A constant that leaves the body is a kernel's result.
// CHECK-LABEL: func.func @constant
//       CHECK:   %[[C:.*]] = func.call @constant_k0() : () -> tensor<4xf32>
//  CHECK-NEXT:   dist.yield %[[C]]
func.func @constant(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> (tensor<4xf32, #whole>) {
    %c = nn.constant dense<2.0> : tensor<4xf32>
    dist.yield %c : tensor<4xf32>
  }
  return %0 : tensor<4xf32, #whole>
}

// What goes through as it is needs no kernel.
// CHECK-LABEL: func.func @through
//       CHECK:   dist.spmd on @mesh (%[[P:.*]] = %{{.*}}
//  CHECK-NEXT:   dist.yield %[[P]]
//   CHECK-NOT: @through_k0
func.func @through(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> (tensor<4xf32, #whole>) {
    dist.yield %p : tensor<4xf32>
  }
  return %0 : tensor<4xf32, #whole>
}

// A sum joins the kernel of one operand and waits for the other.
// CHECK-LABEL: func.func @one_kernel_behind_two_steps
//       CHECK:   func.call @one_kernel_behind_two_steps_k0
//       CHECK:   dist.all_reduce
//  CHECK-NEXT:   func.call @one_kernel_behind_two_steps_k1
// CHECK-COUNT-2: dist.all_reduce
//  CHECK-NEXT:   func.call @one_kernel_behind_two_steps_k2
//  CHECK-NEXT:   dist.yield
func.func @one_kernel_behind_two_steps(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> (tensor<4xf32, #whole>) {
    %1 = nn.elementwise exp %p : (tensor<4xf32>) -> tensor<4xf32>
    %2 = dist.all_reduce sum %1 on @mesh ["tp"] : tensor<4xf32> -> tensor<4xf32>
    %3 = nn.elementwise neg %2 : (tensor<4xf32>) -> tensor<4xf32>
    %4 = dist.all_reduce sum %3 on @mesh ["tp"] : tensor<4xf32> -> tensor<4xf32>
    %5 = dist.all_reduce max %1 on @mesh ["tp"] : tensor<4xf32> -> tensor<4xf32>
    %6 = nn.elementwise abs %5 : (tensor<4xf32>) -> tensor<4xf32>
    %7 = nn.elementwise add %4, %6 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    dist.yield %7 : tensor<4xf32>
  }
  return %0 : tensor<4xf32, #whole>
}

// A name that is taken is not taken again.
// CHECK: func.func private @named_k0_0
func.func @named(%x: tensor<4xf32, #whole>) -> tensor<4xf32, #whole> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4xf32, #whole> as tensor<4xf32>) -> (tensor<4xf32, #whole>) {
    %1 = nn.elementwise sqrt %p : (tensor<4xf32>) -> tensor<4xf32>
    dist.yield %1 : tensor<4xf32>
  }
  return %0 : tensor<4xf32, #whole>
}
func.func private @named_k0()

// A product takes what follows on its elements, and rows what is computed along them; a bias is repeated in the kernel.
// CHECK-LABEL: func.func @layer
//       CHECK:   %[[H:.*]] = func.call @layer_k0(%[[X:.*]], %{{.*}}, %{{.*}}) :
//  CHECK-NEXT:   %[[Y:.*]]:2 = func.call @layer_k1(%[[H]], %[[X]]) :
//  CHECK-NEXT:   dist.yield %[[Y]]#1
//       CHECK: func.func private @layer_k0
//  CHECK-NEXT:   nn.matmul
//  CHECK-NEXT:   nn.broadcast
//  CHECK-NEXT:   nn.elementwise add
//  CHECK-NEXT:   nn.elementwise gelu
//  CHECK-NEXT:   return
//       CHECK: func.func private @layer_k1
//  CHECK-NEXT:   nn.softmax
//  CHECK-NEXT:   nn.elementwise add
//  CHECK-NEXT:   nn.reduce sum
//  CHECK-NEXT:   return
func.func @layer(%x: tensor<4x8xf32, #whole2>, %w: tensor<8x8xf32, #whole2>, %b: tensor<8xf32, #whole>) -> (tensor<8xf32, #whole>, tensor<4x8xf32, #whole2>) {
  %0:2 = dist.spmd on @mesh (%p = %x : tensor<4x8xf32, #whole2> as tensor<4x8xf32>, %v = %w : tensor<8x8xf32, #whole2> as tensor<8x8xf32>, %c = %b : tensor<8xf32, #whole> as tensor<8xf32>) -> (tensor<8xf32, #whole>, tensor<4x8xf32, #whole2>) {
    %1 = nn.matmul %p, %v : tensor<4x8xf32>, tensor<8x8xf32> -> tensor<4x8xf32>
    %2 = nn.broadcast %c dims [1] : tensor<8xf32> -> tensor<4x8xf32>
    %3 = nn.elementwise add %1, %2 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    %4 = nn.elementwise gelu %3 : (tensor<4x8xf32>) -> tensor<4x8xf32>
    %5 = nn.softmax %4 dim 1 : tensor<4x8xf32> -> tensor<4x8xf32>
    %6 = nn.elementwise add %5, %p : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x8xf32>
    %7 = nn.reduce sum %6 dims [0] : tensor<4x8xf32> -> tensor<8xf32>
    dist.yield %7, %6 : tensor<8xf32>, tensor<4x8xf32>
  }
  return %0#0, %0#1 : tensor<8xf32, #whole>, tensor<4x8xf32, #whole2>
}

// Two kernels that do the same are one function.
// CHECK-LABEL: func.func @equal
//       CHECK:   func.call @equal_k0
//       CHECK:   func.call @equal_k0
//   CHECK-NOT: @equal_k1
func.func @equal(%x: tensor<4x4xf32, #whole2>) -> tensor<4x4xf32, #whole2> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4x4xf32, #whole2> as tensor<4x4xf32>) -> (tensor<4x4xf32, #whole2>) {
    %1 = nn.matmul %p, %p : tensor<4x4xf32>, tensor<4x4xf32> -> tensor<4x4xf32>
    %2 = nn.matmul %1, %1 : tensor<4x4xf32>, tensor<4x4xf32> -> tensor<4x4xf32>
    dist.yield %2 : tensor<4x4xf32>
  }
  return %0 : tensor<4x4xf32, #whole2>
}

// The sum of what a product needs and of what comes from it cannot be in one kernel with the first.
// CHECK-LABEL: func.func @around
//       CHECK:   %[[A:.*]] = func.call @around_k0
//  CHECK-NEXT:   %[[B:.*]] = func.call @around_k1(%[[A]])
//  CHECK-NEXT:   dist.yield %[[B]]
func.func @around(%x: tensor<4x4xf32, #whole2>) -> tensor<4x4xf32, #whole2> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4x4xf32, #whole2> as tensor<4x4xf32>) -> (tensor<4x4xf32, #whole2>) {
    %1 = nn.elementwise exp %p : (tensor<4x4xf32>) -> tensor<4x4xf32>
    %2 = nn.matmul %1, %1 : tensor<4x4xf32>, tensor<4x4xf32> -> tensor<4x4xf32>
    %3 = nn.elementwise add %2, %1 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    dist.yield %3 : tensor<4x4xf32>
  }
  return %0 : tensor<4x4xf32, #whole2>
}

// Halves that are cut out, turned and joined again are one kernel; what is repeated is made before it, once.
// CHECK-LABEL: func.func @turned
//       CHECK:   %[[C:.*]] = func.call @turned_k0(%{{.*}}) : (tensor<3xf32>) -> tensor<3xf32>
//  CHECK-NEXT:   %[[R:.*]] = func.call @turned_k1(%[[C]], %{{.*}}) : (tensor<3xf32>, tensor<4x6xf32>) -> tensor<4x6xf32>
//  CHECK-NEXT:   dist.yield %[[R]]
#flat = #dist.sharding<@mesh, [[], []]>
#few = #dist.sharding<@mesh, [[]]>
func.func @turned(%x: tensor<4x6xf32, #flat>, %a: tensor<3xf32, #few>) -> tensor<4x6xf32, #flat> {
  %0 = dist.spmd on @mesh (%p = %x : tensor<4x6xf32, #flat> as tensor<4x6xf32>, %q = %a : tensor<3xf32, #few> as tensor<3xf32>)
      -> (tensor<4x6xf32, #flat>) {
    %c = nn.elementwise cos %q : (tensor<3xf32>) -> tensor<3xf32>
    %wide = nn.broadcast %c dims [1] : tensor<3xf32> -> tensor<4x3xf32>
    %first = nn.slice %p offsets [0, 0] : tensor<4x6xf32> -> tensor<4x3xf32>
    %second = nn.slice %p offsets [0, 3] : tensor<4x6xf32> -> tensor<4x3xf32>
    %1 = nn.elementwise mul %first, %wide : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %2 = nn.elementwise sub %second, %1 : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %3 = nn.elementwise add %first, %second : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x3xf32>
    %4 = nn.concat %2, %3 dim 1 : (tensor<4x3xf32>, tensor<4x3xf32>) -> tensor<4x6xf32>
    dist.yield %4 : tensor<4x6xf32>
  }
  return %0 : tensor<4x6xf32, #flat>
}

// Keys that grow by a row need not be copied.
// CHECK-LABEL: func.func @grows
//       CHECK: func.func private @grows_k0(%{{.*}}: tensor<8x4xf32> {dist.in_place = 0 : i64}, %{{.*}}: tensor<1x4xf32>, %{{.*}}: tensor<i32>)
func.func @grows(%cache: tensor<8x4xf32, #whole2>, %row: tensor<1x4xf32, #whole2>, %at: tensor<i32, #none>) -> tensor<8x4xf32, #whole2> {
  %0 = dist.spmd on @mesh (%c = %cache : tensor<8x4xf32, #whole2> as tensor<8x4xf32>, %r = %row : tensor<1x4xf32, #whole2> as tensor<1x4xf32>,
                           %s = %at : tensor<i32, #none> as tensor<i32>) -> (tensor<8x4xf32, #whole2>) {
    %1 = nn.update_slice %c, %r dim 0 at %s : tensor<8x4xf32>, tensor<1x4xf32>, tensor<i32> -> tensor<8x4xf32>
    dist.yield %1 : tensor<8x4xf32>
  }
  return %0 : tensor<8x4xf32, #whole2>
}

// A number that others read too is made beside the product whose elements it scales.
// CHECK-LABEL: func.func @scaled
//       CHECK:   %[[N:.*]] = func.call @scaled_k0(%[[S:.*]]) : (tensor<f32>) -> tensor<f32>
//  CHECK-NEXT:   %[[Y:.*]] = func.call @scaled_k1(
//  CHECK-NEXT:   dist.yield %[[Y]], %[[N]]
func.func @scaled(%x: tensor<4x4xf32, #whole2>, %s: tensor<f32, #none>) -> (tensor<4x4xf32, #whole2>, tensor<f32, #none>) {
  %0:2 = dist.spmd on @mesh (%p = %x : tensor<4x4xf32, #whole2> as tensor<4x4xf32>, %t = %s : tensor<f32, #none> as tensor<f32>) -> (tensor<4x4xf32, #whole2>, tensor<f32, #none>) {
    %1 = nn.elementwise add %t, %t : (tensor<f32>, tensor<f32>) -> tensor<f32>
    %2 = nn.matmul %p, %p : tensor<4x4xf32>, tensor<4x4xf32> -> tensor<4x4xf32>
    %3 = nn.broadcast %1 dims [] : tensor<f32> -> tensor<4x4xf32>
    %4 = nn.elementwise mul %2, %3 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
    dist.yield %4, %1 : tensor<4x4xf32>, tensor<f32>
  }
  return %0#0, %0#1 : tensor<4x4xf32, #whole2>, tensor<f32, #none>
}
