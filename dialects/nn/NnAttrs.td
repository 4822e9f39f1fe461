//===- NnAttrs.td - Kinds of elementwise ops -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_ATTRS
#define WEFT_DIALECTS_NN_ATTRS

include "mlir/IR/EnumAttr.td"

def Nn_ElementwiseKind : I32EnumAttr<"ElementwiseKind", "what is computed of each element", [
  I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"sub", 1>, I32EnumAttrCase<"mul", 2>, I32EnumAttrCase<"div", 3>,
  I32EnumAttrCase<"min", 4>, I32EnumAttrCase<"max", 5>,
  I32EnumAttrCase<"neg", 16>, I32EnumAttrCase<"abs", 17>, I32EnumAttrCase<"relu", 18>,
  I32EnumAttrCase<"exp", 32>, I32EnumAttrCase<"log", 33>, I32EnumAttrCase<"sqrt", 34>, I32EnumAttrCase<"rsqrt", 35>,
  I32EnumAttrCase<"tanh", 36>, I32EnumAttrCase<"erf", 37>, I32EnumAttrCase<"gelu", 38>, I32EnumAttrCase<"silu", 39>,
  I32EnumAttrCase<"sigmoid", 40>]> {
  let cppNamespace = "::weft::nn";
}

#endif
