//===- NnTypes.td - Tensors that nn computes on -*- tablegen -*-===//
//
// The dialect defines no types of its own; these constrain upstream's tensors.
//
//===----------------------------------------------------------------------===//
#ifndef WEFT_DIALECTS_NN_TYPES
#define WEFT_DIALECTS_NN_TYPES

include "mlir/IR/CommonTypeConstraints.td"

def Nn_NoEmptyDim : CPred<"::llvm::all_of(::llvm::cast<::mlir::RankedTensorType>($_self).getShape(), [](int64_t size) { return size > 0; })">;

class Nn_TensorOf<list<Type> elements, string summary>
    : Type<And<[StaticShapeTensorOf<elements>.predicate, Nn_NoEmptyDim]>, summary, "::mlir::RankedTensorType">;

def Nn_Tensor : Nn_TensorOf<[F32, F64, I32, I64],
                            "tensor of static shape without empty dimensions, of f32, f64, i32 or i64">;
def Nn_FloatTensor : Nn_TensorOf<[F32, F64], "tensor of static shape without empty dimensions, of f32 or f64">;

#endif
