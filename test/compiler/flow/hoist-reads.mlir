// RUN: weft-opt %s -weft-hoist-reads | FileCheck %s
// RUN: weft-opt %s -weft-hoist-reads -remark-policy=all -remarks-filter='.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=WHY

flow.binding files @docs "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 1
  flow.member @write(["name"]) : (!expr.string) -> !expr.string write id 2
}
flow.binding model @warm "openai" {
  flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read chance id 4
}
flow.binding human @boss "human" {
  flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read id 5
}

// CHECK-LABEL: @same_for_all
//       CHECK:   %[[CELL:.*]] = flow.once id {{-?[0-9]+}} : !flow.cell<!expr.string> {
//  CHECK-NEXT:     %[[R:.*]] = flow.call @docs::@read(%arg1) read id 11
//  CHECK-NEXT:     flow.yield %[[R]]
//       CHECK:   flow.map %arg0 id 10
//       CHECK:     %[[G:.*]] = flow.get %[[CELL]] id {{-?[0-9]+}} : !flow.cell<!expr.string> -> !expr.string
//       CHECK:     flow.yield %[[G]]
flow.workflow @same_for_all(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 10 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 11 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// What it is given is copied, where it is worked out in the body.
// CHECK-LABEL: @with_pure_steps
//       CHECK:   flow.once
//  CHECK-NEXT:     %[[C:.*]] = expr.constant "rules.md"
//  CHECK-NEXT:     flow.call @docs::@read(%[[C]]) read id 13
//       CHECK:   flow.map
flow.workflow @with_pure_steps(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 12 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %c = expr.constant "rules.md" -> !expr.string
    %1 = flow.call @docs::@read(%c) read id 13 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @decided_by_the_item
//   CHECK-NOT:   flow.once
// WHY-DAG: DependsOnItem | Category:hoist-reads | Reason="it is given what the item decides"
flow.workflow @decided_by_the_item(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 14 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%y) read id 15 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// What only the item of a map inside changes is made once for each of those.
// CHECK-LABEL: @by_key
//       CHECK:   %[[CELL:.*]] = flow.once id {{-?[0-9]+}} : !flow.cell<!expr.string by !expr.string> {
//  CHECK-NEXT:   ^bb0(%[[KEY:.*]]: !expr.string):
//  CHECK-NEXT:     %[[N:.*]] = expr.format ["rules-", ".md"](%[[KEY]])
//  CHECK-NEXT:     %[[R:.*]] = flow.call @docs::@read(%[[N]]) read id 103
//  CHECK-NEXT:     flow.yield %[[R]]
//       CHECK:   flow.map %arg0 id 101
//       CHECK:     flow.map %arg1 id 102
//  CHECK-NEXT:     ^bb0(%[[Z:.*]]: !expr.string):
//       CHECK:       %[[G:.*]] = flow.get %[[CELL]] by %[[Z]] id {{-?[0-9]+}} : !flow.cell<!expr.string by !expr.string>, !expr.string -> !expr.string
//       CHECK:       expr.format ["", ": ", ""](%[[G]], %{{.*}})
flow.workflow @by_key(%xs: !expr.list<!expr.string>, %zs: !expr.list<!expr.string>) -> !expr.list<!expr.list<!expr.string>> {
  %0 = flow.map %xs id 101 : !expr.list<!expr.string> -> !expr.list<!expr.list<!expr.string>> {
  ^bb0(%y: !expr.string):
    %1 = flow.map %zs id 102 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
    ^bb0(%z: !expr.string):
      %2 = expr.format ["rules-", ".md"](%z) : (!expr.string) -> !expr.string
      %3 = flow.call @docs::@read(%2) read id 103 : (!expr.string) -> !expr.string
      %4 = expr.format ["", ": ", ""](%3, %y) : (!expr.string, !expr.string) -> !expr.string
      flow.yield %4 : !expr.string
    }
    flow.yield %1 : !expr.list<!expr.string>
  }
  flow.yield %0 : !expr.list<!expr.list<!expr.string>>
}

// The list is the outer item's own: nothing is the same for two of them.
// CHECK-LABEL: @list_of_the_item
//   CHECK-NOT:   flow.once
flow.workflow @list_of_the_item(%xs: !expr.list<!expr.list<!expr.string>>) -> !expr.list<!expr.list<!expr.string>> {
  %0 = flow.map %xs id 104 : !expr.list<!expr.list<!expr.string>> -> !expr.list<!expr.list<!expr.string>> {
  ^bb0(%y: !expr.list<!expr.string>):
    %1 = flow.map %y id 105 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
    ^bb0(%z: !expr.string):
      %3 = flow.call @docs::@read(%z) read id 106 : (!expr.string) -> !expr.string
      flow.yield %3 : !expr.string
    }
    flow.yield %1 : !expr.list<!expr.string>
  }
  flow.yield %0 : !expr.list<!expr.list<!expr.string>>
}

// A chain goes read by read: the second cell asks the first.
// CHECK-LABEL: @chain
//       CHECK:   %[[A:.*]] = flow.once
//       CHECK:     flow.call @docs::@read(%arg1) read id 17
//       CHECK:   %[[B:.*]] = flow.once
//       CHECK:     %[[GA:.*]] = flow.get %[[A]]
//       CHECK:     flow.call @docs::@read(%[[GA]]) read id 18
//       CHECK:   flow.map
//   CHECK-NOT:     flow.get %[[A]]
//       CHECK:     flow.get %[[B]]
flow.workflow @chain(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 16 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 17 : (!expr.string) -> !expr.string
    %2 = flow.call @docs::@read(%1) read id 18 : (!expr.string) -> !expr.string
    flow.yield %2 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// Out of both maps, and out of the inner one only where the outer item decides.
// CHECK-LABEL: @nested
//       CHECK:   %[[OUTER:.*]] = flow.once
//       CHECK:     flow.call @docs::@read(%arg1) read id 21
//       CHECK:   flow.map %arg0 id 19
//       CHECK:   ^bb0(%[[I:.*]]: !expr.string):
//       CHECK:     %[[INNER:.*]] = flow.once
//       CHECK:       flow.call @docs::@read(%[[I]]) read id 22
//       CHECK:     flow.map %arg0 id 20
//       CHECK:       flow.get %[[OUTER]]
//       CHECK:       flow.get %[[INNER]]
flow.workflow @nested(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.list<!expr.string>> {
  %0 = flow.map %xs id 19 : !expr.list<!expr.string> -> !expr.list<!expr.list<!expr.string>> {
  ^bb0(%i: !expr.string):
    %1 = flow.map %xs id 20 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
    ^bb0(%j: !expr.string):
      %2 = flow.call @docs::@read(%x) read id 21 : (!expr.string) -> !expr.string
      %3 = flow.call @docs::@read(%i) read id 22 : (!expr.string) -> !expr.string
      %4 = expr.format ["", "", "", ""](%2, %3, %j) : (!expr.string, !expr.string, !expr.string) -> !expr.string
      flow.yield %4 : !expr.string
    }
    flow.yield %1 : !expr.list<!expr.string>
  }
  flow.yield %0 : !expr.list<!expr.list<!expr.string>>
}

// Through a switch and a try: it is asked where it stood, so it is made only there, and fails only there.
// CHECK-LABEL: @through_switch_and_try
//       CHECK:   %[[CELL:.*]] = flow.once
//       CHECK:   flow.map
//       CHECK:     flow.switch
//       CHECK:       flow.try
//       CHECK:         flow.get %[[CELL]]
flow.workflow @through_switch_and_try(%xs: !expr.list<!expr.bool>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 23 : !expr.list<!expr.bool> -> !expr.list<!expr.string> {
  ^bb0(%c: !expr.bool):
    %1 = flow.switch %c id 24 : !expr.bool -> !expr.string {
      flow.yield %x : !expr.string
    }, {
      %2 = flow.try id 25 : !expr.string {
        %3 = flow.call @docs::@read(%x) read id 26 : (!expr.string) -> !expr.string
        flow.yield %3 : !expr.string
      } catch {
      ^bb0(%e: i64):
        %4 = expr.format ["no: ", ""](%c) : (!expr.bool) -> !expr.string
        flow.yield %4 : !expr.string
      }
      flow.yield %2 : !expr.string
    }
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// A form that reads goes as a whole.
// CHECK-LABEL: @whole_form
//       CHECK:   flow.once
//       CHECK:     flow.map %arg0 id 28
//       CHECK:       flow.call @docs::@read({{.*}}) read id 29
//       CHECK:   flow.map %arg0 id 27
flow.workflow @whole_form(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.list<!expr.string>> {
  %0 = flow.map %xs id 27 : !expr.list<!expr.string> -> !expr.list<!expr.list<!expr.string>> {
  ^bb0(%i: !expr.string):
    %1 = flow.map %xs id 28 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
    ^bb0(%j: !expr.string):
      %2 = flow.call @docs::@read(%j) read id 29 : (!expr.string) -> !expr.string
      flow.yield %2 : !expr.string
    }
    flow.yield %1 : !expr.list<!expr.string>
  }
  flow.yield %0 : !expr.list<!expr.list<!expr.string>>
}

// CHECK-LABEL: @by_chance
//   CHECK-NOT:   flow.once
// WHY-DAG: Reason="asking twice is meant to, or may, give two answers"
flow.workflow @by_chance(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 30 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @warm::@ask(%x) read chance id 31 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @not_cached
//   CHECK-NOT:   flow.once
flow.workflow @not_cached(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 32 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read policy {cache = "none"} id 33 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @a_person
//   CHECK-NOT:   flow.once
// WHY-DAG: Reason="a person is asked each time"
flow.workflow @a_person(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 34 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @boss::@ask(%x) read id 35 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @the_time
//   CHECK-NOT:   flow.once
flow.workflow @the_time(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 36 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.system now() id 37 : () -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @beside_a_write
//   CHECK-NOT:   flow.once
// WHY-DAG: Reason="'docs' is written in the same body"
flow.workflow @beside_a_write(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 38 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 39 : (!expr.string) -> !expr.string
    %2 = flow.call @docs::@write(%y) write id 40 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @one_at_a_time
//   CHECK-NOT:   flow.once
// WHY-DAG: Reason="its window may be 1, which orders the items"
flow.workflow @one_at_a_time(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %w = expr.constant 1 -> !expr.int
  %0 = flow.map %xs window %w : !expr.int id 41 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 42 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @a_window_that_is_given
//   CHECK-NOT:   flow.once
flow.workflow @a_window_that_is_given(%xs: !expr.list<!expr.string>, %x: !expr.string, %w: !expr.int) -> !expr.list<!expr.string> {
  %0 = flow.map %xs window %w : !expr.int id 43 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 44 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @a_round
//   CHECK-NOT:   flow.once
// WHY-DAG: Reason="it stands in a round, and rounds come after each other"
flow.workflow @a_round(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 45 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.fold %xs from %y id 46 : !expr.list<!expr.string>, !expr.string -> !expr.string {
    ^bb0(%acc: !expr.string, %z: !expr.string):
      %2 = flow.call @docs::@read(%x) read id 47 : (!expr.string) -> !expr.string
      flow.yield %2 : !expr.string
    }
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @a_sample
//   CHECK-NOT:   flow.once
// WHY-DAG: Reason="it stands in a race or a vote, whose alternatives and samples each make their own"
flow.workflow @a_sample(%xs: !expr.list<!expr.string>, %x: !expr.string, %n: !expr.int) -> !expr.list<!expr.list<!expr.string>> {
  %0 = flow.map %xs id 48 : !expr.list<!expr.string> -> !expr.list<!expr.list<!expr.string>> {
  ^bb0(%y: !expr.string):
    %1 = flow.vote %n of %n id 49 : !expr.int, !expr.int -> !expr.list<!expr.string> {
      %2 = flow.call @docs::@read(%x) read id 50 : (!expr.string) -> !expr.string
      flow.yield %2 : !expr.string
    }
    flow.yield %1 : !expr.list<!expr.string>
  }
  flow.yield %0 : !expr.list<!expr.list<!expr.string>>
}

// CHECK-LABEL: @under_a_policy
//   CHECK-NOT:   flow.once
// WHY-DAG: Reason="a policy stands around it"
flow.workflow @under_a_policy(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 51 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.scope policy {timeout_ms = 1000 : i64} id 52 : !expr.string {
      %2 = flow.call @docs::@read(%x) read id 53 : (!expr.string) -> !expr.string
      %3 = flow.call @docs::@read(%y) read id 54 : (!expr.string) -> !expr.string
      flow.yield %3 : !expr.string
    }
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// Two maps make the same read: one cell.
// CHECK-LABEL: @two_maps
// CHECK-COUNT-1: flow.once
//   CHECK-NOT:   flow.once
//       CHECK:   flow.yield
flow.workflow @two_maps(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.list<!expr.string>> {
  %0 = flow.map %xs id 55 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 56 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  %2 = flow.map %xs id 57 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %3 = flow.call @docs::@read(%x) read id 58 : (!expr.string) -> !expr.string
    flow.yield %3 : !expr.string
  }
  %4 = expr.list(%0, %2) : (!expr.list<!expr.string>, !expr.list<!expr.string>) -> !expr.list<!expr.list<!expr.string>>
  flow.yield %4 : !expr.list<!expr.list<!expr.string>>
}

// CHECK-LABEL: @two_maps_across_a_write
// CHECK-COUNT-2: flow.once
flow.workflow @two_maps_across_a_write(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.list<!expr.string>> {
  %0 = flow.map %xs id 59 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 60 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  %w = flow.call @docs::@write(%x) write id 61 : (!expr.string) -> !expr.string
  %2 = flow.map %xs id 62 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %3 = flow.call @docs::@read(%x) read id 63 : (!expr.string) -> !expr.string
    flow.yield %3 : !expr.string
  }
  %4 = expr.list(%0, %2) : (!expr.list<!expr.string>, !expr.list<!expr.string>) -> !expr.list<!expr.list<!expr.string>>
  flow.yield %4 : !expr.list<!expr.list<!expr.string>>
}

// The block makes the read too, above the map and below it: all ask one cell.
// CHECK-LABEL: @above_and_below
//       CHECK:   %[[CELL:.*]] = flow.once
//       CHECK:     flow.call @docs::@read(%arg1) read id 64 {merged = [66, 67]}
//   CHECK-NOT:   flow.call
//       CHECK:   %[[A:.*]] = flow.get %[[CELL]]
//       CHECK:   flow.map
//       CHECK:     flow.get %[[CELL]]
//       CHECK:   %[[B:.*]] = flow.get %[[CELL]]
//       CHECK:   expr.list(%[[A]], %[[B]])
flow.workflow @above_and_below(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.list<!expr.string>> {
  %a = flow.call @docs::@read(%x) read id 64 : (!expr.string) -> !expr.string
  %0 = flow.map %xs id 65 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%y: !expr.string):
    %1 = flow.call @docs::@read(%x) read id 66 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  %b = flow.call @docs::@read(%x) read id 67 : (!expr.string) -> !expr.string
  %2 = expr.list(%a, %b) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  %3 = expr.list(%0, %2) : (!expr.list<!expr.string>, !expr.list<!expr.string>) -> !expr.list<!expr.list<!expr.string>>
  flow.yield %3 : !expr.list<!expr.list<!expr.string>>
}
