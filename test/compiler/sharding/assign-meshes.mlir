// RUN: weft-opt %s -weft-assign-meshes -split-input-file -verify-diagnostics | FileCheck %s

topo.mesh @grid {model = 2}

// CHECK: func.func @marked(%{{.*}}) -> tensor<8xf32> attributes {dist.mesh = @grid}
func.func @marked(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = dist.constrain %x to <@grid, [["model"]]> : tensor<8xf32>
  return %0 : tensor<8xf32>
}

// CHECK: func.func @named(%{{.*}}) -> tensor<8xf32> attributes {dist.mesh = @grid}
func.func @named(%x: tensor<8xf32>) -> tensor<8xf32> attributes {dist.mesh = @grid} {
  return %x : tensor<8xf32>
}

// CHECK: func.func @unmarked(%{{.*}}) -> tensor<8xf32> attributes {dist.mesh = @one_slot}
func.func @unmarked(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

// The mesh of one slot is made once.
// CHECK: func.func @unmarked_too(%{{.*}}) -> tensor<8xf32> attributes {dist.mesh = @one_slot}
func.func @unmarked_too(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}

// CHECK: func.func @no_tensor_function(%{{.*}}: i32) {
func.func @no_tensor_function(%x: i32) {
  return
}

// CHECK: func.func private @declared(tensor<8xf32>)
//  CHECK-NOT: dist.mesh
func.func private @declared(tensor<8xf32>)

// CHECK: topo.mesh @one_slot {}
// CHECK-NOT: topo.mesh @one_slot

// -----

topo.mesh @a {m = 2}
topo.mesh @b {m = 2}
func.func @two_meshes(%x: tensor<8xf32>) -> tensor<8xf32> {
  %0 = dist.constrain %x to <@a, [["m"]]> : tensor<8xf32>
  // expected-error @+1 {{is laid out on @b, its function on @a; wanted one mesh}}
  %1 = dist.constrain %0 to <@b, [["m"]]> : tensor<8xf32>
  return %1 : tensor<8xf32>
}

// -----

// The name is the program's: a function, and a mesh of two slots.
// CHECK: func.func @one_slot(%{{.*}}) -> tensor<8xf32> attributes {dist.mesh = @one_slot_1}
func.func @one_slot(%x: tensor<8xf32>) -> tensor<8xf32> {
  return %x : tensor<8xf32>
}
topo.mesh @one_slot_0 {model = 2}
// CHECK: topo.mesh @one_slot_0 {model = 2}
// CHECK: topo.mesh @one_slot_1 {}
