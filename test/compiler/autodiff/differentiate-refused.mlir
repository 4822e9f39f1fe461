// RUN: weft-opt %s -split-input-file -verify-diagnostics -weft-differentiate

func.func @through_argmax(%x: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-note@+1 {{the derivative of @f is asked for here}}
  %0:2 = nn.value_and_grad @f(%x) wrt 1 : (tensor<4x8xf32>) -> (tensor<f32>, tensor<4x8xf32>)
  return %0#1 : tensor<4x8xf32>
}
func.func private @f(%x: tensor<4x8xf32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.argmax' op has no derivative: it gives whole numbers or truth values, which do not follow a small change of its operand; use them as an index or a condition (select), not as a number}}
  %0 = nn.argmax %x dim 1 : tensor<4x8xf32> -> tensor<4xi32>
  %1 = nn.cast %0 : tensor<4xi32> -> tensor<4xf32>
  %2 = nn.reduce sum %1 dims [0] : tensor<4xf32> -> tensor<f32>
  return %2 : tensor<f32>
}

// -----

// Integers that are computed with on the way do not hide the op that made them.
func.func @through_a_comparison(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-note@+1 {{the derivative of @f is asked for here}}
  %0:2 = nn.value_and_grad @f(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
  return %0#1 : tensor<4xf32>
}
func.func private @f(%x: tensor<4xf32>) -> tensor<f32> {
  %zero = nn.constant dense<0.0> : tensor<4xf32>
  // expected-error@+1 {{'nn.compare' op has no derivative}}
  %0 = nn.compare gt %x, %zero : tensor<4xf32>, tensor<4xf32> -> tensor<4xi1>
  %1 = nn.cast %0 : tensor<4xi1> -> tensor<4xi32>
  %2 = nn.elementwise add %1, %1 : (tensor<4xi32>, tensor<4xi32>) -> tensor<4xi32>
  %3 = nn.cast %2 : tensor<4xi32> -> tensor<4xf32>
  %4 = nn.elementwise mul %3, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = nn.reduce sum %4 dims [0] : tensor<4xf32> -> tensor<f32>
  return %5 : tensor<f32>
}

// -----

func.func @through_rounding(%x: tensor<f32>) -> tensor<f32> {
  // expected-note@+1 {{the derivative of @f is asked for here}}
  %0:2 = nn.value_and_grad @f(%x) wrt 1 : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}
func.func private @f(%x: tensor<f32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.cast' op has no derivative: it gives whole numbers}}
  %0 = nn.cast %x : tensor<f32> -> tensor<i32>
  %1 = nn.cast %0 : tensor<i32> -> tensor<f32>
  return %1 : tensor<f32>
}

// -----

func.func @through_top_k(%x: tensor<8xf32>) -> tensor<8xf32> {
  // expected-note@+1 {{the derivative of @f is asked for here}}
  %0:2 = nn.value_and_grad @f(%x) wrt 1 : (tensor<8xf32>) -> (tensor<f32>, tensor<8xf32>)
  return %0#1 : tensor<8xf32>
}
func.func private @f(%x: tensor<8xf32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.top_k' op has no derivative: it says of no operand how a small change of it changes the result}}
  %0:2 = nn.top_k %x dim 0 : tensor<8xf32> -> tensor<2xf32>, tensor<2xi32>
  %1 = nn.reduce sum %0#0 dims [0] : tensor<2xf32> -> tensor<f32>
  return %1 : tensor<f32>
}

// -----

// In the body of a scan, made of a carried value.
func.func @in_a_loop(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-note@+1 {{the derivative of @f is asked for here}}
  %0:2 = nn.value_and_grad @f(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
  return %0#1 : tensor<4xf32>
}
func.func private @f(%x: tensor<4xf32>) -> tensor<f32> {
  %0 = nn.scan count 3 carry(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %h: tensor<4xf32>):
    // expected-error@+1 {{'nn.cast' op has no derivative: it gives whole numbers}}
    %1 = nn.cast %h : tensor<4xf32> -> tensor<4xi32>
    %2 = nn.cast %1 : tensor<4xi32> -> tensor<4xf32>
    nn.yield %2 : tensor<4xf32>
  }
  %3 = nn.reduce sum %0 dims [0] : tensor<4xf32> -> tensor<f32>
  return %3 : tensor<f32>
}

// -----

func.func @of_a_log_sum_exp(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-note@+1 {{the derivative of @f is asked for here}}
  %0:2 = nn.value_and_grad @f(%x) wrt 1 : (tensor<4x4xf32>) -> (tensor<f32>, tensor<4x4xf32>)
  return %0#1 : tensor<4x4xf32>
}
func.func private @f(%x: tensor<4x4xf32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.attention' op has no derivative of its second result, the log-sum-exp of the scores; only its first result may be used on the way to the value}}
  %0:2 = nn.attention %x, %x, %x heads 1 scale 0.5 : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<1x4xf32>)
  %1 = nn.reduce sum %0#1 dims [0, 1] : tensor<1x4xf32> -> tensor<f32>
  return %1 : tensor<f32>
}

// -----

func.func @twice_through_attention(%x: tensor<4x4xf32>) -> tensor<4x4xf32> {
  // expected-note@+1 {{the derivative of @g is asked for here}}
  %0:2 = nn.value_and_grad @g(%x) wrt 1 : (tensor<4x4xf32>) -> (tensor<f32>, tensor<4x4xf32>)
  return %0#1 : tensor<4x4xf32>
}
func.func private @g(%x: tensor<4x4xf32>) -> tensor<f32> {
  %0:2 = nn.value_and_grad @f(%x) wrt 1 : (tensor<4x4xf32>) -> (tensor<f32>, tensor<4x4xf32>)
  %1 = nn.elementwise mul %0#1, %0#1 : (tensor<4x4xf32>, tensor<4x4xf32>) -> tensor<4x4xf32>
  %2 = nn.reduce sum %1 dims [0, 1] : tensor<4x4xf32> -> tensor<f32>
  return %2 : tensor<f32>
}
func.func private @f(%x: tensor<4x4xf32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.attention_grad' op has no derivative: second derivatives through attention are not carried}}
  %0:2 = nn.attention %x, %x, %x heads 1 scale 0.5 : (tensor<4x4xf32>, tensor<4x4xf32>, tensor<4x4xf32>) -> (tensor<4x4xf32>, tensor<1x4xf32>)
  %1 = nn.reduce sum %0#0 dims [0, 1] : tensor<4x4xf32> -> tensor<f32>
  return %1 : tensor<f32>
}

// -----

func.func private @outside(%x: tensor<f32>) -> tensor<f32>
func.func @without_a_body(%x: tensor<f32>) -> tensor<f32> {
  // expected-error@+1 {{needs the body of a function of one block; 'outside' has none}}
  %0:2 = nn.value_and_grad @outside(%x) wrt 1 : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}

// -----

func.func private @itself(%x: tensor<f32>) -> tensor<f32> {
  // expected-error@+1 {{calls 'itself' from within itself; a derivative needs a function that does not call itself}}
  %0 = call @itself(%x) : (tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}
func.func @of_a_recursion(%x: tensor<f32>) -> tensor<f32> {
  %0:2 = nn.value_and_grad @itself(%x) wrt 1 : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}

// -----

func.func private @itself(%x: tensor<f32>) -> tensor<f32> {
  // expected-error@+1 {{differentiates @itself, in whose body it stands itself; wanted another function}}
  %0:2 = nn.value_and_grad @itself(%x) wrt 1 : (tensor<f32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}
