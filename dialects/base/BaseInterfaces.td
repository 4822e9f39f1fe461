//===- BaseInterfaces.td - What passes know of tensor ops -*- tablegen -*-===//
//
// Passes ask these and never an op by name, so an op of a plugin is sharded
// and compiled like one of ours.
//
//===----------------------------------------------------------------------===//
#ifndef WEFT_DIALECTS_BASE_INTERFACES
#define WEFT_DIALECTS_BASE_INTERFACES

include "mlir/IR/OpBase.td"

def Weft_ShardingRuleInterface : OpInterface<"ShardingRuleInterface"> {
  let cppNamespace = "::weft";
  let description = [{
    Says how an op's result can be computed shard by shard. The rule names the op's *factors*, the loops that it is made
    of: a factor that every operand and result carries passes a split through; one that only operands carry is reduced,
    and a split leaves a partial result; one that is whole may not be split at all.
  }];
  let methods = [
    InterfaceMethod<"The factors of this op for its present (whole) types.",
      "::weft::ShardingRule", "getShardingRule", (ins)>,
    InterfaceMethod<[{
        Builds the op on one slot's shards: `operands` are local, `resultTypes` the local types that follow from the
        rule. The default clones the op, which is right wherever no attribute repeats a size.
      }],
      "::mlir::Operation *", "buildLocal",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands, "::mlir::TypeRange":$resultTypes), "",
      [{ return ::weft::cloneOnShards(builder, $_op, operands, resultTypes); }]>,
  ];
}

def Weft_LinalgFormInterface : OpInterface<"LinalgFormInterface"> {
  let cppNamespace = "::weft";
  let description = [{
    Says what an op computes, as ops on tensors of upstream's `linalg`, `tensor` and `arith`. Tiling, fusion and code
    generation go on from there and know nothing of the op.
  }];
  let methods = [
    InterfaceMethod<[{
        Builds the same values from `operands`, whose types are the op's own; one value for each result. Types are
        static and carry no encoding. The only failure is an element type that the form does not carry; it is reported
        at the op.
      }],
      "::llvm::FailureOr<::llvm::SmallVector<::mlir::Value>>", "buildLinalg",
      (ins "::mlir::OpBuilder &":$builder, "::mlir::ValueRange":$operands)>,
  ];
}

def Weft_DifferentiableInterface : OpInterface<"DifferentiableInterface"> {
  let cppNamespace = "::weft";
  let description = [{
    Says how a small change of an op's results follows from one of its operands, the other way round: what a value that
    depends on the results gains from each operand. A cotangent of a tensor has its type. Ops without this interface
    have no derivative, and a derivative that is asked through one is refused.
  }];
  let methods = [
    InterfaceMethod<[{
        Builds the cotangents of the operands, one for each, from `cotangents`, one for each result. A null value is a
        cotangent of zeros, on both sides; not all of `cotangents` are null. Only those that are `wanted` are asked for,
        and only operands of floats are; the others should be null. What is built may read the op's operands and results:
        a result instead of an operand, or something small instead of something large, saves memory where the op is in a
        loop. The only failure is a derivative that the op does not have for these cotangents; it is reported at the op.
      }],
      "::llvm::FailureOr<::llvm::SmallVector<::mlir::Value>>", "buildPullback",
      (ins "::mlir::OpBuilder &":$builder, "::llvm::ArrayRef<::mlir::Value>":$cotangents,
           "::llvm::ArrayRef<bool>":$wanted)>,
  ];
}

def Weft_MeshInterface : OpInterface<"MeshInterface"> {
  let cppNamespace = "::weft";
  let description = [{
    A symbol that names a grid of slots: axes in order, the first one slowest. What dialects beside `topo` need to know
    of a mesh.
  }];
  let methods = [
    InterfaceMethod<"The names of the axes, the slowest first.", "::llvm::SmallVector<::llvm::StringRef>", "getAxisNames", (ins)>,
    InterfaceMethod<"The slots along each axis; at least 1 each.", "::llvm::ArrayRef<int64_t>", "getAxisSizes", (ins)>,
    InterfaceMethod<"For each axis, whether its slots are replicas that may come and go.", "::llvm::ArrayRef<bool>", "getElasticAxes", (ins)>,
  ];
}

#endif
