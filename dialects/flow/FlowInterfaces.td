//===- FlowInterfaces.td - What passes know of steps -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_FLOW_INTERFACES
#define WEFT_DIALECTS_FLOW_INTERFACES

include "mlir/IR/OpBase.td"

def Flow_StepInterface : OpInterface<"StepInterface"> {
  let cppNamespace = "::weft::flow";
  let description = [{
    A node of the plan. Its `id` names the step for ever: lowering makes it from the place in the source, passes carry it.
  }];
  let methods = [
    InterfaceMethod<"The stable id, or null where none was given yet.", "::mlir::IntegerAttr", "getStepId", (ins), "",
      [{ return $_op.getIdAttr(); }]>,
    InterfaceMethod<"Sets the stable id.", "void", "setStepId", (ins "::mlir::IntegerAttr":$id), "",
      [{ $_op.setIdAttr(id); }]>,
  ];
}

def Flow_FormInterface : OpInterface<"FormInterface"> {
  let cppNamespace = "::weft::flow";
  let description = [{ A step made of blocks: what each body is given before the captures. }];
  let methods = [
    InterfaceMethod<"What the bodies take from outside, once it is explicit.", "::mlir::MutableOperandRange", "captures", (ins), "",
      [{ return $_op.getCapturesMutable(); }]>,
    InterfaceMethod<"How many arguments stand before the captures in region `region`.", "unsigned", "ownArguments",
      (ins "unsigned":$region)>,
  ];
}

#endif
