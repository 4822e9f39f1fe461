//===- FlowAttrs.td - Effects, kinds, settings -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_FLOW_ATTRS
#define WEFT_DIALECTS_FLOW_ATTRS

include "dialects/flow/FlowDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class Flow_Enum<string name, string summary, list<I32EnumAttrCase> cases> : I32EnumAttr<name, summary, cases> {
  let cppNamespace = "::weft::flow";
}

// The numbers of these four are those of runtime/plan/plan.fbs.
def Flow_Effect : Flow_Enum<"Effect", "what a step may do to the world", [
  I32EnumAttrCase<"pure", 0>, I32EnumAttrCase<"compute", 1>, I32EnumAttrCase<"read", 2>,
  I32EnumAttrCase<"write_idempotent", 3>, I32EnumAttrCase<"write_undo", 4>, I32EnumAttrCase<"write", 5>]>;

def Flow_BindingKind : Flow_Enum<"BindingKind", "what answers the calls of a binding", [
  I32EnumAttrCase<"model", 0>, I32EnumAttrCase<"files", 1>, I32EnumAttrCase<"exec", 2>, I32EnumAttrCase<"http", 3>,
  I32EnumAttrCase<"mcp", 4>, I32EnumAttrCase<"a2a", 5>, I32EnumAttrCase<"human", 6>, I32EnumAttrCase<"store", 7>]>;

def Flow_FailKind : Flow_Enum<"FailKind", "why a step gave no value", [
  I32EnumAttrCase<"transport", 0>, I32EnumAttrCase<"timeout", 1>, I32EnumAttrCase<"rate_limit", 2>,
  I32EnumAttrCase<"refused", 3>, I32EnumAttrCase<"budget", 4>, I32EnumAttrCase<"schema", 5>, I32EnumAttrCase<"tool", 6>,
  I32EnumAttrCase<"cancelled", 7>, I32EnumAttrCase<"unknown_outcome", 8>, I32EnumAttrCase<"failed", 9>]>;

def Flow_SystemKind : Flow_Enum<"SystemKind", "what the runtime itself answers", [
  I32EnumAttrCase<"now", 0>, I32EnumAttrCase<"random", 1>, I32EnumAttrCase<"uuid", 2>, I32EnumAttrCase<"env", 3>]>;

def Flow_BlockKind : Flow_Enum<"BlockKind", "what a workflow was declared as", [
  I32EnumAttrCase<"workflow", 0>, I32EnumAttrCase<"agent", 1>, I32EnumAttrCase<"test", 2>]>;

def Flow_SettingAttr : AttrDef<Flow_Dialect, "Setting"> {
  let mnemonic = "setting";
  let summary = "An entry of a binding's body: a value, or a name that is looked up when a run starts";
  let parameters = (ins "::mlir::StringAttr":$name, OptionalParameter<"::mlir::Attribute">:$value,
                        OptionalParameter<"::mlir::StringAttr">:$env, OptionalParameter<"::mlir::StringAttr">:$secret);
  let assemblyFormat = "`<` struct(params) `>`";
}

#endif
