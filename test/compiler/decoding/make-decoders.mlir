// RUN: weft-opt %s -weft-make-decoders | FileCheck %s

// The keys and values of earlier positions are states; weights keep their names.
//   CHECK-NOT: func.func @f(
// CHECK-LABEL: func.func @f.decode2(%arg0: tensor<256x8xf32> {dist.state = "table"},
//  CHECK-SAME:   %[[K:.*]]: tensor<1x4x8xf32> {dist.state = "cache.0", dist.zeros}, %[[V:.*]]: tensor<1x4x8xf32> {dist.state = "cache.1", dist.zeros},
//  CHECK-SAME:   %[[IDS:.*]]: tensor<1x2xi32> {dist.state = "ids"}, %[[AT:.*]]: tensor<i32> {dist.state = "position"})
//  CHECK-SAME:   -> (tensor<1x4x8xf32> {dist.state = "cache.0"}, tensor<1x4x8xf32> {dist.state = "cache.1"}, tensor<1x8xf32>)
//       CHECK:   %[[X:.*]] = nn.gather %arg0, %[[IDS]] dim 0
//  CHECK-NEXT:   %[[KEYS:.*]] = nn.update_slice %[[K]], %[[X]] dim 1 at %[[AT]]
//  CHECK-NEXT:   %[[VALUES:.*]] = nn.update_slice %[[V]], %[[X]] dim 1 at %[[AT]]
//  CHECK-NEXT:   %[[Y:.*]], %{{.*}} = nn.attention %[[X]], %[[KEYS]], %[[VALUES]] heads 2 causal offset %[[AT]]
//       CHECK:   %[[LAST:.*]] = nn.slice %[[Y]] offsets [0, 1, 0] : tensor<1x2x8xf32> -> tensor<1x1x8xf32>
//       CHECK:   %[[ROW:.*]] = nn.reshape %[[LAST]]
//       CHECK:   return %[[KEYS]], %[[VALUES]], %[[ROW]]
func.func @f(%table: tensor<256x8xf32> {dist.state = "table"}, %ids: tensor<1x4xi32>) -> tensor<1x4x8xf32>
    attributes {nn.sequence = {argument = 1, chunks = [2]}} {
  %0 = nn.gather %table, %ids dim 0 : tensor<256x8xf32>, tensor<1x4xi32> -> tensor<1x4x8xf32>
  %1, %2 = nn.attention %0, %0, %0 heads 2 causal scale 0.5 : (tensor<1x4x8xf32>, tensor<1x4x8xf32>, tensor<1x4x8xf32>) -> (tensor<1x4x8xf32>, tensor<1x2x4xf32>)
  return %1 : tensor<1x4x8xf32>
}
