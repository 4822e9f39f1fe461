// What waits for what without data: a write for everything above it, a later read of the same binding for it.
// RUN: weftc %s --emit=plan | FileCheck %s

flow.binding files @docs "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 1
  flow.member @write(["name"]) : (!expr.string) -> !expr.none write id 2
}
flow.binding files @other "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
}

// CHECK-LABEL: block {{.*}} reads_overlap
//   CHECK-NOT:   after
//       CHECK:   = eval, after 0, 1
flow.workflow @reads_overlap(%x: !expr.string) -> !expr.list<!expr.string> attributes {entry, param_names = ["x"]} {
  %0 = flow.call @docs::@read(%x) read id 10 : (!expr.string) -> !expr.string
  %1 = flow.call @other::@read(%x) read id 11 : (!expr.string) -> !expr.string
  %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %2 : !expr.list<!expr.string>
}

// CHECK-LABEL: block {{.*}} write_waits
//       CHECK:   0  {{.*}} call docs.read {{[^,]*}}, read  (
//       CHECK:   1  {{.*}} call other.read {{[^,]*}}, read  (
//       CHECK:   2  {{.*}} call docs.write {{[^,]*}}, write, after 0, 1
//       CHECK:   3  {{.*}} call docs.read {{[^,]*}}, read, after 2
//       CHECK:   4  {{.*}} call other.read {{[^,]*}}, read  (
flow.workflow @write_waits(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> attributes {entry, param_names = ["x", "y"]} {
  %0 = flow.call @docs::@read(%x) read id 20 : (!expr.string) -> !expr.string
  %1 = flow.call @other::@read(%x) read id 21 : (!expr.string) -> !expr.string
  %w = flow.call @docs::@write(%x) write id 22 : (!expr.string) -> !expr.none
  %2 = flow.call @docs::@read(%x) read id 23 : (!expr.string) -> !expr.string
  %3 = flow.call @other::@read(%y) read id 24 : (!expr.string) -> !expr.string
  %4 = expr.list(%0, %1, %2, %3) : (!expr.string, !expr.string, !expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %4 : !expr.list<!expr.string>
}

// Only the second write names the first: what is above that one is behind it.
// CHECK-LABEL: block {{.*}} two_writes
//       CHECK:   1  {{.*}} call docs.write {{[^,]*}}, write, after 0
//       CHECK:   2  {{.*}} call docs.write {{[^,]*}}, write, after 1  (
flow.workflow @two_writes(%x: !expr.string) -> !expr.string attributes {entry, param_names = ["x"]} {
  %0 = flow.call @other::@read(%x) read id 30 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@write(%x) write id 31 : (!expr.string) -> !expr.none
  %2 = flow.call @docs::@write(%x) write id 32 : (!expr.string) -> !expr.none
  flow.yield %0 : !expr.string
}

// An assertion guards the write below it, and does not overtake the one above.
// CHECK-LABEL: block {{.*}} guarded
//       CHECK:   0  {{.*}} call docs.write
//       CHECK:   1  {{.*}} eval, after 0
//       CHECK:   2  {{.*}} call docs.write {{[^,]*}}, write, after 1
flow.workflow @guarded(%x: !expr.string, %c: !expr.bool) -> !expr.string attributes {entry, param_names = ["x", "c"]} {
  %0 = flow.call @docs::@write(%x) write id 40 : (!expr.string) -> !expr.none
  %1 = expr.switch %c : !expr.bool -> !expr.none {
    %2 = expr.constant unit -> !expr.none
    expr.yield %2 : !expr.none
  }, {
    %2 = expr.fail "failed" %x : !expr.none
    expr.yield %2 : !expr.none
  }
  %3 = flow.call @docs::@write(%x) write id 41 : (!expr.string) -> !expr.none
  flow.yield %x : !expr.string
}

// A form writes what its bodies write.
// CHECK-LABEL: block {{.*}} write_in_a_body
//       CHECK:   1  {{.*}} branch {{.*}}, write, after 0
//       CHECK:   2  {{.*}} call docs.read {{[^,]*}}, read, after 1
flow.workflow @write_in_a_body(%x: !expr.string, %c: !expr.bool) -> !expr.list<!expr.string> attributes {entry, param_names = ["x", "c"]} {
  %0 = flow.call @docs::@read(%x) read id 50 : (!expr.string) -> !expr.string
  %1 = flow.switch %c id 51 : !expr.bool -> !expr.none {
    %2 = flow.call @docs::@write(%x) write id 52 : (!expr.string) -> !expr.none
    flow.yield %2 : !expr.none
  }, {
    %2 = expr.constant unit -> !expr.none
    flow.yield %2 : !expr.none
  }
  %3 = flow.call @docs::@read(%x) read id 53 : (!expr.string) -> !expr.string
  %4 = expr.list(%0, %3) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %4 : !expr.list<!expr.string>
}

// Emits keep their order and hold up nothing else.
// CHECK-LABEL: block {{.*}} emits
//       CHECK:   0  emit {{.*}}r0
//       CHECK:   1  emit {{.*}}, after 0
flow.workflow @emits(%x: !expr.string) -> !expr.string attributes {entry, param_names = ["x"], emits = !expr.string} {
  flow.emit %x id 60 : !expr.string
  flow.emit %x id 61 : !expr.string
  flow.yield %x : !expr.string
}
