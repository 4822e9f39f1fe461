// A workflow that calls a tensor function on two slots: code for every ISA is in the plan, and the same text gives the same bytes.
// RUN: weftc %s -o %t.plan
// RUN: weftc %s -o %t.again.plan
// RUN: cmp %t.plan %t.again.plan
// RUN: grep -c -a "mlp_k0" %t.plan
// RUN: grep -c -a "x86-64-v4" %t.plan

topo.mesh @mesh {model = 2}
func.func @mlp(%x: tensor<4x8xf32>, %w1: tensor<8x16xf32>, %w2: tensor<16x8xf32>) -> tensor<4x8xf32> {
  %a = dist.constrain %w1 to <@mesh, [[], ["model"]]> open [0] : tensor<8x16xf32>
  %b = dist.constrain %w2 to <@mesh, [["model"], []]> open [1] : tensor<16x8xf32>
  %0 = nn.matmul %x, %a : tensor<4x8xf32>, tensor<8x16xf32> -> tensor<4x16xf32>
  %1 = nn.elementwise gelu %0 : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = nn.matmul %1, %b : tensor<4x16xf32>, tensor<16x8xf32> -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}
flow.workflow @main(%x: tensor<4x8xf32>, %w1: tensor<8x16xf32>, %w2: tensor<16x8xf32>) -> tensor<4x8xf32> attributes {entry, param_names = ["x", "w1", "w2"]} {
  %0 = flow.gang @mlp(%x, %w1, %w2) id 3 : (tensor<4x8xf32>, tensor<8x16xf32>, tensor<16x8xf32>) -> tensor<4x8xf32>
  flow.yield %0 : tensor<4x8xf32>
}
