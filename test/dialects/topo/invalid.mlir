// RUN: weft-opt %s -split-input-file -verify-diagnostics

// cluster C1
// expected-error @+1 {{'topo.cluster' op holds 'topo.mesh'; wanted only topo.node and topo.link}}
topo.cluster @a {
  topo.mesh @m {}
}

// -----

// node C1
topo.cluster @a {
  // expected-error @+1 {{'topo.node' op count is 0; wanted at least 1}}
  topo.node @n count 0 price 0 {
  }
}

// -----

// node C1
topo.cluster @a {
  // expected-error @+1 {{'topo.node' op price is -1; wanted at least 0}}
  topo.node @n count 1 price -1 {
  }
}

// -----

// node C2
topo.cluster @a {
  // expected-error @+1 {{'topo.node' op holds 'topo.mesh'; wanted only topo.device}}
  topo.node @n count 1 price 0 {
    topo.mesh @m {}
  }
}

// -----

// device C1
topo.cluster @a {
  topo.node @n count 1 price 0 {
    // expected-error @+1 {{'topo.device' op flops is -1; wanted at least 0}}
    topo.device @d kind "cpu" count 1 memory 0 flops -1 bandwidth 0
  }
}

// -----

// device C2
topo.cluster @a {
  topo.node @n count 1 price 0 {
    // expected-error @+1 {{'topo.device' op kind is 'tpu'; wanted 'cpu' or 'cuda'}}
    topo.device @d kind "tpu" count 1 memory 0 flops 0 bandwidth 0
  }
}

// -----

// link C1
topo.cluster @a {
  topo.node @n count 1 price 0 {
  }
  // expected-error @+1 {{'topo.link' op names @b; wanted a topo.node of the cluster}}
  topo.link @n to @b bandwidth 1 latency 0
}

// -----

// link C2
topo.cluster @a {
  topo.node @n count 1 price 0 {
  }
  // expected-error @+1 {{'topo.link' op bandwidth is 0; wanted at least 1}}
  topo.link @n to @n bandwidth 0 latency 0
}

// -----

// mesh C1
// expected-error @+1 {{'topo.mesh' op has 33 axes; wanted at most 32}}
topo.mesh @m {a0 = 1, a1 = 1, a2 = 1, a3 = 1, a4 = 1, a5 = 1, a6 = 1, a7 = 1, a8 = 1, a9 = 1, a10 = 1, a11 = 1, a12 = 1, a13 = 1, a14 = 1, a15 = 1, a16 = 1, a17 = 1, a18 = 1, a19 = 1, a20 = 1, a21 = 1, a22 = 1, a23 = 1, a24 = 1, a25 = 1, a26 = 1, a27 = 1, a28 = 1, a29 = 1, a30 = 1, a31 = 1, a32 = 1}

// -----

// mesh C1
// expected-error @+1 {{'topo.mesh' op has two axes named 'data'; wanted different names}}
topo.mesh @m {data = 2, data = 2}

// -----

// mesh C1
// expected-error @+1 {{'topo.mesh' op has an axis without a name}}
topo.mesh @m {"" = 2}

// -----

// mesh C2
// expected-error @+1 {{'topo.mesh' op axis 'data' has 0 slots; wanted 1 to 65536}}
topo.mesh @m {data = 0}

// -----

// mesh C2
// expected-error @+1 {{'topo.mesh' op has more than 65536 slots}}
topo.mesh @m {data = 4096, model = 4096}

// -----

// mesh C3
// expected-error @+1 {{'topo.mesh' op is on @lab; wanted a topo.cluster}}
topo.mesh @m on @lab {data = 2}
