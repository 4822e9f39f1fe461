//===- DistDialect.td - Who holds what, and how it gets there -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_DIST_DIALECT
#define WEFT_DIALECTS_DIST_DIALECT

include "mlir/IR/OpBase.td"

def Dist_Dialect : Dialect {
  let name = "dist";
  let cppNamespace = "::weft::dist";
  let summary = "Who holds which part of a tensor, and the steps that move parts";
  let description = [{
    Two levels. Above `dist.spmd` tensors are whole and a sharding stands in their type as the encoding; `dist.reshard` alone
    changes it. Inside `dist.spmd` the body is the program of one slot: tensors are local, without encoding, and data crosses
    slots only through collectives. A function may carry `dist.mesh = @name`, the mesh that it is laid out on; one with
    `dist.kernel` is run by one slot as a whole.

    Words: a mesh has `n` slots along the axes of a step, its *group*; slots of a group are ordered by their place along the
    axes, the first axis slowest. A *partial* tensor is one addend on each slot of its partial axes.
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasOperationAttrVerify = 1;
  let hasRegionArgAttrVerify = 1;
  let hasRegionResultAttrVerify = 1;
}

#endif
