// RUN: weft-opt %s -split-input-file -verify-diagnostics

// C1
func.func @no_turns(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.scan' op count is 0; wanted 1 to 2147483647}}
  %0 = nn.scan count 0 carry(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>):
    nn.yield %c : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// C2
func.func @another_first_dimension(%x: tensor<4xf32>, %w: tensor<2x4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.scan' op has the stacked operand 0 of 'tensor<2x4xf32>'; wanted a first dimension of 3, the count}}
  %0 = nn.scan count 3 carry(%x) stacked(%w) : (tensor<4xf32>, tensor<2x4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %w_i: tensor<4xf32>):
    nn.yield %w_i : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// C2
func.func @stacked_scalar(%x: tensor<4xf32>, %w: tensor<f32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.scan' op has the stacked operand 0 of 'tensor<f32>'; wanted a first dimension of 3, the count}}
  %0 = nn.scan count 3 carry(%x) stacked(%w) : (tensor<4xf32>, tensor<f32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %w_i: tensor<f32>):
    nn.yield %c : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// C3
func.func @no_index(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.scan' op has a body of 1 arguments; wanted 2: the index, carried values, slices and shared operands}}
  %0 = nn.scan count 3 carry(%x) : (tensor<4xf32>) -> tensor<4xf32> {
  ^bb0(%c: tensor<4xf32>):
    nn.yield %c : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// C3
func.func @whole_for_slice(%x: tensor<4xf32>, %w: tensor<3x4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.scan' op has a body whose argument for the slice of stacked operand 0 is of 'tensor<3x4xf32>'; wanted 'tensor<4xf32>'}}
  %0 = nn.scan count 3 carry(%x) stacked(%w) : (tensor<4xf32>, tensor<3x4xf32>) -> tensor<4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>, %w_i: tensor<3x4xf32>):
    nn.yield %c : tensor<4xf32>
  }
  return %0 : tensor<4xf32>
}

// -----

// C4
func.func @yields_too_few(%x: tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  // expected-error@+1 {{'nn.scan' op yields 1 values for 1 carried values and 2 results; wanted one for each result}}
  %0:2 = nn.scan count 3 carry(%x) : (tensor<4xf32>) -> (tensor<4xf32>, tensor<3x4xf32>) {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>):
    nn.yield %c : tensor<4xf32>
  }
  return %0#0, %0#1 : tensor<4xf32>, tensor<3x4xf32>
}

// -----

// C4
func.func @carries_another_type(%x: tensor<4xf32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.scan' op carries value 0 as 'tensor<4xf32>', yields it as 'tensor<f32>' and gives it as 'tensor<f32>'; wanted one type}}
  %0 = nn.scan count 3 carry(%x) : (tensor<4xf32>) -> tensor<f32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>):
    %1 = nn.reduce sum %c dims [0] : tensor<4xf32> -> tensor<f32>
    nn.yield %1 : tensor<f32>
  }
  return %0 : tensor<f32>
}

// -----

// C5
func.func @stacks_too_few(%x: tensor<4xf32>) -> tensor<2x4xf32> {
  // expected-error@+1 {{'nn.scan' op stacks result 0 as 'tensor<2x4xf32>'; wanted 'tensor<3x4xf32>'}}
  %0 = nn.scan count 3 shared(%x) : (tensor<4xf32>) -> tensor<2x4xf32> {
  ^bb0(%i: tensor<i32>, %c: tensor<4xf32>):
    nn.yield %c : tensor<4xf32>
  }
  return %0 : tensor<2x4xf32>
}

// -----

// C1
func.func @of_nothing(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.value_and_grad' op differentiates @absent, which is no function of the module}}
  %0:2 = nn.value_and_grad @absent(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<4xf32>)
  return %0#1 : tensor<4xf32>
}

// -----

func.func private @loss(%x: tensor<4xf32>) -> tensor<f32>
// C1
func.func @other_operands(%x: tensor<5xf32>) -> tensor<5xf32> {
  // expected-error@+1 {{'nn.value_and_grad' op has operands of other types than the arguments of @loss}}
  %0:2 = nn.value_and_grad @loss(%x) wrt 1 : (tensor<5xf32>) -> (tensor<f32>, tensor<5xf32>)
  return %0#1 : tensor<5xf32>
}

// -----

func.func private @loss(%x: tensor<4xf32>) -> tensor<f32>
// C1
func.func @other_results(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.value_and_grad' op has 2 results before the 1 derivatives; wanted those of @loss, of their types}}
  %0:3 = nn.value_and_grad @loss(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<f32>, tensor<4xf32>)
  return %0#2 : tensor<4xf32>
}

// -----

func.func private @loss(%x: tensor<4xf32>) -> tensor<1xf32>
// C2
func.func @of_a_vector(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.value_and_grad' op differentiates @loss, whose first result is no single f32 or f64; wanted tensor<f32> or tensor<f64>}}
  %0:2 = nn.value_and_grad @loss(%x) wrt 1 : (tensor<4xf32>) -> (tensor<1xf32>, tensor<4xf32>)
  return %0#1 : tensor<4xf32>
}

// -----

func.func private @loss(%x: tensor<4xf32>) -> tensor<i32>
// C2
func.func @of_an_integer(%x: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'nn.value_and_grad' op differentiates @loss, whose first result is no single f32 or f64; wanted tensor<f32> or tensor<f64>}}
  %0:2 = nn.value_and_grad @loss(%x) wrt 1 : (tensor<4xf32>) -> (tensor<i32>, tensor<4xf32>)
  return %0#1 : tensor<4xf32>
}

// -----

func.func private @loss(%x: tensor<4xf32>) -> tensor<f32>
// C3
func.func @by_nothing(%x: tensor<4xf32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.value_and_grad' op wrt is 0 for 1 operands and 1 results; wanted 1 or more, and at most as many as either}}
  %0 = nn.value_and_grad @loss(%x) wrt 0 : (tensor<4xf32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// -----

func.func private @loss(%x: tensor<4xi32>) -> tensor<f32>
// C3
func.func @by_integers(%x: tensor<4xi32>) -> tensor<4xi32> {
  // expected-error@+1 {{'nn.value_and_grad' op asks for the derivative by operand 0 of 'tensor<4xi32>'; wanted elements of a float type}}
  %0:2 = nn.value_and_grad @loss(%x) wrt 1 : (tensor<4xi32>) -> (tensor<f32>, tensor<4xi32>)
  return %0#1 : tensor<4xi32>
}

// -----

func.func private @loss(%x: tensor<4xf32>) -> tensor<f32>
// C4
func.func @another_derivative(%x: tensor<4xf32>) -> tensor<f32> {
  // expected-error@+1 {{'nn.value_and_grad' op has derivatives of other types than the operands that they are by}}
  %0:2 = nn.value_and_grad @loss(%x) wrt 1 : (tensor<4xf32>) -> (tensor<f32>, tensor<f32>)
  return %0#1 : tensor<f32>
}
