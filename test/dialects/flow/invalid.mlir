// RUN: weft-opt %s -split-input-file -verify-diagnostics

// workflow C1
// expected-error @+1 {{does not yield its one result}}
flow.workflow @w(%x: i64) -> i32 {
  flow.yield %x : i64
}

// -----

// workflow C2
// expected-error @+1 {{param_names has 2 entries for 1 parameters}}
flow.workflow @w(%x: i64) -> i64 attributes {param_names = ["a", "b"]} {
  flow.yield %x : i64
}

// -----

// workflow C3
// expected-error @+1 {{budget has the key 'money', which it does not know}}
flow.workflow @w(%x: i64) -> i64 attributes {budget = {money = 1 : i64}} {
  flow.yield %x : i64
}

// -----

// binding C1
// expected-error @+1 {{holds 'builtin.module'; wanted only flow.member}}
flow.binding files @docs "files" {
  builtin.module {}
}

// -----

// member C1
flow.binding files @docs "files" {
  // expected-error @+1 {{names 2 parameters of '(i64) -> i64'; wanted one name each, and one result}}
  flow.member @read(["name", "more"]) : (i64) -> i64 read id 1
}

// -----

// member C2
flow.binding files @docs "files" {
  // expected-error @+1 {{has the effect write_undo and no undo}}
  flow.member @write(["name"]) : (i64) -> i64 write_undo id 1
}

// -----

// member C2: a read is not taken back
flow.binding files @docs "files" {
  // expected-error @+1 {{has the effect read and an undo}}
  flow.member @read(["name"]) : (i64) -> i64 read id 1 {undo = @back}
}

// -----

// call C1: no such member
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{calls @docs::@read; wanted a flow.member}}
  %0 = flow.call @docs::@read(%x) read id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// call C1: other types
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 1
}
flow.workflow @w(%x: i32) -> i64 {
  // expected-error @+1 {{does not fit '(i64) -> i64'}}
  %0 = flow.call @docs::@read(%x) read id 2 : (i32) -> i64
  flow.yield %0 : i64
}

// -----

// call C1: another effect
flow.binding files @docs "files" {
  flow.member @write(["name"]) : (i64) -> i64 write id 1
}
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{says read; the member says write}}
  %0 = flow.call @docs::@write(%x) read id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// call C1: not marked as chance
flow.binding model @m "openai" {
  flow.member @ask(["prompt"]) : (i64) -> i64 read chance id 1
}
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{says read; the member says read chance}}
  %0 = flow.call @m::@ask(%x) read id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// call C2
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 1
}
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{policy has the key 'retries', which it does not know}}
  %0 = flow.call @docs::@read(%x) read policy {retries = 2 : i64} id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// invoke C1
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{invokes @other; wanted a flow.workflow}}
  %0 = flow.invoke @other(%x) pure id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// gang C1
flow.workflow @w(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error @+1 {{runs @w; wanted a tensor function}}
  %0 = flow.gang @w(%x) id 2 : (tensor<4xf32>) -> tensor<4xf32>
  flow.yield %0 : tensor<4xf32>
}

// -----

// system C1
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{now is given 1 operands; wanted 0}}
  %0 = flow.system now(%x) id 2 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// step C1
flow.workflow @w(%x: i64, %y: i32) -> i64 {
  %0 = flow.loop %x max %x id 2 : i64, i64 -> i64 {
  ^bb0(%z: i64):
    // expected-error @+1 {{stops with 'i32'; wanted 'i64'}}
    %1 = flow.step break %y : i32 -> !flow.step<i64, i64>
    flow.yield %1 : !flow.step<i64, i64>
  }
  flow.yield %0 : i64
}

// -----

// map C1
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{body 0 takes 0 arguments; wanted 1}}
  %0 = flow.map %x id 2 : i64 -> i64 {
    flow.yield %x : i64
  }
  flow.yield %0 : i64
}

// -----

// loop C1
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{body 0 yields 'i64'; wanted '!flow.step<i64, i64>'}}
  %0 = flow.loop %x max %x id 2 : i64, i64 -> i64 {
  ^bb0(%y: i64):
    flow.yield %y : i64
  }
  flow.yield %0 : i64
}

// -----

// switch C1
flow.workflow @w(%x: i64, %y: i32) -> i64 {
  // expected-error @+1 {{body 1 yields 'i32'; wanted 'i64'}}
  %0 = flow.switch %x id 2 : i64 -> i64 {
    flow.yield %x : i64
  }, {
    flow.yield %y : i32
  }
  flow.yield %0 : i64
}

// -----

// try C1
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{body 1 takes 0 arguments; wanted 1}}
  %0 = flow.try id 2 : i64 {
    flow.yield %x : i64
  } catch {
    flow.yield %x : i64
  }
  flow.yield %0 : i64
}

// -----

// once C1
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{body 0 yields 'i64'; wanted 'i32'}}
  %0 = flow.once id 5 : !flow.cell<i32> {
    flow.yield %x : i64
  }
  flow.yield %x : i64
}

// -----

// once C1
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{its body takes 'i64'; the cell is asked with 'i32'}}
  %0 = flow.once id 5 : !flow.cell<i64 by i32> {
  ^bb0(%key: i64):
    flow.yield %key : i64
  }
  flow.yield %x : i64
}

// -----

// get C2
flow.workflow @w(%x: i64) -> i64 {
  %0 = flow.once id 5 : !flow.cell<i64 by i64> {
  ^bb0(%key: i64):
    flow.yield %key : i64
  }
  // expected-error @+1 {{is given no key; the cell has one value for each}}
  %1 = flow.get %0 id 6 : !flow.cell<i64 by i64> -> i64
  flow.yield %1 : i64
}

// -----

// get C2
flow.workflow @w(%x: i64, %y: i32) -> i64 {
  %0 = flow.once id 5 : !flow.cell<i64 by i64> {
  ^bb0(%key: i64):
    flow.yield %key : i64
  }
  // expected-error @+1 {{asks with 'i32'; the cell is asked with 'i64'}}
  %1 = flow.get %0 by %y id 6 : !flow.cell<i64 by i64>, i32 -> i64
  flow.yield %1 : i64
}

// -----

// once C2
flow.workflow @w(%x: i64) -> i64 {
  %0 = flow.once id 5 : !flow.cell<i64> {
    // expected-error @+1 {{stands in a flow.once; wanted only what reads}}
    flow.emit %x id 6 : i64
    flow.yield %x : i64
  }
  flow.yield %x : i64
}

// -----

// get C1
flow.workflow @w(%x: i64) -> i32 {
  %0 = flow.once id 5 : !flow.cell<i64> {
    flow.yield %x : i64
  }
  // expected-error @+1 {{gives 'i32'; the cell holds 'i64'}}
  %1 = flow.get %0 id 6 : !flow.cell<i64> -> i32
  flow.yield %1 : i32
}

// -----

// call C3
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 8
}
flow.workflow @w(%x: i64) -> i64 {
  // expected-error @+1 {{has prefix alone; wanted both or none}}
  %0 = flow.call @docs::@read(%x) read id 9 {prefix = 1 : i64} : (i64) -> i64
  flow.yield %0 : i64
}
