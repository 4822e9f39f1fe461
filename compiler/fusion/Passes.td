//===- Passes.td - Which ops run in one kernel -*- tablegen -*-===//
#ifndef WEFT_COMPILER_FUSION_PASSES
#define WEFT_COMPILER_FUSION_PASSES

include "mlir/Pass/PassBase.td"

def OutlineKernels : Pass<"weft-outline-kernels", "mlir::ModuleOp"> {
  let summary = "Cuts the body of every dist.spmd into kernels and collectives";
  let description = [{
    Afterwards a `dist.spmd`, and the body of a scan in it, holds only collectives, `dist.slot_index`, scans, reshapes (they
    are views) and calls of kernels: functions with the attribute `dist.kernel`, private and named after their function. A
    kernel is one of

    - what one pass over rows computes: elementwise ops, reductions along rows or over them, softmax, norms, losses;
    - a product of matrices and the elementwise ops that follow on its elements;
    - any other op alone.

    An op joins the kernel of the latest of its producers where that stays of one form. Constants, counts and broadcasts are
    copied into each kernel that reads them; no other op is computed twice. Kernels that do the same are one function.

    A `dist.take_shard` becomes a slice in the kernel, at a place that follows from the kernel's operand `dist.slot_index`.

    Before:
    ```mlir
    topo.mesh @mesh {tp = 2}
    func.func @f(%x: tensor<8xf32>) {
      dist.spmd on @mesh () -> () {
        %0 = nn.constant dense<1.0> : tensor<8xf32>
        %1 = nn.elementwise exp %0 : (tensor<8xf32>) -> tensor<8xf32>
        %2 = dist.all_reduce sum %1 on @mesh ["tp"] : tensor<8xf32> -> tensor<8xf32>
        dist.yield
      }
      return
    }
    ```
    After:
    ```mlir
    topo.mesh @mesh {tp = 2}
    func.func @f(%x: tensor<8xf32>) {
      dist.spmd on @mesh () -> () {
        %1 = func.call @f_k0() : () -> tensor<8xf32>
        %2 = dist.all_reduce sum %1 on @mesh ["tp"] : tensor<8xf32> -> tensor<8xf32>
        dist.yield
      }
      return
    }
    func.func private @f_k0() -> tensor<8xf32> attributes {dist.kernel} {
      %0 = nn.constant dense<1.0> : tensor<8xf32>
      %1 = nn.elementwise exp %0 : (tensor<8xf32>) -> tensor<8xf32>
      return %1 : tensor<8xf32>
    }
    ```
  }];
  let dependentDialects = ["weft::dist::DistDialect", "mlir::func::FuncDialect", "mlir::arith::ArithDialect",
                           "mlir::tensor::TensorDialect"];
}

def VerifyKernels : Pass<"weft-verify-kernels", "mlir::ModuleOp"> {
  let summary = "Checks that slots run only kernels and collectives";
  let description = [{
    Fails with the op otherwise:

    - F1: a `dist.spmd`, or the body of a scan in it, holds only collectives, `dist.slot_index`, scans, reshapes, calls of
      functions with `dist.kernel`, and its end.
    - F2: a kernel holds no op of `dist`.
    - F3: a kernel has a body, takes and gives tensors of static shape without encoding, and gives at least one.

    ```mlir
    func.func private @k(%x: tensor<8xf32>) -> tensor<8xf32> attributes {dist.kernel} {
      %0 = nn.elementwise exp %x : (tensor<8xf32>) -> tensor<8xf32>
      return %0 : tensor<8xf32>
    }
    ```
  }];
}

#endif
