// RUN: weft-opt %s -weft-verify-shardings -split-input-file -verify-diagnostics

topo.mesh @grid {model = 2}
#rows = #dist.sharding<@grid, [["model"], []]>
#cols = #dist.sharding<@grid, [[], ["model"]]>
#whole = #dist.sharding<@grid, [[], []]>
#part = #dist.sharding<@grid, [[], []], partial = sum ["model"]>

// A product of a partial sum is a partial sum, so this is right as it stands.
func.func @linear(%x: tensor<4x8xf32, #cols>, %w: tensor<8x6xf32, #rows>, %y: tensor<4x6xf32, #whole>) -> tensor<4x6xf32, #whole> attributes {dist.mesh = @grid} {
  %0 = nn.matmul %x, %w : tensor<4x8xf32, #cols>, tensor<8x6xf32, #rows> -> tensor<4x6xf32, #part>
  %1 = nn.elementwise mul %0, %y : (tensor<4x6xf32, #part>, tensor<4x6xf32, #whole>) -> tensor<4x6xf32, #part>
  %2 = dist.reshard %1 : tensor<4x6xf32, #part> -> tensor<4x6xf32, #whole>
  return %2 : tensor<4x6xf32, #whole>
}

// -----

// S1
topo.mesh @grid {model = 2}
#rows = #dist.sharding<@grid, [["model"]]>
func.func @without_sharding(%x: tensor<4xf32, #rows>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{gives 'tensor<4xf32>'; wanted a sharding on @grid}}
  %0 = nn.elementwise exp %x : (tensor<4xf32, #rows>) -> tensor<4xf32>
  return
}

// -----

// S1
topo.mesh @grid {model = 2}
#rows = #dist.sharding<@grid, [["model"]]>
func.func @constrain_left(%x: tensor<4xf32, #rows>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{is left; wanted none after weft-propagate-shardings}}
  %0 = dist.constrain %x to #rows : tensor<4xf32, #rows>
  return
}

// -----

// S2
topo.mesh @grid {model = 2}
#rows = #dist.sharding<@grid, [["model"]]>
#whole = #dist.sharding<@grid, [[]]>
func.func @split_in_the_result_only(%x: tensor<4xf32, #whole>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{result 0 has dimension 0 split over axes 'model'; wanted no axes as its equals}}
  %0 = nn.elementwise exp %x : (tensor<4xf32, #whole>) -> tensor<4xf32, #rows>
  return
}

// -----

// S2
topo.mesh @grid {model = 2}
#rows = #dist.sharding<@grid, [["model"], []]>
#cols = #dist.sharding<@grid, [[], ["model"]]>
func.func @one_axis_on_two_factors(%x: tensor<4x8xf32, #rows>, %w: tensor<8x6xf32, #cols>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{splits two of its dimensions over axis 'model'; wanted one}}
  %0 = nn.matmul %x, %w : tensor<4x8xf32, #rows>, tensor<8x6xf32, #cols> -> tensor<4x6xf32, #rows>
  return
}

// -----

// S2
topo.mesh @grid {model = 2}
#rows = #dist.sharding<@grid, [["model"]]>
func.func @must_be_whole(%x: tensor<4xf32, #rows>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{operand 0 has dimension 0 split over axes 'model'; wanted it whole}}
  %0 = nn.softmax %x dim 0 : tensor<4xf32, #rows> -> tensor<4xf32, #rows>
  return
}

// -----

// S3
topo.mesh @grid {model = 2}
#cols = #dist.sharding<@grid, [[], ["model"]]>
#whole = #dist.sharding<@grid, [[]]>
func.func @sum_forgotten(%x: tensor<4x8xf32, #cols>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{result is partial over no axes; wanted sum over axes 'model'}}
  %0 = nn.reduce sum %x dims [1] : tensor<4x8xf32, #cols> -> tensor<4xf32, #whole>
  return
}

// -----

// S3
topo.mesh @grid {model = 2}
#cols = #dist.sharding<@grid, [[], ["model"]]>
#sum = #dist.sharding<@grid, [[]], partial = sum ["model"]>
func.func @combined_in_another_way(%x: tensor<4x8xf32, #cols>) attributes {dist.mesh = @grid} {
  // expected-error @+1 {{result is partial over axes 'model'; wanted max over axes 'model'}}
  %0 = nn.reduce max %x dims [1] : tensor<4x8xf32, #cols> -> tensor<4xf32, #sum>
  return
}

// -----

// S3
topo.mesh @grid {model = 2}
#cols = #dist.sharding<@grid, [[], ["model"]]>
#part = #dist.sharding<@grid, [[]], partial = sum ["model"]>
func.func @not_linear(%x: tensor<4x8xf32, #cols>) attributes {dist.mesh = @grid} {
  %0 = nn.reduce sum %x dims [1] : tensor<4x8xf32, #cols> -> tensor<4xf32, #part>
  // expected-error @+1 {{operand 0 is a sum still to be made over axes 'model', in which the op is not linear; wanted it made}}
  %1 = nn.elementwise exp %0 : (tensor<4xf32, #part>) -> tensor<4xf32, #part>
  return
}

// -----

// S4
topo.mesh @grid {model = 2}
#part = #dist.sharding<@grid, [[]], partial = sum ["model"]>
// expected-error @+1 {{takes or gives 'tensor<4xf32, #dist.sharding<@grid, }}
func.func @partial_argument(%x: tensor<4xf32, #part>) attributes {dist.mesh = @grid} {
  return
}
