//===- TopoDialect.td - The machines and the meshes on them -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_TOPO_DIALECT
#define WEFT_DIALECTS_TOPO_DIALECT

include "mlir/IR/OpBase.td"

def Topo_Dialect : Dialect {
  let name = "topo";
  let cppNamespace = "::weft::topo";
  let summary = "Clusters, their figures, and meshes of slots";
  let description = [{
    What the author declared of the machines: clusters of nodes with devices and links, each with its figures, and meshes,
    which name the slots that a tensor program is laid out on. The dialect computes nothing; the cost model reads it, and
    `dist` refers to its meshes by name.
  }];
}

#endif
