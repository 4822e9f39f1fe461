//===- ExprOps.td - Pure ops of workflows -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_EXPR_OPS
#define WEFT_DIALECTS_EXPR_OPS

include "dialects/expr/ExprAttrs.td"
include "dialects/expr/ExprTypes.td"
include "mlir/IR/BuiltinAttributes.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/FunctionInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Expr_Op<string mnemonic, list<Trait> traits = []> : Op<Expr_Dialect, mnemonic, traits>;
/// May fail: it can be dropped, never moved to where it would not have been reached.
class Expr_FallibleOp<string mnemonic, list<Trait> traits = []> : Expr_Op<mnemonic, traits # [NoMemoryEffect]>;

//===----------------------------------------------------------------------===//
// Declarations
//===----------------------------------------------------------------------===//

def Expr_TypeOp : Expr_Op<"type", [Symbol, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Says what a named type holds";
  let description = [{
    Names are the program's; from them come JSON, schemas and forms. Values carry none: a record is its fields in order, a sum
    the index of its case and that case's fields. An alias is the type `of` with a `where` of its own. `unnamed`: the program
    wrote the record without a name, and the symbol is not shown.

    - C1: a record has `fields`, a sum `cases` (two or more), an alias `of`, and each of them nothing else.
    - C2: names of fields and of cases differ.
    - C3: every check names an `expr.function` that gives a bool.

    ```mlir
    expr.type record @Note fields [#expr.field<name = "title", type = !expr.string>]
    expr.type sum @Verdict cases [#expr.case<name = "accept", fields = []>,
                                  #expr.case<name = "revise", fields = [#expr.field<name = "why", type = !expr.string>]>]
    ```
  }];
  let arguments = (ins Expr_TypeForm:$form, SymbolNameAttr:$sym_name, OptionalAttr<ArrayAttr>:$fields,
                       OptionalAttr<ArrayAttr>:$cases, OptionalAttr<TypeAttr>:$of,
                       OptionalAttr<FlatSymbolRefAttr>:$check, OptionalAttr<StrAttr>:$text, OptionalAttr<StrAttr>:$doc,
                       UnitAttr:$unnamed);
  let assemblyFormat = [{
    $form $sym_name (`fields` $fields^)? (`cases` $cases^)? (`of` $of^)? (`where` $check^ $text)? (`doc` $doc^)? (`unnamed` $unnamed^)? attr-dict
  }];
  let hasVerifier = 1;
}

def Expr_FunctionOp : Expr_Op<"function", [IsolatedFromAbove, FunctionOpInterface, AffineScope]> {
  let summary = "A pure function of values";
  let description = [{
    Called with `expr.call`; it may fail and never waits. Functions do not recurse.

    - C1: the body ends in an `expr.yield` of the result type.

    ```mlir
    expr.function @twice(%x: !expr.int) -> !expr.int {
      %0 = expr.builtin "add"(%x, %x) : (!expr.int, !expr.int) -> !expr.int
      expr.yield %0 : !expr.int
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, TypeAttrOf<FunctionType>:$function_type,
                       OptionalAttr<StrAttr>:$sym_visibility, OptionalAttr<DictArrayAttr>:$arg_attrs,
                       OptionalAttr<DictArrayAttr>:$res_attrs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    ::llvm::ArrayRef<::mlir::Type> getArgumentTypes() { return getFunctionType().getInputs(); }
    ::llvm::ArrayRef<::mlir::Type> getResultTypes() { return getFunctionType().getResults(); }
    ::mlir::Region *getCallableRegion() { return &getBody(); }
  }];
}

def Expr_YieldOp : Expr_Op<"yield", [Pure, Terminator, ReturnLike, ParentOneOf<["FunctionOp", "LambdaOp", "SwitchOp", "LoopOp"]>]> {
  let summary = "Gives the value of a function, a lambda or an arm";
  let description = [{
    ```mlir
    expr.function @same(%x: !expr.int) -> !expr.int {
      expr.yield %x : !expr.int
    }
    ```
  }];
  let arguments = (ins AnyType:$value);
  let assemblyFormat = "$value attr-dict `:` type($value)";
}

//===----------------------------------------------------------------------===//
// Making values
//===----------------------------------------------------------------------===//

def Expr_ConstantOp : Expr_Op<"constant", [Pure, ConstantLike]> {
  let summary = "A value that is known";
  let description = [{
    The attribute says the value in full: `unit` is none, `[…]` a list or tuple, `{…}` a map, `#expr.record<[…]>` a record,
    `#expr.value<1, […]>` a case of a sum, `#expr.quantity<duration 5>` a quantity.

    - C1: the attribute is one of these, or a number, bool, string or tensor.

    ```mlir
    %0 = expr.constant 42 -> !expr.int
    %1 = expr.constant ["a", "b"] -> !expr.list<!expr.string>
    %2 = expr.constant #expr.quantity<duration 30000000000> -> !expr.duration
    ```
  }];
  let arguments = (ins AnyAttr:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "custom<ConstantValue>($value) attr-dict `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Expr_FormatOp : Expr_FallibleOp<"format"> {
  let summary = "Joins texts and what values look like in a text";
  let description = [{
    `pieces` are the texts before, between and behind the holes; the operands fill the holes as `${}` does. Values that have no
    text (an optional, bytes, a tensor) were refused before.

    - C1: there is one piece more than there are operands.

    ```mlir
    %n = expr.constant 3 -> !expr.int
    %0 = expr.format ["found ", " files"](%n) : (!expr.int) -> !expr.string
    ```
  }];
  let arguments = (ins StrArrayAttr:$pieces, Variadic<Expr_Any>:$holes);
  let results = (outs Expr_String:$result);
  let assemblyFormat = "$pieces `(` $holes `)` attr-dict `:` functional-type($holes, $result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Expr_RecordOp : Expr_Op<"record", [Pure]> {
  let summary = "Makes a record of its fields in order";
  let description = [{
    ```mlir
    expr.type record @Point fields [#expr.field<name = "x", type = !expr.int>]
    %x = expr.constant 1 -> !expr.int
    %0 = expr.record(%x) : (!expr.int) -> !expr.named<@Point>
    ```
  }];
  let arguments = (ins Variadic<Expr_Any>:$fields);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "`(` $fields `)` attr-dict `:` functional-type($fields, $result)";
  let hasFolder = 1;
}

def Expr_ListOp : Expr_Op<"list", [Pure]> {
  let summary = "Makes a list or a tuple of its items";
  let description = [{
    ```mlir
    %x = expr.constant 1 -> !expr.int
    %0 = expr.list(%x, %x) : (!expr.int, !expr.int) -> !expr.list<!expr.int>
    ```
  }];
  let arguments = (ins Variadic<Expr_Any>:$items);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "`(` $items `)` attr-dict `:` functional-type($items, $result)";
  let hasFolder = 1;
}

def Expr_MapOp : Expr_FallibleOp<"map"> {
  let summary = "Makes a map of keys and values that alternate";
  let description = [{
    Fails where a key stands twice.

    - C1: the number of operands is even; every other one is a string.

    ```mlir
    %k = expr.constant "a" -> !expr.string
    %v = expr.constant 1 -> !expr.int
    %0 = expr.map(%k, %v) : (!expr.string, !expr.int) -> !expr.map<!expr.int>
    ```
  }];
  let arguments = (ins Variadic<Expr_Any>:$entries);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "`(` $entries `)` attr-dict `:` functional-type($entries, $result)";
  let hasVerifier = 1;
}

def Expr_VariantOp : Expr_Op<"variant", [Pure]> {
  let summary = "Makes a value of a sum";
  let description = [{
    `index` counts the cases of the sum in the order of their declaration.

    ```mlir
    expr.type sum @Answer cases [#expr.case<name = "yes", fields = []>, #expr.case<name = "no", fields = []>]
    %0 = expr.variant 1() : () -> !expr.named<@Answer>
    ```
  }];
  let arguments = (ins I32Attr:$index, Variadic<Expr_Any>:$fields);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$index `(` $fields `)` attr-dict `:` functional-type($fields, $result)";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Looking into values
//===----------------------------------------------------------------------===//

def Expr_FieldOp : Expr_Op<"field", [Pure]> {
  let summary = "Gives a field of a record or tuple";
  let description = [{
    ```mlir
    expr.type record @Point fields [#expr.field<name = "x", type = !expr.int>]
    %p = expr.constant #expr.record<[1]> -> !expr.named<@Point>
    %0 = expr.field %p[0] : !expr.named<@Point> -> !expr.int
    ```
  }];
  let arguments = (ins Expr_Any:$object, I32Attr:$index);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$object `[` $index `]` attr-dict `:` type($object) `->` type($result)";
  let hasFolder = 1;
}

def Expr_WithFieldOp : Expr_Op<"with_field", [Pure, AllTypesMatch<["object", "result"]>]> {
  let summary = "Gives a record with another value in one field";
  let description = [{
    ```mlir
    expr.type record @Point fields [#expr.field<name = "x", type = !expr.int>]
    %p = expr.constant #expr.record<[1]> -> !expr.named<@Point>
    %x = expr.constant 2 -> !expr.int
    %0 = expr.with_field %p[0] = %x : !expr.named<@Point>, !expr.int
    ```
  }];
  let arguments = (ins Expr_Any:$object, I32Attr:$index, Expr_Any:$value);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$object `[` $index `]` `=` $value attr-dict `:` type($object) `,` type($value)";
}

def Expr_CaseIndexOp : Expr_Op<"case_index", [Pure]> {
  let summary = "Says which case a value of a sum is";
  let description = [{
    Of an optional: 0 where it is absent, 1 where it is there.

    ```mlir
    %v = expr.constant unit -> !expr.optional<!expr.int>
    %0 = expr.case_index %v : !expr.optional<!expr.int> -> !expr.int
    ```
  }];
  let arguments = (ins Expr_Any:$value);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `->` type($result)";
  let hasFolder = 1;
}

def Expr_CaseFieldOp : Expr_FallibleOp<"case_field"> {
  let summary = "Gives a field of the case that a value is";
  let description = [{
    The reader has asked `expr.case_index` before. Index 0 of an optional that is there is what it holds.

    ```mlir
    %v = expr.constant 1 -> !expr.optional<!expr.int>
    %0 = expr.case_field %v[0] : !expr.optional<!expr.int> -> !expr.int
    ```
  }];
  let arguments = (ins Expr_Any:$value, I32Attr:$index);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$value `[` $index `]` attr-dict `:` type($value) `->` type($result)";
  let hasFolder = 1;
}

//===----------------------------------------------------------------------===//
// Computing
//===----------------------------------------------------------------------===//

def Expr_BuiltinOp : Expr_FallibleOp<"builtin"> {
  let summary = "Calls a core function or an operator";
  let description = [{
    The names are those of `runtime/value/Builtins.def`, which also holds what they do; folding calls the same code.

    - C1: there is a builtin of that name.
    - C2: it takes that many operands.

    ```mlir
    %a = expr.constant 1 -> !expr.int
    %0 = expr.builtin "add"(%a, %a) : (!expr.int, !expr.int) -> !expr.int
    ```
  }];
  let arguments = (ins StrAttr:$name, Variadic<Expr_Any>:$arguments);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$name `(` $arguments `)` attr-dict `:` functional-type($arguments, $result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Expr_LambdaOp : Expr_Op<"lambda", [Pure]> {
  let summary = "A function as a value";
  let description = [{
    The body may use values of outside; they are captured when the lambda is made.

    ```mlir
    %n = expr.constant 3 -> !expr.int
    %0 = expr.lambda : !expr.fn<!expr.int, !expr.bool> {
    ^bb0(%x: !expr.int):
      %1 = expr.builtin "lt"(%x, %n) : (!expr.int, !expr.int) -> !expr.bool
      expr.yield %1 : !expr.bool
    }
    ```
  }];
  let results = (outs Expr_Function:$result);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "attr-dict `:` type($result) $body";
}

def Expr_ApplyOp : Expr_FallibleOp<"apply"> {
  let summary = "Calls a function that is a value";
  let description = [{
    ```mlir
    expr.function @call(%f: !expr.fn<!expr.int, !expr.int>, %x: !expr.int) -> !expr.int {
      %0 = expr.apply %f(%x) : (!expr.fn<!expr.int, !expr.int>, !expr.int) -> !expr.int
      expr.yield %0 : !expr.int
    }
    ```
  }];
  let arguments = (ins Expr_Function:$function, Variadic<Expr_Any>:$arguments);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$function `(` $arguments `)` attr-dict `:` functional-type(operands, $result)";
}

def Expr_CallOp : Expr_FallibleOp<"call", [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Calls a function by its name";
  let description = [{
    - C1: the name is an `expr.function` of these operand and result types.

    ```mlir
    expr.function @same(%x: !expr.int) -> !expr.int {
      expr.yield %x : !expr.int
    }
    %x = expr.constant 3 -> !expr.int
    %0 = expr.call @same(%x) : (!expr.int) -> !expr.int
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Expr_Any>:$arguments);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$callee `(` $arguments `)` attr-dict `:` functional-type($arguments, $result)";
}

def Expr_SwitchOp : Expr_Op<"switch", [RecursiveMemoryEffects, NoRegionArguments]> {
  let summary = "Computes one of several regions";
  let description = [{
    An int n chooses region n; of a bool, true chooses the first region and false the second. Only the chosen region is
    computed: `and`, `or` and `??` are made of it.

    - C1: there are two regions if the selector is a bool, else one or more.
    - C2: every region yields the result type.

    ```mlir
    %c = expr.constant true -> !expr.bool
    %0 = expr.switch %c : !expr.bool -> !expr.int {
      %1 = expr.constant 1 -> !expr.int
      expr.yield %1 : !expr.int
    }, {
      %1 = expr.constant 2 -> !expr.int
      expr.yield %1 : !expr.int
    }
    ```
  }];
  let arguments = (ins Expr_Selector:$selector);
  let results = (outs AnyType:$result); // A round of a loop is chosen like a value.
  let regions = (region VariadicRegion<SizedRegion<1>>:$arms);
  let assemblyFormat = "$selector attr-dict `:` type($selector) `->` type($result) $arms";
  let hasRegionVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def Expr_LoopOp : Expr_Op<"loop", [RecursiveMemoryEffects]> {
  let summary = "Computes its body again until that says to stop";
  let description = [{
    At most `max` rounds; the first is given `init`. The body yields how its round ended, a variant of two cases: the first
    holds what the next round is given, the second what the loop gives. `else` gives it when the rounds run out.

    - C1: `max` is an int.
    - C2: the body has one argument, of the type of `init`, and ends in `expr.yield`.
    - C3: `else` yields the result type.

    ```mlir
    expr.type sum @End cases [#expr.case<name = "more", fields = [#expr.field<name = "to", type = !expr.int>]>,
                              #expr.case<name = "done", fields = [#expr.field<name = "with", type = !expr.string>]>]
    %n = expr.constant 1 -> !expr.int
    %0 = expr.loop %n max %n : !expr.int, !expr.int -> !expr.string {
    ^bb0(%round: !expr.int):
      %1 = expr.constant "one" -> !expr.string
      %2 = expr.variant 1(%1) : (!expr.string) -> !expr.named<@End>
      expr.yield %2 : !expr.named<@End>
    } else {
      %1 = expr.constant "none" -> !expr.string
      expr.yield %1 : !expr.string
    }
    ```
  }];
  let arguments = (ins AnyType:$init, AnyType:$max);
  let results = (outs AnyType:$result);
  let regions = (region SizedRegion<1>:$body, SizedRegion<1>:$otherwise);
  let assemblyFormat = "$init `max` $max attr-dict `:` type($init) `,` type($max) `->` type($result) $body `else` $otherwise";
  let hasRegionVerifier = 1;
}

def Expr_AsOp : Expr_Op<"as", [Pure]> {
  let summary = "Gives a value under another type of the same form";
  let description = [{
    A T where a T? is asked, a float where an alias of float is asked whose `where` is known to hold, none as any T?. The value is
    the same; nothing is checked and nothing is computed.

    ```mlir
    %x = expr.constant 1 -> !expr.int
    %0 = expr.as %x : !expr.int -> !expr.optional<!expr.int>
    ```
  }];
  let arguments = (ins AnyType:$value);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `->` type($result)";
  let hasFolder = 1;
}

def Expr_SchemaOp : Expr_Op<"schema", [Pure]> {
  let summary = "Gives the JSON Schema of a type as a text";
  let description = [{
    A constant of the plan: what a model is told to answer with.

    ```mlir
    %0 = expr.schema !expr.list<!expr.int>
    ```
  }];
  let arguments = (ins TypeAttr:$of);
  let results = (outs Expr_String:$result);
  let assemblyFormat = "$of attr-dict";
}

def Expr_CheckOp : Expr_FallibleOp<"check", [AllTypesMatch<["value", "result"]>]> {
  let summary = "Gives the value if every `where` of a type holds in it";
  let description = [{
    Fails with `schema`, naming the place and the text of the `where`. `as` is the type whose checks are meant, which may be an
    alias of the value's own type.

    ```mlir
    expr.function @positive(%it: !expr.int) -> !expr.bool {
      %0 = expr.constant 0 -> !expr.int
      %1 = expr.builtin "lt"(%0, %it) : (!expr.int, !expr.int) -> !expr.bool
      expr.yield %1 : !expr.bool
    }
    expr.type alias @Count of !expr.int where @positive "0 < it"
    %n = expr.constant 3 -> !expr.int
    %0 = expr.check %n as !expr.named<@Count> : !expr.int
    ```
  }];
  let arguments = (ins Expr_Any:$value, TypeAttr:$as);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$value `as` $as attr-dict `:` type($value)";
}

def Expr_ParseOp : Expr_FallibleOp<"parse"> {
  let summary = "Reads a value of a type from a JSON text, and says so if that fails";
  let description = [{
    Gives a `!expr.parsed<T>`: case 0 holds the value, case 1 the error as a text. Every `where` of the type is checked. With
    `of_json` the operand is a value of type json and not a text; with `drops_unknown` fields that the type does not have are
    dropped.

    - C1: the result is `!expr.parsed`.
    - C2: the operand is a string, or json with `of_json`.

    ```mlir
    %t = expr.constant "3" -> !expr.string
    %0 = expr.parse %t : !expr.string -> !expr.parsed<!expr.int>
    ```
  }];
  let arguments = (ins Expr_Any:$value, UnitAttr:$of_json, UnitAttr:$drops_unknown);
  let results = (outs Expr_Any:$result);
  let assemblyFormat = "$value (`of_json` $of_json^)? (`drops_unknown` $drops_unknown^)? attr-dict `:` type($value) `->` type($result)";
  let hasVerifier = 1;
}

def Expr_ToJsonOp : Expr_FallibleOp<"to_json"> {
  let summary = "Gives the canonical JSON text of a value";
  let description = [{
    ```mlir
    %n = expr.constant 3 -> !expr.int
    %0 = expr.to_json %n : !expr.int -> !expr.string
    ```
  }];
  let arguments = (ins Expr_Any:$value);
  let results = (outs Expr_String:$result);
  let assemblyFormat = "$value attr-dict `:` type($value) `->` type($result)";
}

def Expr_FailOp : Expr_Op<"fail", [DeclareOpInterfaceMethods<MemoryEffectsOpInterface>]> {
  let summary = "Ends the step with a failure";
  let description = [{
    Has a result only so that it can stand where a value is asked; none ever arrives. `kind` is a name of a failure:
    `failed`, `schema`. Not pure: a failure that nobody reads is one all the same.

    - C1: `kind` names a kind of failure.

    ```mlir
    %why = expr.constant "no" -> !expr.string
    %0 = expr.fail "failed" %why : !expr.int
    ```
  }];
  let arguments = (ins StrAttr:$kind, Expr_String:$why);
  let results = (outs AnyType:$result);
  let assemblyFormat = "$kind $why attr-dict `:` type($result)";
  let hasVerifier = 1;
}

#endif
