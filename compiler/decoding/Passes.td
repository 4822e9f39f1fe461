//===- Passes.td - A model answers position by position -*- tablegen -*-===//
#ifndef WEFT_COMPILER_DECODING_PASSES
#define WEFT_COMPILER_DECODING_PASSES

include "mlir/Pass/PassBase.td"

def MakeDecoders : Pass<"weft-make-decoders", "mlir::ModuleOp"> {
  let summary = "Makes functions that go on where a sequence ended from one of whole sequences";
  let description = [{
    A function with the attribute `nn.sequence = {argument, chunks}` takes token ids `[1, S]` as that argument and gives one
    row of logits for each position, `[1, S, V]`. For each size `n` of `chunks` the pass adds a function `NAME.decode<n>` of the
    other arguments, `ids [1, n]` and `position` (`i32`, how many positions went before), which gives the logits `[1, V]` behind
    the last of these positions. What earlier positions left behind is kept in states: the keys and values of each causal
    attention, S positions long. The function itself goes.

    No op is known but attention and scan: an op belongs to positions if a *factor* of its sharding rule passes through it along
    that dimension, exactly as if each position were a slot. What does not depend on the tokens and has all positions
    (a table of places) is read at the present ones.

    Refused: an op that needs other positions than its own, but for causal attention.

    Before:
    ```mlir
    func.func @f(%table: tensor<256x8xf32>, %ids: tensor<1x4xi32>) -> tensor<1x4x8xf32>
        attributes {nn.sequence = {argument = 1, chunks = [1]}} {
      %0 = nn.gather %table, %ids dim 0 : tensor<256x8xf32>, tensor<1x4xi32> -> tensor<1x4x8xf32>
      return %0 : tensor<1x4x8xf32>
    }
    ```
    After:
    ```mlir
    func.func @f.decode1(%table: tensor<256x8xf32>, %ids: tensor<1x1xi32> {dist.state = "ids"}, %position: tensor<i32> {dist.state = "position"})
        -> tensor<1x8xf32> {
      %0 = nn.gather %table, %ids dim 0 : tensor<256x8xf32>, tensor<1x1xi32> -> tensor<1x1x8xf32>
      %1 = nn.slice %0 offsets [0, 0, 0] : tensor<1x1x8xf32> -> tensor<1x1x8xf32>
      %2 = nn.reshape %1 : tensor<1x1x8xf32> -> tensor<1x8xf32>
      return %2 : tensor<1x8xf32>
    }
    ```
  }];
  let dependentDialects = ["weft::nn::NnDialect", "mlir::func::FuncDialect"];
}

#endif
