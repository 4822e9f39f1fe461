// RUN: weft-opt %s | weft-opt | FileCheck %s
// RUN: weft-opt %s -mlir-print-op-generic | weft-opt | FileCheck %s

// CHECK-LABEL: topo.cluster @two {
//       CHECK:   topo.node @east count 4 price 400000000 {
//       CHECK:     topo.device @cpu kind "cpu" count 1 memory 68719476736 flops 1200000000000 bandwidth 80000000000
//       CHECK:   topo.link @east to @east bandwidth 1250000000 latency 80000
topo.cluster @two {
  topo.node @east count 4 price 400000000 {
    topo.device @cpu kind "cpu" count 1 memory 68719476736 flops 1200000000000 bandwidth 80000000000
  }
  topo.link @east to @east bandwidth 1250000000 latency 80000
}

// CHECK: topo.mesh @grid on @two {data = 2 elastic, model = 4}
topo.mesh @grid on @two {data = 2 elastic, model = 4}

// CHECK: topo.mesh @one {}
topo.mesh @one {}
