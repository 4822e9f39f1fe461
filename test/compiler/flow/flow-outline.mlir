// RUN: weft-opt %s -weft-flow-outline -weft-verify-outlined | FileCheck %s

// CHECK-LABEL: @value_of_outside
//       CHECK:   flow.map %arg0 captures(%arg1 : !expr.int) id 5
//  CHECK-NEXT:   ^bb0(%[[X:.*]]: !expr.int, %[[Y:.*]]: !expr.int):
//  CHECK-NEXT:     expr.builtin "add"(%[[X]], %[[Y]])
flow.workflow @value_of_outside(%xs: !expr.list<!expr.int>, %y: !expr.int) -> !expr.list<!expr.int> {
  %0 = flow.map %xs id 5 : !expr.list<!expr.int> -> !expr.list<!expr.int> {
  ^bb0(%x: !expr.int):
    %1 = expr.builtin "add"(%x, %y) : (!expr.int, !expr.int) -> !expr.int
    flow.yield %1 : !expr.int
  }
  flow.yield %0 : !expr.list<!expr.int>
}

// CHECK-LABEL: @constant_of_outside
//       CHECK:   flow.map %arg0 id 6
//  CHECK-NEXT:   ^bb0(%[[X:.*]]: !expr.int):
//  CHECK-NEXT:     %[[C:.*]] = expr.constant 3
//  CHECK-NEXT:     expr.builtin "add"(%[[X]], %[[C]])
flow.workflow @constant_of_outside(%xs: !expr.list<!expr.int>) -> !expr.list<!expr.int> {
  %c = expr.constant 3 -> !expr.int
  %0 = flow.map %xs id 6 : !expr.list<!expr.int> -> !expr.list<!expr.int> {
  ^bb0(%x: !expr.int):
    %1 = expr.builtin "add"(%x, %c) : (!expr.int, !expr.int) -> !expr.int
    flow.yield %1 : !expr.int
  }
  flow.yield %0 : !expr.list<!expr.int>
}

// What an inner body takes, the outer one takes for it; every body of a form is given the same.
// CHECK-LABEL: @two_levels
//       CHECK:   flow.switch %arg0 captures(%arg1 : !expr.int) id 7
//  CHECK-NEXT:   ^bb0(%[[A:.*]]: !expr.int):
//  CHECK-NEXT:     flow.race captures(%[[A]] : !expr.int) id 8
//       CHECK:   }, {
//  CHECK-NEXT:   ^bb0(%{{.*}}: !expr.int):
flow.workflow @two_levels(%c: !expr.bool, %y: !expr.int) -> !expr.int {
  %0 = flow.switch %c id 7 : !expr.bool -> !expr.int {
    %1 = flow.race id 8 : !expr.int {
      flow.yield %y : !expr.int
    }
    flow.yield %1 : !expr.int
  }, {
    %2 = expr.constant 1 -> !expr.int
    flow.yield %2 : !expr.int
  }
  flow.yield %0 : !expr.int
}
