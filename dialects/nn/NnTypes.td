//===- NnTypes.td - Tensors that nn computes on -*- tablegen -*-===//
//
// The dialect defines no types of its own; these constrain upstream's tensors.
// i1 is `bool`, ui8 is `u8`. Narrow types are storage: elements of bf16 and f16 are
// computed in f32 and rounded once, where they are written; i8, ui8 and i1 are moved,
// compared and converted.
//
//===----------------------------------------------------------------------===//
#ifndef WEFT_DIALECTS_NN_TYPES
#define WEFT_DIALECTS_NN_TYPES

include "mlir/IR/CommonTypeConstraints.td"

def Nn_NoEmptyDim : CPred<"::llvm::all_of(::llvm::cast<::mlir::RankedTensorType>($_self).getShape(), [](int64_t size) { return size > 0; })">;

class Nn_TensorOf<list<Type> elements, string names>
    : Type<And<[StaticShapeTensorOf<elements>.predicate, Nn_NoEmptyDim]>,
           "tensor of static shape without empty dimensions, of " # names, "::mlir::RankedTensorType">;

class Nn_ScalarOf<Type element, string name>
    : Type<And<[StaticShapeTensorOf<[element]>.predicate, HasAnyRankOfPred<[0]>]>, "tensor of rank 0 of " # name,
           "::mlir::RankedTensorType">;

def Nn_Tensor : Nn_TensorOf<[F32, F64, BF16, F16, I64, I32, I8, UI8, I1], "f32, f64, bf16, f16, i64, i32, i8, ui8 or i1">;
def Nn_NumberTensor : Nn_TensorOf<[F32, F64, BF16, F16, I64, I32], "f32, f64, bf16, f16, i64 or i32">;
def Nn_FloatTensor : Nn_TensorOf<[F32, F64, BF16, F16], "f32, f64, bf16 or f16">;
def Nn_WideTensor : Nn_TensorOf<[F32, F64, I64, I32], "f32, f64, i64 or i32">;
def Nn_WideFloatTensor : Nn_TensorOf<[F32, F64], "f32 or f64">;
def Nn_IndexTensor : Nn_TensorOf<[I32, I64], "i32 or i64">;
def Nn_PlaceTensor : Nn_TensorOf<[I32], "i32">;
def Nn_BoolTensor : Nn_TensorOf<[I1], "i1">;
def Nn_Start : Nn_ScalarOf<I32, "i32">;
def Nn_Key : Nn_ScalarOf<I64, "i64">;

#endif
