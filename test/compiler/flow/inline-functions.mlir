// RUN: weft-opt %s -weft-inline-functions | FileCheck %s
// RUN: weft-opt %s -weft-inline-functions='max-ops=1' | FileCheck %s --check-prefix=SMALL

expr.function @twice(%x: !expr.int) -> !expr.int {
  %0 = expr.builtin "add"(%x, %x) : (!expr.int, !expr.int) -> !expr.int
  expr.yield %0 : !expr.int
}

// A chain of small functions goes in one walk.
// CHECK-LABEL: expr.function @four_times
//   CHECK-NOT:   expr.call
//       CHECK:   expr.builtin "add"
//       CHECK:   expr.builtin "add"
// SMALL-LABEL: expr.function @four_times
//       SMALL:   expr.call @twice
expr.function @four_times(%x: !expr.int) -> !expr.int {
  %0 = expr.call @twice(%x) : (!expr.int) -> !expr.int
  %1 = expr.call @twice(%0) : (!expr.int) -> !expr.int
  expr.yield %1 : !expr.int
}

// CHECK-LABEL: flow.workflow @main
//  CHECK-NEXT:   %[[A:.*]] = expr.builtin "add"(%arg0, %arg0)
//  CHECK-NEXT:   %[[B:.*]] = expr.builtin "add"(%[[A]], %[[A]])
//  CHECK-NEXT:   flow.yield %[[B]]
flow.workflow @main(%x: !expr.int) -> !expr.int {
  %0 = expr.call @four_times(%x) : (!expr.int) -> !expr.int
  flow.yield %0 : !expr.int
}
