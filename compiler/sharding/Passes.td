//===- Passes.td - From marked tensors to one program per slot -*- tablegen -*-===//
#ifndef WEFT_COMPILER_SHARDING_PASSES
#define WEFT_COMPILER_SHARDING_PASSES

include "mlir/Pass/PassBase.td"

def AssignMeshes : Pass<"weft-assign-meshes", "mlir::ModuleOp"> {
  let summary = "Names the mesh of every tensor function";
  let description = [{
    Afterwards every tensor function (a function with a body whose arguments and results are all tensors, with at least one
    result) has the attribute `dist.mesh`. A function that has it keeps it; else it is laid out on the mesh that its `dist.constrain` ops name, and
    where it has none, on a mesh of one slot, `@one_slot`, which is added to the module (`@one_slot_0` where the name is taken).

    Refused: constraints of one function that name different meshes, or another one than the function.

    Before:
    ```mlir
    func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> {
      return %x : tensor<8xf32>
    }
    ```
    After:
    ```mlir
    func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> attributes {dist.mesh = @one_slot} {
      return %x : tensor<8xf32>
    }
    topo.mesh @one_slot {}
    ```
  }];
  let dependentDialects = ["weft::topo::TopoDialect", "weft::dist::DistDialect"];
}

def PlaceOnOneSlot : Pass<"weft-place-on-one-slot", "mlir::func::FuncOp"> {
  let summary = "Makes a function on a mesh of one slot the program of that slot";
  let description = [{
    One slot holds everything whole: marks say nothing, and nothing is sent. The body of a function whose mesh has one slot
    becomes the body of a `dist.spmd` as it is, loops over layers included, and the passes behind leave the function
    alone. A function on more slots is left to them.

    Before:
    ```mlir
    func.func @f(%x: tensor<8xf32>) -> tensor<8xf32> attributes {dist.mesh = @one_slot} {
      %0 = nn.elementwise exp %x : (tensor<8xf32>) -> tensor<8xf32>
      return %0 : tensor<8xf32>
    }
    topo.mesh @one_slot {}
    ```
    After:
    ```mlir
    #whole = #dist.sharding<@one_slot, [[]]>
    func.func @f(%x: tensor<8xf32, #whole>) -> tensor<8xf32, #whole> attributes {dist.mesh = @one_slot} {
      %0 = dist.spmd on @one_slot (%part = %x : tensor<8xf32, #whole> as tensor<8xf32>) -> (tensor<8xf32, #whole>) {
        %1 = nn.elementwise exp %part : (tensor<8xf32>) -> tensor<8xf32>
        dist.yield %1 : tensor<8xf32>
      }
      return %0 : tensor<8xf32, #whole>
    }
    topo.mesh @one_slot {}
    ```
  }];
  let dependentDialects = ["weft::dist::DistDialect"];
}

def PropagateShardings : Pass<"weft-propagate-shardings", "mlir::func::FuncOp"> {
  let summary = "Gives every tensor of a function a sharding";
  let description = [{
    Afterwards every tensor of a function with `dist.mesh` has a sharding in its type, and no `dist.constrain` is left. What
    is marked is obeyed; a mark on an argument lays out the argument. The rest follows from the ops' sharding rules: a split
    of one operand or result goes on to the others that have the same factor, in both directions, until nothing changes. What
    no mark reaches stays whole. A split goes on only where it divides the size, and where its axes do not split the
    tensor already. A constraint whose value is laid out otherwise becomes a `dist.reshard`.

    Ops may then disagree with their operands; `weft-insert-reshards` settles that.

    Refused: an op without a sharding rule; an argument or result that is no tensor or that is marked as a sum still to be
    made.

    Before:
    ```mlir
    func.func @f(%x: tensor<4x8xf32>, %w: tensor<8x6xf32>) -> tensor<4x6xf32> attributes {dist.mesh = @grid} {
      %0 = dist.constrain %w to <@grid, [[], ["model"]]> open [0] : tensor<8x6xf32>
      %1 = nn.matmul %x, %0 : tensor<4x8xf32>, tensor<8x6xf32> -> tensor<4x6xf32>
      return %1 : tensor<4x6xf32>
    }
    topo.mesh @grid {model = 2}
    ```
    After:
    ```mlir
    #cols = #dist.sharding<@grid, [[], ["model"]]>
    #whole = #dist.sharding<@grid, [[], []]>
    func.func @f(%x: tensor<4x8xf32, #whole>, %w: tensor<8x6xf32, #cols>) -> tensor<4x6xf32, #cols> attributes {dist.mesh = @grid} {
      %1 = nn.matmul %x, %w : tensor<4x8xf32, #whole>, tensor<8x6xf32, #cols> -> tensor<4x6xf32, #cols>
      return %1 : tensor<4x6xf32, #cols>
    }
    topo.mesh @grid {model = 2}
    ```
  }];
  let dependentDialects = ["weft::dist::DistDialect"];
}

def InsertReshards : Pass<"weft-insert-reshards", "mlir::func::FuncOp"> {
  let summary = "Makes the shardings around each op fit its rule, at the least cost";
  let description = [{
    Afterwards the operands of every op are split as its sharding rule asks, given its result's split; where a reduced factor is
    split, the result is partial, and a `dist.reshard` behind it combines it unless a partial value was asked for. A partial
    operand is combined before use.

    For each op all ways to split its factors that some operand or result suggests are compared by
    bytes sent + 4096 per step + multiplications per slot / 64, and the cheapest is taken; of equals the one that splits
    more. 4096 bytes is about what a step costs before its first byte, and 64 multiplications take about as long as a byte.

    Before:
    ```mlir
    #rows = #dist.sharding<@grid, [["model"], []]>
    #cols = #dist.sharding<@grid, [[], ["model"]]>
    #whole = #dist.sharding<@grid, [[], []]>
    func.func @f(%x: tensor<4x8xf32, #cols>, %w: tensor<8x6xf32, #rows>) -> tensor<4x6xf32, #whole> {
      %0 = nn.matmul %x, %w : tensor<4x8xf32, #cols>, tensor<8x6xf32, #rows> -> tensor<4x6xf32, #whole>
      return %0 : tensor<4x6xf32, #whole>
    }
    topo.mesh @grid {model = 2}
    ```
    After:
    ```mlir
    #rows = #dist.sharding<@grid, [["model"], []]>
    #cols = #dist.sharding<@grid, [[], ["model"]]>
    #whole = #dist.sharding<@grid, [[], []]>
    #part = #dist.sharding<@grid, [[], []], partial = sum ["model"]>
    func.func @f(%x: tensor<4x8xf32, #cols>, %w: tensor<8x6xf32, #rows>) -> tensor<4x6xf32, #whole> {
      %0 = nn.matmul %x, %w : tensor<4x8xf32, #cols>, tensor<8x6xf32, #rows> -> tensor<4x6xf32, #part>
      %1 = dist.reshard %0 : tensor<4x6xf32, #part> -> tensor<4x6xf32, #whole>
      return %1 : tensor<4x6xf32, #whole>
    }
    topo.mesh @grid {model = 2}
    ```
  }];
  let dependentDialects = ["weft::dist::DistDialect"];
}

def VerifyShardings : Pass<"weft-verify-shardings", "mlir::func::FuncOp"> {
  let summary = "Checks that every op's operands and results are split as its rule says";
  let description = [{
    Holds for functions with `dist.mesh`, and fails with the op otherwise:

    - S1: every tensor has a sharding on the function's mesh, and no `dist.constrain` is left.
    - S2: for each factor of an op, all operands and results that carry it are split over the same axes, which no other factor
      of the op has; dimensions that must be whole are whole.
    - S3: a result is partial over exactly the axes of the op's reduced factors, combined in the rule's way, and those of
      partial operands; an operand is partial only where the op is linear in it.
    - S4: the function takes and gives tensors that are not partial.

    ```mlir
    #rows = #dist.sharding<@grid, [["model"]]>
    func.func @f(%x: tensor<8xf32, #rows>) -> tensor<8xf32, #rows> attributes {dist.mesh = @grid} {
      %0 = nn.elementwise exp %x : (tensor<8xf32, #rows>) -> tensor<8xf32, #rows>
      return %0 : tensor<8xf32, #rows>
    }
    topo.mesh @grid {model = 2}
    ```
  }];
}

def Partition : Pass<"weft-partition", "mlir::func::FuncOp"> {
  let summary = "Turns a function on whole tensors into the program of one slot";
  let description = [{
    Afterwards the body of a function with `dist.mesh` is one `dist.spmd` and a return. Inside, every op works on the slot's
    parts, and each `dist.reshard` has become a chain of collectives over one axis each (all_reduce takes several):

    | from, over axis a           | to                  | step           |
    |-----------------------------|---------------------|----------------|
    | partial                     | next split of a dim | reduce_scatter |
    | partial                     | –                   | all_reduce     |
    | innermost split of a dim    | –                   | all_gather     |
    | copies                      | next split of a dim | take_shard     |

    A split that goes from one dimension to another is a gather and a cut.

    Refused: a dimension that the slots of its axes do not divide evenly; the error names the value's place, the size and the
    slots.

    Before:
    ```mlir
    #whole = #dist.sharding<@grid, [[]]>
    #rows = #dist.sharding<@grid, [["model"]]>
    func.func @f(%x: tensor<8xf32, #rows>) -> tensor<8xf32, #whole> attributes {dist.mesh = @grid} {
      %0 = dist.reshard %x : tensor<8xf32, #rows> -> tensor<8xf32, #whole>
      return %0 : tensor<8xf32, #whole>
    }
    topo.mesh @grid {model = 2}
    ```
    After:
    ```mlir
    #whole = #dist.sharding<@grid, [[]]>
    #rows = #dist.sharding<@grid, [["model"]]>
    func.func @f(%x: tensor<8xf32, #rows>) -> tensor<8xf32, #whole> attributes {dist.mesh = @grid} {
      %0 = dist.spmd on @grid (%p = %x : tensor<8xf32, #rows> as tensor<4xf32>) -> (tensor<8xf32, #whole>) {
        %1 = dist.all_gather %p on @grid ["model"] dim 0 : tensor<4xf32> -> tensor<8xf32>
        dist.yield %1 : tensor<8xf32>
      }
      return %0 : tensor<8xf32, #whole>
    }
    topo.mesh @grid {model = 2}
    ```
  }];
  let dependentDialects = ["weft::dist::DistDialect"];
}

def VerifyPartition : Pass<"weft-verify-partition", "mlir::func::FuncOp"> {
  let summary = "Checks that tensor functions are programs of one slot";
  let description = [{
    Holds for functions with `dist.mesh`, and fails with the op otherwise:

    - P1: the body is one `dist.spmd` on the function's mesh, whose operands are the arguments in order, and a return of its
      results in order.
    - P2: inside, no type has a sharding and no op is a `dist.reshard` or `dist.constrain`.

    ```mlir
    #rows = #dist.sharding<@grid, [["model"]]>
    func.func @f(%x: tensor<8xf32, #rows>) -> tensor<8xf32, #rows> attributes {dist.mesh = @grid} {
      %0 = dist.spmd on @grid (%p = %x : tensor<8xf32, #rows> as tensor<4xf32>) -> (tensor<8xf32, #rows>) {
        dist.yield %p : tensor<4xf32>
      }
      return %0 : tensor<8xf32, #rows>
    }
    topo.mesh @grid {model = 2}
    ```
  }];
}

#endif
