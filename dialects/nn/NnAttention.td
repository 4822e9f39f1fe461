//===- NnAttention.td - Attention and its derivative -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_ATTENTION
#define WEFT_DIALECTS_NN_ATTENTION

include "dialects/nn/NnOp.td"

def Nn_AttentionOp : Nn_Op<"attention", [], ["buildLocal"]> {
  let summary = "Mixes values by how well their keys match each query";
  let description = [{
    Queries `[..., S, A]`, keys `[..., T, A]` and values `[..., T, C]` have `heads` heads as consecutive columns: head `h` has
    columns `h·A/heads` and on, of values `h·C/heads` and on. Within a head, the score of query `i` and key `j` is `scale` times
    the product of the two rows; row `i` of the result is the sum of the values weighted with the softmax of its scores, and
    `lse` is the log-sum-exp of those scores, `[..., heads, S]`, which the derivative starts from.

    With `causal`, query `i` sees the keys `j ≤ i + offset`; `offset` is known at run time where it is given (the length of what
    a cache holds already), else it is `T − S`, so that the last query sees every key. A query that sees no key gives zeros, and
    minus infinity as its log-sum-exp.

    It splits by batch, by whole heads, and by queries where it is not causal.

    - C1: all three operands have one rank of 2 or more, the same dimensions before the last two, and one element type.
    - C2: queries and keys have as many columns; keys and values as many rows.
    - C3: `heads` is positive and divides the columns of keys and values.
    - C4: `result` is `[..., S, C]` of the operands' element type; `lse` is `[..., heads, S]` of f32, of f64 for f64.
    - C5: `offset` stands only with `causal`; `scale` is a finite number.

    ```mlir
    %q = nn.constant dense<0.5> : tensor<2x4x8xf32>
    %o, %lse = nn.attention %q, %q, %q heads 2 causal scale 5.0e-1 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
    ```
  }];
  let arguments = (ins Nn_FloatTensor:$queries, Nn_FloatTensor:$keys, Nn_FloatTensor:$values, Optional<Nn_Start>:$offset,
                       I64Attr:$heads, UnitAttr:$causal, F64Attr:$scale);
  let results = (outs Nn_FloatTensor:$result, Nn_WideFloatTensor:$lse);
  let assemblyFormat = "$queries `,` $keys `,` $values `heads` $heads (`causal` $causal^)? (`offset` $offset^)? `scale` $scale attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

def Nn_AttentionGradOp : Nn_Op<"attention_grad", [], ["buildLocal"]> {
  let summary = "Gives the gradients of attention for its queries, keys and values";
  let description = [{
    `output` and `lse` are the results of `nn.attention` for the same queries, keys, values and settings; `cotangent` is the
    gradient for its `result`. The weights are made again from `lse`, so that no matrix of scores is kept.

    - C1: queries, keys and values are as for `nn.attention`, and so are `heads`, `causal`, `offset` and `scale`.
    - C2: `output` and `cotangent` have the shape and element type of attention's result, `lse` those of its log-sum-exp.
    - C3: each result has the type of its operand.

    ```mlir
    %q = nn.constant dense<0.5> : tensor<2x4x8xf32>
    %lse = nn.constant dense<0.5> : tensor<2x2x4xf32>
    %dq, %dk, %dv = nn.attention_grad %q, %q, %q, %q, %lse, %q heads 2 causal scale 5.0e-1 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x2x4xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
    ```
  }];
  let arguments = (ins Nn_FloatTensor:$queries, Nn_FloatTensor:$keys, Nn_FloatTensor:$values, Nn_FloatTensor:$output,
                       Nn_WideFloatTensor:$lse, Nn_FloatTensor:$cotangent, Optional<Nn_Start>:$offset, I64Attr:$heads,
                       UnitAttr:$causal, F64Attr:$scale);
  let results = (outs Nn_FloatTensor:$for_queries, Nn_FloatTensor:$for_keys, Nn_FloatTensor:$for_values);
  let assemblyFormat = "$queries `,` $keys `,` $values `,` $output `,` $lse `,` $cotangent `heads` $heads (`causal` $causal^)? (`offset` $offset^)? `scale` $scale attr-dict `:` functional-type(operands, results)";
  let hasVerifier = 1;
}

#endif
