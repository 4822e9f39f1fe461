//===- Passes.td - Fewer bytes between slots -*- tablegen -*-===//
#ifndef WEFT_COMPILER_COMMUNICATION_PASSES
#define WEFT_COMPILER_COMMUNICATION_PASSES

include "mlir/Pass/PassBase.td"

def FuseCollectives : InterfacePass<"weft-fuse-collectives", "mlir::FunctionOpInterface"> {
  let summary = "Replaces a collective whose result is cut again by a cheaper one";
  let description = [{
    Rewrites two shapes, for an `n`-member group and a whole tensor of `m` bytes:

    | before                        | after            | bytes sent per member    |
    |-------------------------------|------------------|--------------------------|
    | `take_shard(all_reduce(x))`   | `reduce_scatter` | `2m(n-1)/n` to `m(n-1)/n`|
    | `take_shard(all_gather(x))`   | `x`              | `m(n-1)/n` to `0`        |

    Both steps must name the same mesh and the same axes in the same order, and the second shape also the same `dim`. The
    mirror shape, `all_gather(take_shard(x))`, is left alone: it is `x` only where `x` is replicated over the axes, which
    this pass does not prove.

    Before:
    ```mlir
    topo.mesh @mesh {dp = 4}
    func.func @f(%x: tensor<8xf32>) -> tensor<2xf32> {
      %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
      %1 = dist.take_shard %0 on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
      return %1 : tensor<2xf32>
    }
    ```
    After:
    ```mlir
    topo.mesh @mesh {dp = 4}
    func.func @f(%x: tensor<8xf32>) -> tensor<2xf32> {
      %1 = dist.reduce_scatter sum %x on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
      return %1 : tensor<2xf32>
    }
    ```
  }];
  let dependentDialects = ["weft::dist::DistDialect"];
  let options = [
    Option<"maxShards", "max-shards", "unsigned", /*default=*/"1",
           "Fuse an all_reduce with at most this many users, all take_shard; "
           "at 2 the traffic is equal and the peak memory lower">,
  ];
  let statistics = [
    Statistic<"numReduceScatters", "reduce-scatters", "all_reduce steps turned into reduce_scatter">,
    Statistic<"numGathersDropped", "gathers-dropped", "all_gather results no longer cut again">,
  ];
}

def PackCollectives : InterfacePass<"weft-pack-collectives", "mlir::FunctionOpInterface"> {
  let summary = "Makes every shard that is sent contiguous";
  let description = [{
    Afterwards `dim` of each `reduce_scatter` and `all_gather` is 0, or has only dimensions of size 1 before it: the runtime
    knows contiguous shards only. The elements are put into that order by a transposition on the slot, which costs one pass over
    the tensor's memory (and is fused into the kernel beside it) and no byte sent.

    Before:
    ```mlir
    topo.mesh @mesh {tp = 2}
    func.func @f(%x: tensor<3x4xf32>) -> tensor<3x8xf32> {
      %0 = dist.all_gather %x on @mesh ["tp"] dim 1 : tensor<3x4xf32> -> tensor<3x8xf32>
      return %0 : tensor<3x8xf32>
    }
    ```
    After:
    ```mlir
    topo.mesh @mesh {tp = 2}
    func.func @f(%x: tensor<3x4xf32>) -> tensor<3x8xf32> {
      %0 = nn.reshape %x : tensor<3x4xf32> -> tensor<1x3x4xf32>
      %1 = dist.all_gather %0 on @mesh ["tp"] dim 0 : tensor<1x3x4xf32> -> tensor<2x3x4xf32>
      %2 = nn.transpose %1 perm [1, 0, 2] : tensor<2x3x4xf32> -> tensor<3x2x4xf32>
      %3 = nn.reshape %2 : tensor<3x2x4xf32> -> tensor<3x8xf32>
      return %3 : tensor<3x8xf32>
    }
    ```
  }];
  let dependentDialects = ["weft::dist::DistDialect", "weft::nn::NnDialect"];
}

def VerifyCommunication : Pass<"weft-verify-communication", "mlir::func::FuncOp"> {
  let summary = "Checks that the runtime can run every collective";
  let description = [{
    Holds for every `dist.spmd`, and fails with the op otherwise:

    - K1: collectives stand in the body itself, not in a region inside it: every slot of the group takes them, in one order.
    - K2: the shards of `reduce_scatter` and `all_gather` are contiguous.
    - K3: axes are named in the mesh's order, so that a group is a set of axes.

    ```mlir
    topo.mesh @mesh {tp = 2}
    dist.spmd on @mesh () -> () {
      %0 = dist.slot_index on @mesh ["tp"] : tensor<i32>
      dist.yield
    }
    ```
  }];
}

#endif
