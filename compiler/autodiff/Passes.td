//===- Passes.td - Derivatives of tensor functions -*- tablegen -*-===//
#ifndef WEFT_COMPILER_AUTODIFF_PASSES
#define WEFT_COMPILER_AUTODIFF_PASSES

include "mlir/Pass/PassBase.td"

def Differentiate : Pass<"weft-differentiate", "mlir::ModuleOp"> {
  let summary = "Replaces value_and_grad by the function's body and its derivatives";
  let description = [{
    Afterwards no `nn.value_and_grad` is left. Each is replaced by the body of its callee, calls in it inlined, followed by the
    reverse sweep: for each op, last first, what its `DifferentiableInterface` builds. Only ops are differentiated that depend
    on an operand whose derivative is read and that the value depends on. Cotangents of one value are added up in the order in
    which the sweep meets them; cotangents of zeros are not written, but where the derivative as a whole is zero. A derivative
    in a function that is differentiated is made first.

    The derivative of a scan is a scan in the other direction. Its carried values are the cotangents of the carried values and,
    for shared operands, sums; cotangents of stacked operands are stacked results. What the body of the derivative reads of
    the forward body is, where it may be had so, an operand of the scan again or made once more from such values by a cheap op
    (an addition, a broadcast, a norm, ...); the rest becomes a stacked result of the forward scan. Nothing else is kept. What the
    derivative computes of forward values alone by a dear function (the slope of gelu) is computed by the forward scan and kept in
    their stead, where it takes no more room.
    With `memory-limit`, a scan that would keep more bytes than that keeps its carried values alone, and the body is computed
    once more in the reversed scan: the same ops on the same values, so the same bits.

    A `dist.constrain` gives its cotangent the same layout.

    Refused: a derivative through an op that has none (`nn.argmax`, `nn.compare`, a conversion to integers, ...), where the
    value depends on its results by other ways than as a condition or an index; a function without a body or that calls itself.

    Before:
    ```mlir
    func.func private @loss(%w: tensor<4xf32>) -> tensor<f32> {
      %0 = nn.elementwise tanh %w : (tensor<4xf32>) -> tensor<4xf32>
      %1 = nn.reduce sum %0 dims [0] : tensor<4xf32> -> tensor<f32>
      return %1 : tensor<f32>
    }
    func.func @step(%w: tensor<4xf32>) -> tensor<4xf32> {
      %value, %dw = nn.value_and_grad @loss(%w) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
      return %dw : tensor<4xf32>
    }
    ```
    After, with the canonical form of constants:
    ```mlir
    func.func @step(%w: tensor<4xf32>) -> tensor<4xf32> {
      %one = nn.constant dense<1.0> : tensor<4xf32>
      %0 = nn.elementwise tanh %w : (tensor<4xf32>) -> tensor<4xf32>
      %1 = nn.elementwise sub %one, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %2 = nn.elementwise add %one, %0 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %3 = nn.elementwise mul %1, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      return %3 : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["weft::nn::NnDialect"];
  let options = [
    Option<"memoryLimitBytes", "memory-limit", "uint64_t", /*default=*/"0",
           "Bytes that one scan may keep for its derivative, beyond which its body is computed again; 0 is no limit">,
  ];
  let statistics = [
    Statistic<"numDerivatives", "derivatives", "nn.value_and_grad ops replaced">,
    Statistic<"numScans", "scans", "scans differentiated">,
    Statistic<"numRecomputed", "recomputed", "scans whose body is computed again">,
    Statistic<"numBytesKept", "bytes-kept", "bytes that scans keep for their derivatives">,
  ];
}

#endif
