//===- Passes.td - Passes over workflows -*- tablegen -*-===//
#ifndef WEFT_COMPILER_FLOW_PASSES
#define WEFT_COMPILER_FLOW_PASSES

include "mlir/Pass/PassBase.td"

def InlineFunctions : Pass<"weft-inline-functions", "mlir::ModuleOp"> {
  let summary = "Puts the bodies of small pure functions where they are called";
  let description = [{
    Saves a call per use and lets `weft-fold` see the arguments. Functions do not recurse, so it ends. A function of more ops
    than `max-ops`, those of its lambdas included, stays a call. Functions that nobody calls stay too: types and members refer to
    them.

    Before:
    ```mlir
    expr.function @twice(%0: !expr.int) -> !expr.int {
      %1 = expr.builtin "add"(%0, %0) : (!expr.int, !expr.int) -> !expr.int
      expr.yield %1 : !expr.int
    }
    expr.function @f(%0: !expr.int) -> !expr.int {
      %1 = expr.call @twice(%0) : (!expr.int) -> !expr.int
      expr.yield %1 : !expr.int
    }
    ```
    After, in `@f`:
    ```mlir
    expr.function @f(%0: !expr.int) -> !expr.int {
      %1 = expr.builtin "add"(%0, %0) : (!expr.int, !expr.int) -> !expr.int
      expr.yield %1 : !expr.int
    }
    ```
  }];
  let dependentDialects = ["weft::expr::ExprDialect"];
  let options = [Option<"maxOps", "max-ops", "unsigned", /*default=*/"24", "Ops in a body that is copied">];
  let statistics = [Statistic<"numInlined", "inlined", "calls replaced by bodies">];
}

def Fold : Pass<"weft-fold", "mlir::ModuleOp"> {
  let summary = "Computes what is known while compiling";
  let description = [{
    Folds ops of `expr` whose operands are known, by the builtins that a run would use, and replaces a switch over a known
    selector by its arm. What would fail is left to the run. Afterwards no op of `expr` folds. Nothing else is removed: an
    unused call stays a call.

    Before:
    ```mlir
    %0 = expr.constant 2 -> !expr.int
    %1 = expr.builtin "add"(%0, %0) : (!expr.int, !expr.int) -> !expr.int
    ```
    After:
    ```mlir
    %1 = expr.constant 4 -> !expr.int
    ```
  }];
  let dependentDialects = ["weft::expr::ExprDialect"];
  let statistics = [Statistic<"numFolded", "folded", "ops that became constants or other values">];
}

def MergeEqualReads : Pass<"weft-merge-equal-reads", "mlir::ModuleOp"> {
  let summary = "Makes equal reads of one block once";
  let description = [{
    Two calls, invokes or `env` of one block with the same callee and policy, of effect `read`, become the upper one, unless a
    write of a binding that they read stands between them. What they are given must be the same values, or come of equal pure
    ops. Never merged: what is marked `chance` (models with temperature, votes), `now`, `random` and `uuid`, and what makes
    calls whose policy says `cache = "none"`. Calls in different bodies are left alone: one may come after the other by a
    round or a wait.

    The remaining step keeps its id and lists the others' in `merged`. Saves one call each.

    Before:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.string {
      %0 = flow.call @docs::@read(%x) read id 1 : (!expr.string) -> !expr.string
      %1 = flow.call @docs::@read(%x) read id 2 : (!expr.string) -> !expr.string
      flow.yield %x : !expr.string
    }
    ```
    After:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.string {
      %0 = flow.call @docs::@read(%x) read id 1 {merged = [2]} : (!expr.string) -> !expr.string
      flow.yield %x : !expr.string
    }
    ```
  }];
  let dependentDialects = ["weft::flow::FlowDialect"];
  let statistics = [Statistic<"numMerged", "merged", "calls that are no longer made">];
}

def InlineWorkflows : Pass<"weft-inline-workflows", "mlir::ModuleOp"> {
  let summary = "Puts bodies of workflows where they are called, if that lets equal reads meet";
  let description = [{
    Two steps of one block that `weft-merge-equal-reads` would make one, if the bodies of the workflows called there stood in the
    block: those calls are replaced by bodies, and nothing else is. Saves one call for each read that is then merged.

    Left as they are: calls with a policy, and calls of a workflow that writes, emits, has a budget or a depth, is replaced by
    a mock, or can reach a cycle; calls of agents; calls in tests, each of which is a run; calls that wait for a write or for a
    person, and calls that wait for the other read, since a body waits only for what its steps are given. Bodies of forms are
    not looked through: one `flow.map` in two callees is made twice. What goes beyond `max-ops` is named in a remark.

    Before:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @one(%x: !expr.string) -> !expr.string {
      %0 = flow.call @docs::@read(%x) read id 1 : (!expr.string) -> !expr.string
      flow.yield %0 : !expr.string
    }
    flow.workflow @f(%x: !expr.string) -> !expr.list<!expr.string> {
      %0 = flow.invoke @one(%x) read id 4 : (!expr.string) -> !expr.string
      %1 = flow.call @docs::@read(%x) read id 5 : (!expr.string) -> !expr.string
      %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
      flow.yield %2 : !expr.list<!expr.string>
    }
    ```
    After, in `@f`:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.list<!expr.string> {
      %0 = flow.call @docs::@read(%x) read id 41 : (!expr.string) -> !expr.string
      %1 = flow.call @docs::@read(%x) read id 5 : (!expr.string) -> !expr.string
      %2 = expr.list(%0, %1) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
      flow.yield %2 : !expr.list<!expr.string>
    }
    ```
  }];
  let dependentDialects = ["weft::flow::FlowDialect", "weft::expr::ExprDialect"];
  let options = [Option<"maxOps", "max-ops", "unsigned", /*default=*/"20000",
                        "Ops that all copies in one workflow may have, and ops that are looked at in a round">];
  let statistics = [Statistic<"numInlined", "inlined", "calls replaced by bodies">];
}

def DropUnused : Pass<"weft-drop-unused", "mlir::ModuleOp"> {
  let summary = "Removes steps whose value nobody uses, if they are pure or read";
  let description = [{
    From the end of each block upwards, so that what only a dropped step used goes too. A step stays if it, or a body or callee
    below it, writes or emits, or if a `fail` stands in it. A remark names each dropped step.

    Before:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.string {
      %0 = flow.call @docs::@read(%x) read id 1 : (!expr.string) -> !expr.string
      flow.yield %x : !expr.string
    }
    ```
    After:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.string {
      flow.yield %x : !expr.string
    }
    ```
  }];
  let statistics = [Statistic<"numDropped", "dropped", "steps and pure ops removed">];
}

def VerifyFlow : Pass<"weft-verify-flow", "mlir::ModuleOp"> {
  let summary = "Checks what holds at the end of the flow phase";
  let description = [{
    - Every step has an id, and no two the same.
    - What an invoke says of its effect covers what its callee can do.
    - A write stands in no race or vote, and under no hedge unless it is idempotent.
    - A workflow that can reach itself has a `depth` on the way.

    Changes nothing.
  }];
}

def Outline : Pass<"weft-flow-outline", "mlir::ModuleOp"> {
  let summary = "Names what bodies take from outside";
  let description = [{
    What the bodies of a form use of outside becomes its `captures`, and an argument of each of its bodies behind their own. Constants
    are copied into the bodies instead. Afterwards every body is isolated: it can be a block of the plan.

    The last pass of the flow phase; passes that move steps run before.

    Before:
    ```mlir
    flow.workflow @f(%xs: !expr.list<!expr.int>, %y: !expr.int) -> !expr.list<!expr.int> {
      %1 = flow.map %xs id 5 : !expr.list<!expr.int> -> !expr.list<!expr.int> {
      ^bb0(%x: !expr.int):
        %2 = expr.builtin "add"(%x, %y) : (!expr.int, !expr.int) -> !expr.int
        flow.yield %2 : !expr.int
      }
      flow.yield %1 : !expr.list<!expr.int>
    }
    ```
    After:
    ```mlir
    flow.workflow @f(%xs: !expr.list<!expr.int>, %y: !expr.int) -> !expr.list<!expr.int> {
      %1 = flow.map %xs captures(%y : !expr.int) id 5 : !expr.list<!expr.int> -> !expr.list<!expr.int> {
      ^bb0(%x: !expr.int, %z: !expr.int):
        %2 = expr.builtin "add"(%x, %z) : (!expr.int, !expr.int) -> !expr.int
        flow.yield %2 : !expr.int
      }
      flow.yield %1 : !expr.list<!expr.int>
    }
    ```
  }];
  let statistics = [Statistic<"numCaptures", "captures", "values handed to bodies">];
}

def VerifyOutlined : Pass<"weft-verify-outlined", "mlir::ModuleOp"> {
  let summary = "Checks that every body of a form is isolated";
  let description = [{
    No op in a body of a form uses a value defined outside that body. Changes nothing.
  }];
}

#endif
