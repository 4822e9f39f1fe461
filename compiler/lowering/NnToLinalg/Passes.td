//===- Passes.td - From tensor ops to loops over elements -*- tablegen -*-===//
#ifndef WEFT_COMPILER_LOWERING_NNTOLINALG_PASSES
#define WEFT_COMPILER_LOWERING_NNTOLINALG_PASSES

include "mlir/Pass/PassBase.td"

def LowerNnToLinalg : Pass<"weft-lower-nn-to-linalg", "mlir::func::FuncOp"> {
  let summary = "Replaces every op that has a linalg form by it";
  let description = [{
    Afterwards no op with `LinalgFormInterface` is left in the function. Types must carry no sharding: the pass is for kernels.

    Before:
    ```mlir
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %0 = nn.elementwise neg %x : (tensor<4xf32>) -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```
    After:
    ```mlir
    #id = affine_map<(d0) -> (d0)>
    func.func @f(%x: tensor<4xf32>) -> tensor<4xf32> {
      %e = tensor.empty() : tensor<4xf32>
      %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]} ins(%x : tensor<4xf32>) outs(%e : tensor<4xf32>) {
      ^bb0(%in: f32, %out: f32):
        %1 = arith.negf %in : f32
        linalg.yield %1 : f32
      } -> tensor<4xf32>
      return %0 : tensor<4xf32>
    }
    ```
  }];
  let dependentDialects = ["mlir::linalg::LinalgDialect", "mlir::tensor::TensorDialect", "mlir::arith::ArithDialect",
                           "mlir::math::MathDialect", "mlir::scf::SCFDialect"];
}

#endif
