// RUN: weft-opt %s -split-input-file -verify-diagnostics

// type C1
// expected-error @+1 {{is a record; wanted fields and nothing else}}
expr.type record @R of !expr.int

// -----

// type C1: one case is no choice
// expected-error @+1 {{has 1 cases; wanted two or more}}
expr.type sum @S cases [#expr.case<name = "only", fields = []>]

// -----

// type C2
// expected-error @+1 {{has two fields named 'x'}}
expr.type record @R fields [#expr.field<name = "x", type = !expr.int>, #expr.field<name = "x", type = !expr.int>]

// -----

// type C3
// expected-error @+1 {{has the check @none; wanted an expr.function}}
expr.type alias @A of !expr.int where @none "it > 0"

// -----

// function C1
// expected-error @+1 {{yields '!expr.int'; wanted '!expr.bool'}}
expr.function @f(%x: !expr.int) -> !expr.bool {
  expr.yield %x : !expr.int
}

// -----

// constant C1
// expected-error @+1 {{holds @f, which is no value}}
%0 = expr.constant @f -> !expr.int

// -----

// format C1
%x = expr.constant 1 -> !expr.int
// expected-error @+1 {{has 1 pieces around 1 holes; wanted 2}}
%0 = expr.format ["a"](%x) : (!expr.int) -> !expr.string

// -----

// map C1
%x = expr.constant 1 -> !expr.int
// expected-error @+1 {{has a key of type '!expr.int'; wanted a string}}
%0 = expr.map(%x, %x) : (!expr.int, !expr.int) -> !expr.map<!expr.int>

// -----

// builtin C1
%x = expr.constant 1 -> !expr.int
// expected-error @+1 {{names 'plus', which is no builtin}}
%0 = expr.builtin "plus"(%x, %x) : (!expr.int, !expr.int) -> !expr.int

// -----

// builtin C2
%x = expr.constant 1 -> !expr.int
// expected-error @+1 {{gives 'add' 1 operands; wanted 2 to 2}}
%0 = expr.builtin "add"(%x) : (!expr.int) -> !expr.int

// -----

// call C1
%x = expr.constant 1 -> !expr.int
// expected-error @+1 {{calls @f; wanted an expr.function}}
%0 = expr.call @f(%x) : (!expr.int) -> !expr.int

// -----

// switch C1
%c = expr.constant true -> !expr.bool
// expected-error @+1 {{has 1 regions; wanted two}}
%0 = expr.switch %c : !expr.bool -> !expr.bool {
  expr.yield %c : !expr.bool
}

// -----

// loop C1
%t = expr.constant "1" -> !expr.string
// expected-error @+1 {{runs '!expr.string' rounds; wanted an int}}
%0 = expr.loop %t max %t : !expr.string, !expr.string -> !expr.string {
^bb0(%round: !expr.string):
  expr.yield %round : !expr.string
} else {
  expr.yield %t : !expr.string
}

// -----

// loop C2
%n = expr.constant 1 -> !expr.int
// expected-error @+1 {{has a body that is not given one value of type '!expr.int'}}
%0 = expr.loop %n max %n : !expr.int, !expr.int -> !expr.int {
  expr.yield %n : !expr.int
} else {
  expr.yield %n : !expr.int
}

// -----

// loop C3
%n = expr.constant 1 -> !expr.int
%t = expr.constant "1" -> !expr.string
// expected-error @+1 {{yields '!expr.string'; wanted '!expr.int'}}
%0 = expr.loop %n max %n : !expr.int, !expr.int -> !expr.int {
^bb0(%round: !expr.int):
  expr.yield %round : !expr.int
} else {
  expr.yield %t : !expr.string
}

// -----

// parse C1
%t = expr.constant "1" -> !expr.string
// expected-error @+1 {{gives '!expr.int'; wanted !expr.parsed}}
%0 = expr.parse %t : !expr.string -> !expr.int

// -----

// parse C2
%t = expr.constant 1 -> !expr.int
// expected-error @+1 {{reads '!expr.int'; wanted a string}}
%0 = expr.parse %t : !expr.int -> !expr.parsed<!expr.int>

// -----

// fail C1
%t = expr.constant "why" -> !expr.string
// expected-error @+1 {{fails with 'oops', which is no kind of failure}}
%0 = expr.fail "oops" %t : !expr.int

// -----

// constant C1, inside a value
// expected-error @+1 {{holds i32, which is no value}}
%0 = expr.constant [1, [i32]] -> !expr.list<!expr.list<!expr.int>>

// -----

// constant C1, a number that no run has
// expected-error @+1 {{holds 5 : i128, which is no value}}
%0 = expr.constant 5 : i128 -> !expr.int

// -----

// constant C1, elements that no run has
// expected-error @+1 {{which is no value}}
%0 = expr.constant dense<true> : tensor<2xi1> -> tensor<2xi1>
