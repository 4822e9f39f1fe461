//===- FlowTypes.td - What a loop's body gives -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_FLOW_TYPES
#define WEFT_DIALECTS_FLOW_TYPES

include "dialects/flow/FlowDialect.td"
include "mlir/IR/AttrTypeBase.td"

def Flow_StepType : TypeDef<Flow_Dialect, "Step"> {
  let mnemonic = "step";
  let summary = "How a round of a loop ended";
  let description = [{
    `!flow.step<C, B>`: go on with a C, or stop with a B. Only made by `flow.step`, only taken by the `flow.yield` of a loop's
    body, and by the forms in between.
  }];
  let parameters = (ins "::mlir::Type":$carried, "::mlir::Type":$broken);
  let assemblyFormat = "`<` $carried `,` $broken `>`";
}

def Flow_CellType : TypeDef<Flow_Dialect, "Cell"> {
  let mnemonic = "cell";
  let summary = "A value that is worked out when it is first asked for";
  let description = [{
    Only made by `flow.once`, only asked by `flow.get`, and handed to bodies. `!flow.cell<T by K>` holds one for each key
    that it is asked with.
  }];
  let parameters = (ins "::mlir::Type":$value, OptionalParameter<"::mlir::Type">:$key);
  let assemblyFormat = "`<` $value (`by` $key^)? `>`";
}

#endif
