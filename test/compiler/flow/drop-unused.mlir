// RUN: weft-opt %s -weft-drop-unused -verify-diagnostics -mlir-print-op-on-diagnostic=false | FileCheck %s

flow.binding files @docs "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 1
  flow.member @write(["name"]) : (!expr.string) -> !expr.none write id 2
}

// What only a dropped step used goes too.
// CHECK-LABEL: flow.workflow @read
//  CHECK-NEXT:   flow.yield %arg0
flow.workflow @read(%x: !expr.string) -> !expr.string {
  %0 = expr.builtin "upper"(%x) : (!expr.string) -> !expr.string
  // expected-remark @+1 {{removed a step whose value nobody uses}}
  %1 = flow.call @docs::@read(%0) read id 10 : (!expr.string) -> !expr.string
  flow.yield %x : !expr.string
}

// CHECK-LABEL: flow.workflow @write
//       CHECK:   flow.call @docs::@write
flow.workflow @write(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@write(%x) write id 11 : (!expr.string) -> !expr.none
  flow.yield %x : !expr.string
}

// CHECK-LABEL: flow.workflow @write_below
//       CHECK:   flow.invoke @write
flow.workflow @write_below(%x: !expr.string) -> !expr.string {
  %0 = flow.invoke @write(%x) write id 12 : (!expr.string) -> !expr.string
  flow.yield %x : !expr.string
}

// CHECK-LABEL: flow.workflow @assertion
//       CHECK:   expr.fail
flow.workflow @assertion(%x: !expr.string, %c: !expr.bool) -> !expr.string {
  %0 = expr.switch %c : !expr.bool -> !expr.none {
    %1 = expr.constant unit -> !expr.none
    expr.yield %1 : !expr.none
  }, {
    %1 = expr.fail "failed" %x : !expr.none
    expr.yield %1 : !expr.none
  }
  flow.yield %x : !expr.string
}

// CHECK-LABEL: flow.workflow @emits
//       CHECK:   flow.map
flow.workflow @emits(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 13 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%x: !expr.string):
    flow.emit %x id 14 : !expr.string
    flow.yield %x : !expr.string
  }
  flow.yield %xs : !expr.list<!expr.string>
}

// An agent whose answer does not fit is a read that failed: nobody asks for it.
flow.workflow @agent(%x: !expr.string) -> !expr.string attributes {effect = 2 : i32, kind = 1 : i32} {
  %0 = flow.call @docs::@read(%x) read id 15 : (!expr.string) -> !expr.string
  %1 = expr.fail "schema" %0 : !expr.string
  flow.yield %1 : !expr.string
}

// CHECK-LABEL: flow.workflow @unused_agent
//  CHECK-NEXT:   flow.yield %arg0
flow.workflow @unused_agent(%x: !expr.string) -> !expr.string {
  // expected-remark @+1 {{removed a step whose value nobody uses}}
  %0 = flow.invoke @agent(%x) read id 16 : (!expr.string) -> !expr.string
  flow.yield %x : !expr.string
}
