// What a run does around a tensor function, said wrongly.
// RUN: weft-opt %s -split-input-file -verify-diagnostics

// expected-error @+1 {{dist.steps is 0 : i64; wanted 1 or more, as an i64}}
func.func private @f() attributes {dist.steps = 0 : i64}

// -----

// expected-error @+1 {{dist.evaluation is "g"; wanted the name of a function}}
func.func private @f() attributes {dist.evaluation = "g"}

// -----

// expected-error @+1 {{wanted {every = 1 or more, keep = 0 or more, to = "folder"}}}
func.func private @f() attributes {dist.checkpoint = {every = 0 : i64, keep = 1 : i64, to = ""}}

// -----

// expected-error @+1 {{wanted a list of {kind = "text", files, context, batch, seed, held_out}}}
func.func private @f() attributes {dist.data = [{kind = "text"}]}

// -----

// expected-error @+1 {{dist.feed is [0, "x"]; wanted the number of one of the function's sources, and x or y}}
func.func private @f(tensor<2xi32> {dist.feed = [0, "x"]})

// -----

// expected-error @+1 {{dist.feed is [0, "z"]; wanted the number}}
func.func private @f(tensor<2x4xi32> {dist.feed = [0, "z"]}) attributes {
  dist.data = [{kind = "text", files = "*", context = 4 : i64, batch = 2 : i64, seed = 1 : i64, held_out = 0.0}]}

// -----

// expected-error @+1 {{argument 0 has "dist.report" = "loss"; wanted dist.state, a name, dist.zeros, dist.feed, dist.step or dist.in_place, a number}}
func.func private @f(tensor<f32> {dist.report = "loss"})

// -----

// expected-error @+1 {{result 0 has "dist.feed" = "x"; wanted dist.state or dist.report, a name}}
func.func private @f() -> (tensor<f32> {dist.feed = "x"})
