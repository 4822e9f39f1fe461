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
    block: those calls are replaced by bodies. So are calls in a body of a map behind which a read stands that is the same for
    all items, so that `weft-hoist-reads` may move it. Nothing else is. Saves one call for each read that is then merged, or
    one for each item.

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

def HoistReads : Pass<"weft-hoist-reads", "mlir::ModuleOp"> {
  let summary = "Makes reads that are the same for all items of a map once";
  let description = [{
    A step in a body of `flow.map` that only reads, and is given nothing that the item decides, is moved in front of the map into
    a `flow.once`, which is asked where it stood. It is made when the first item asks, so no call is made that was not made
    before; an item that asks gets its failure where the step stood. Out of several maps around it goes as far as it can; so do
    forms as a whole, and chains of reads. Pure steps that work out what it is given are copied. Cells of one block that make the
    same read become one, unless a write of what they read stands between them; a step of the block that makes it too asks the
    cell. Where a map stands in another and goes over a list that is the same for all items of that, a read that only its own item
    decides goes in front of both, into a cell that is asked with the item as its key.

    Left as they are, each named in a remark: reads that the item decides, or two items; that chance or a person answers, or that say `cache =
    "none"`; that emit; of a binding that is written in the same body; in a round of a loop or a fold, a sample, an arm, or under
    a policy of its own that stands around them; items whose window is 1, or a value that may be; reads that take more than
    `max-slice` pure steps.

    Saves a call for each item but one, and one for each cell that is merged.

    Before:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
      %0 = flow.map %xs id 1 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
      ^bb0(%y: !expr.string):
        %1 = flow.call @docs::@read(%x) read id 2 : (!expr.string) -> !expr.string
        flow.yield %1 : !expr.string
      }
      flow.yield %0 : !expr.list<!expr.string>
    }
    ```
    After:
    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%xs: !expr.list<!expr.string>, %x: !expr.string) -> !expr.list<!expr.string> {
      %0 = flow.once id 4 : !flow.cell<!expr.string> {
        %2 = flow.call @docs::@read(%x) read id 2 : (!expr.string) -> !expr.string
        flow.yield %2 : !expr.string
      }
      %1 = flow.map %xs id 1 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
      ^bb0(%y: !expr.string):
        %3 = flow.get %0 id 5 : !flow.cell<!expr.string> -> !expr.string
        flow.yield %3 : !expr.string
      }
      flow.yield %1 : !expr.list<!expr.string>
    }
    ```
  }];
  let dependentDialects = ["weft::flow::FlowDialect", "weft::expr::ExprDialect"];
  let options = [Option<"maxSlice", "max-slice", "unsigned", /*default=*/"64",
                        "Pure steps that are copied for one read; more are worked out for each item still">];
  let statistics = [Statistic<"numHoisted", "hoisted", "reads moved in front of a map">,
                    Statistic<"numMerged", "merged", "reads that an equal cell makes">];
}

def BatchCalls : Pass<"weft-batch-calls", "mlir::ModuleOp"> {
  let summary = "Marks calls of maps and votes that may go in one request";
  let description = [{
    Calls on a model whose endpoint takes several prompts in one request (`batch` of the binding) become `with_others`, where
    several of them may be ready at once: in a body of a map or a vote, or in a workflow that is invoked from one. At run time
    those of one member and one policy that are ready together leave together; each keeps its own records, attempts and answer.

    Left alone, each named in a remark: calls on models that take one prompt at a time; calls with a hedge, of which the second
    attempt is to be apart from the first; calls that write; calls that stand in no map and no vote.

    Saves a request for each call but one of a batch.

    Before:
    ```mlir
    flow.binding model @local "extractive" attributes {batch = 8 : i64} {
      flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%xs: !expr.list<!expr.string>) -> !expr.list<!expr.string> {
      %0 = flow.map %xs id 1 : !expr.list<!expr.string> -> !expr.list<!expr.string> {
      ^bb0(%x: !expr.string):
        %1 = flow.call @local::@ask(%x) read id 2 : (!expr.string) -> !expr.string
        flow.yield %1 : !expr.string
      }
      flow.yield %0 : !expr.list<!expr.string>
    }
    ```
    After, in the map:
    ```mlir
    flow.binding model @local "extractive" attributes {batch = 8 : i64} {
      flow.member @ask(["prompt"]) : (!expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.string {
      %1 = flow.call @local::@ask(%x) read id 2 {with_others} : (!expr.string) -> !expr.string
      flow.yield %1 : !expr.string
    }
    ```
  }];
  let dependentDialects = ["weft::flow::FlowDialect"];
  let statistics = [Statistic<"numMarked", "marked", "calls that may go in one request">];
}

def GroupPrefixes : Pass<"weft-group-prefixes", "mlir::ModuleOp"> {
  let summary = "Names the text that calls of models begin with";
  let description = [{
    A call's prompt begins with its system prompt and with what stands before the first hole of its template. Where that is known
    and has at least `min-bytes`, the call gets its digest as `prefix` and its length as `prefix_bytes`. Calls that begin alike
    then follow each other where they wait for a model, and a server that keeps what it has read reads it once. The same text has
    the same digest in all plans.

    Left alone, each named in a remark: calls whose system prompt is made at run time, and those that begin with less.

    Before:
    ```mlir
    flow.binding model @local "extractive" {
      flow.member @ask(["system", "prompt", "schema"]) : (!expr.string, !expr.string, !expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.string {
      %0 = expr.constant "You sort the tickets of a shop. Billing is about invoices, login about passwords." -> !expr.string
      %1 = expr.constant "" -> !expr.string
      %2 = flow.call @local::@ask(%0, %x, %1) read id 2 : (!expr.string, !expr.string, !expr.string) -> !expr.string
      flow.yield %2 : !expr.string
    }
    ```
    After:
    ```mlir
    flow.binding model @local "extractive" {
      flow.member @ask(["system", "prompt", "schema"]) : (!expr.string, !expr.string, !expr.string) -> !expr.string read id 3
    }
    flow.workflow @f(%x: !expr.string) -> !expr.string {
      %0 = expr.constant "You sort the tickets of a shop. Billing is about invoices, login about passwords." -> !expr.string
      %1 = expr.constant "" -> !expr.string
      %2 = flow.call @local::@ask(%0, %x, %1) read id 2 {prefix = 12 : i64, prefix_bytes = 81 : i64}
          : (!expr.string, !expr.string, !expr.string) -> !expr.string
      flow.yield %2 : !expr.string
    }
    ```
  }];
  let dependentDialects = ["weft::flow::FlowDialect"];
  let options = [Option<"minBytes", "min-bytes", "unsigned", /*default=*/"64",
                        "Bytes that are worth it: the 16 tokens in which servers keep what they have read">];
  let statistics = [Statistic<"numGrouped", "grouped", "calls whose beginning is named">];
}

def DropUnused : Pass<"weft-drop-unused", "mlir::ModuleOp"> {
  let summary = "Removes steps whose value nobody uses, if they are pure or read";
  let description = [{
    From the end of each block upwards, so that what only a dropped step used goes too. A step stays if it, or a body or callee
    below it, writes or emits, or if a `fail` stands in it that is not an agent's: an agent whose answer does not fit is a read
    that failed. A remark names each dropped step.

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
