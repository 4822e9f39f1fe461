//===- NnOps.td - The ops of tensor programs -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_OPS
#define WEFT_DIALECTS_NN_OPS

include "dialects/nn/NnOp.td"

def Nn_ConstantOp : Nn_Op<"constant", [ConstantLike], ["buildLocal"]> {
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
    `sqrt`, `rsqrt` (1/√x), `tanh`, `erf`, `gelu` (x·Φ(x), the exact form), `silu` (x·sigmoid(x)), `sigmoid`, `sin`, `cos` (on
    floats, the last two of radians).
    `min` and `max` give NaN where an operand is NaN; `relu` of NaN is NaN. Integer arithmetic wraps around; integer `div`
    rounds to zero and gives 0 where the divisor is 0.

    - C1: as many operands as the kind takes.
    - C2: operands and result have one shape and one element type.
    - C3: kinds on floats have elements of a float type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4xf32>
    %0 = nn.elementwise add %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
    %1 = nn.elementwise gelu %0 : (tensor<4xf32>) -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Nn_ElementwiseKind:$kind, Variadic<Nn_NumberTensor>:$inputs);
  let results = (outs Nn_NumberTensor:$result);
  let assemblyFormat = "$kind $inputs attr-dict `:` functional-type($inputs, $result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_CompareOp : Nn_Op<"compare"> {
  let summary = "Tells of each pair of elements whether it stands in a relation";
  let description = [{
    `eq`, `ne`, `lt`, `le`, `gt`, `ge` as IEEE 754 says: every relation with a NaN is false but `ne`, and the zeros are equal.
    Integers are compared with their signs, `ui8` without. It splits like an elementwise op and has no derivative.

    - C1: operands and result have one shape, the operands one element type.
    - C2: elements of i1 have `eq` and `ne` alone.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4xf32>
    %0 = nn.compare lt %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xi1>
    ```
  }];
  let arguments = (ins Nn_CompareKind:$kind, Nn_Tensor:$lhs, Nn_Tensor:$rhs);
  let results = (outs Nn_BoolTensor:$result);
  let assemblyFormat = "$kind $lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_SelectOp : Nn_Op<"select"> {
  let summary = "Takes each element from one of two operands";
  let description = [{
    The element of `on_true` where the condition's element is true, else that of `on_false`; what is not taken leaves no trace,
    a NaN included.

    - C1: condition, operands and result have one shape.
    - C2: operands and result have one element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4xf32>
    %c = nn.compare lt %x, %x : tensor<4xf32>, tensor<4xf32> -> tensor<4xi1>
    %0 = nn.select %c, %x, %x : tensor<4xi1>, tensor<4xf32>, tensor<4xf32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Nn_BoolTensor:$condition, Nn_Tensor:$on_true, Nn_Tensor:$on_false);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$condition `,` $on_true `,` $on_false attr-dict `:` type($condition) `,` type($on_true) `,` type($on_false) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_MatmulOp : Nn_Op<"matmul"> {
  let summary = "Multiplies matrices, for every batch index";
  let description = [{
    `[..., M, K]` by `[..., K, N]` gives `[..., M, N]`. The leading dimensions are a batch: both operands have the same ones, or
    the right one has none and serves every batch index. `transpose_lhs` says that the left operand is `[..., K, M]`,
    `transpose_rhs` that the right one is `[..., N, K]`: it is read so, nothing is copied. Sums are made in f32, in f64 for
    f64.

    - C1: the left operand has rank 2 or more; the right one has its rank or rank 2.
    - C2: the columns of the left matrix, as it is read, are as many as the rows of the right one.
    - C3: batch dimensions of both operands agree.
    - C4: the result has the batch dimensions, M and N.
    - C5: one element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %w = nn.constant dense<0.5> : tensor<8x2xf32>
    %0 = nn.matmul %x, %w : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<4x2xf32>
    %1 = nn.matmul %x, %x transpose_rhs : tensor<4x8xf32>, tensor<4x8xf32> -> tensor<4x4xf32>
    ```
  }];
  let arguments = (ins Nn_FloatTensor:$lhs, Nn_FloatTensor:$rhs, UnitAttr:$transpose_lhs, UnitAttr:$transpose_rhs);
  let results = (outs Nn_FloatTensor:$result);
  let assemblyFormat = "$lhs `,` $rhs (`transpose_lhs` $transpose_lhs^)? (`transpose_rhs` $transpose_rhs^)? attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)";
  let hasVerifier = 1;
  let hasCanonicalizeMethod = 1;
}

def Nn_ReduceOp : Nn_Op<"reduce"> {
  let summary = "Combines the elements along dimensions, which disappear";
  let description = [{
    `sum`, `min` or `max` over `dims`. Sums are made in the element type, those of bf16 and f16 in f32; a NaN gives NaN. A mean is a sum times a constant
    (`nn::buildMean`), so that its split over slots is that of the sum.

    - C1: `dims` is not empty, increases strictly and is within the operand's rank.
    - C2: the result has the operand's other dimensions, in order, and its element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.reduce sum %x dims [1] : tensor<4x8xf32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Weft_ReduceKind:$kind, Nn_NumberTensor:$input, DenseI64ArrayAttr:$dims);
  let results = (outs Nn_NumberTensor:$result);
  let assemblyFormat = "$kind $input `dims` $dims attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_CastOp : Nn_Op<"cast"> {
  let summary = "Converts each element to another type";
  let description = [{
    Integers to floats and floats to narrower floats round to nearest, ties to even. Floats to integers round to zero; NaN gives
    0, and what is out of range the nearest integer of the type. A narrower integer keeps the low bits. From i1, true is 1; to
    i1, all but 0 is true, NaN included.

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

include "dialects/nn/NnMoves.td"
include "dialects/nn/NnRows.td"
include "dialects/nn/NnAttention.td"
include "dialects/nn/NnRandom.td"
include "dialects/nn/NnControlOps.td"

#endif
