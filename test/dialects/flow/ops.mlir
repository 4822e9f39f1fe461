// The example of each op parses, prints, and parses again to the same.
// RUN: weft-opt %s -split-input-file | weft-opt -split-input-file | FileCheck %s
// RUN: weft-opt %s -split-input-file -mlir-print-op-generic | weft-opt -split-input-file | FileCheck %s

// workflow
// CHECK: flow.workflow @same(
flow.workflow @same(%x: i64) -> i64 attributes {kind = 0 : i32, param_names = ["x"]} {
  flow.yield %x : i64
}

// -----

// binding
// CHECK: flow.binding model @local "extractive" settings [#flow.setting<name = "name", value = "small">] {
flow.binding model @local "extractive" settings [#flow.setting<name = "name", value = "small">] {
  flow.member @ask(["prompt"]) : (i64) -> i64 read id 7
}

// -----

// member
// CHECK: flow.member @read(["name"]) : (i64) -> i64 read id 8
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 8
}

// -----

// yield
// CHECK: flow.yield %{{.*}} : i64
flow.workflow @same(%x: i64) -> i64 {
  flow.yield %x : i64
}

// -----

// call
// CHECK: flow.call @docs::@read(%{{.*}}) read id 9 : (i64) -> i64
flow.binding files @docs "files" {
  flow.member @read(["name"]) : (i64) -> i64 read id 8
}
flow.workflow @first(%x: i64) -> i64 {
  %0 = flow.call @docs::@read(%x) read id 9 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// invoke
// CHECK: flow.invoke @same(%{{.*}}) pure id 3 : (i64) -> i64
flow.workflow @same(%x: i64) -> i64 {
  flow.yield %x : i64
}
flow.workflow @main(%x: i64) -> i64 {
  %0 = flow.invoke @same(%x) pure id 3 : (i64) -> i64
  flow.yield %0 : i64
}

// -----

// gang
// CHECK: flow.gang @twice(%{{.*}}) id 3 : (tensor<4xf32>) -> tensor<4xf32>
func.func @twice(%x: tensor<4xf32>) -> tensor<4xf32> {
  return %x : tensor<4xf32>
}
flow.workflow @main(%x: tensor<4xf32>) -> tensor<4xf32> {
  %0 = flow.gang @twice(%x) id 3 : (tensor<4xf32>) -> tensor<4xf32>
  flow.yield %0 : tensor<4xf32>
}

// -----

// system
// CHECK: flow.system now() id 4 : () -> i64
flow.workflow @when() -> i64 {
  %0 = flow.system now() id 4 : () -> i64
  flow.yield %0 : i64
}

// -----

// emit
// CHECK: flow.emit %{{.*}} id 4 : i64
flow.workflow @say(%x: i64) -> i64 {
  flow.emit %x id 4 : i64
  flow.yield %x : i64
}

// -----

// fail
// CHECK: flow.fail failed %{{.*}} id 4 : i64
flow.workflow @never(%why: i64) -> i64 {
  flow.fail failed %why id 4 : i64
  flow.yield %why : i64
}

// -----

// step
// CHECK: flow.step break %{{.*}} : i64 -> <i64, i64>
flow.workflow @stop(%x: i64, %n: i64) -> i64 {
  %0 = flow.loop %x max %n id 5 : i64, i64 -> i64 {
  ^bb0(%y: i64):
    %1 = flow.step break %y : i64 -> !flow.step<i64, i64>
    flow.yield %1 : !flow.step<i64, i64>
  }
  flow.yield %0 : i64
}

// -----

// map
// CHECK: flow.map %{{.*}} id 5 : i64 -> i64 {
flow.workflow @each(%xs: i64) -> i64 {
  %0 = flow.map %xs id 5 : i64 -> i64 {
  ^bb0(%x: i64):
    flow.yield %x : i64
  }
  flow.yield %0 : i64
}

// -----

// fold
// CHECK: flow.fold %{{.*}} from %{{.*}} id 5 : i64, i64 -> i64 {
flow.workflow @last(%xs: i64, %none: i64) -> i64 {
  %0 = flow.fold %xs from %none id 5 : i64, i64 -> i64 {
  ^bb0(%acc: i64, %x: i64):
    flow.yield %x : i64
  }
  flow.yield %0 : i64
}

// -----

// fold, as a tree
// CHECK: flow.fold tree %{{.*}} from %{{.*}} id 5 : i64, i64 -> i64 {
flow.workflow @greatest(%xs: i64, %none: i64) -> i64 {
  %0 = flow.fold tree %xs from %none id 5 : i64, i64 -> i64 {
  ^bb0(%left: i64, %right: i64):
    flow.yield %right : i64
  }
  flow.yield %0 : i64
}

// -----

// loop
// CHECK: flow.loop %{{.*}} max %{{.*}} id 5 : i64, i64 -> i64 {
flow.workflow @once(%x: i64, %n: i64) -> i64 {
  %0 = flow.loop %x max %n id 5 : i64, i64 -> i64 {
  ^bb0(%y: i64):
    %1 = flow.step continue %y : i64 -> !flow.step<i64, i64>
    flow.yield %1 : !flow.step<i64, i64>
  } else {
    flow.yield %x : i64
  }
  flow.yield %0 : i64
}

// -----

// switch
// CHECK: flow.switch %{{.*}} id 5 : i64 -> i64 {
flow.workflow @either(%c: i64, %x: i64) -> i64 {
  %0 = flow.switch %c id 5 : i64 -> i64 {
    flow.yield %x : i64
  }, {
    flow.yield %c : i64
  }
  flow.yield %0 : i64
}

// -----

// race
// CHECK: flow.race id 5 : i64 {
flow.workflow @fastest(%x: i64, %y: i64) -> i64 {
  %0 = flow.race id 5 : i64 {
    flow.yield %x : i64
  }, {
    flow.yield %y : i64
  }
  flow.yield %0 : i64
}

// -----

// vote
// CHECK: flow.vote %{{.*}} of %{{.*}} id 5 : i64, i64 -> i64 {
flow.workflow @two_of_three(%k: i64, %n: i64) -> i64 {
  %0 = flow.vote %k of %n id 5 : i64, i64 -> i64 {
    flow.yield %k : i64
  }
  flow.yield %0 : i64
}

// -----

// try
// CHECK: flow.try id 5 : i64 {
flow.workflow @safe(%x: i64) -> i64 {
  %0 = flow.try id 5 : i64 {
    flow.yield %x : i64
  } catch {
  ^bb0(%error: i64):
    flow.yield %x : i64
  }
  flow.yield %0 : i64
}

// -----

// scope
// CHECK: flow.scope policy {timeout_ms = 1000 : i64} id 5 : i64 {
flow.workflow @hurry(%x: i64) -> i64 {
  %0 = flow.scope policy {timeout_ms = 1000 : i64} id 5 : i64 {
    flow.yield %x : i64
  }
  flow.yield %0 : i64
}

// -----

// once, get
// CHECK: %[[CELL:.*]] = flow.once id 5 : !flow.cell<i64> {
// CHECK: flow.get %[[CELL]] id 6 : !flow.cell<i64> -> i64
flow.workflow @lazy(%x: i64) -> i64 {
  %0 = flow.once id 5 : !flow.cell<i64> {
    flow.yield %x : i64
  }
  %1 = flow.get %0 id 6 : !flow.cell<i64> -> i64
  flow.yield %1 : i64
}
