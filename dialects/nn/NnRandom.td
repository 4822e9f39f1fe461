//===- NnRandom.td - Numbers drawn by counting -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_RANDOM
#define WEFT_DIALECTS_NN_RANDOM

include "dialects/nn/NnOp.td"

def Nn_RandomOp : Nn_Op<"random"> {
  let summary = "Draws each element from a key, its index and the place of the draw";
  let description = [{
    Element `i` (row-major) comes from the four words of Philox4x32-10 under `key`, low word first, at the counter (low and high
    word of `i`, low and high word of `place`): the same bits on every device, ISA and number of threads. With w0 to w3 these
    words, and w(n, m) the number of 64 bits whose low word is wn:

    - `uniform`, in [0, 1): f32 is the upper 24 bits of w0 times 2⁻²⁴, f64 the upper 53 bits of w(0, 1) times 2⁻⁵³.
    - `normal`, of mean 0 and variance 1: √(−2 ln u) · cos(2π v). For f32, u is the upper 24 bits of w0, plus 1, times 2⁻²⁴, and
      v the upper 24 bits of w1 times 2⁻²⁴; for f64, u is the upper 53 bits of w(0, 1), plus 1, times 2⁻⁵³, and v the upper 53
      bits of w(2, 3) times 2⁻⁵³.

    Draws that shall differ have different keys or places. A split draws the whole on every slot and keeps its part.

    - C1: `place` is not negative.

    ```mlir
    %key = nn.constant dense<7> : tensor<i64>
    %0 = nn.random normal %key place 3 : tensor<i64> -> tensor<4x8xf32>
    ```
  }];
  let arguments = (ins Nn_RandomKind:$kind, Nn_Key:$key, I64Attr:$place);
  let results = (outs Nn_WideFloatTensor:$result);
  let assemblyFormat = "$kind $key `place` $place attr-dict `:` type($key) `->` type($result)";
  let hasVerifier = 1;
}

def Nn_FoldInOp : Nn_Op<"fold_in"> {
  let summary = "Derives a key from a key and a number";
  let description = [{
    The first two words of Philox4x32-10 under `key`, low word first, at the counter (low and high word of `number`, all ones,
    all ones), of which the low 53 bits are kept, so that a key is a number that every format of numbers holds. No draw has that
    counter, since its place is not negative: layers, steps and micro-batches have keys of their own.

    ```mlir
    %key = nn.constant dense<7> : tensor<i64>
    %0 = nn.fold_in %key, %key : tensor<i64>, tensor<i64> -> tensor<i64>
    ```
  }];
  let arguments = (ins Nn_Key:$key, Nn_Key:$number);
  let results = (outs Nn_Key:$result);
  let assemblyFormat = "$key `,` $number attr-dict `:` type($key) `,` type($number) `->` type($result)";
}

#endif
