// RUN: weft-opt %s -weft-batch-calls | FileCheck %s
// RUN: weft-opt %s -weft-batch-calls -remark-policy=all -remarks-filter='.*' 2>&1 >/dev/null | FileCheck %s --check-prefix=WHY

flow.binding model @wide "extractive" attributes {batch = 8 : i64} {
  flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read id 1
}
flow.binding model @narrow "extractive" {
  flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read id 2
}
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
}

// CHECK-LABEL: @in_a_map
//       CHECK:   flow.call @wide::@ask({{.*}}) read id 11 {with_others}
//       CHECK:   flow.call @docs::@read({{.*}}) read id 12 :
flow.workflow @in_a_map(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 10 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%x: !expr.string):
    %1 = flow.call @wide::@ask(%x) read id 11 : (!expr.string) -> !expr.string
    %2 = flow.call @docs::@read(%1) read id 12 : (!expr.string) -> !expr.string
    flow.yield %2 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @in_a_vote
//       CHECK:   flow.call @wide::@ask({{.*}}) read id 14 {with_others}
flow.workflow @in_a_vote(%x: !expr.string, %n: !expr.int) -> !expr.list<!expr.string> {
  %0 = flow.vote %n of %n id 13 : !expr.int, !expr.int -> !expr.list<!expr.string> {
    %1 = flow.call @wide::@ask(%x) read id 14 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// An agent is a workflow; a map reaches it through another one.
// CHECK-LABEL: @agent
//       CHECK:   flow.call @wide::@ask({{.*}}) read id 15 {with_others}
flow.workflow @agent(%x: !expr.string) -> !expr.string attributes {kind = 1 : i32} {
  %0 = flow.call @wide::@ask(%x) read id 15 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @between(%x: !expr.string) -> !expr.string {
  %0 = flow.invoke @agent(%x) read id 16 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}
flow.workflow @reaches(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 17 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%x: !expr.string):
    %1 = flow.invoke @between(%x) read id 18 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @alone
//       CHECK:   flow.call @wide::@ask({{.*}}) read id 19 :
// WHY-DAG: Alone | Category:batch-calls | Reason="it stands in no map and no vote, so nothing is ready with it"
flow.workflow @alone(%x: !expr.string) -> !expr.string {
  %0 = flow.call @wide::@ask(%x) read id 19 : (!expr.string) -> !expr.string
  flow.yield %0 : !expr.string
}

// CHECK-LABEL: @hedged
//       CHECK:   flow.call @wide::@ask({{.*}}) read policy {hedge_ms = 500 : i64} id 21 :
// WHY-DAG: Reason="a hedge is to be apart from its first attempt"
flow.workflow @hedged(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 20 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%x: !expr.string):
    %1 = flow.call @wide::@ask(%x) read policy {hedge_ms = 500 : i64} id 21 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}

// CHECK-LABEL: @one_prompt
//       CHECK:   flow.call @narrow::@ask({{.*}}) read id 23 :
// WHY-DAG: Reason="'narrow' takes one prompt in a request; `limit: { batch: 8 }` says that it takes more"
flow.workflow @one_prompt(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
  %0 = flow.map %xs id 22 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
  ^bb0(%x: !expr.string):
    %1 = flow.call @narrow::@ask(%x) read id 23 : (!expr.string) -> !expr.string
    flow.yield %1 : !expr.string
  }
  flow.yield %0 : !expr.list<!expr.string>
}
