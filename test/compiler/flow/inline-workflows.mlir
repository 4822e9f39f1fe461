// RUN: weft-opt %s -weft-inline-workflows | FileCheck %s
// RUN: weft-opt %s -pass-pipeline='builtin.module(weft-inline-workflows{max-ops=1})' --remark-policy=all --remarks-filter='inline.*' 2>&1 | FileCheck %s --check-prefix=SMALL

flow.binding files @docs "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 1
  flow.member @write(["name"]) : (!expr.string) -> !expr.string write id 2
}
flow.binding human @boss "human" {
  flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read id 3
}

flow.workflow @one(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read id 10 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @two(%x: !expr.string) -> !expr.string {
  %0 = expr.format ["<", ">"](%x) : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%0) read id 11 : (!expr.string) -> !expr.string
  flow.yield %1 : !expr.string
}
flow.workflow @deep(%x: !expr.string) -> !expr.string {
  %0 = expr.format ["", "!"](%x) : (!expr.string) -> !expr.string
  %1 = flow.invoke @one(%0) read id 12 : (!expr.string) -> !expr.string
  %2 = flow.invoke @one(%1) read id 13 : (!expr.string) -> !expr.string
  flow.yield %2 : !expr.string
}
flow.workflow @writes(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read id 14 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@write(%x) write id 15 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @speaks(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read id 16 : (!expr.string) -> !expr.string
  flow.emit %x id 17 : !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @frugal(%x: !expr.string) -> !expr.string attributes {budget = {tokens = 5 : i64}} {
  %0 = flow.call @docs::@read(%x) read id 18 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @bounded(%x: !expr.string) -> !expr.string attributes {depth = 3 : i64} {
  %0 = flow.call @docs::@read(%x) read id 19 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @round(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read id 20 : (!expr.string) -> !expr.string
  %1 = flow.invoke @about(%x) read id 21 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @about(%x: !expr.string) -> !expr.string attributes {depth = 3 : i64} {
  %0 = flow.invoke @round(%x) read id 22 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @agent(%x: !expr.string) -> !expr.string attributes {kind = 1 : i32} {
  %0 = flow.call @docs::@read(%x) read id 23 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @mocked(%x: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read id 24 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @polls(%x: !expr.string, %after: !expr.string) -> !expr.string {
  %0 = flow.call @docs::@read(%x) read id 25 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
expr.function @answer(%x: !expr.string) -> !expr.string {
  expr.yield %x : !expr.string
}

// CHECK-LABEL: @a_call_and_a_body(
//   CHECK-NOT:   flow.invoke
// CHECK-COUNT-2: flow.call @docs::@read(%arg0)
//   CHECK-NOT:   flow.invoke
//       CHECK:   flow.yield
flow.workflow @a_call_and_a_body(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @one(%x) read id 101 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 102 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// What is asked inside is known from what is given.
// CHECK-LABEL: @two_bodies(
//   CHECK-NOT:   flow.invoke
//       CHECK:   %[[A:.*]] = expr.format ["<", ">"](%arg0)
//       CHECK:   flow.call @docs::@read(%[[A]])
//       CHECK:   %[[B:.*]] = expr.format ["<", ">"](%arg0)
//       CHECK:   flow.call @docs::@read(%[[B]])
flow.workflow @two_bodies(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %t = expr.format ["<", ">"](%x) : (!expr.string) -> !expr.string
  %0 = flow.invoke @one(%t) read id 103 : (!expr.string) -> !expr.string
  %1 = flow.invoke @two(%x) read id 104 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @other_argument(
//       CHECK:   flow.invoke @one
//       CHECK:   flow.call
flow.workflow @other_argument(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @one(%x) read id 105 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%y) read id 106 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// What is shared is opened as far as it must be: the second call in @deep stays one.
// CHECK-LABEL: @down_two_calls(
//       CHECK:   flow.call @docs::@read
//       CHECK:   flow.invoke @one
//       CHECK:   flow.call @docs::@read
flow.workflow @down_two_calls(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @deep(%x) read id 107 : (!expr.string) -> !expr.string
  %t = expr.format ["", "!"](%x) : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%t) read id 108 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// What is asked with equal answers is equal in its turn.
// CHECK-LABEL: @a_chain_of_equal_reads(
//   CHECK-NOT:   flow.invoke
// CHECK-COUNT-4: flow.call
//       CHECK:   flow.yield
flow.workflow @a_chain_of_equal_reads(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @one(%x) read id 109 : (!expr.string) -> !expr.string
  %a = flow.invoke @one(%0) read id 110 : (!expr.string) -> !expr.string
  %b = flow.call @docs::@read(%x) read id 111 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%b) read id 112 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @with_a_policy(
//       CHECK:   flow.invoke @one
flow.workflow @with_a_policy(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @one(%x) read policy {retry = 2 : i64} id 113 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 114 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @that_writes(
//       CHECK:   flow.invoke @writes
flow.workflow @that_writes(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @writes(%x) write id 115 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 116 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @that_emits(
//       CHECK:   flow.invoke @speaks
flow.workflow @that_emits(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @speaks(%x) read id 117 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 118 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @with_a_budget(
//       CHECK:   flow.invoke @frugal
flow.workflow @with_a_budget(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @frugal(%x) read id 119 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 120 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @with_a_depth(
//       CHECK:   flow.invoke @bounded
flow.workflow @with_a_depth(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @bounded(%x) read id 121 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 122 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @on_a_cycle(
//       CHECK:   flow.invoke @round
flow.workflow @on_a_cycle(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @round(%x) read id 123 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 124 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @of_an_agent(
//       CHECK:   flow.invoke @agent
flow.workflow @of_an_agent(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @agent(%x) read id 125 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 126 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @replaced_by_a_mock(
//       CHECK:   flow.invoke @mocked
flow.workflow @replaced_by_a_mock(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @mocked(%x) read id 127 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 128 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// Each workflow that a test calls is a run.
// CHECK-LABEL: @a_test(
//       CHECK:   flow.invoke @one
flow.workflow @a_test(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> attributes {kind = 2 : i32, mocks = [{target = @mocked, function = @answer}]} {
  %0 = flow.invoke @one(%x) read id 129 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 130 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @across_a_write(
//       CHECK:   flow.invoke @one
flow.workflow @across_a_write(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @one(%x) read id 131 : (!expr.string) -> !expr.string
  %w = flow.call @docs::@write(%y) write id 132 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 133 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// Who hands on an answer wants the next read to come after it.
// CHECK-LABEL: @given_what_was_read(
//       CHECK:   flow.call @docs::@read
//       CHECK:   flow.invoke @polls
flow.workflow @given_what_was_read(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.call @docs::@read(%x) read id 134 : (!expr.string) -> !expr.string
  %1 = flow.invoke @polls(%x, %0) read id 135 : (!expr.string, !expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @given_what_was_written(
//       CHECK:   flow.invoke @one
//       CHECK:   flow.invoke @polls
flow.workflow @given_what_was_written(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %w = flow.call @docs::@write(%y) write id 136 : (!expr.string) -> !expr.string
  %0 = flow.invoke @one(%x) read id 137 : (!expr.string) -> !expr.string
  %t = expr.format ["", "?"](%w) : (!expr.string) -> !expr.string
  %1 = flow.invoke @polls(%x, %t) read id 138 : (!expr.string, !expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// CHECK-LABEL: @given_what_a_person_says(
//       CHECK:   flow.invoke @one
//       CHECK:   flow.invoke @polls
flow.workflow @given_what_a_person_says(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @one(%x) read id 139 : (!expr.string) -> !expr.string
  %w = flow.call @boss::@ask(%y) read id 140 : (!expr.string) -> !expr.string
  %1 = flow.invoke @polls(%x, %w) read id 141 : (!expr.string, !expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// A read that has nothing to do with the others is no reason to wait.
// CHECK-LABEL: @given_another_answer(
//   CHECK-NOT:   flow.invoke
// CHECK-COUNT-3: flow.call
//       CHECK:   flow.yield
flow.workflow @given_another_answer(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %w = flow.call @docs::@read(%y) read id 142 : (!expr.string) -> !expr.string
  %0 = flow.invoke @one(%x) read id 143 : (!expr.string) -> !expr.string
  %1 = flow.invoke @polls(%x, %w) read id 144 : (!expr.string, !expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// Each body for itself.
// CHECK-LABEL: @in_a_body(
//       CHECK:   flow.switch
//   CHECK-NOT:   flow.invoke
// CHECK-COUNT-2: flow.call
//       CHECK:   flow.invoke @one
flow.workflow @in_a_body(%x: !expr.string, %y: !expr.string) -> !expr.list<!expr.string> {
  %c = expr.constant true -> !expr.bool
  %0 = flow.switch %c id 145 : !expr.bool -> !expr.string {
    %p = flow.invoke @one(%x) read id 146 : (!expr.string) -> !expr.string
    %q = flow.call @docs::@read(%x) read id 147 : (!expr.string) -> !expr.string
    flow.yield %p : !expr.string
  }, {
    %p = flow.invoke @one(%x) read id 148 : (!expr.string) -> !expr.string
    flow.yield %p : !expr.string
  }
  %1 = expr.format ["", "."](%0) : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

// Ids are made of the call's and the step's: all differ, and each is the same tomorrow.
// CHECK-LABEL: @ids(
//       CHECK:   flow.call @docs::@read(%arg0) read id 6543663489242397736 :
//       CHECK:   flow.call @docs::@read(%arg0) read id 900 :
flow.workflow @ids(%x: !expr.string) -> !expr.list<!expr.string> {
  %0 = flow.invoke @one(%x) read id 901 : (!expr.string) -> !expr.string
  %1 = flow.call @docs::@read(%x) read id 900 : (!expr.string) -> !expr.string
  %r = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
  flow.yield %r : !expr.list<!expr.string>
}

//      SMALL: [Missed] TooManySteps | Category:inline-workflows | Reason="callees of @{{.*}} have more than max-ops = 1 ops"
//      SMALL: {{^}}  flow.workflow @a_call_and_a_body(
// SMALL-NEXT:   flow.invoke @one
