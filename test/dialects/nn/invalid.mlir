// RUN: weft-opt %s -split-input-file -verify-diagnostics

// constant C1
func.func @value_of_another_shape() {
  // expected-error @+1 {{'nn.constant' op value is 'tensor<2xf32>', result is 'tensor<3xf32>'; wanted one shape and element type}}
  %0 = nn.constant dense<1.0> : tensor<2xf32> as tensor<3xf32>
  return
}

// -----

// the type constraint of every op
func.func @empty_dimension(%x: tensor<0xf32>) {
  // expected-error @+1 {{must be variadic of tensor of static shape without empty dimensions, of f32, f64, bf16, f16, i64 or i32}}
  %0 = nn.elementwise neg %x : (tensor<0xf32>) -> tensor<0xf32>
  return
}

// -----

// elementwise C1
func.func @one_operand_too_few(%x: tensor<2xf32>) {
  // expected-error @+1 {{'nn.elementwise' op add has 1 operands; wanted 2}}
  %0 = nn.elementwise add %x : (tensor<2xf32>) -> tensor<2xf32>
  return
}

// -----

// elementwise C2
func.func @other_shape(%x: tensor<2xf32>, %y: tensor<1xf32>) {
  // expected-error @+1 {{'nn.elementwise' op add has an operand of shape 1 and a result of shape 2; wanted one shape, repeat with nn.broadcast}}
  %0 = nn.elementwise add %x, %y : (tensor<2xf32>, tensor<1xf32>) -> tensor<2xf32>
  return
}

// -----

// elementwise C2
func.func @other_element_type(%x: tensor<2xf32>, %y: tensor<2xf64>) {
  // expected-error @+1 {{'nn.elementwise' op mixes elements of 'f64' and 'f32'; wanted one element type, convert with nn.cast}}
  %0 = nn.elementwise add %x, %y : (tensor<2xf32>, tensor<2xf64>) -> tensor<2xf32>
  return
}

// -----

// elementwise C3
func.func @exp_of_integers(%x: tensor<2xi32>) {
  // expected-error @+1 {{'nn.elementwise' op exp has elements of 'i32'; wanted a float type}}
  %0 = nn.elementwise exp %x : (tensor<2xi32>) -> tensor<2xi32>
  return
}

// -----

// matmul C1
func.func @vector(%x: tensor<4xf32>, %w: tensor<4x2xf32>) {
  // expected-error @+1 {{'nn.matmul' op has operands of rank 1 and 2}}
  %0 = nn.matmul %x, %w : tensor<4xf32>, tensor<4x2xf32> -> tensor<2xf32>
  return
}

// -----

// matmul C2
func.func @other_contraction(%x: tensor<4x8xf32>, %w: tensor<6x2xf32>) {
  // expected-error @+1 {{'nn.matmul' op contracts 8 columns with 6 rows; wanted as many}}
  %0 = nn.matmul %x, %w : tensor<4x8xf32>, tensor<6x2xf32> -> tensor<4x2xf32>
  return
}

// -----

// matmul C3
func.func @other_batch(%x: tensor<3x4x8xf32>, %w: tensor<2x8x2xf32>) {
  // expected-error @+1 {{'nn.matmul' op has batch dimensions 3 and 2; wanted the same}}
  %0 = nn.matmul %x, %w : tensor<3x4x8xf32>, tensor<2x8x2xf32> -> tensor<3x4x2xf32>
  return
}

// -----

// matmul C4
func.func @other_result(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) {
  // expected-error @+1 {{'nn.matmul' op result has shape 2x4; wanted 4x2}}
  %0 = nn.matmul %x, %w : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<2x4xf32>
  return
}

// -----

// matmul C5
func.func @other_elements(%x: tensor<4x8xf32>, %w: tensor<8x2xf64>) {
  // expected-error @+1 {{'nn.matmul' op mixes elements of 'f64' and 'f32'}}
  %0 = nn.matmul %x, %w : tensor<4x8xf32>, tensor<8x2xf64> -> tensor<4x2xf32>
  return
}

// -----

// reduce C1
func.func @nothing_to_reduce(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.reduce' op dims is empty; wanted at least one dimension}}
  %0 = nn.reduce sum %x dims [] : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

// reduce C1
func.func @dimension_out_of_range(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.reduce' op dims has 2; wanted 0 to 1}}
  %0 = nn.reduce sum %x dims [2] : tensor<4x8xf32> -> tensor<4xf32>
  return
}

// -----

// reduce C1
func.func @dimension_twice(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.reduce' op dims has 1 after 1; wanted increasing dimensions}}
  %0 = nn.reduce sum %x dims [1, 1] : tensor<4x8xf32> -> tensor<4xf32>
  return
}

// -----

// reduce C2
func.func @kept_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.reduce' op result has shape 4x1; wanted 4}}
  %0 = nn.reduce sum %x dims [1] : tensor<4x8xf32> -> tensor<4x1xf32>
  return
}

// -----

// cast C1
func.func @cast_to_another_shape(%x: tensor<4xf32>) {
  // expected-error @+1 {{'nn.cast' op result has shape 5; wanted 4}}
  %0 = nn.cast %x : tensor<4xf32> -> tensor<5xf64>
  return
}

// -----

// type constraints
func.func @no_arithmetic_of_bytes(%x: tensor<2xi8>) {
  // expected-error @+1 {{of f32, f64, bf16, f16, i64 or i32}}
  %0 = nn.elementwise neg %x : (tensor<2xi8>) -> tensor<2xi8>
  return
}

// -----

// compare C1
func.func @compared_shapes(%x: tensor<2xf32>, %y: tensor<3xf32>) {
  // expected-error @+1 {{'nn.compare' op has operands of shape 2 and 3 and a result of shape 2; wanted one shape, repeat with nn.broadcast}}
  %0 = nn.compare lt %x, %y : tensor<2xf32>, tensor<3xf32> -> tensor<2xi1>
  return
}

// -----

// compare C1
func.func @compared_elements(%x: tensor<2xf32>, %y: tensor<2xf64>) {
  // expected-error @+1 {{'nn.compare' op mixes elements of 'f64' and 'f32'}}
  %0 = nn.compare lt %x, %y : tensor<2xf32>, tensor<2xf64> -> tensor<2xi1>
  return
}

// -----

// compare C2
func.func @order_of_bools(%x: tensor<2xi1>) {
  // expected-error @+1 {{'nn.compare' op orders elements of i1; wanted eq or ne}}
  %0 = nn.compare lt %x, %x : tensor<2xi1>, tensor<2xi1> -> tensor<2xi1>
  return
}

// -----

// compare result
func.func @bools_of_floats(%x: tensor<2xf32>) {
  // expected-error @+1 {{result #0 must be tensor of static shape without empty dimensions, of i1}}
  %0 = nn.compare lt %x, %x : tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  return
}

// -----

// select C1
func.func @condition_of_another_shape(%c: tensor<3xi1>, %x: tensor<2xf32>) {
  // expected-error @+1 {{'nn.select' op has an operand of shape 3 and a result of shape 2; wanted one shape}}
  %0 = nn.select %c, %x, %x : tensor<3xi1>, tensor<2xf32>, tensor<2xf32> -> tensor<2xf32>
  return
}

// -----

// select C2
func.func @selected_elements(%c: tensor<2xi1>, %x: tensor<2xf32>, %y: tensor<2xi32>) {
  // expected-error @+1 {{'nn.select' op mixes elements of 'i32' and 'f32'}}
  %0 = nn.select %c, %x, %y : tensor<2xi1>, tensor<2xf32>, tensor<2xi32> -> tensor<2xf32>
  return
}

// -----

// matmul C2, as the operands are read
func.func @other_contraction_transposed(%x: tensor<4x8xf32>, %w: tensor<8x2xf32>) {
  // expected-error @+1 {{'nn.matmul' op contracts 8 columns with 2 rows; wanted as many}}
  %0 = nn.matmul %x, %w transpose_rhs : tensor<4x8xf32>, tensor<8x2xf32> -> tensor<4x8xf32>
  return
}

// -----

// matmul C4, as the operands are read
func.func @other_result_transposed(%x: tensor<8x4xf32>, %w: tensor<8x2xf32>) {
  // expected-error @+1 {{'nn.matmul' op result has shape 8x2; wanted 4x2}}
  %0 = nn.matmul %x, %w transpose_lhs : tensor<8x4xf32>, tensor<8x2xf32> -> tensor<8x2xf32>
  return
}
