// RUN: weft-opt %s -weft-merge-equal-reads | FileCheck %s

flow.binding files @docs "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 1
  flow.member @write(["name"]) : (!expr.string) -> !expr.none write id 2
}
flow.binding files @other "files" {
  flow.member @write(["name"]) : (!expr.string) -> !expr.none write id 3
}
flow.binding model @warm "openai" {
  flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read chance id 4
}

// CHECK-LABEL: @equal
//       CHECK:   %[[A:.*]] = flow.call @docs::@read(%arg0) read id 10 {merged = [11]}
//   CHECK-NOT:   flow.call
//       CHECK:   expr.list(%[[A]], %[[A]])
flow.workflow @equal(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.call @docs::@read(%x) read id 10 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 11 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: @other_argument
// CHECK-COUNT-2: flow.call @docs::@read
flow.workflow @other_argument(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.call @docs::@read(%x) read id 12 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%y) read id 13 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: @across_a_write
// CHECK-COUNT-2: flow.call @docs::@read
flow.workflow @across_a_write(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.call @docs::@read(%x) read id 14 : (!expr.string) -> !expr.string
  %w = flow.call @docs::@write(%x) write id 15 : (!expr.string) -> !expr.none
  %1 = flow.call @docs::@read(%x) read id 16 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// A write in a body counts as one where the form stands.
// CHECK-LABEL: @across_a_write_in_a_body
// CHECK-COUNT-2: flow.call @docs::@read
flow.workflow @across_a_write_in_a_body(%x: !expr.string, %c: !expr.bool) -> !expr.list<!expr.string> {
  %0 = flow.call @docs::@read(%x) read id 17 : (!expr.string) -> !expr.string
  %s = flow.switch %c id 18 : !expr.bool -> !expr.none {
    %w = flow.call @docs::@write(%x) write id 19 : (!expr.string) -> !expr.none
    flow.yield %w : !expr.none
  }, {
    %n = expr.constant unit -> !expr.none
    flow.yield %n : !expr.none
  }
  %1 = flow.call @docs::@read(%x) read id 20 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: @across_a_write_elsewhere
//       CHECK:   flow.call @docs::@read
//   CHECK-NOT:   flow.call @docs::@read
//       CHECK:   flow.yield
flow.workflow @across_a_write_elsewhere(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.call @docs::@read(%x) read id 21 : (!expr.string) -> !expr.string
  %w = flow.call @other::@write(%x) write id 22 : (!expr.string) -> !expr.none
  %1 = flow.call @docs::@read(%x) read id 23 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: @chance
// CHECK-COUNT-2: flow.call @warm::@ask
flow.workflow @chance(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.call @warm::@ask(%x) read chance id 24 : (!expr.string) -> !expr.string
  %1 = flow.call @warm::@ask(%x) read chance id 25 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// An agent over such a model is no better.
flow.workflow @warm_agent(%x: !expr.string) -> !expr.string {
  %0 = flow.call @warm::@ask(%x) read chance id 26 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
// CHECK-LABEL: @chance_below
// CHECK-COUNT-2: flow.invoke @warm_agent
flow.workflow @chance_below(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @warm_agent(%x) read id 27 : (!expr.string) -> !expr.string
  %1 = flow.invoke @warm_agent(%x) read id 28 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: @cache_none
// CHECK-COUNT-2: flow.call @docs::@read
flow.workflow @cache_none(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.call @docs::@read(%x) read policy {cache = "none"} id 29 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read policy {cache = "none"} id 30 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: @random
// CHECK-COUNT-2: flow.system random
flow.workflow @random() -> !expr.list<!expr.float> {
  %0 = flow.system random() id 31 : () -> !expr.float
  %1 = flow.system random() id 32 : () -> !expr.float
  %2 = expr.list(%0, %1) : (!expr.float, !expr.float) -> !expr.list<!expr.float>
  flow.yield %2 : !expr.list<!expr.float>
}

// The same words give the same value, a lambda and a hole of a text too.
// CHECK-LABEL: @written_twice
//       CHECK:   flow.call @docs::@read
//   CHECK-NOT:   flow.call
//       CHECK:   flow.yield
flow.workflow @written_twice(%xs: !expr.list<!expr.string>, %n: !expr.int) -> !expr.list<!expr.string> {
  %f = expr.lambda : !expr.fn<!expr.string, !expr.string> {
  ^bb0(%x: !expr.string):
    %t = expr.format ["", ".md", ""](%x, %n) : (!expr.string, !expr.int) -> !expr.string
    expr.yield %t : !expr.string
  }
  %a = expr.builtin "map"(%xs, %f) : (!expr.list<!expr.string>, !expr.fn<!expr.string, !expr.string>) -> !expr.list<!expr.string>
  %s = expr.constant "," -> !expr.string
  %b = expr.builtin "join"(%a, %s) : (!expr.list<!expr.string>, !expr.string) -> !expr.string
  %0 = flow.call @docs::@read(%b) read id 60 : (!expr.string) -> !expr.string
  %g = expr.lambda : !expr.fn<!expr.string, !expr.string> {
  ^bb0(%x: !expr.string):
    %t = expr.format ["", ".md", ""](%x, %n) : (!expr.string, !expr.int) -> !expr.string
    expr.yield %t : !expr.string
  }
  %c = expr.builtin "map"(%xs, %g) : (!expr.list<!expr.string>, !expr.fn<!expr.string, !expr.string>) -> !expr.list<!expr.string>
  %u = expr.constant "," -> !expr.string
  %d = expr.builtin "join"(%c, %u) : (!expr.list<!expr.string>, !expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%d) read id 61 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// Lambdas of one shape that use different values of outside.
// CHECK-LABEL: @written_alike
// CHECK-COUNT-2: flow.call @docs::@read
flow.workflow @written_alike(%xs: !expr.list<!expr.string>, %n: !expr.int, %m: !expr.int) -> !expr.list<!expr.string> {
  %f = expr.lambda : !expr.fn<!expr.string, !expr.string> {
  ^bb0(%x: !expr.string):
    %t = expr.format ["", ".md", ""](%x, %n) : (!expr.string, !expr.int) -> !expr.string
    expr.yield %t : !expr.string
  }
  %a = expr.builtin "map"(%xs, %f) : (!expr.list<!expr.string>, !expr.fn<!expr.string, !expr.string>) -> !expr.list<!expr.string>
  %s = expr.constant "," -> !expr.string
  %b = expr.builtin "join"(%a, %s) : (!expr.list<!expr.string>, !expr.string) -> !expr.string
  %0 = flow.call @docs::@read(%b) read id 62 : (!expr.string) -> !expr.string
  %g = expr.lambda : !expr.fn<!expr.string, !expr.string> {
  ^bb0(%x: !expr.string):
    %t = expr.format ["", ".md", ""](%x, %m) : (!expr.string, !expr.int) -> !expr.string
    expr.yield %t : !expr.string
  }
  %c = expr.builtin "map"(%xs, %g) : (!expr.list<!expr.string>, !expr.fn<!expr.string, !expr.string>) -> !expr.list<!expr.string>
  %d = expr.builtin "join"(%c, %s) : (!expr.list<!expr.string>, !expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%d) read id 63 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: @environment
//       CHECK:   flow.system env
//   CHECK-NOT:   flow.system env
// CHECK-COUNT-2: flow.system now
flow.workflow @environment() -> !expr.list<!expr.string> {
  %n = expr.constant "HOME" -> !expr.string
  %0 = flow.system env(%n) id 64 : (!expr.string) -> !expr.string
  %1 = flow.system env(%n) id 65 : (!expr.string) -> !expr.string
  %2 = flow.system now() id 66 : () -> !expr.string
  %3 = flow.system now() id 67 : () -> !expr.string
  %4 = expr.list(%0, %1, %2, %3) : (!expr.string, !expr.string, !expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %4 : !expr.list<!expr.string>
}

// Who wants each call made means it inside a workflow too.
flow.workflow @each_time(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read policy {cache = "none"} id 68 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
// CHECK-LABEL: @of_each_time
// CHECK-COUNT-2: flow.invoke @each_time
flow.workflow @of_each_time(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @each_time(%x) read id 69 : (!expr.string) -> !expr.string
  %1 = flow.invoke @each_time(%x) read id 70 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}
