// RUN: weft-opt %s -weft-group-prefixes | FileCheck %s
// RUN: weft-opt %s -weft-group-prefixes='min-bytes=4' | FileCheck %s --check-prefix=FOUR
// RUN: weft-opt %s -weft-group-prefixes -remark-policy=all -remarks-filter='.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=WHY

flow.binding model @m "extractive" {
  flow.member @ask(["system", "prompt", "schema"]) : (!expr.string, !expr.string, !expr.string) -> !expr.string read id 1
}

// A system prompt of 81 bytes and nothing known of the prompt.
// CHECK-LABEL: @long_system
//       CHECK:   flow.call @m::@ask({{.*}}) read id 10 {prefix = [[LONG:-?[0-9]+]] : i64, prefix_bytes = 81 : i64}
flow.workflow @long_system(%x: !expr.string) -> !expr.string {
  %0 = expr.constant "You sort the tickets of a shop. Billing is about invoices, login about passwords." -> !expr.string
  %1 = expr.constant "" -> !expr.string
  %2 = flow.call @m::@ask(%0, %x, %1) read id 10 : (!expr.string, !expr.string, !expr.string) -> !expr.string
  flow.yield %2 : !expr.string
}

// The same text is the same group, whoever says it.
// CHECK-LABEL: @another_call
//       CHECK:   flow.call @m::@ask({{.*}}) read id 11 {prefix = [[LONG]] : i64, prefix_bytes = 81 : i64}
flow.workflow @another_call(%x: !expr.string) -> !expr.string {
  %0 = expr.constant "You sort the tickets of a shop. Billing is about invoices, login about passwords." -> !expr.string
  %1 = expr.constant "" -> !expr.string
  %2 = flow.call @m::@ask(%0, %x, %1) read id 11 : (!expr.string, !expr.string, !expr.string) -> !expr.string
  flow.yield %2 : !expr.string
}

// What stands before the first hole counts.
// CHECK-LABEL: @template
//       CHECK:   prefix_bytes = 89 : i64
flow.workflow @template(%x: !expr.string) -> !expr.string {
  %0 = expr.constant "You sort the tickets of a shop. Billing is about invoices, login about passwords." -> !expr.string
  %1 = expr.constant "" -> !expr.string
  %p = expr.format ["Ticket:\0A", " end"](%x) : (!expr.string) -> !expr.string
  %2 = flow.call @m::@ask(%0, %p, %1) read id 12 : (!expr.string, !expr.string, !expr.string) -> !expr.string
  flow.yield %2 : !expr.string
}

// CHECK-LABEL: @short
//   CHECK-NOT:   prefix
//  FOUR-LABEL: @short
//        FOUR:   prefix_bytes = 5 : i64
// WHY-DAG: ShortPrefix | Category:group-prefixes | Reason="it begins with 5 known bytes, min-bytes is 64"
flow.workflow @short(%x: !expr.string) -> !expr.string {
  %0 = expr.constant "Short" -> !expr.string
  %1 = expr.constant "" -> !expr.string
  %2 = flow.call @m::@ask(%0, %x, %1) read id 13 : (!expr.string, !expr.string, !expr.string) -> !expr.string
  flow.yield %2 : !expr.string
}

// CHECK-LABEL: @open_system
//   CHECK-NOT:   prefix
// WHY-DAG: OpenSystemPrompt | Category:group-prefixes | Reason="its system prompt is made at run time"
flow.workflow @open_system(%x: !expr.string) -> !expr.string {
  %1 = expr.constant "" -> !expr.string
  %2 = flow.call @m::@ask(%x, %1, %1) read id 14 : (!expr.string, !expr.string, !expr.string) -> !expr.string
  flow.yield %2 : !expr.string
}

// An agent that asks again: each round's prompt begins with the first one's.
// CHECK-LABEL: @asks_again
//       CHECK:   prefix_bytes = 86 : i64
flow.workflow @asks_again(%x: !expr.string, %n: !expr.int) -> !expr.string {
  %0 = expr.constant "You sort the tickets of a shop. Billing is about invoices, login about passwords." -> !expr.string
  %1 = expr.constant "" -> !expr.string
  %p = expr.format ["Page ", ""](%x) : (!expr.string) -> !expr.string
  %t = expr.list(%p, %n) : (!expr.string, !expr.int) -> !expr.tuple<!expr.string, !expr.int>
  %2 = flow.loop %t max %n id 15 : !expr.tuple<!expr.string, !expr.int>, !expr.int -> !expr.string {
  ^bb0(%c: !expr.tuple<!expr.string, !expr.int>):
    %3 = expr.field %c[0] : !expr.tuple<!expr.string, !expr.int> -> !expr.string
    %4 = flow.call @m::@ask(%0, %3, %1) read id 16 : (!expr.string, !expr.string, !expr.string) -> !expr.string
    %5 = expr.format ["", " was refused: ", ""](%p, %4) : (!expr.string, !expr.string) -> !expr.string
    %6 = expr.list(%5, %n) : (!expr.string, !expr.int) -> !expr.tuple<!expr.string, !expr.int>
    %7 = flow.step continue %6 : !expr.tuple<!expr.string, !expr.int> -> <!expr.tuple<!expr.string, !expr.int>, !expr.string>
    flow.yield %7 : !flow.step<!expr.tuple<!expr.string, !expr.int>, !expr.string>
  }
  flow.yield %2 : !expr.string
}
