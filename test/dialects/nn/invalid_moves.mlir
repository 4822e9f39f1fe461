// RUN: weft-opt %s -split-input-file -verify-diagnostics

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

// slice C1
func.func @slice_entries(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.slice' op offsets has 1 entries for shapes 4x3 and 4x8; wanted an entry for each dimension, and one rank}}
  %0 = nn.slice %x offsets [0] : tensor<4x8xf32> -> tensor<4x3xf32>
  return
}

// -----

// slice C2
func.func @slice_outside(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.slice' op offsets has 6 in dimension 1, where 3 of 8 elements stand; wanted 0 to 5}}
  %0 = nn.slice %x offsets [0, 6] : tensor<4x8xf32> -> tensor<4x3xf32>
  return
}

// -----

// slice C3
func.func @slice_elements(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.slice' op mixes elements of 'f64' and 'f32'}}
  %0 = nn.slice %x offsets [0, 5] : tensor<4x8xf32> -> tensor<4x3xf64>
  return
}

// -----

// pad C1
func.func @pad_entries(%x: tensor<4x3xf32>) {
  // expected-error @+1 {{'nn.pad' op low has 1 entries for shapes 4x3 and 4x8}}
  %0 = nn.pad %x low [0] : tensor<4x3xf32> -> tensor<4x8xf32>
  return
}

// -----

// pad C1
func.func @pad_negative(%x: tensor<4x3xf32>) {
  // expected-error @+1 {{'nn.pad' op low has -1 in dimension 1, where 3 of 8 elements stand; wanted 0 to 5}}
  %0 = nn.pad %x low [0, -1] : tensor<4x3xf32> -> tensor<4x8xf32>
  return
}

// -----

// pad C2
func.func @pad_outside(%x: tensor<4x3xf32>) {
  // expected-error @+1 {{'nn.pad' op low has 6 in dimension 1, where 3 of 8 elements stand; wanted 0 to 5}}
  %0 = nn.pad %x low [0, 6] : tensor<4x3xf32> -> tensor<4x8xf32>
  return
}

// -----

// pad C3
func.func @pad_elements(%x: tensor<4x3xf32>) {
  // expected-error @+1 {{'nn.pad' op mixes elements of 'f64' and 'f32'}}
  %0 = nn.pad %x low [0, 5] : tensor<4x3xf32> -> tensor<4x8xf64>
  return
}

// -----

// concat C1
func.func @nothing_to_concat() {
  // expected-error @+1 {{'nn.concat' op has no operand; wanted at least one}}
  %0 = nn.concat dim 0 : () -> tensor<4xf32>
  return
}

// -----

// concat C1
func.func @concat_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.concat' op dim is 2; wanted a dimension of a tensor of rank 2}}
  %0 = nn.concat %x dim 2 : (tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

// concat C2
func.func @concat_other_size(%x: tensor<4x8xf32>, %y: tensor<3x8xf32>) {
  // expected-error @+1 {{'nn.concat' op operand has shape 3x8; wanted 4x8}}
  %0 = nn.concat %x, %y dim 1 : (tensor<4x8xf32>, tensor<3x8xf32>) -> tensor<4x16xf32>
  return
}

// -----

// concat C2
func.func @concat_sum(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.concat' op result has shape 4x15; wanted 4x16}}
  %0 = nn.concat %x, %x dim 1 : (tensor<4x8xf32>, tensor<4x8xf32>) -> tensor<4x15xf32>
  return
}

// -----

// concat C3
func.func @concat_elements(%x: tensor<4x8xf32>, %y: tensor<4x8xf64>) {
  // expected-error @+1 {{'nn.concat' op mixes elements of 'f64' and 'f32'}}
  %0 = nn.concat %x, %y dim 1 : (tensor<4x8xf32>, tensor<4x8xf64>) -> tensor<4x16xf32>
  return
}

// -----

// update_slice C1
func.func @update_dimension(%x: tensor<4x8xf32>, %s: tensor<i32>) {
  // expected-error @+1 {{'nn.update_slice' op dim is 2; wanted a dimension of a tensor of rank 2}}
  %0 = nn.update_slice %x, %x dim 2 at %s : tensor<4x8xf32>, tensor<4x8xf32>, tensor<i32> -> tensor<4x8xf32>
  return
}

// -----

// update_slice C2
func.func @part_too_large(%x: tensor<4x8xf32>, %p: tensor<4x9xf32>, %s: tensor<i32>) {
  // expected-error @+1 {{'nn.update_slice' op part has shape 4x9; wanted 4x8}}
  %0 = nn.update_slice %x, %p dim 1 at %s : tensor<4x8xf32>, tensor<4x9xf32>, tensor<i32> -> tensor<4x8xf32>
  return
}

// -----

// update_slice C2
func.func @part_of_another_shape(%x: tensor<4x8xf32>, %p: tensor<3x2xf32>, %s: tensor<i32>) {
  // expected-error @+1 {{'nn.update_slice' op part has shape 3x2; wanted 4x2}}
  %0 = nn.update_slice %x, %p dim 1 at %s : tensor<4x8xf32>, tensor<3x2xf32>, tensor<i32> -> tensor<4x8xf32>
  return
}

// -----

// update_slice C3
func.func @updated_shape(%x: tensor<4x8xf32>, %p: tensor<4x2xf32>, %s: tensor<i32>) {
  // expected-error @+1 {{'nn.update_slice' op result has shape 4x2; wanted 4x8}}
  %0 = nn.update_slice %x, %p dim 1 at %s : tensor<4x8xf32>, tensor<4x2xf32>, tensor<i32> -> tensor<4x2xf32>
  return
}

// -----

// update_slice start
func.func @start_of_rank_one(%x: tensor<4x8xf32>, %p: tensor<4x2xf32>, %s: tensor<1xi32>) {
  // expected-error @+1 {{operand #2 must be tensor of rank 0 of i32}}
  %0 = nn.update_slice %x, %p dim 1 at %s : tensor<4x8xf32>, tensor<4x2xf32>, tensor<1xi32> -> tensor<4x8xf32>
  return
}

// -----

// gather C1
func.func @gather_dimension(%x: tensor<4x8xf32>, %i: tensor<3xi32>) {
  // expected-error @+1 {{'nn.gather' op dim is -1; wanted a dimension of a tensor of rank 2}}
  %0 = nn.gather %x, %i dim -1 : tensor<4x8xf32>, tensor<3xi32> -> tensor<4x3xf32>
  return
}

// -----

// gather C2
func.func @gathered_shape(%x: tensor<4x8xf32>, %i: tensor<3x2xi32>) {
  // expected-error @+1 {{'nn.gather' op result has shape 4x3; wanted 4x3x2}}
  %0 = nn.gather %x, %i dim 1 : tensor<4x8xf32>, tensor<3x2xi32> -> tensor<4x3xf32>
  return
}

// -----

// gather C3
func.func @gathered_elements(%x: tensor<4x8xf32>, %i: tensor<3xi32>) {
  // expected-error @+1 {{'nn.gather' op mixes elements of 'f64' and 'f32'}}
  %0 = nn.gather %x, %i dim 1 : tensor<4x8xf32>, tensor<3xi32> -> tensor<4x3xf64>
  return
}

// -----

// gather ids
func.func @ids_of_floats(%x: tensor<4x8xf32>, %i: tensor<3xf32>) {
  // expected-error @+1 {{operand #1 must be tensor of static shape without empty dimensions, of i32 or i64}}
  %0 = nn.gather %x, %i dim 1 : tensor<4x8xf32>, tensor<3xf32> -> tensor<4x3xf32>
  return
}

// -----

// scatter_add C1
func.func @scatter_dimension(%x: tensor<3x8xf32>, %i: tensor<3xi32>) {
  // expected-error @+1 {{'nn.scatter_add' op dim is 2; wanted a dimension of a tensor of rank 2}}
  %0 = nn.scatter_add %x, %i dim 2 : tensor<3x8xf32>, tensor<3xi32> -> tensor<4x8xf32>
  return
}

// -----

// scatter_add C2
func.func @scattered_shape(%x: tensor<3x8xf32>, %i: tensor<2xi32>) {
  // expected-error @+1 {{'nn.scatter_add' op updates has shape 3x8; wanted 2x8}}
  %0 = nn.scatter_add %x, %i dim 0 : tensor<3x8xf32>, tensor<2xi32> -> tensor<4x8xf32>
  return
}

// -----

// scatter_add C3
func.func @scattered_elements(%x: tensor<3x8xf32>, %i: tensor<3xi32>) {
  // expected-error @+1 {{'nn.scatter_add' op mixes elements of 'f64' and 'f32'}}
  %0 = nn.scatter_add %x, %i dim 0 : tensor<3x8xf32>, tensor<3xi32> -> tensor<4x8xf64>
  return
}

// -----

// iota C1
func.func @iota_dimension() {
  // expected-error @+1 {{'nn.iota' op dim is 1; wanted a dimension of a tensor of rank 1}}
  %0 = nn.iota dim 1 -> tensor<4xi32>
  return
}
