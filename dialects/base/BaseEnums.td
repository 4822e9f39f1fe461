//===- BaseEnums.td - Enumerations that several dialects write -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_BASE_ENUMS
#define WEFT_DIALECTS_BASE_ENUMS

include "mlir/IR/EnumAttr.td"

def Weft_ReduceKind : I32EnumAttr<"ReduceKind", "how two elements are combined", [
  I32EnumAttrCase<"sum", 0>, I32EnumAttrCase<"min", 1>, I32EnumAttrCase<"max", 2>]> {
  let cppNamespace = "::weft";
}

#endif
