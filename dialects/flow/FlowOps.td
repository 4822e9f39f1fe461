//===- FlowOps.td - Steps of workflows -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_FLOW_OPS
#define WEFT_DIALECTS_FLOW_OPS

include "dialects/flow/FlowAttrs.td"
include "dialects/flow/FlowInterfaces.td"
include "dialects/flow/FlowTypes.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Flow_Op<string mnemonic, list<Trait> traits = []> : Op<Flow_Dialect, mnemonic, traits>;

class Flow_Step<string mnemonic, list<Trait> traits = []>
    : Flow_Op<mnemonic, traits # [DeclareOpInterfaceMethods<Flow_StepInterface>]>;

/// A step with regions, which use values of outside until `weft-flow-outline` names them in `captures`.
class Flow_Form<string mnemonic, list<Trait> traits = []>
    : Flow_Step<mnemonic, traits # [RecursiveMemoryEffects, DeclareOpInterfaceMethods<Flow_FormInterface>]>;

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

def Flow_WorkflowOp : Flow_Op<"workflow", [IsolatedFromAbove, FunctionOpInterface]> {
  let summary = "A block of steps that can be started by its name";
  let description = [{
    Workflows, agents and tests are the same thing; `kind` says what was declared. A step inside starts as soon as it can.

    `param_names` names the parameters; `defaults` holds for each a constant, the name of an
    `expr.function` without parameters that computes it, or `unit` where it must be given; `param_docs` their
    documentation. `effect` is what a call of it does. `budget` is a dictionary of `cost_nano`, `tokens`, `time_ms`, `turns`,
    `on_exceed` (`stop`, `use`, `ask`) and `fallback`. `depth` bounds activations below each other. A test holds `mocks`:
    dictionaries of `target` and `function`, or of `recording`, a file that answers calls. A target that is a workflow has
    `member` too, which is called in its place, or counts its activations where there is no `function`. Its `doc` is its
    title.

    - C1: the body ends in a `flow.yield` of the result type, and there is one result.
    - C2: `param_names`, `param_docs` and `defaults`, where given, have one entry per parameter.
    - C3: `budget` holds no other keys.

    ```mlir
    flow.workflow @same(%x: i64) -> i64 attributes {kind = 0 : i32, param_names = ["x"]} {
      flow.yield %x : i64
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       DefaultValuedAttr<Flow_BlockKind, "BlockKind::workflow">:$kind,
                       DefaultValuedAttr<Flow_Effect, "Effect::pure">:$effect,
                       OptionalAttr<StrArrayAttr>:$param_names, OptionalAttr<StrArrayAttr>:$param_docs,
                       OptionalAttr<ArrayAttr>:$defaults, OptionalAttr<DictionaryAttr>:$budget, OptionalAttr<I64Attr>:$depth,
                       OptionalAttr<TypeAttr>:$emits, OptionalAttr<StrAttr>:$doc, OptionalAttr<ArrayAttr>:$mocks,
                       UnitAttr:$crash_everywhere, UnitAttr:$entry, OptionalAttr<StrAttr>:$sym_visibility,
                       OptionalAttr<DictArrayAttr>:$arg_attrs, OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Flow_BindingOp : Flow_Op<"binding", [Symbol, SymbolTable, NoTerminator, SingleBlock, NoRegionArguments]> {
  let summary = "Something outside that answers calls: a model, a tool, a person";
  let description = [{
    A memory resource of its own: calls of different bindings never wait for each other. Prices are nano-dollars per million
    tokens, `rate` calls per minute, `batch` the calls that fit one request, `context_tokens` what fits a prompt tokens, `temperature` thousandths.

    - C1: the body holds only `flow.member`.

    ```mlir
    flow.binding model @local "extractive" settings [#flow.setting<name = "name", value = "small">] {
      flow.member @ask(["prompt"]) : (i64) -> i64 read id 7
    }
    ```
  }];
  let arguments = (ins Flow_BindingKind:$kind, SymbolNameAttr:$sym_name, StrAttr:$provider,
                       OptionalAttr<ArrayAttr>:$settings, OptionalAttr<I64Attr>:$concurrency, OptionalAttr<I64Attr>:$batch,
                       OptionalAttr<I64Attr>:$rate, OptionalAttr<I64Attr>:$price_input, OptionalAttr<I64Attr>:$price_output,
                       OptionalAttr<I64Attr>:$context_tokens, OptionalAttr<I64Attr>:$temperature);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $kind $sym_name $provider (`settings` $settings^)? attr-dict-with-keyword $body
  }];
  let hasRegionVerifier = 1;
}

def Flow_MemberOp : Flow_Op<"member", [Symbol, HasParent<"BindingOp">]> {
  let summary = "One thing that can be called on a binding";
  let description = [{
    `templates` are functions of the parameters that render a command line or a request; `undo` is a workflow that takes a
    write back: it gets the parameters, and behind them the result where it uses it. `paid`: an intent is journaled before the call leaves. `chance`: two equal calls may answer
    differently by intent, so they are never merged.

    - C1: there is one name per parameter, and one result.
    - C2: `undo` stands with `write_undo`, may with `write_idempotent`, and takes the parameters, maybe the result.

    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (i64) -> i64 read id 8
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrArrayAttr:$param_names, TypeAttrOf<FunctionType>:$type, Flow_Effect:$effect,
                       OptionalAttr<FlatSymbolRefAttr>:$undo, OptionalAttr<ArrayAttr>:$templates, UnitAttr:$paid,
                       UnitAttr:$chance, I64Attr:$id);
  let assemblyFormat = [{
    $sym_name `(` $param_names `)` `:` $type $effect (`paid` $paid^)? (`chance` $chance^)? `id` $id attr-dict
  }];
  let hasVerifier = 1;
}

def Flow_YieldOp : Flow_Op<"yield", [Pure, Terminator, ReturnLike]> {
  let summary = "Gives the value of a body";
  let description = [{
    ```mlir
    flow.workflow @same(%x: i64) -> i64 {
      flow.yield %x : i64
    }
    ```
  }];
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

//===----------------------------------------------------------------------===//
// Steps
//===----------------------------------------------------------------------===//

def Flow_CallOp : Flow_Step<"call", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
                                     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "One call of a member";
  let description = [{
    `policy` is a dictionary of `retry`, `retry_on` (a bit per kind of failure), `backoff_ms`, `timeout_ms`, `hedge_ms`, `cache` (`none`,
    `run`, `duration`), `cache_ms`, `on`, `repairs` and `budget` (a dictionary as on `flow.workflow`). `with_others`: it may go in one
    request with others of its member and policy. `prefix` is the digest of the text that it begins with, `prefix_bytes` its length.

    - C1: the name is a `flow.member` of these types, this effect and this `chance`.
    - C2: `policy` holds no other keys.
    - C3: `prefix` and `prefix_bytes` stand together.

    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (i64) -> i64 read id 8
    }
    flow.workflow @first(%x: i64) -> i64 {
      %0 = flow.call @docs::@read(%x) read id 9 : (i64) -> i64
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins SymbolRefAttr:$callee, Variadic<AnyType>:$arguments, Flow_Effect:$effect, UnitAttr:$chance,
                       OptionalAttr<DictionaryAttr>:$policy, OptionalAttr<I64Attr>:$id, UnitAttr:$with_others,
                       OptionalAttr<I64Attr>:$prefix, OptionalAttr<I64Attr>:$prefix_bytes);
  let results = (outs AnyType:$result);
  // As it is written: what passes say of it comes later.
  let builders = [OpBuilder<(ins "::mlir::Type":$result, "::mlir::SymbolRefAttr":$callee, "::mlir::ValueRange":$arguments,
                                 "EffectAttr":$effect, "::mlir::UnitAttr":$chance, "::mlir::DictionaryAttr":$policy,
                                 "::mlir::IntegerAttr":$id), [{
    build($_builder, $_state, result, callee, arguments, effect, chance, policy, id, ::mlir::UnitAttr(),
          ::mlir::IntegerAttr(), ::mlir::IntegerAttr());
  }]>];
  let assemblyFormat = [{
    $callee `(` $arguments `)` $effect (`chance` $chance^)? (`policy` $policy^)? (`id` $id^)? attr-dict `:` functional-type($arguments, $result)
  }];
  let hasVerifier = 1;
}

def Flow_InvokeOp : Flow_Step<"invoke", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
                                         DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "One activation of a workflow or agent";
  let description = [{
    Its effect is at least what the callee does; `weft-verify-flow` proves that.

    - C1: the name is a `flow.workflow` of these types.
    - C2: `policy` holds the keys of `flow.call` only.

    ```mlir
    flow.workflow @same(%x: i64) -> i64 {
      flow.yield %x : i64
    }
    flow.workflow @main(%x: i64) -> i64 {
      %0 = flow.invoke @same(%x) pure id 3 : (i64) -> i64
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$arguments, Flow_Effect:$effect, UnitAttr:$chance,
                       OptionalAttr<DictionaryAttr>:$policy, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let assemblyFormat = [{
    $callee `(` $arguments `)` $effect (`chance` $chance^)? (`policy` $policy^)? (`id` $id^)? attr-dict `:` functional-type($arguments, $result)
  }];
  let hasVerifier = 1;
}

def Flow_GangOp : Flow_Step<"gang", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>,
                                     DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Runs a tensor function on the slots of its mesh";
  let description = [{
    It touches nothing but what it computes, unless `effect` says that it writes: a training that leaves files of weights.

    - C1: the name is a function of these operand and result types. Of one that is trained, arguments that the run hands in
      (`dist.zeros`, `dist.feed`, `dist.step`) are no operands; what it tells (`dist.report`) and states that begin with
      `dist.zeros` are no results.

    ```mlir
    func.func @twice(%x: tensor<4xf32>) -> tensor<4xf32> {
      return %x : tensor<4xf32>
    }
    flow.workflow @main(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = flow.gang @twice(%x) id 3 : (tensor<4xf32>) -> tensor<4xf32>
      flow.yield %0 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<AnyType>:$arguments, OptionalAttr<Flow_Effect>:$effect,
                       OptionalAttr<DictionaryAttr>:$policy, OptionalAttr<I64Attr>:$id);
  let results = (outs Variadic<AnyType>:$outputs);
  let assemblyFormat = [{
    $callee `(` $arguments `)` (`effect` $effect^)? (`policy` $policy^)? (`id` $id^)? attr-dict `:` functional-type($arguments, $outputs)
  }];
}

def Flow_SystemOp : Flow_Step<"system", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Asks the runtime: the time, a random number, a uuid, the environment";
  let description = [{
    `now`, `random` and `uuid` are never merged; `env` is.

    - C1: `env` takes a name, the others nothing.

    ```mlir
    flow.workflow @when() -> i64 {
      %0 = flow.system now() id 4 : () -> i64
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins Flow_SystemKind:$kind, Variadic<AnyType>:$arguments, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$kind `(` $arguments `)` (`id` $id^)? attr-dict `:` functional-type($arguments, $result)";
  let hasVerifier = 1;
}

def Flow_EmitOp : Flow_Step<"emit", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Streams a value to whoever started the workflow";
  let description = [{
    Emits of one block keep their order.

    ```mlir
    flow.workflow @say(%x: i64) -> i64 {
      flow.emit %x id 4 : i64
      flow.yield %x : i64
    }
    ```
  }];
  let arguments = (ins AnyType:$value, OptionalAttr<I64Attr>:$id);
  let assemblyFormat = "$value (`id` $id^)? attr-dict `:` type($value)";
}

def Flow_FailOp : Flow_Step<"fail", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Fails the scope that it stands in";
  let description = [{
    With a kind the operand is the reason, a text; without one it is an error record of `flow.try`, raised again as it was.

    ```mlir
    flow.workflow @never(%why: i64) -> i64 {
      flow.fail failed %why id 4 : i64
      flow.yield %why : i64
    }
    ```
  }];
  let arguments = (ins OptionalAttr<Flow_FailKind>:$kind, AnyType:$value, OptionalAttr<I64Attr>:$id);
  let assemblyFormat = "($kind^)? $value (`id` $id^)? attr-dict `:` type($value)";
}

def Flow_MakeStepOp : Flow_Op<"step", [Pure]> {
  let summary = "Ends a round of a loop";
  let description = [{
    - C1: the operand has the type that the step carries on (`continue`) or stops with (`break`).

    ```mlir
    flow.workflow @stop(%x: i64, %n: i64) -> i64 {
      %0 = flow.loop %x max %n id 5 : i64, i64 -> i64 {
      ^bb0(%y: i64):
        %1 = flow.step break %y : i64 -> !flow.step<i64, i64>
        flow.yield %1 : !flow.step<i64, i64>
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins UnitAttr:$breaks, AnyType:$value);
  let results = (outs Flow_StepType:$result);
  let assemblyFormat = "custom<StepWord>($breaks) $value attr-dict `:` type($value) `->` type($result)";
  let hasVerifier = 1;
}

//===----------------------------------------------------------------------===//
// Forms
//===----------------------------------------------------------------------===//

def Flow_MapOp : Flow_Form<"map", [AttrSizedOperandSegments]> {
  let summary = "Runs its body for each item of a list";
  let description = [{
    Results come in the order of the items. At most `window` bodies are live at once; without it the runtime's limit holds. The
    first body that fails fails the map. Items are unordered among each other unless the window is 1.

    - C1: the body takes the item (and the captures) and yields.

    ```mlir
    flow.workflow @each(%xs: i64) -> i64 {
      %0 = flow.map %xs id 5 : i64 -> i64 {
      ^bb0(%x: i64):
        flow.yield %x : i64
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins AnyType:$list, Optional<AnyType>:$window, Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $list (`window` $window^ `:` type($window))? (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict
    `:` type($list) `->` type($result) $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return 1; }";
}

def Flow_FoldOp : Flow_Form<"fold"> {
  let summary = "Runs its body for each item in order, handing on a value";
  let description = [{
    With `tree` the body is associative: of the initial value and the items, in their order, neighbours are combined in pairs, then
    neighbours of those, each pair as soon as both of it are there.

    - C1: the body takes the value and the item (and the captures) and yields a value.
    - C2: a `tree` has items of the value's type.

    ```mlir
    flow.workflow @last(%xs: i64, %none: i64) -> i64 {
      %0 = flow.fold %xs from %none id 5 : i64, i64 -> i64 {
      ^bb0(%acc: i64, %x: i64):
        flow.yield %x : i64
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins AnyType:$list, AnyType:$init, Variadic<AnyType>:$captures, UnitAttr:$tree,
                       OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`tree` $tree^)? $list `from` $init (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict
    `:` type($list) `,` type($init) `->` type($result) $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return 2; }";
}

def Flow_LoopOp : Flow_Form<"loop"> {
  let summary = "Runs its body until it stops, at most `max` times";
  let description = [{
    The body is given the carried value and yields a `!flow.step`: go on, or stop with the result. Running out runs `else`, or,
    without one, fails with `failed`.

    - C1: the body takes the carried value (and the captures) and yields a `!flow.step` of that type and the result's.
    - C2: `else` takes nothing (but the captures) and yields the result type.

    ```mlir
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
    ```
  }];
  let arguments = (ins AnyType:$init, AnyType:$max, Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$body, MaxSizedRegion<1>:$otherwise);
  let assemblyFormat = [{
    $init `max` $max (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict
    `:` type($init) `,` type($max) `->` type($result) $body (`else` $otherwise^)?
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return region == 0 ? 1 : 0; }";
}

def Flow_SwitchOp : Flow_Form<"switch"> {
  let summary = "Runs one of several bodies";
  let description = [{
    Selector n runs body n. `if` and `match` are made of it; the pattern of an arm is decided before, in `expr`.

    - C1: every body takes nothing (but the captures) and yields the result type.

    ```mlir
    flow.workflow @either(%c: i64, %x: i64) -> i64 {
      %0 = flow.switch %c id 5 : i64 -> i64 {
        flow.yield %x : i64
      }, {
        flow.yield %c : i64
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins AnyType:$selector, Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region VariadicRegion<SizedRegion<1>>:$arms);
  let assemblyFormat = [{
    $selector (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict `:` type($selector) `->` type($result) $arms
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return 0; }";
}

def Flow_RaceOp : Flow_Form<"race", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Runs all bodies; the first success wins";
  let description = [{
    The winner is journaled, the others are cancelled. All failing fails with the last. Never merged with an equal race.

    - C1: every body takes nothing (but the captures) and yields the result type; there is at least one.

    ```mlir
    flow.workflow @fastest(%x: i64, %y: i64) -> i64 {
      %0 = flow.race id 5 : i64 {
        flow.yield %x : i64
      }, {
        flow.yield %y : i64
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region VariadicRegion<SizedRegion<1>>:$arms);
  let assemblyFormat = [{
    (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict `:` type($result) $arms
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return 0; }";
}

def Flow_VoteOp : Flow_Form<"vote", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Runs its body several times and keeps the first successes";
  let description = [{
    `samples` runs of the body; the result is the list of the first `keep` successes, in order of success. Fewer than that fails
    with `failed`. Never merged with an equal vote, nor its samples with each other.

    - C1: the body takes nothing (but the captures) and yields.

    ```mlir
    flow.workflow @two_of_three(%k: i64, %n: i64) -> i64 {
      %0 = flow.vote %k of %n id 5 : i64, i64 -> i64 {
        flow.yield %k : i64
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins AnyType:$keep, AnyType:$samples, Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    $keep `of` $samples (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict
    `:` type($keep) `,` type($samples) `->` type($result) $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return 0; }";
}

def Flow_TryOp : Flow_Form<"try"> {
  let summary = "Runs a body, and a handler if it fails";
  let description = [{
    The handler is given the error record. What it does not handle it raises again with `flow.fail`.

    - C1: the body takes nothing (but the captures), the handler the error; both yield the result type.

    ```mlir
    flow.workflow @safe(%x: i64) -> i64 {
      %0 = flow.try id 5 : i64 {
        flow.yield %x : i64
      } catch {
      ^bb0(%error: i64):
        flow.yield %x : i64
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$body, SizedRegion<1>:$handler);
  let assemblyFormat = [{
    (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict `:` type($result) $body `catch` $handler
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return region == 0 ? 0 : 1; }";
}

def Flow_OnceOp : Flow_Form<"once"> {
  let summary = "A value that is worked out when it is first asked for, once";
  let description = [{
    The body runs when a `flow.get` first asks, and never where none does. All that ask get its value, or its failure: each where
    it asks, so that a `flow.try` around the asking catches it. The body runs where the op stands, not where it is asked: nobody
    who asks and is cancelled takes it from the others. A cell with keys works out one value for each key that it is asked with.

    - C1: the body takes the key, where there are keys, and else nothing (but the captures); it yields what the cell holds.
    - C2: the body writes nothing and emits nothing.

    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (i64) -> i64 read id 8
    }
    flow.workflow @each(%xs: i64, %name: i64) -> i64 {
      %0 = flow.once id 6 : !flow.cell<i64> {
        %1 = flow.call @docs::@read(%name) read id 9 : (i64) -> i64
        flow.yield %1 : i64
      }
      %2 = flow.map %xs id 5 : i64 -> i64 {
      ^bb0(%x: i64):
        %3 = flow.get %0 id 7 : !flow.cell<i64> -> i64
        flow.yield %3 : i64
      }
      flow.yield %2 : i64
    }
    ```
  }];
  let arguments = (ins Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs Flow_CellType:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict `:` qualified(type($result)) $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return getResult().getType().getKey() ? 1 : 0; }";
}

def Flow_GetOp : Flow_Step<"get", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Asks a cell";
  let description = [{
    The first one that asks sets it to work; all wait until it has its value.

    - C1: the result has the type that the cell holds.
    - C2: a key is given where the cell has keys, and is of their type.

    ```mlir
    flow.binding files @docs "files" {
      flow.member @read(["name"]) : (i64) -> i64 read id 8
    }
    flow.workflow @each_of_each(%xs: i64, %names: i64) -> i64 {
      %0 = flow.once id 6 : !flow.cell<i64 by i64> {
      ^bb0(%name: i64):
        %1 = flow.call @docs::@read(%name) read id 9 : (i64) -> i64
        flow.yield %1 : i64
      }
      %2 = flow.map %xs id 5 : i64 -> i64 {
      ^bb0(%x: i64):
        %3 = flow.map %names id 4 : i64 -> i64 {
        ^bb0(%name: i64):
          %4 = flow.get %0 by %name id 7 : !flow.cell<i64 by i64>, i64 -> i64
          flow.yield %4 : i64
        }
        flow.yield %3 : i64
      }
      flow.yield %2 : i64
    }
    ```
  }];
  let arguments = (ins Flow_CellType:$cell, Optional<AnyType>:$key, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let assemblyFormat = [{
    $cell (`by` $key^)? (`id` $id^)? attr-dict `:` qualified(type($cell)) (`,` type($key)^)? `->` type($result)
  }];
  let hasVerifier = 1;
  let extraClassDeclaration = [{
    /// The `flow.once` that made the cell, found through the captures of the bodies around; null where there is none.
    OnceOp maker();
  }];
}

def Flow_ScopeOp : Flow_Form<"scope"> {
  let summary = "Runs a body under a policy of its own";
  let description = [{
    `policy` is that of `flow.call`; a timeout, retries or a budget around more than one call. With the attribute
    `flow.emitted` the op gives, in place of the body's value, the list of what is emitted in the body, which stays in it.

    - C1: the body takes nothing (but the captures) and yields the result type.
    - C2: `policy` holds the keys of `flow.call` only.

    ```mlir
    flow.workflow @hurry(%x: i64) -> i64 {
      %0 = flow.scope policy {timeout_ms = 1000 : i64} id 5 : i64 {
        flow.yield %x : i64
      }
      flow.yield %0 : i64
    }
    ```
  }];
  let arguments = (ins DictionaryAttr:$policy, Variadic<AnyType>:$captures, OptionalAttr<I64Attr>:$id);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `policy` $policy (`captures` `(` $captures^ `:` type($captures) `)`)? (`id` $id^)? attr-dict `:` type($result) $body
  }];
  let hasRegionVerifier = 1;
  let extraClassDefinition = "unsigned $cppClass::ownArguments(unsigned region) { return 0; }";
}

#endif
