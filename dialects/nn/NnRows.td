//===- NnRows.td - Ops that look at whole rows of a tensor -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_ROWS
#define WEFT_DIALECTS_NN_ROWS

include "dialects/nn/NnOp.td"

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

class Nn_NormOp<string mnemonic> : Nn_Op<mnemonic> {
  let arguments = (ins Nn_FloatTensor:$input, I64Attr:$dim, F64Attr:$eps);
  let results = (outs Nn_FloatTensor:$result);
  let assemblyFormat = "$input `dim` $dim `eps` $eps attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_LayerNormOp : Nn_NormOp<"layer_norm"> {
  let summary = "Shifts and scales along a dimension to mean 0 and variance 1";
  let description = [{
    (x − mean) / √(mean((x − mean)²) + eps) along `dim`, which every slot needs whole. Scale and shift that are learnt are
    products and sums of their own.

    - C1: `dim` is within the operand's rank.
    - C2: the result has the operand's shape and element type.
    - C3: `eps` is a number that is not negative.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.layer_norm %x dim 1 eps 1.0e-5 : tensor<4x8xf32> -> tensor<4x8xf32>
    ```
  }];
}

def Nn_RmsNormOp : Nn_NormOp<"rms_norm"> {
  let summary = "Scales along a dimension to a mean square of 1";
  let description = [{
    x / √(mean(x²) + eps) along `dim`, which every slot needs whole.

    - C1: `dim` is within the operand's rank.
    - C2: the result has the operand's shape and element type.
    - C3: `eps` is a number that is not negative.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.rms_norm %x dim 1 eps 1.0e-5 : tensor<4x8xf32> -> tensor<4x8xf32>
    ```
  }];
}

def Nn_CrossEntropyOp : Nn_Op<"cross_entropy"> {
  let summary = "Gives the loss of each row of scores whose right place is known";
  let description = [{
    For scores `[..., C]` and ids `[...]`: log Σ exp(row) − row[id], in the form that takes the row's maximum off first. An id
    out of range is moved to the nearest place. A mean over the rows is `nn::buildMean`.

    - C1: the scores have rank 1 or more, and the ids their shape without the last dimension.
    - C2: the result has the shape of the ids and the element type of the scores.

    ```mlir
    %scores = nn.constant dense<0.5> : tensor<4x10xf32>
    %ids = nn.constant dense<[1, 7, 3, 0]> : tensor<4xi32>
    %0 = nn.cross_entropy %scores, %ids : tensor<4x10xf32>, tensor<4xi32> -> tensor<4xf32>
    ```
  }];
  let arguments = (ins Nn_FloatTensor:$logits, Nn_IndexTensor:$ids);
  let results = (outs Nn_FloatTensor:$result);
  let assemblyFormat = "$logits `,` $ids attr-dict `:` type($logits) `,` type($ids) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_ArgmaxOp : Nn_Op<"argmax"> {
  let summary = "Gives the place of the largest element along a dimension, which disappears";
  let description = [{
    Of equal elements the lowest place counts; a NaN is larger than every number, and the first one counts.

    - C1: `dim` is within the operand's rank.
    - C2: the result has the operand's other dimensions, in order.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.argmax %x dim 1 : tensor<4x8xf32> -> tensor<4xi32>
    ```
  }];
  let arguments = (ins Nn_NumberTensor:$input, I64Attr:$dim);
  let results = (outs Nn_PlaceTensor:$result);
  let assemblyFormat = "$input `dim` $dim attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_TopKOp : Nn_Op<"top_k"> {
  let summary = "Gives the largest elements along a dimension and their places";
  let description = [{
    Largest first; of equal elements the one at the lower place comes first, and a NaN is larger than every number. How many is
    the size of the results along `dim`.

    - C1: `dim` is within the operand's rank.
    - C2: both results have the operand's shape but along `dim`, where they are at most as large.
    - C3: the values have the operand's element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %values, %places = nn.top_k %x dim 1 : tensor<4x8xf32> -> tensor<4x3xf32>, tensor<4x3xi32>
    ```
  }];
  let arguments = (ins Nn_NumberTensor:$input, I64Attr:$dim);
  let results = (outs Nn_NumberTensor:$values, Nn_PlaceTensor:$places);
  let assemblyFormat = "$input `dim` $dim attr-dict `:` type($input) `->` type($values) `,` type($places)";
  let hasVerifier = 1;
}

#endif
