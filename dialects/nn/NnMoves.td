//===- NnMoves.td - Ops that move elements and change none -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_MOVES
#define WEFT_DIALECTS_NN_MOVES

include "dialects/nn/NnOp.td"

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

def Nn_SliceOp : Nn_Op<"slice"> {
  let summary = "Cuts a box out of a tensor";
  let description = [{
    Element `i` of the result is element `offsets + i` of the operand. How much is cut is the result's shape. Dimensions that are
    cut must be whole on every slot.

    - C1: `offsets` has an entry for each dimension, and the result has the operand's rank.
    - C2: the box lies within the operand.
    - C3: the result has the operand's element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.slice %x offsets [0, 2] : tensor<4x8xf32> -> tensor<4x3xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$input, DenseI64ArrayAttr:$offsets);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$input `offsets` $offsets attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_ConcatOp : Nn_Op<"concat"> {
  let summary = "Sets tensors beside each other along a dimension";
  let description = [{
    - C1: at least one operand, and `dim` is within their rank.
    - C2: the operands have the result's rank, and its sizes but along `dim`, where they add up to its size.
    - C3: one element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.concat %x, %x dim 1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x16xf32>
    ```
  }];
  let arguments = (ins Variadic<Nn_Tensor>:$inputs, I64Attr:$dim);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$inputs `dim` $dim attr-dict `:` functional-type($inputs, $result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_PadOp : Nn_Op<"pad"> {
  let summary = "Sets zeros around a tensor";
  let description = [{
    The operand stands in the result at `low`; what is not the operand is 0 (false). How much is set behind it is the rest of the
    result's shape.

    - C1: `low` has an entry for each dimension, none negative, and the result has the operand's rank.
    - C2: the operand at `low` lies within the result.
    - C3: the result has the operand's element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %0 = nn.pad %x low [0, 1] : tensor<4x8xf32> -> tensor<4x10xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$input, DenseI64ArrayAttr:$low);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$input `low` $low attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Nn_UpdateSliceOp : Nn_Op<"update_slice"> {
  let summary = "Gives a tensor with a part of it replaced";
  let description = [{
    `into` with `part` written along `dim` from `start` on: a cache of keys grows so. `start` is known at run time; one that
    would put an element of the part outside is moved to the nearest place where the whole part fits.

    - C1: `dim` is within the rank of `into`.
    - C2: `part` has the shape of `into` but along `dim`, where it is at most as large.
    - C3: the result has the shape of `into`, and all have one element type.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4x8xf32>
    %part = nn.constant dense<0.25> : tensor<4x1xf32>
    %start = nn.constant dense<3> : tensor<i32>
    %0 = nn.update_slice %x, %part dim 1 at %start : tensor<4x8xf32>, tensor<4x1xf32>, tensor<i32> -> tensor<4x8xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$into, Nn_Tensor:$part, Nn_Start:$start, I64Attr:$dim);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$into `,` $part `dim` $dim `at` $start attr-dict `:` type($into) `,` type($part) `,` type($start) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_GatherOp : Nn_Op<"gather"> {
  let summary = "Takes slices along a dimension at the places that ids name";
  let description = [{
    Dimension `dim` of `input` is replaced by the dimensions of `ids`: at the index of an id stands the slice of `input` at that
    id. An id below 0 reads place 0, one beyond the end the last place. The look-up in a table of embeddings is a gather along
    dimension 0; its slices of a split table would lie on other slots, so `dim` must be whole.

    - C1: `dim` is within the rank of `input`.
    - C2: the result has the dimensions of `input` before `dim`, those of `ids`, and those of `input` after `dim`.
    - C3: the result has the element type of `input`.

    ```mlir
    %table = nn.constant dense<0.5> : tensor<10x4xf32>
    %ids = nn.constant dense<[1, 7, 3]> : tensor<3xi32>
    %0 = nn.gather %table, %ids dim 0 : tensor<10x4xf32>, tensor<3xi32> -> tensor<3x4xf32>
    ```
  }];
  let arguments = (ins Nn_Tensor:$input, Nn_IndexTensor:$ids, I64Attr:$dim);
  let results = (outs Nn_Tensor:$result);
  let assemblyFormat = "$input `,` $ids `dim` $dim attr-dict `:` type($input) `,` type($ids) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_ScatterAddOp : Nn_Op<"scatter_add"> {
  let summary = "Adds slices up at the places that ids name";
  let description = [{
    The adjoint of `nn.gather`: the result is zeros, plus each slice of `updates` at its id, ids out of range moved into it as
    there. Slices of one place are added in the row-major order of their ids, those of bf16 and f16 in f32.

    - C1: `dim` is within the rank of the result.
    - C2: `updates` has the dimensions of the result before `dim`, those of `ids`, and those of the result after `dim`.
    - C3: the result has the element type of `updates`.

    ```mlir
    %updates = nn.constant dense<0.5> : tensor<3x4xf32>
    %ids = nn.constant dense<[1, 7, 1]> : tensor<3xi32>
    %0 = nn.scatter_add %updates, %ids dim 0 : tensor<3x4xf32>, tensor<3xi32> -> tensor<10x4xf32>
    ```
  }];
  let arguments = (ins Nn_NumberTensor:$updates, Nn_IndexTensor:$ids, I64Attr:$dim);
  let results = (outs Nn_NumberTensor:$result);
  let assemblyFormat = "$updates `,` $ids `dim` $dim attr-dict `:` type($updates) `,` type($ids) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_IotaOp : Nn_Op<"iota"> {
  let summary = "Counts along a dimension";
  let description = [{
    Each element is its index along `dim`, plus `start` where it is given: the places of what is generated behind a cache.
    The sum is made in i32, or i64 for i64, and converted.

    - C1: `dim` is within the result's rank.

    ```mlir
    %0 = nn.iota dim 1 -> tensor<4x8xi32>
    %start = nn.constant dense<3> : tensor<i32>
    %1 = nn.iota dim 0 start %start : tensor<i32> -> tensor<8xf32>
    ```
  }];
  let arguments = (ins I64Attr:$dim, Optional<Nn_Start>:$start);
  let results = (outs Nn_WideTensor:$result);
  let assemblyFormat = "`dim` $dim (`start` $start^ `:` type($start))? attr-dict `->` type($result)";
  let hasVerifier = 1;
}

#endif
