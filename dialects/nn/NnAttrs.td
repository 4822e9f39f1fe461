//===- NnAttrs.td - Kinds that ops are told by -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_ATTRS
#define WEFT_DIALECTS_NN_ATTRS

include "mlir/IR/EnumAttr.td"

def Nn_ElementwiseKind : I32EnumAttr<"ElementwiseKind", "what is computed of each element", [
  I32EnumAttrCase<"add", 0>, I32EnumAttrCase<"sub", 1>, I32EnumAttrCase<"mul", 2>, I32EnumAttrCase<"div", 3>,
  I32EnumAttrCase<"min", 4>, I32EnumAttrCase<"max", 5>,
  I32EnumAttrCase<"neg", 16>, I32EnumAttrCase<"abs", 17>, I32EnumAttrCase<"relu", 18>,
  I32EnumAttrCase<"exp", 32>, I32EnumAttrCase<"log", 33>, I32EnumAttrCase<"sqrt", 34>, I32EnumAttrCase<"rsqrt", 35>,
  I32EnumAttrCase<"tanh", 36>, I32EnumAttrCase<"erf", 37>, I32EnumAttrCase<"gelu", 38>, I32EnumAttrCase<"silu", 39>,
  I32EnumAttrCase<"sigmoid", 40>, I32EnumAttrCase<"sin", 41>, I32EnumAttrCase<"cos", 42>]> {
  let cppNamespace = "::weft::nn";
}

def Nn_CompareKind : I32EnumAttr<"CompareKind", "the relation of two elements that is asked", [
  I32EnumAttrCase<"eq", 0>, I32EnumAttrCase<"ne", 1>, I32EnumAttrCase<"lt", 2>, I32EnumAttrCase<"le", 3>,
  I32EnumAttrCase<"gt", 4>, I32EnumAttrCase<"ge", 5>]> {
  let cppNamespace = "::weft::nn";
}

def Nn_RandomKind : I32EnumAttr<"RandomKind", "how random numbers are distributed", [
  I32EnumAttrCase<"uniform", 0>, I32EnumAttrCase<"normal", 1>]> {
  let cppNamespace = "::weft::nn";
}

#endif
