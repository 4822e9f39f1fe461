//===- NnDialect.td - Tensor programs on whole values -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_DIALECT
#define WEFT_DIALECTS_NN_DIALECT

include "mlir/IR/OpBase.td"

def Nn_Dialect : Dialect {
  let name = "nn";
  let cppNamespace = "::weft::nn";
  let summary = "Tensor programs on whole values";
  let description = [{
    What a tensor function computes, on values and with static shapes: no buffers, no slots. Shapes are never adapted
    silently: broadcasting and conversion of elements are ops. Every op is pure and says how it splits
    (`ShardingRuleInterface`) and what it computes (`LinalgFormInterface`, attached in `compiler/lowering/NnToLinalg`).

    A type may carry an encoding, a sharding of `dist`; the ops look at shapes and elements only, and `dist`'s passes
    check the encodings.
  }];
  let hasConstantMaterializer = 1;
}

#endif
