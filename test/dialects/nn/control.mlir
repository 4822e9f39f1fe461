// RUN: weft-opt %s | weft-opt | FileCheck %s
// RUN: weft-opt %s -inline | FileCheck %s --check-prefix=INLINE

// CHECK-LABEL: @all_groups
//       CHECK: %[[R:.*]]:2 = nn.scan count 3 carry(%{{.*}}) stacked(%{{.*}}) shared(%{{.*}}) : (tensor<4xf32>, tensor<3x4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
//  CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %[[C:.*]]: tensor<4xf32>, %[[W:.*]]: tensor<4xf32>, %[[S:.*]]: tensor<4xf32>):
//       CHECK:   nn.yield %{{.*}}, %{{.*}} : tensor<4xf32>, tensor<4xf32>
//       CHECK: return %[[R]]#0, %[[R]]#1
// The body's call is inlined.
// INLINE-LABEL: @all_groups
//       INLINE: nn.scan
//   INLINE-NOT: call
//       INLINE: nn.elementwise add
//       INLINE: nn.yield
func.func @all_groups(%x: tensor<4xf32>, %w: tensor<3x4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  %0:2 = nn.scan count 3 carry(%x) stacked(%w) shared(%b) : (tensor<4xf32>, tensor<3x4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %w_i: tensor<4xf32>, %s: tensor<4xf32>):
    %1 = nn.elementwise mul %c, %w_i : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %2 = func.call @sum(%1, %s) : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %2, %1 : tensor<4xf32>, tensor<4xf32>
  }
  return %0#0, %0#1 : tensor<4xf32>, tensor<3x4xf32>
}
func.func private @sum(%a: tensor<4xf32>, %b: tensor<4xf32>) -> tensor<4xf32> {
  %0 = nn.elementwise add %a, %b : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: @no_operands
//       CHECK: nn.scan count 2 reverse : () -> tensor<2xi32>
func.func @no_operands() -> tensor<2xi32> {
  %0 = nn.scan count 2 reverse : () -> tensor<2xi32> {
  ^bb0(%i: tensor<i32>):
    nn.yield %i : tensor<i32>
  }
  return %0 : tensor<2xi32>
}

func.func private @loss(%w: tensor<4xf32>, %ids: tensor<2xi32>) -> (tensor<f32>, tensor<4xf32>) {
  %0 = nn.reduce sum %w dims [0] : tensor<4xf32> -> tensor<f32>
  return %0, %w : tensor<f32>, tensor<4xf32>
}
// CHECK-LABEL: @with_another_result
//       CHECK: nn.value_and_grad @loss(%{{.*}}, %{{.*}}) wrt 1 : (tensor<4xf32>, tensor<2xi32>) -> (tensor<f32>, tensor<4xf32>, tensor<4xf32>)
func.func @with_another_result(%w: tensor<4xf32>, %ids: tensor<2xi32>) -> tensor<4xf32> {
  %0:3 = nn.value_and_grad @loss(%w, %ids) wrt 1 : (tensor<4xf32>, tensor<2xi32>) -> (tensor<f32>, tensor<4xf32>, tensor<4xf32>)
  return %0#2 : tensor<4xf32>
}
