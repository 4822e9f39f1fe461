// RUN: weft-opt %s -split-input-file -weft-verify-flow -verify-diagnostics

flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 1
}
flow.workflow @without_id(%x: i64) -> i64 {
  // expected-error @+1 {{the step has no stable id}}
  %0 = flow.call @docs::@read(%x) read : (i64) -> i64
  flow.yield %0 : i64
}

// -----

flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 1
}
flow.workflow @one_id_twice(%x: i64) -> i64 {
  // expected-note @+1 {{the other step}}
  %0 = flow.call @docs::@read(%x) read id 2 : (i64) -> i64
  // expected-error @+1 {{the stable id 2 names two steps}}
  %1 = flow.call @docs::@read(%0) read id 2 : (i64) -> i64
  flow.yield %1 : i64
}

// -----

flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write id 1
}
flow.workflow @writes(%x: i64) -> i64 {
  %0 = flow.call @docs::@write(%x) write id 2 : (i64) -> i64
  flow.yield %0 : i64
}
flow.workflow @promises_too_little(%x: i64) -> i64 {
  // expected-error @+1 {{says read, but @writes does write}}
  %0 = flow.invoke @writes(%x) read id 3 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write id 1
}
flow.workflow @write_in_a_race(%x: i64) -> i64 {
  // expected-error @+1 {{a write may not stand in a race or a vote}}
  %0 = flow.race id 2 : i64 {
    %1 = flow.call @docs::@write(%x) write id 3 : (i64) -> i64
    flow.yield %1 : i64
  }
  flow.yield %0 : i64
}

// -----

flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write id 1
}
flow.workflow @write_under_a_hedge(%x: i64) -> i64 {
  // expected-error @+1 {{a write may not stand under a hedge}}
  %0 = flow.call @docs::@write(%x) write policy {hedge_ms = 5 : i64} id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// An idempotent one may.
flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write_idempotent id 1
}
flow.workflow @idempotent_under_a_hedge(%x: i64) -> i64 {
  %0 = flow.call @docs::@write(%x) write_idempotent policy {hedge_ms = 5 : i64} id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// What can be taken back may race, through workflows too, whether it is idempotent or not.
flow.binding files @docs "files" {
  flow.member @remove(["name"]) : (i64) -> i64 write_idempotent id 1
  flow.member @write(["name"]) : (i64) -> i64 write_undo id 2 {undo = @back}
  flow.member @put(["name"]) : (i64) -> i64 write_idempotent id 3 {undo = @back}
}
flow.workflow @back(%x: i64) -> i64 {
  %0 = flow.call @docs::@remove(%x) write_idempotent id 4 : (i64) -> i64
  flow.yield %0 : i64
}
flow.workflow @writes(%x: i64) -> i64 {
  %0 = flow.call @docs::@write(%x) write_undo id 5 : (i64) -> i64
  flow.yield %0 : i64
}
flow.workflow @undone_in_a_race(%x: i64) -> i64 {
  %0 = flow.race id 6 : i64 {
    %1 = flow.invoke @writes(%x) write_undo id 7 : (i64) -> i64
    flow.yield %1 : i64
  }, {
    %1 = flow.call @docs::@put(%x) write_idempotent id 8 : (i64) -> i64
    flow.yield %1 : i64
  }
  flow.yield %0 : i64
}

// -----

flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write id 1
}
flow.workflow @writes(%x: i64) -> i64 {
  %0 = flow.call @docs::@write(%x) write id 2 : (i64) -> i64
  flow.yield %0 : i64
}
flow.workflow @write_of_a_workflow_in_a_race(%x: i64) -> i64 {
  // expected-error @+1 {{a write may not stand in a race or a vote}}
  %0 = flow.race id 3 : i64 {
    %1 = flow.invoke @writes(%x) write id 4 : (i64) -> i64
    flow.yield %1 : i64
  }
  flow.yield %0 : i64
}

// -----

flow.binding files @docs "files" {
  // expected-error @+1 {{is undone by @back; wanted a flow.workflow of its parameters, or of those and its result}}
  flow.member @write(["name"]) : (i64) -> i64 write_undo id 2 {undo = @back}
}
flow.workflow @back(%x: i64, %y: i64, %z: i64) -> i64 {
  flow.yield %x : i64
}

// -----

flow.workflow @endless(%x: i64) -> i64 {
  // expected-error @+1 {{@endless reaches itself, and no workflow on the way has a depth}}
  %0 = flow.invoke @endless(%x) pure id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

flow.workflow @bounded(%x: i64) -> i64 attributes {depth = 3 : i64} {
  %0 = flow.invoke @bounded(%x) pure id 2 : (i64) -> i64
  flow.yield %0 : i64
}
