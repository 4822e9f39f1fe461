// RUN: weft-opt %s -split-input-file -verify-diagnostics -pass-pipeline='builtin.module(weft-verify-flow)'

// A model's member does what its tools do, and may say more.
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 1
  flow.member @write(["name"]) : (i64) -> i64 write_idempotent id 2
}
flow.binding model @m "openai" {
  flow.member @ask(["x"]) : (i64) -> i64 write id 3 {flow.tools = [@docs::@read, @docs::@write]}
}

// -----

flow.binding model @m "openai" {
  // expected-error @+1 {{has the tool @docs::@read; wanted a flow.member}}
  flow.member @ask(["x"]) : (i64) -> i64 read id 1 {flow.tools = [@docs::@read]}
}

// -----

flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write id 1
}
flow.binding model @m "openai" {
  // expected-error @+1 {{says read, but its tool @docs::@write does write}}
  flow.member @ask(["x"]) : (i64) -> i64 read id 2 {flow.tools = [@docs::@write]}
}

// -----

// What an agent with tools does is what its call says, not only that it asks a model.
flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write id 1
}
flow.binding model @m "openai" {
  flow.member @ask(["x"]) : (i64) -> i64 write id 2 {flow.tools = [@docs::@write]}
}
flow.workflow @agent(%x: i64) -> i64 {
  %0 = flow.call @m::@ask(%x) write id 3 : (i64) -> i64
  flow.yield %0 : i64
}
flow.workflow @main(%x: i64) -> i64 {
  // expected-error @+1 {{says read, but @agent does write}}
  %0 = flow.invoke @agent(%x) read id 4 : (i64) -> i64
  flow.yield %0 : i64
}
