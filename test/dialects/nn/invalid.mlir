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
  // expected-error @+1 {{must be variadic of tensor of static shape without empty dimensions, of f32, f64, i32 or i64}}
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
  // expected-error @+1 {{'nn.elementwise' op exp has elements of 'i32'; wanted f32 or f64}}
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

// softmax C1
func.func @softmax_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.softmax' op dim is 2; wanted a dimension of an operand of rank 2}}
  %0 = nn.softmax %x dim 2 : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

// softmax C2
func.func @softmax_result(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.softmax' op result has shape 4; wanted 4x8}}
  %0 = nn.softmax %x dim 1 : tensor<4x8xf32> -> tensor<4xf32>
  return
}

// -----

// reshape C1
func.func @other_count(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.reshape' op cuts 32 elements into 30; wanted as many}}
  %0 = nn.reshape %x : tensor<4x8xf32> -> tensor<5x6xf32>
  return
}

// -----

// transpose C1
func.func @dimension_used_twice(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.transpose' op perm is not a permutation of the 2 dimensions of the operand}}
  %0 = nn.transpose %x perm [1, 1] : tensor<4x8xf32> -> tensor<8x8xf32>
  return
}

// -----

// transpose C2
func.func @not_transposed(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.transpose' op result has shape 4x8; wanted 8x4}}
  %0 = nn.transpose %x perm [1, 0] : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

// broadcast C1
func.func @entry_missing(%x: tensor<8xf32>) {
  // expected-error @+1 {{'nn.broadcast' op dims has 0 entries; wanted one for each of the 1 dimensions of the operand}}
  %0 = nn.broadcast %x dims [] : tensor<8xf32> -> tensor<4x8xf32>
  return
}

// -----

// broadcast C2
func.func @other_size(%x: tensor<1xf32>) {
  // expected-error @+1 {{'nn.broadcast' op repeats a dimension of size 1 as one of size 8; wanted the same size}}
  %0 = nn.broadcast %x dims [1] : tensor<1xf32> -> tensor<4x8xf32>
  return
}

// -----

// cast C1
func.func @cast_to_another_shape(%x: tensor<4xf32>) {
  // expected-error @+1 {{'nn.cast' op result has shape 5; wanted 4}}
  %0 = nn.cast %x : tensor<4xf32> -> tensor<5xf64>
  return
}
