//===- DistOps.td - Reshardings, spmd bodies, collectives -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_DIST_OPS
#define WEFT_DIALECTS_DIST_OPS

include "dialects/base/BaseEnums.td"
include "dialects/dist/DistAttrs.td"
include "dialects/dist/DistDialect.td"
include "mlir/IR/CommonAttrConstraints.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/ControlFlowInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Dist_Op<string mnemonic, list<Trait> traits = []>
    : Op<Dist_Dialect, mnemonic, traits # [DeclareOpInterfaceMethods<SymbolUserOpInterface>]>;

/// A step inside an spmd body. Unused it may go, but it is not `Pure`: hoisting one out of a branch that not all slots of the
/// group take would deadlock.
class Dist_Step<string mnemonic, list<Trait> traits = []> : Dist_Op<mnemonic, traits # [NoMemoryEffect]> {
  code stepConstraints = [{
    - C1: `on` names a mesh; `axes` are different axes of it, at least one.
    - C2: one element type.
  }];
}

def Dist_Local : StaticShapeTensorOf<[AnyType]>;

def Dist_ConstrainOp : Op<Dist_Dialect, "constrain", [Pure, AllTypesMatch<["input", "result"]>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "States how the author wants a value laid out";
  let description = [{
    What is written is obeyed: the result is laid out as `sharding` says. Dimensions in `open` are left to the compiler, and
    have no axes in `sharding`. A function argument takes the layout of the first constraint on it. Propagation removes the op.

    - C1: the sharding has the tensor's rank; its mesh exists and has its axes.
    - C2: `open` increases strictly, is within the rank, and names dimensions without axes.

    ```mlir
    func.func @marked(%w: tensor<8x16xf32>) -> tensor<8x16xf32> {
      %0 = dist.constrain %w to <@grid, [[], ["model"]]> open [0] : tensor<8x16xf32>
      return %0 : tensor<8x16xf32>
    }
    topo.mesh @grid {model = 2}
    ```
  }];
  let arguments = (ins Dist_Local:$input, Dist_ShardingAttr:$sharding, DefaultValuedAttr<DenseI64ArrayAttr, "{}">:$open);
  let results = (outs Dist_Local:$result);
  let assemblyFormat = "$input `to` $sharding (`open` $open^)? attr-dict `:` type($result)";
  let hasVerifier = 1;
}

def Dist_ReshardOp : Op<Dist_Dialect, "reshard", [Pure, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Changes the sharding of a whole tensor";
  let description = [{
    The only op whose operand and result have different encodings. Values stay the same: partial addends that the result no
    longer names are combined.

    - C1: operand and result have one shape and element type, and shardings on one mesh.
    - C2: the result's partial axes are partial in the operand, combined in the same way.
    - C3: the mesh exists and has the axes.

    ```mlir
    #rows = #dist.sharding<@grid, [["model"], []]>
    #whole = #dist.sharding<@grid, [[], []]>
    topo.mesh @grid {model = 2}
    func.func @gathered(%x: tensor<8x4xf32, #rows>) -> tensor<8x4xf32, #whole> {
      %0 = dist.reshard %x : tensor<8x4xf32, #rows> -> tensor<8x4xf32, #whole>
      return %0 : tensor<8x4xf32, #whole>
    }
    ```
  }];
  let arguments = (ins Dist_Local:$input);
  let results = (outs Dist_Local:$result);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
  let hasFolder = 1;
}

def Dist_SpmdOp : Dist_Op<"spmd", [IsolatedFromAbove, SingleBlock]> {
  let summary = "Holds the program that every slot of a mesh runs";
  let description = [{
    Each operand is handed to the body as the slot's part of it, and each result is put together from the slots' parts. Inside,
    tensors are local and have no encoding.

    - C1: `on` names a mesh.
    - C2: operands and results have shardings on that mesh that are not partial and that split dimensions evenly.
    - C3: block arguments and yielded values have the local types of the operands and results.

    ```mlir
    #rows = #dist.sharding<@grid, [["model"], []]>
    topo.mesh @grid {model = 2}
    func.func @sum(%x: tensor<8x4xf32, #rows>) -> tensor<8x4xf32, #rows> {
      %0 = dist.spmd on @grid (%part = %x : tensor<8x4xf32, #rows> as tensor<4x4xf32>) -> (tensor<8x4xf32, #rows>) {
        %sum = dist.all_reduce sum %part on @grid ["model"] : tensor<4x4xf32> -> tensor<4x4xf32>
        dist.yield %sum : tensor<4x4xf32>
      }
      return %0 : tensor<8x4xf32, #rows>
    }
    ```
  }];
  let arguments = (ins Variadic<Dist_Local>:$inputs, FlatSymbolRefAttr:$mesh);
  let results = (outs Variadic<Dist_Local>:$outputs);
  let regions = (region SizedRegion<1>:$body);
  let hasCustomAssemblyFormat = 1;
  let hasRegionVerifier = 1;
  let extraClassDeclaration = [{
    /// What the body's terminator gives, one value for each result.
    ::mlir::OperandRange getYielded() { return getBody().front().getTerminator()->getOperands(); }
  }];
}

def Dist_YieldOp : Op<Dist_Dialect, "yield", [Pure, Terminator, HasParent<"SpmdOp">, ReturnLike]> {
  let summary = "Ends an spmd body and gives its slot's parts of the results";
  let description = [{
    One operand for each result of the surrounding `dist.spmd`; C3 there says of which type.

    ```mlir
    topo.mesh @grid {model = 2}
    dist.spmd on @grid () -> () {
      dist.yield
    }
    ```
  }];
  let arguments = (ins Variadic<Dist_Local>:$values);
  let assemblyFormat = "attr-dict ($values^ `:` type($values))?";
}

def Dist_AllReduceOp : Dist_Step<"all_reduce"> {
  let summary = "Combines the tensors of a group, for every slot of it";
  let description = [{
    Element by element, in slot order, so that every slot gets the same bits. Sends 2m(n-1)/n bytes per slot for m bytes.
    }] # stepConstraints # [{
    - C3: operand and result have one shape.

    ```mlir
    topo.mesh @mesh {dp = 4}
    func.func @f(%x: tensor<8xf32>) {
      %0 = dist.all_reduce sum %x on @mesh ["dp"] : tensor<8xf32> -> tensor<8xf32>
      return
    }
    ```
  }];
  let arguments = (ins Weft_ReduceKind:$kind, Dist_Local:$input, FlatSymbolRefAttr:$mesh, StrArrayAttr:$axes);
  let results = (outs Dist_Local:$result);
  let assemblyFormat = "$kind $input `on` $mesh $axes attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Dist_ReduceScatterOp : Dist_Step<"reduce_scatter"> {
  let summary = "Combines the tensors of a group and leaves each slot its shard";
  let description = [{
    The shard of slot `i` of the group is the `i`-th of n equal parts along `dim`; it has the bits that `all_reduce` and then
    `take_shard` give. Sends m(n-1)/n bytes per slot for m bytes.
    }] # stepConstraints # [{
    - C3: the result is the operand with `dim` cut to its n-th part.

    ```mlir
    topo.mesh @mesh {dp = 4}
    func.func @f(%x: tensor<8xf32>) {
      %0 = dist.reduce_scatter sum %x on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
      return
    }
    ```
  }];
  let arguments = (ins Weft_ReduceKind:$kind, Dist_Local:$input, FlatSymbolRefAttr:$mesh, StrArrayAttr:$axes, I64Attr:$dim);
  let results = (outs Dist_Local:$result);
  let assemblyFormat = "$kind $input `on` $mesh $axes `dim` $dim attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Dist_AllGatherOp : Dist_Step<"all_gather"> {
  let summary = "Joins the shards of a group along a dimension, for every slot of it";
  let description = [{
    In slot order. Sends m(n-1)/n bytes per slot for m bytes of the result.
    }] # stepConstraints # [{
    - C3: the result is the operand with `dim` n times as long.

    ```mlir
    topo.mesh @mesh {dp = 4}
    func.func @f(%x: tensor<2xf32>) {
      %0 = dist.all_gather %x on @mesh ["dp"] dim 0 : tensor<2xf32> -> tensor<8xf32>
      return
    }
    ```
  }];
  let arguments = (ins Dist_Local:$input, FlatSymbolRefAttr:$mesh, StrArrayAttr:$axes, I64Attr:$dim);
  let results = (outs Dist_Local:$result);
  let assemblyFormat = "$input `on` $mesh $axes `dim` $dim attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Dist_TakeShardOp : Dist_Step<"take_shard"> {
  let summary = "Keeps the slot's own part of a tensor that the group holds copies of";
  let description = [{
    The `i`-th of n equal parts along `dim` on slot `i` of the group. Local: nothing is sent. It is not speculatable, since
    which part is kept depends on the slot.
    }] # stepConstraints # [{
    - C3: the result is the operand with `dim` cut to its n-th part.

    ```mlir
    topo.mesh @mesh {dp = 4}
    func.func @f(%x: tensor<8xf32>) {
      %0 = dist.take_shard %x on @mesh ["dp"] dim 0 : tensor<8xf32> -> tensor<2xf32>
      return
    }
    ```
  }];
  let arguments = (ins Dist_Local:$input, FlatSymbolRefAttr:$mesh, StrArrayAttr:$axes, I64Attr:$dim);
  let results = (outs Dist_Local:$result);
  let assemblyFormat = "$input `on` $mesh $axes `dim` $dim attr-dict `:` type($input) `->` type($result)";
  let hasVerifier = 1;
}

def Dist_SlotIndexOp : Dist_Step<"slot_index"> {
  let summary = "Gives the slot's place in its group";
  let description = [{
    From 0 to n-1, the first axis slowest.

    - C1: `on` names a mesh; `axes` are different axes of it, at least one.

    ```mlir
    topo.mesh @mesh {dp = 4}
    func.func @f() {
      %0 = dist.slot_index on @mesh ["dp"] : tensor<i32>
      return
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$mesh, StrArrayAttr:$axes);
  let results = (outs 0DTensorOf<[I32]>:$result);
  let assemblyFormat = "`on` $mesh $axes attr-dict `:` type($result)";
}

#endif
