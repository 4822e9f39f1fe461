//===- NnControlOps.td - Ops that run other ops -*- tablegen -*-===//
//
// Loops with a known count, and derivatives of functions. Everything else of
// the dialect is straight-line.
//
//===----------------------------------------------------------------------===//
#ifndef WEFT_DIALECTS_NN_CONTROL_OPS
#define WEFT_DIALECTS_NN_CONTROL_OPS

include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/OpBase.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"

/// What a loop hands on without computing on it.
def Nn_AnyTensor : Nn_TensorOf<[AnyType], "tensor of static shape without empty dimensions">;

def Nn_ScanOp : Op<Nn_Dialect, "scan", [
    AttrSizedOperandSegments, IsolatedFromAbove, RecursiveMemoryEffects, RecursivelySpeculatable,
    SingleBlock,
    DeclareOpInterfaceMethods<Weft_ShardingRuleInterface, ["buildLocal"]>]> {
  let summary = "Runs a body a fixed number of times over the slices of stacked tensors";
  let description = [{
    The body's arguments are the index `i` (`tensor<i32>`), the carried values, the `i`-th slice along the first dimension of
    each stacked operand, and the shared operands, which are the same in every turn. It yields the next carried values and
    then any number of values `y`. The results are the last carried values, and for each `y` all of them, stacked along a
    new first dimension: that of turn `i` stands at place `i`.

    Turns run from 0 to `count` − 1; with `reverse` from `count` − 1 to 0, and slices and places stay those of `i`. Layers
    of equal blocks, micro-batches and the steps of a generation are scans, so that their body is compiled once. A slice is
    a place in the stacked tensor's memory and costs nothing.

    Everything is held whole by every slot.

    - C1: `count` is 1 or more, and at most 2³¹ − 1.
    - C2: the first dimension of each stacked operand is `count`.
    - C3: the body's arguments are the index, the carried values, the slices and the shared operands, of these types.
    - C4: the body yields the carried values, of their types, and one value for each other result.
    - C5: the other results are `count` yielded values each, stacked.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<2x4xf32>
    %w = nn.constant dense<0.5> : tensor<3x4x4xf32>
    %b = nn.constant dense<0.5> : tensor<2x4xf32>
    %last, %all = nn.scan count 3 carry(%x) stacked(%w) shared(%b)
        : (tensor<2x4xf32>, tensor<3x4x4xf32>, tensor<2x4xf32>) -> (tensor<2x4xf32>, tensor<3x2x4xf32>) {
    ^bb0(%i: tensor<i32>, %h: tensor<2x4xf32>, %layer: tensor<4x4xf32>, %bias: tensor<2x4xf32>):
      %0 = nn.matmul %h, %layer : tensor<2x4xf32>, tensor<4x4xf32> -> tensor<2x4xf32>
      %1 = nn.elementwise add %0, %bias : (tensor<2x4xf32>, tensor<2x4xf32>) -> tensor<2x4xf32>
      nn.yield %1, %0 : tensor<2x4xf32>, tensor<2x4xf32>
    }
    ```
  }];
  let arguments = (ins I64Attr:$count, UnitAttr:$reverse, Variadic<Nn_AnyTensor>:$carried,
                       Variadic<Nn_AnyTensor>:$stacked, Variadic<Nn_AnyTensor>:$shared);
  let results = (outs Variadic<Nn_AnyTensor>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = [{
    `count` $count (`reverse` $reverse^)? (`carry` `(` $carried^ `)`)? (`stacked` `(` $stacked^ `)`)?
    (`shared` `(` $shared^ `)`)? attr-dict `:` functional-type(operands, results) $body
  }];
  let skipDefaultBuilders = 1;
  let builders = [
    // The result types follow from what the body yields. It is built by `body`, which is given a builder at its begin and
    // the block with all arguments, and returns what is yielded.
    OpBuilder<(ins "int64_t":$count, "bool":$reverse, "::mlir::ValueRange":$carried, "::mlir::ValueRange":$stacked,
                   "::mlir::ValueRange":$shared,
                   "::llvm::function_ref<::llvm::SmallVector<::mlir::Value>(::mlir::OpBuilder &, ::weft::nn::ScanBody)>":$body)>
  ];
  let extraClassDeclaration = [{
    /// The body's arguments and what it yields, by meaning.
    ::weft::nn::ScanBody getBodyArguments();
    ::mlir::OperandRange getYielded();
    ::mlir::OperandRange getNextCarried() { return getYielded().take_front(getCarried().size()); }
    ::mlir::OperandRange getYieldedSlices() { return getYielded().drop_front(getCarried().size()); }
    ::mlir::ResultRange getLastCarried() { return getOutputs().take_front(getCarried().size()); }
    ::mlir::ResultRange getStackedOutputs() { return getOutputs().drop_front(getCarried().size()); }
  }];
  let hasRegionVerifier = 1;
  let hasCanonicalizer = 1;
}

def Nn_YieldOp : Op<Nn_Dialect, "yield", [Pure, Terminator, HasParent<"ScanOp">, ReturnLike]> {
  let summary = "Ends the body of a scan and gives what a turn computes";
  let description = [{
    The next carried values and then the slices of the stacked results; `nn.scan` says of which types.

    ```mlir
    %x = nn.constant dense<0.5> : tensor<4xf32>
    %0 = nn.scan count 3 carry(%x) : (tensor<4xf32>) -> tensor<4xf32> {
    ^bb0(%i: tensor<i32>, %h: tensor<4xf32>):
      %1 = nn.elementwise tanh %h : (tensor<4xf32>) -> tensor<4xf32>
      nn.yield %1 : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<Nn_AnyTensor>:$values);
  let assemblyFormat = "($values^ `:` type($values))? attr-dict";
}

def Nn_ValueAndGradOp : Op<Nn_Dialect, "value_and_grad", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Calls a function and gives the derivatives of its first result besides";
  let description = [{
    The results are those of the function, in order, and then the derivative of the first one by each of the first `wrt`
    operands. `weft-differentiate` replaces the op; what is not used of its results is not computed.

    - C1: the callee is a function of the module, and operands and the first results are its arguments and results.
    - C2: the function's first result is a single element (rank 0) of f32 or f64.
    - C3: `wrt` is 1 or more, and there are as many operands; these have elements of a float type.
    - C4: the other results have the types of the first `wrt` operands.

    ```mlir
    func.func private @loss(%w: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<f32> {
      %0 = nn.elementwise mul %w, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
      %1 = nn.reduce sum %0 dims [0] : tensor<4xf32> -> tensor<f32>
      return %1 : tensor<f32>
    }
    func.func @step(%w: tensor<4xf32>, %x: tensor<4xf32>) -> tensor<4xf32> {
      %value, %dw = nn.value_and_grad @loss(%w, %x) wrt 1 : (tensor<4xf32>, tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
      return %dw : tensor<4xf32>
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$callee, Variadic<Nn_AnyTensor>:$inputs, I64Attr:$wrt);
  let results = (outs Variadic<Nn_AnyTensor>:$outputs);
  let assemblyFormat = "$callee `(` $inputs `)` `wrt` $wrt attr-dict `:` functional-type($inputs, $outputs)";
  let extraClassDeclaration = [{
    /// What the function gives, and the derivatives.
    ::mlir::ResultRange getValues() { return getOutputs().drop_back(getWrt()); }
    ::mlir::ResultRange getGradients() { return getOutputs().take_back(getWrt()); }
  }];
}

#endif
