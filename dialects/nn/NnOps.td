//===- NnOps.td - The ops of tensor programs -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_OPS
#define WEFT_DIALECTS_NN_OPS

include "dialects/base/BaseEnums.td"
include "dialects/base/BaseInterfaces.td"
include "dialects/nn/NnAttrs.td"
include "dialects/nn/NnDialect.td"
include "dialects/nn/NnTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Nn_Op<string mnemonic, list<Trait> traits = []>
    : Op<Nn_Dialect, mnemonic, traits # [Pure, DeclareOpInterfaceMethods<Weft_ShardingRuleInterface>]>;

def Nn_ConstantOp : Op<Nn_Dialect, "constant", [
    Pure, ConstantLike, DeclareOpInterfaceMethods<Weft_ShardingRuleInterface, ["buildLocal"]>]> {
  let summary = "Gives a tensor that is known when the plan is made";
  let description = [{
    A tensor of equal elements (a splat) splits freely, since each shard is a smaller splat; any other constant is held
    whole by every slot.

    - C1: the value has the result's shape and element type.

    ```mlir
    %0 = nn.constant dense<[1.0, 2.0]> : tensor<2xf32>
    %1 = nn.constant dense<0.5> : tensor<4x4xf32>
    ```
  }];
  let arguments = (ins ElementsAttr:$value);
  let results = (outs Nn_Tensor:$result);
  let hasCustomAssemblyFormat = 1;
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_ElementwiseOp : Nn_Op<"elementwise"> {
  let summary = "Computes each element of the result from the operands' elements at its place";
  let description = [{
    Two operands: `add`, `sub`, `mul`, `div`, `min`, `max`. One: `neg`, `abs`, `relu` (on any element type); `exp`, `log`,
    `sqrt`, `rsqrt` (1/√x), `tanh`, `erf`, `gelu` (x·Φ(x), the exact form), `silu` (x·sigmoid(x)), `sigmoid` (on floats).
    `min` and `max` give NaN where an operand is NaN; `relu` of NaN is NaN. Integer arithmetic wraps around; integer `div`
    rounds to zero and gives 0 where the divisor is 0.

    - C1: as many operands as the kind takes.
    - C2: operands and result have one shape and one element type.
    - C3: kinds on floats have f32 or f64 elements.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4xf32>
    %0 = nn.elementwise add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %1 = nn.elementwise gelu %0 : (tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Nn_ElementwiseKind:$kind, Variadic<Nn_Tensor>:$inputs);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$kind $inputs attr-dict `:` functional-type($inputs, $result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_MatmulOp : Nn_Op<"matmul"> {
  let summary = "Multiplies matrices, for every batch index";
  let description = [{
    `[..., M, K]` by `[..., K, N]` gives `[..., M, N]`. The leading dimensions are a batch: both operands have the same ones, or
    the right one has none and serves every batch index. Sums are made in the element type.

    - C1: the left operand has rank 2 or more; the right one has its rank or rank 2.
    - C2: the last dimension of the left operand is the last but one of the right operand.
    - C3: batch dimensions of both operands agree.
    - C4: the result has the batch dimensions, M and N.
    - C5: one element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %w = nn.constant dense<0.5> : tensor<8x2xf32>
    %0 = nn.matmul %x, %w : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<4x2xf32>
    ```
  }];
  let arguments = (ins Nn_FloatTensor:$lhs, Nn_FloatTensor:$rhs);
  let results = (outs Nn_FloatTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_ReduceOp : Nn_Op<"reduce"> {
  let summary = "Combines the elements along dimensions, which disappear";
  let description = [{
    `sum`, `min` or `max` over `dims`. Sums are made in the element type; a NaN gives NaN. A mean is a sum times a constant
    (`nn::buildMean`), so that its split over slots is that of the sum.

    - C1: `dims` is not empty, increases strictly and is within the operand's rank.
    - C2: the result has the operand's other dimensions, in order, and its element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.reduce sum %x dims [1] : tensor<4x8xf32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Weft_ReduceKind:$kind, Nn_Tensor:$input, DenseI64ArrayAttr:$dims);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$kind $input `dims` $dims attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_SoftmaxOp : Nn_Op<"softmax"> {
  let summary = "Turns scores along a dimension into weights that sum to one";
  let description = [{
    exp(x − max) / Σ exp(x − max) along `dim`, which every slot needs whole.

    - C1: `dim` is within the operand's rank.
    - C2: the result has the operand's shape and element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.softmax %x dim 1 : tensor<4x8xf32> -> tensor<4x8xf32>
    ```
  }];
  let arguments = (ins Nn_FloatTensor:$input, I64Attr:$dim);
  let results = (outs Nn_FloatTensor:$result);
  let assemblyFormat = "$input `dim` $dim attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_ReshapeOp : Nn_Op<"reshape"> {
  let summary = "Cuts the same elements, in row-major order, into another shape";
  let description = [{
    A split passes through where a dimension stays, and through the outermost of dimensions that are joined or cut apart.

    - C1: operand and result have as many elements, of one type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x6xf32>
    %0 = nn.reshape %x : tensor<4x6xf32> -> tensor<4x2x3xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$input);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_TransposeOp : Nn_Op<"transpose"> {
  let summary = "Puts the dimensions into another order";
  let description = [{
    Dimension `i` of the result is dimension `perm[i]` of the operand.

    - C1: `perm` is a permutation of the operand's dimensions.
    - C2: the result has the permuted shape and the operand's element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.transpose %x perm [1, 0] : tensor<4x8xf32> -> tensor<8x4xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$input, DenseI64ArrayAttr:$perm);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$input `perm` $perm attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_BroadcastOp : Nn_Op<"broadcast"> {
  let summary = "Repeats a tensor along new dimensions";
  let description = [{
    Dimension `i` of the operand is dimension `dims[i]` of the result; the result's other dimensions are new, and the operand
    is repeated along them. A dimension of size 1 is not stretched: it is dropped by a reshape first.

    - C1: `dims` has an entry for each dimension of the operand, increases strictly and is within the result's rank.
    - C2: the result has the operand's sizes at `dims`, and its element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<8xf32>
    %0 = nn.broadcast %x dims [1] : tensor<8xf32> -> tensor<4x8xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$input, DenseI64ArrayAttr:$dims);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$input `dims` $dims attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_CastOp : Nn_Op<"cast"> {
  let summary = "Converts each element to another type";
  let description = [{
    Integers to floats and f64 to f32 round to nearest, ties to even. Floats to integers round to zero; NaN gives 0, and what is
    out of range the nearest integer of the type. i64 to i32 keeps the low 32 bits.

    - C1: operand and result have one shape.

    ```mlir
    %x = nn.constant dense<1> : tensor<4xi32>
    %0 = nn.cast %x : tensor<4xi32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$input);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

include "dialects/nn/NnControlOps.td"

#endif
