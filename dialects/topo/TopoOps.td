//===- TopoOps.td - Clusters, nodes, devices, links, meshes -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_TOPO_OPS
#define WEFT_DIALECTS_TOPO_OPS

include "dialects/base/BaseInterfaces.td"
include "dialects/topo/TopoDialect.td"
include "mlir/IR/RegionKindInterface.td"
include "mlir/IR/SymbolInterfaces.td"

class Topo_Op<string mnemonic, list<Trait> traits = []> : Op<Topo_Dialect, mnemonic, traits>;

def Topo_ClusterOp : Topo_Op<"cluster", [Symbol, SymbolTable, NoTerminator, SingleBlock, NoRegionArguments]> {
  let summary = "Names a set of machines and the links between them";
  let description = [{
    Holds nodes and links; their names are the cluster's own. The cluster `local` is the machine that runs the program: it
    is empty, and its figures are measured where it runs.

    - C1: the body holds only `topo.node` and `topo.link`.

    ```mlir
    topo.cluster @two {
      topo.node @east count 4 price 400000000 {
        topo.device @cpu kind "cpu" count 1 memory 68719476736 flops 1200000000000 bandwidth 80000000000
      }
      topo.link @east to @east bandwidth 1250000000 latency 80000
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Topo_NodeOp : Topo_Op<"node", [Symbol, SymbolTable, NoTerminator, SingleBlock, NoRegionArguments, HasParent<"ClusterOp">]> {
  let summary = "Names equal hosts of a cluster";
  let description = [{
    `count` equal hosts with the devices of the body. `price` is in nano-dollars per host and hour; 0 where none was given.

    - C1: `count` is at least 1, `price` at least 0.
    - C2: the body holds only `topo.device`.

    ```mlir
    topo.cluster @lab {
      topo.node @host count 2 price 0 {
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, I64Attr:$count, I64Attr:$price);
  let regions = (region SizedRegion<1>:$body);
  let assemblyFormat = "$sym_name `count` $count `price` $price attr-dict-with-keyword $body";
  let hasRegionVerifier = 1;
}

def Topo_DeviceOp : Topo_Op<"device", [Symbol, HasParent<"NodeOp">]> {
  let summary = "Names equal devices of a host, with their figures";
  let description = [{
    `count` equal devices of one host. `memory` in bytes, `flops` in operations on f32 per second, `bandwidth` of its memory
    in bytes per second; a figure that was not declared is 0 and is measured.

    - C1: `count` is at least 1; figures are at least 0.
    - C2: `kind` is `cpu` or `cuda`.

    ```mlir
    topo.cluster @lab {
      topo.node @host count 1 price 0 {
        topo.device @gpu kind "cuda" count 8 memory 151397597184 flops 989000000000000 bandwidth 4800000000000
      }
    }
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, StrAttr:$kind, I64Attr:$count, I64Attr:$memory, I64Attr:$flops,
                       I64Attr:$bandwidth);
  let assemblyFormat = [{
    $sym_name `kind` $kind `count` $count `memory` $memory `flops` $flops `bandwidth` $bandwidth attr-dict
  }];
  let hasVerifier = 1;
}

def Topo_LinkOp : Topo_Op<"link", [HasParent<"ClusterOp">, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Gives the figures of the links between two kinds of hosts";
  let description = [{
    The link between any host of `source` and any of `target`, both ways; the same name twice is the link among its own hosts.
    `bandwidth` in bytes per second, `latency` in nanoseconds.

    - C1: both names are nodes of the cluster.
    - C2: `bandwidth` is at least 1, `latency` at least 0.

    ```mlir
    topo.cluster @lab {
      topo.node @host count 2 price 0 {
      }
      topo.link @host to @host bandwidth 1250000000 latency 80000
    }
    ```
  }];
  let arguments = (ins FlatSymbolRefAttr:$source, FlatSymbolRefAttr:$target, I64Attr:$bandwidth, I64Attr:$latency);
  let assemblyFormat = "$source `to` $target `bandwidth` $bandwidth `latency` $latency attr-dict";
  let hasVerifier = 1;
}

def Topo_MeshOp : Topo_Op<"mesh", [Symbol, DeclareOpInterfaceMethods<Weft_MeshInterface>, DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "Names a grid of slots with named axes";
  let description = [{
    Slots are numbered row by row, the first axis slowest. An `elastic` axis holds replicas, which may come and go while the
    program runs; every other axis is rigid: a lost slot is taken by a spare or takes its replica with it. A mesh without
    axes is one slot. `on` names the cluster; without it the mesh is on the machine that runs the program.

    - C1: there are at most 32 axes, with different names that are not empty.
    - C2: each axis has at least 1 slot, the mesh at most 65,536.
    - C3: the name behind `on` is a `topo.cluster`.

    ```mlir
    topo.mesh @grid {data = 2 elastic, model = 4}
    ```
  }];
  let arguments = (ins SymbolNameAttr:$sym_name, OptionalAttr<FlatSymbolRefAttr>:$cluster, StrArrayAttr:$axes,
                       DenseI64ArrayAttr:$sizes, DenseBoolArrayAttr:$elastic);
  let assemblyFormat = "$sym_name (`on` $cluster^)? custom<MeshAxes>($axes, $sizes, $elastic) attr-dict";
  let hasVerifier = 1;
}

#endif
