// A folder of files, each read and summarised, as lowering writes it: the smallest whole plan.
// RUN: weftc %s -o %t.plan

expr.type record @Note fields [#expr.field<name = "title", type = !expr.string>,
                               #expr.field<name = "points", type = !expr.list<!expr.string>, check = @Note.points, text = "len(points) <= 3">]

expr.function @Note.points(%title: !expr.string, %points: !expr.list<!expr.string>) -> !expr.bool {
  %0 = expr.constant 3 -> !expr.int
  %1 = expr.builtin "len"(%points) : (!expr.list<!expr.string>) -> !expr.int
  %2 = expr.builtin "le"(%1, %0) : (!expr.int, !expr.int) -> !expr.bool
  expr.yield %2 : !expr.bool
}

flow.binding model @local "extractive" {
  flow.member @ask(["system", "prompt", "schema"]) : (!expr.string, !expr.string, !expr.string) -> !expr.string read id 1
}
flow.binding files @docs "files" settings [#flow.setting<name = "root", value = "./docs">] {
  flow.member @list(["pattern"]) : (!expr.string) -> !expr.list<!expr.string> read id 2
  flow.member @read(["name"]) : (!expr.string) -> !expr.string read id 3
}

flow.workflow @reader(%text: !expr.string) -> !expr.named<@Note> attributes {kind = 1 : i32} {
  %system = expr.constant "" -> !expr.string
  %schema = expr.constant "{}" -> !expr.string
  %prompt = expr.format ["Summarise:\0A", ""](%text) : (!expr.string) -> !expr.string
  %rounds = expr.constant 3 -> !expr.int
  %0 = flow.loop %prompt max %rounds id 10 : !expr.string, !expr.int -> !expr.named<@Note> {
  ^bb0(%asked: !expr.string):
    %answer = flow.call @local::@ask(%system, %asked, %schema) read id 11 : (!expr.string, !expr.string, !expr.string) -> !expr.string
    %parsed = expr.parse %answer : !expr.string -> !expr.parsed<!expr.named<@Note>>
    %which = expr.case_index %parsed : !expr.parsed<!expr.named<@Note>> -> !expr.int
    %step = expr.switch %which : !expr.int -> !flow.step<!expr.string, !expr.named<@Note>> {
      %note = expr.case_field %parsed[0] : !expr.parsed<!expr.named<@Note>> -> !expr.named<@Note>
      %1 = flow.step break %note : !expr.named<@Note> -> !flow.step<!expr.string, !expr.named<@Note>>
      expr.yield %1 : !flow.step<!expr.string, !expr.named<@Note>>
    }, {
      %why = expr.case_field %parsed[0] : !expr.parsed<!expr.named<@Note>> -> !expr.string
      %again = expr.format ["", "\0AThe answer was wrong: ", ""](%prompt, %why) : (!expr.string, !expr.string) -> !expr.string
      %1 = flow.step continue %again : !expr.string -> !flow.step<!expr.string, !expr.named<@Note>>
      expr.yield %1 : !flow.step<!expr.string, !expr.named<@Note>>
    }
    flow.yield %step : !flow.step<!expr.string, !expr.named<@Note>>
  }
  flow.yield %0 : !expr.named<@Note>
}

flow.workflow @brief(%pattern: !expr.string) -> !expr.list<!expr.named<@Note>> attributes {entry, param_names = ["pattern"]} {
  %names = flow.call @docs::@list(%pattern) read id 20 : (!expr.string) -> !expr.list<!expr.string>
  %window = expr.constant 8 -> !expr.int
  %notes = flow.map %names window %window : !expr.int id 21 : !expr.list<!expr.string> -> !expr.list<!expr.named<@Note>> {
  ^bb0(%name: !expr.string):
    %text = flow.call @docs::@read(%name) read id 22 : (!expr.string) -> !expr.string
    %note = flow.invoke @reader(%text) read id 23 : (!expr.string) -> !expr.named<@Note>
    flow.yield %note : !expr.named<@Note>
  }
  flow.yield %notes : !expr.list<!expr.named<@Note>>
}
