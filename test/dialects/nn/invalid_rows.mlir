// RUN: weft-opt %s -split-input-file -verify-diagnostics

// softmax C1
func.func @softmax_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.softmax' op dim is 2; wanted a dimension of a tensor of rank 2}}
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

// layer_norm C1
func.func @layer_norm_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.layer_norm' op dim is 2; wanted a dimension of a tensor of rank 2}}
  %0 = nn.layer_norm %x dim 2 eps 1.0e-5 : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

// layer_norm C2
func.func @layer_norm_result(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.layer_norm' op result has shape 4; wanted 4x8}}
  %0 = nn.layer_norm %x dim 1 eps 1.0e-5 : tensor<4x8xf32> -> tensor<4xf32>
  return
}

// -----

// layer_norm C3
func.func @layer_norm_eps(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.layer_norm' op eps is -1.000000e+00; wanted a number that is not negative}}
  %0 = nn.layer_norm %x dim 1 eps -1.0 : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C1
func.func @rms_norm_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.rms_norm' op dim is 2; wanted a dimension of a tensor of rank 2}}
  %0 = nn.rms_norm %x dim 2 eps 1.0e-5 : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

// rms_norm C2
func.func @rms_norm_result(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.rms_norm' op result has shape 4; wanted 4x8}}
  %0 = nn.rms_norm %x dim 1 eps 1.0e-5 : tensor<4x8xf32> -> tensor<4xf32>
  return
}

// -----

// rms_norm C3
func.func @rms_norm_eps(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.rms_norm' op eps is -1.000000e+00; wanted a number that is not negative}}
  %0 = nn.rms_norm %x dim 1 eps -1.0 : tensor<4x8xf32> -> tensor<4x8xf32>
  return
}

// -----

// cross_entropy C1
func.func @no_rows(%x: tensor<f32>, %i: tensor<i32>) {
  // expected-error @+1 {{'nn.cross_entropy' op has scores without dimensions; wanted rank 1 or more}}
  %0 = nn.cross_entropy %x, %i : tensor<f32>, tensor<i32> -> tensor<f32>
  return
}

// -----

// cross_entropy C1
func.func @ids_of_other_rows(%x: tensor<4x8xf32>, %i: tensor<3xi32>) {
  // expected-error @+1 {{'nn.cross_entropy' op ids has shape 3; wanted 4}}
  %0 = nn.cross_entropy %x, %i : tensor<4x8xf32>, tensor<3xi32> -> tensor<4xf32>
  return
}

// -----

// cross_entropy C2
func.func @losses(%x: tensor<4x8xf32>, %i: tensor<4xi32>) {
  // expected-error @+1 {{'nn.cross_entropy' op result has shape 4x8; wanted 4}}
  %0 = nn.cross_entropy %x, %i : tensor<4x8xf32>, tensor<4xi32> -> tensor<4x8xf32>
  return
}

// -----

// argmax C1
func.func @argmax_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.argmax' op dim is 2; wanted a dimension of a tensor of rank 2}}
  %0 = nn.argmax %x dim 2 : tensor<4x8xf32> -> tensor<4xi32>
  return
}

// -----

// argmax C2
func.func @argmax_result(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.argmax' op result has shape 8; wanted 4}}
  %0 = nn.argmax %x dim 1 : tensor<4x8xf32> -> tensor<8xi32>
  return
}

// -----

// top_k C1
func.func @top_k_dimension(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.top_k' op dim is 2; wanted a dimension of a tensor of rank 2}}
  %0, %1 = nn.top_k %x dim 2 : tensor<4x8xf32> -> tensor<4x3xf32>, tensor<4x3xi32>
  return
}

// -----

// top_k C2
func.func @more_than_there_are(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.top_k' op values has shape 4x9; wanted 4x8}}
  %0, %1 = nn.top_k %x dim 1 : tensor<4x8xf32> -> tensor<4x9xf32>, tensor<4x9xi32>
  return
}

// -----

// top_k C2
func.func @other_places(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.top_k' op places has shape 4x2; wanted 4x3}}
  %0, %1 = nn.top_k %x dim 1 : tensor<4x8xf32> -> tensor<4x3xf32>, tensor<4x2xi32>
  return
}

// -----

// top_k C3
func.func @other_values(%x: tensor<4x8xf32>) {
  // expected-error @+1 {{'nn.top_k' op mixes elements of 'f64' and 'f32'}}
  %0, %1 = nn.top_k %x dim 1 : tensor<4x8xf32> -> tensor<4x3xf64>, tensor<4x3xi32>
  return
}

// -----

// attention C1
func.func @attention_ranks(%q: tensor<2x4x8xf32>, %k: tensor<4x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op has queries, keys and values of rank 3, 2 and 3; wanted one rank of 2 or more}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C1
func.func @attention_batch(%q: tensor<2x4x8xf32>, %k: tensor<3x4x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op has batch dimensions 2, 3 and 2; wanted the same}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<3x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C1
func.func @attention_elements(%q: tensor<2x4x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x4x8xf64>) {
  // expected-error @+1 {{'nn.attention' op mixes elements of 'f64' and 'f32'}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf64>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C2
func.func @attention_columns(%q: tensor<2x4x8xf32>, %k: tensor<2x4x6xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op has queries of 8 columns and keys of 6; wanted as many}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x6xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C2
func.func @attention_rows(%q: tensor<2x4x8xf32>, %k: tensor<2x5x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op has 5 keys and 4 values; wanted as many}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x5x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C3
func.func @attention_heads(%q: tensor<2x4x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op heads is 3; wanted a divisor of 8 columns of keys and 8 of values}}
  %o, %l = nn.attention %q, %k, %v heads 3 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C4
func.func @attention_result(%q: tensor<2x4x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op result has shape 2x4x4; wanted 2x4x8}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x4xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C4
func.func @attention_lse(%q: tensor<2x4x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op lse has shape 2x4x2; wanted 2x2x4}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x2xf32>)
  return
}

// -----

// attention C4
func.func @attention_lse_elements(%q: tensor<2x4x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op lse has elements of 'f64' for operands of 'f32'; wanted f64 for f64, else f32}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf64>)
  return
}

// -----

// attention C5
func.func @offset_without_causal(%q: tensor<2x4x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x4x8xf32>, %s: tensor<i32>) {
  // expected-error @+1 {{'nn.attention' op has an offset and is not causal; wanted causal, or no offset}}
  %o, %l = nn.attention %q, %k, %v heads 2 offset %s scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<i32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention C5
func.func @attention_scale(%q: tensor<2x4x8xf32>, %k: tensor<2x4x8xf32>, %v: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention' op scale is INF; wanted a finite number}}
  %o, %l = nn.attention %q, %k, %v heads 2 scale 0x7FF0000000000000 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x2x4xf32>)
  return
}

// -----

// attention_grad C2
func.func @grad_output(%q: tensor<2x4x8xf32>, %o: tensor<2x4x4xf32>, %l: tensor<2x2x4xf32>, %c: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention_grad' op output has shape 2x4x4; wanted 2x4x8}}
  %a, %b, %d = nn.attention_grad %q, %q, %q, %o, %l, %c heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x4xf32>, tensor<2x2x4xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  return
}

// -----

// attention_grad C2
func.func @grad_lse(%q: tensor<2x4x8xf32>, %o: tensor<2x4x8xf32>, %l: tensor<2x4xf32>, %c: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention_grad' op lse has shape 2x4; wanted 2x2x4}}
  %a, %b, %d = nn.attention_grad %q, %q, %q, %o, %l, %c heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  return
}

// -----

// attention_grad C2
func.func @grad_cotangent(%q: tensor<2x4x8xf32>, %o: tensor<2x4x8xf32>, %l: tensor<2x2x4xf32>, %c: tensor<2x4x4xf32>) {
  // expected-error @+1 {{'nn.attention_grad' op cotangent has shape 2x4x4; wanted 2x4x8}}
  %a, %b, %d = nn.attention_grad %q, %q, %q, %o, %l, %c heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x2x4xf32>, tensor<2x4x4xf32>) -> (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  return
}

// -----

// attention_grad C3
func.func @grad_result(%q: tensor<2x4x8xf32>, %o: tensor<2x4x8xf32>, %l: tensor<2x2x4xf32>, %c: tensor<2x4x8xf32>) {
  // expected-error @+1 {{'nn.attention_grad' op result has shape 2x4x4; wanted 2x4x8}}
  %a, %b, %d = nn.attention_grad %q, %q, %q, %o, %l, %c heads 2 scale 0.5 : (tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>, tensor<2x2x4xf32>, tensor<2x4x8xf32>) -> (tensor<2x4x4xf32>, tensor<2x4x8xf32>, tensor<2x4x8xf32>)
  return
}

// -----

// random C1
func.func @negative_place(%k: tensor<i64>) {
  // expected-error @+1 {{'nn.random' op place is -1; wanted 0 or more}}
  %0 = nn.random normal %k place -1 : tensor<i64> -> tensor<4xf32>
  return
}

// -----

// random result
func.func @random_integers(%k: tensor<i64>) {
  // expected-error @+1 {{result #0 must be tensor of static shape without empty dimensions, of f32 or f64}}
  %0 = nn.random uniform %k place 1 : tensor<i64> -> tensor<4xi32>
  return
}

// -----

// random key
func.func @key_of_rank_one(%k: tensor<2xi64>) {
  // expected-error @+1 {{operand #0 must be tensor of rank 0 of i64}}
  %0 = nn.random uniform %k place 1 : tensor<2xi64> -> tensor<4xf32>
  return
}
