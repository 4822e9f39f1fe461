// The example of each op parses, prints, and parses again to the same.
// RUN: weft-opt %s -split-input-file | weft-opt -split-input-file | FileCheck %s
// RUN: weft-opt %s -split-input-file -mlir-print-op-generic | weft-opt -split-input-file | FileCheck %s

// type
// CHECK: expr.type record @Note fields 
expr.type record @Note fields [#expr.field<name = "title", type = !expr.string>]
expr.type sum @Verdict cases [#expr.case<name = "accept", fields = []>,
                              #expr.case<name = "revise", fields = [#expr.field<name = "why", type = !expr.string>]>]

// -----

// function
// CHECK: expr.function @twice(%{{.*}}: !expr.int) -> !expr.int {
expr.function @twice(%x: !expr.int) -> !expr.int {
  %0 = expr.builtin "add"(%x, %x) : (!expr.int, !expr.int) -> !expr.int
  expr.yield %0 : !expr.int
}

// -----

// yield
// CHECK: expr.yield %{{.*}} : !expr.int
expr.function @same(%x: !expr.int) -> !expr.int {
  expr.yield %x : !expr.int
}

// -----

// constant
// CHECK: expr.constant 42 -> !expr.int
%0 = expr.constant 42 -> !expr.int
%1 = expr.constant ["a", "b"] -> !expr.list<!expr.string>
%2 = expr.constant #expr.quantity<duration 30000000000> -> !expr.duration

// -----

// format
// CHECK: expr.format ["found ", " files"](%{{.*}}) : (!expr.int) -> !expr.string
%n = expr.constant 3 -> !expr.int
%0 = expr.format ["found ", " files"](%n) : (!expr.int) -> !expr.string

// -----

// record
// CHECK: expr.record(%{{.*}}) : (!expr.int) -> !expr.named<@Point>
expr.type record @Point fields [#expr.field<name = "x", type = !expr.int>]
%x = expr.constant 1 -> !expr.int
%0 = expr.record(%x) : (!expr.int) -> !expr.named<@Point>

// -----

// list
// CHECK: expr.list(%{{.*}}, %{{.*}}) : (!expr.int, !expr.int) -> !expr.list<!expr.int>
%x = expr.constant 1 -> !expr.int
%0 = expr.list(%x, %x) : (!expr.int, !expr.int) -> !expr.list<!expr.int>

// -----

// map
// CHECK: expr.map(%{{.*}}, %{{.*}}) : (!expr.string, !expr.int) -> !expr.map<!expr.int>
%k = expr.constant "a" -> !expr.string
%v = expr.constant 1 -> !expr.int
%0 = expr.map(%k, %v) : (!expr.string, !expr.int) -> !expr.map<!expr.int>

// -----

// variant
// CHECK: expr.variant 1() : () -> !expr.named<@Answer>
expr.type sum @Answer cases [#expr.case<name = "yes", fields = []>, #expr.case<name = "no", fields = []>]
%0 = expr.variant 1() : () -> !expr.named<@Answer>

// -----

// field
// CHECK: expr.type record @Point fields [#expr.field<name = "x", type = !expr.int>]
expr.type record @Point fields [#expr.field<name = "x", type = !expr.int>]
%p = expr.constant #expr.record<[1]> -> !expr.named<@Point>
%0 = expr.field %p[0] : !expr.named<@Point> -> !expr.int

// -----

// with_field
// CHECK: expr.with_field %{{.*}}[0] = %{{.*}} : !expr.named<@Point>, !expr.int
expr.type record @Point fields [#expr.field<name = "x", type = !expr.int>]
%p = expr.constant #expr.record<[1]> -> !expr.named<@Point>
%x = expr.constant 2 -> !expr.int
%0 = expr.with_field %p[0] = %x : !expr.named<@Point>, !expr.int

// -----

// case_index
// CHECK: expr.case_index %{{.*}} : !expr.optional<!expr.int> -> !expr.int
%v = expr.constant unit -> !expr.optional<!expr.int>
%0 = expr.case_index %v : !expr.optional<!expr.int> -> !expr.int

// -----

// case_field
// CHECK: expr.case_field %{{.*}}[0] : !expr.optional<!expr.int> -> !expr.int
%v = expr.constant 1 -> !expr.optional<!expr.int>
%0 = expr.case_field %v[0] : !expr.optional<!expr.int> -> !expr.int

// -----

// builtin
// CHECK: expr.builtin "add"(%{{.*}}, %{{.*}}) : (!expr.int, !expr.int) -> !expr.int
%a = expr.constant 1 -> !expr.int
%0 = expr.builtin "add"(%a, %a) : (!expr.int, !expr.int) -> !expr.int

// -----

// lambda
// CHECK: expr.lambda : !expr.fn<!expr.int, !expr.bool> {
%n = expr.constant 3 -> !expr.int
%0 = expr.lambda : !expr.fn<!expr.int, !expr.bool> {
^bb0(%x: !expr.int):
  %1 = expr.builtin "lt"(%x, %n) : (!expr.int, !expr.int) -> !expr.bool
  expr.yield %1 : !expr.bool
}

// -----

// apply
// CHECK: expr.apply %{{.*}}(%{{.*}}) : (!expr.fn<!expr.int, !expr.int>, !expr.int) -> !expr.int
expr.function @call(%f: !expr.fn<!expr.int, !expr.int>, %x: !expr.int) -> !expr.int {
  %0 = expr.apply %f(%x) : (!expr.fn<!expr.int, !expr.int>, !expr.int) -> !expr.int
  expr.yield %0 : !expr.int
}

// -----

// call
// CHECK: expr.call @same(%{{.*}}) : (!expr.int) -> !expr.int
expr.function @same(%x: !expr.int) -> !expr.int {
  expr.yield %x : !expr.int
}
%x = expr.constant 3 -> !expr.int
%0 = expr.call @same(%x) : (!expr.int) -> !expr.int

// -----

// switch
// CHECK: expr.switch %{{.*}} : !expr.bool -> !expr.int {
%c = expr.constant true -> !expr.bool
%0 = expr.switch %c : !expr.bool -> !expr.int {
  %1 = expr.constant 1 -> !expr.int
  expr.yield %1 : !expr.int
}, {
  %1 = expr.constant 2 -> !expr.int
  expr.yield %1 : !expr.int
}

// -----

// loop
// CHECK: expr.loop %{{.*}} max %{{.*}} : !expr.int, !expr.int -> !expr.string {
// CHECK: } else {
expr.type sum @End cases [#expr.case<name = "more", fields = [#expr.field<name = "to", type = !expr.int>]>,
                          #expr.case<name = "done", fields = [#expr.field<name = "with", type = !expr.string>]>]
%n = expr.constant 1 -> !expr.int
%0 = expr.loop %n max %n : !expr.int, !expr.int -> !expr.string {
^bb0(%round: !expr.int):
  %1 = expr.variant 0(%round) : (!expr.int) -> !expr.named<@End>
  expr.yield %1 : !expr.named<@End>
} else {
  %1 = expr.constant "none" -> !expr.string
  expr.yield %1 : !expr.string
}

// -----

// as
// CHECK: expr.as %{{.*}} : !expr.int -> !expr.optional<!expr.int>
%x = expr.constant 1 -> !expr.int
%0 = expr.as %x : !expr.int -> !expr.optional<!expr.int>

// -----

// schema
// CHECK: expr.schema !expr.list<!expr.int>
%0 = expr.schema !expr.list<!expr.int>

// -----

// check
// CHECK: expr.check %{{.*}} as !expr.named<@Count> : !expr.int
expr.function @positive(%it: !expr.int) -> !expr.bool {
  %0 = expr.constant 0 -> !expr.int
  %1 = expr.builtin "lt"(%0, %it) : (!expr.int, !expr.int) -> !expr.bool
  expr.yield %1 : !expr.bool
}
expr.type alias @Count of !expr.int where @positive "0 < it"
%n = expr.constant 3 -> !expr.int
%0 = expr.check %n as !expr.named<@Count> : !expr.int

// -----

// parse
// CHECK: expr.parse %{{.*}} : !expr.string -> !expr.parsed<!expr.int>
%t = expr.constant "3" -> !expr.string
%0 = expr.parse %t : !expr.string -> !expr.parsed<!expr.int>

// -----

// to_json
// CHECK: expr.to_json %{{.*}} : !expr.int -> !expr.string
%n = expr.constant 3 -> !expr.int
%0 = expr.to_json %n : !expr.int -> !expr.string

// -----

// fail
// CHECK: expr.fail "failed" %{{.*}} : !expr.int
%why = expr.constant "no" -> !expr.string
%0 = expr.fail "failed" %why : !expr.int
