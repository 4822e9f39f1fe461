// RUN: weft-opt %s -canonicalize | FileCheck %s

// The second carried value and the second stacked result are not read, and then %w and %b are not.
// CHECK-LABEL: @unread
//  CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %{{.*}}: tensor<4xf32>, %{{.*}}: tensor<3x4xf32>, %{{.*}}: tensor<4xf32>
//  CHECK-NEXT: %[[R:.*]]:2 = nn.scan count 3 carry(%[[X]]) : (tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>)
//  CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %[[C:.*]]: tensor<4xf32>):
//  CHECK-NEXT:   %[[T:.*]] = nn.elementwise tanh %[[C]]
//  CHECK-NEXT:   nn.yield %[[T]], %[[C]]
//       CHECK: return %[[R]]#0, %[[R]]#1
func.func @unread(%x: tensor<4xf32>, %y: tensor<4xf32>, %w: tensor<3x4xf32>, %b: tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  %0:4 = nn.scan count 3 carry(%x, %y) stacked(%w) shared(%b) : (tensor<4xf32>, tensor<4xf32>, tensor<3x4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>, tensor<3x4xf32>, tensor<3x4xf32>) {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %d: tensor<4xf32>, %w_i: tensor<4xf32>, %s: tensor<4xf32>):
    %1 = nn.elementwise tanh %c : (tensor<4xf32>) -> tensor<4xf32>
    %2 = nn.elementwise add %d, %w_i : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %3 = nn.elementwise mul %2, %s : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %1, %2, %c, %3 : tensor<4xf32>, tensor<4xf32>, tensor<4xf32>, tensor<4xf32>
  }
  return %0#0, %0#2 : tensor<4xf32>, tensor<3x4xf32>
}

// The last value of %d is not read, but the first carried value is made of it.
// CHECK-LABEL: @read_by_another
//       CHECK: nn.scan count 3 carry(%{{.*}}, %{{.*}})
func.func @read_by_another(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0:2 = nn.scan count 3 carry(%x, %y) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %d: tensor<4xf32>):
    %1 = nn.elementwise add %c, %d : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %2 = nn.elementwise tanh %d : (tensor<4xf32>) -> tensor<4xf32>
    nn.yield %1, %2 : tensor<4xf32>, tensor<4xf32>
  }
  return %0#0 : tensor<4xf32>
}

// CHECK-LABEL: @dead
//  CHECK-NEXT: return
func.func @dead(%x: tensor<4xf32>) {
  %0 = nn.scan count 3 carry(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>):
    nn.yield %c : tensor<4xf32>
  }
  return
}

// What every turn hands on unchanged is shared, and its last value is the first one.
// CHECK-LABEL: @unchanged
//  CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[Y:.*]]: tensor<4xf32>
//  CHECK-NEXT: %[[R:.*]] = nn.scan count 3 carry(%[[X]]) shared(%[[Y]])
//  CHECK-NEXT: ^bb0(%{{.*}}: tensor<i32>, %[[C:.*]]: tensor<4xf32>, %[[S:.*]]: tensor<4xf32>):
//  CHECK-NEXT:   %[[A:.*]] = nn.elementwise add %[[C]], %[[S]]
//  CHECK-NEXT:   nn.yield %[[A]]
//       CHECK: return %[[R]], %[[Y]]
func.func @unchanged(%x: tensor<4xf32>, %y: tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  %0:2 = nn.scan count 3 carry(%x, %y) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %d: tensor<4xf32>):
    %1 = nn.elementwise add %c, %d : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %1, %d : tensor<4xf32>, tensor<4xf32>
  }
  return %0#0, %0#1 : tensor<4xf32>, tensor<4xf32>
}

// Two carried values that change places do change.
// CHECK-LABEL: @exchanged
//       CHECK: nn.scan count 3 carry(%{{.*}}, %{{.*}}) : (tensor<4xf32>, tensor<4xf32>)
func.func @exchanged(%x: tensor<4xf32>, %y: tensor<4xf32>) -> tensor<4xf32> {
  %0:2 = nn.scan count 3 carry(%x, %y) : (tensor<4xf32>, tensor<4xf32>) -> (tensor<4xf32>, tensor<4xf32>) {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %d: tensor<4xf32>):
    nn.yield %d, %c : tensor<4xf32>, tensor<4xf32>
  }
  return %0#0 : tensor<4xf32>
}

// CHECK-LABEL: @equal_operands
//  CHECK-SAME: %[[X:.*]]: tensor<4xf32>, %[[W:.*]]: tensor<3x4xf32>
//  CHECK-NEXT: nn.scan count 3 carry(%[[X]]) stacked(%[[W]]) shared(%[[X]]) : (tensor<4xf32>, tensor<3x4xf32>, tensor<4xf32>)
func.func @equal_operands(%x: tensor<4xf32>, %w: tensor<3x4xf32>) -> tensor<4xf32> {
  %0 = nn.scan count 3 carry(%x) stacked(%w, %w) shared(%x, %x) : (tensor<4xf32>, tensor<3x4xf32>, tensor<3x4xf32>, tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %w1: tensor<4xf32>, %w2: tensor<4xf32>, %s1: tensor<4xf32>, %s2: tensor<4xf32>):
    %1 = nn.elementwise add %c, %w1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %2 = nn.elementwise add %1, %w2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %3 = nn.elementwise add %2, %s1 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %4 = nn.elementwise mul %3, %s2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    nn.yield %4 : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}
