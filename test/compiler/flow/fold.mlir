// RUN: weft-opt %s -weft-fold | FileCheck %s

// CHECK-LABEL: @known
//       CHECK:   %[[C:.*]] = expr.constant 4 -> !expr.int
//       CHECK:   expr.yield %[[C]]
expr.function @known() -> !expr.int {
  %0 = expr.constant 2 -> !expr.int
  %1 = expr.builtin "add"(%0, %0) : (!expr.int, !expr.int) -> !expr.int
  expr.yield %1 : !expr.int
}

// The failure belongs to the run.
// CHECK-LABEL: @would_fail
//       CHECK:   expr.builtin "div"
expr.function @would_fail() -> !expr.int {
  %0 = expr.constant 2 -> !expr.int
  %1 = expr.constant 0 -> !expr.int
  %2 = expr.builtin "div"(%0, %1) : (!expr.int, !expr.int) -> !expr.int
  expr.yield %2 : !expr.int
}

// CHECK-LABEL: @one_operand_unknown
//       CHECK:   expr.builtin "add"
expr.function @one_operand_unknown(%x: !expr.int) -> !expr.int {
  %0 = expr.constant 2 -> !expr.int
  %1 = expr.builtin "add"(%0, %x) : (!expr.int, !expr.int) -> !expr.int
  expr.yield %1 : !expr.int
}

// CHECK-LABEL: @known_hole
//       CHECK:   expr.format ["a 3 b", ""](%arg0)
expr.function @known_hole(%x: !expr.string) -> !expr.string {
  %n = expr.constant 3 -> !expr.int
  %0 = expr.format ["a ", " b", ""](%n, %x) : (!expr.int, !expr.string) -> !expr.string
  expr.yield %0 : !expr.string
}

// CHECK-LABEL: @field_of_made_record
//       CHECK:   expr.yield %arg1
expr.function @field_of_made_record(%x: !expr.int, %y: !expr.int) -> !expr.int {
  %0 = expr.list(%x, %y) : (!expr.int, !expr.int) -> !expr.tuple<!expr.int, !expr.int>
  %1 = expr.field %0[1] : !expr.tuple<!expr.int, !expr.int> -> !expr.int
  expr.yield %1 : !expr.int
}

// CHECK-LABEL: @known_arm
//   CHECK-NOT:   expr.switch
//       CHECK:   expr.yield %arg1
expr.function @known_arm(%x: !expr.int, %y: !expr.int) -> !expr.int {
  %c = expr.constant false -> !expr.bool
  %0 = expr.switch %c : !expr.bool -> !expr.int {
    expr.yield %x : !expr.int
  }, {
    expr.yield %y : !expr.int
  }
  expr.yield %0 : !expr.int
}

// An absent value is the first case of an optional, whatever it may hold.
// CHECK-LABEL: @absent
//       CHECK:   %[[C:.*]] = expr.constant 0 -> !expr.int
//       CHECK:   expr.yield %[[C]]
expr.function @absent() -> !expr.int {
  %0 = expr.constant unit -> !expr.optional<!expr.int>
  %1 = expr.case_index %0 : !expr.optional<!expr.int> -> !expr.int
  expr.yield %1 : !expr.int
}

// Folding removes no call, used or not.
// CHECK-LABEL: @unused_call
//       CHECK:   flow.call @docs::@read
flow.workflow @unused_call(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read id 2 : (!expr.string) -> !expr.string
  flow.yield %x : !expr.string
}
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 1
}

// In an arm that is never taken lies a field of another case, with another type: it is left to the run, which never asks.
expr.type sum @Kinds cases [#expr.case<name = "number", fields = [#expr.field<name = "x", type = !expr.int>]>, #expr.case<name = "text", fields = [#expr.field<name = "y", type = !expr.string>]>]
// CHECK-LABEL: @other_case
//       CHECK:   expr.case_field %{{.*}}[0] : !expr.named<@Kinds> -> !expr.string
//       CHECK:   expr.case_field %{{.*}}[0] : !expr.named<@Kinds> -> !expr.string
//       CHECK:   %[[SEVEN:.*]] = expr.constant 7
//       CHECK:   expr.list(%arg0, %[[SEVEN]])
expr.function @other_case(%n: !expr.int) -> !expr.list<!expr.string> {
  %c = expr.constant #expr.value<0, [7]> -> !expr.named<@Kinds>
  %0 = expr.case_field %c[0] : !expr.named<@Kinds> -> !expr.string
  %v = expr.variant 0(%n) : (!expr.int) -> !expr.named<@Kinds>
  %1 = expr.case_field %v[0] : !expr.named<@Kinds> -> !expr.string
  %2 = expr.case_field %v[0] : !expr.named<@Kinds> -> !expr.int
  %3 = expr.case_field %c[0] : !expr.named<@Kinds> -> !expr.int
  %4 = expr.list(%2, %3) : (!expr.int, !expr.int) -> !expr.list<!expr.int>
  %6 = expr.to_json %4 : !expr.list<!expr.int> -> !expr.string
  %7 = expr.list(%0, %1, %6) : (!expr.string, !expr.string, !expr.string) -> !expr.list<!expr.string>
  expr.yield %7 : !expr.list<!expr.string>
}
