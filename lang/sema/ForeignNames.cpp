//===- ForeignNames.cpp - Names that other languages have -----------------===//

#include "lang/sema/ForeignNames.h"

#include <span>

namespace weft::sema {
namespace {

struct ForeignName {
  std::string_view name;
  std::string_view advice;
};

constexpr std::string_view absent = "the absent value is `none`";
constexpr std::string_view told = "what a workflow tells while it runs is `emit`ted";
constexpr std::string_view receiver = "there is no receiver: a function takes the value as its first argument";

constexpr ForeignName values[] = {
    {"null", absent},
    {"nil", absent},
    {"None", absent},
    {"NULL", absent},
    {"undefined", absent},
    {"nothing", absent},
    {"Some", "a value goes where a `T?` is asked: write it alone"},
    {"True", "write `true`"},
    {"TRUE", "write `true`"},
    {"False", "write `false`"},
    {"FALSE", "write `false`"},
    {"this", receiver},
    {"self", receiver},
    {"print", told},
    {"println", told},
    {"printf", told},
    {"console", told},
    {"log", told},
    {"echo", told},
    {"str", "`text(x)`, or a hole in a string, `\"${x}\"`"},
    {"String", "`text(x)`, or a hole in a string, `\"${x}\"`"},
    {"format", "values are put into a string with `\"… ${x} …\"`"},
    {"int", "`parse_int(s)` reads a string, `round(x)` rounds a float"},
    {"float", "`parse_float(s)` reads a string; an int goes where a float is asked"},
    {"length", "`len(x)`"},
    {"size", "`len(x)`"},
    {"sleep", "there is nothing to wait for: calls wait for their inputs, and attempts for `backoff`"},
    {"raise", "write `fail \"why\"`"},
    {"throw", "write `fail \"why\"`"},
    {"Math", "the functions of numbers are always there: `sqrt(x)`, `max(a, b)`"},
    {"JSON", "`to_json(x)` and `from_json(s)`"},
    {"isinstance", "types are known: `match` tells the cases of a sum apart"},
    {"typeof", "types are known: `match` tells the cases of a sum apart"},
    {"fold", "`reduce(xs, init, f)`"},
    {"sorted", "`sort(xs)`, `sort_by(xs, f)`"},
    {"reversed", "`reverse(xs)`"},
};

constexpr ForeignName types[] = {
    {"str", "text is a `string`"},
    {"char", "text is a `string`"},
    {"text", "text is a `string`"},
    {"number", "numbers are `int` or `float`"},
    {"Number", "numbers are `int` or `float`"},
    {"double", "a number with a point is a `float`"},
    {"long", "a whole number is an `int`, of 64 bits"},
    {"uint", "a whole number is an `int`, of 64 bits"},
    {"int64", "a whole number is an `int`, of 64 bits"},
    {"i64", "a whole number is an `int`, of 64 bits"},
    {"f64", "a number with a point is a `float`"},
    {"boolean", "true or false is a `bool`"},
    {"Boolean", "true or false is a `bool`"},
    {"dict", "keys with values are a `map<T>`"},
    {"Dict", "keys with values are a `map<T>`"},
    {"object", "keys with values are a `map<T>`, known fields a record: `type Note { title: string }`"},
    {"Object", "keys with values are a `map<T>`, known fields a record: `type Note { title: string }`"},
    {"Record", "keys with values are a `map<T>`, known fields a record: `type Note { title: string }`"},
    {"Array", "a list is written `list<T>`"},
    {"array", "a list is written `list<T>`"},
    {"Vec", "a list is written `list<T>`"},
    {"set", "a list without repetitions is `xs.unique()`"},
    {"Optional", "what may be absent is written `T?`"},
    {"Option", "what may be absent is written `T?`"},
    {"any", "a value whose form is not known is `json`"},
    {"Any", "a value whose form is not known is `json`"},
    {"unknown", "a value whose form is not known is `json`"},
    {"void", "what gives nothing is declared without `->`; its type is `()`"},
    {"unit", "what gives nothing is declared without `->`; its type is `()`"},
    {"None", "what gives nothing is declared without `->`; its type is `()`"},
    {"null", "what gives nothing is declared without `->`; its type is `()`"},
    {"tuple", "a tuple is written `(A, B)`"},
    {"Tuple", "a tuple is written `(A, B)`"},
    {"Promise", "calls are awaited by themselves: say what is given"},
    {"date", "a point in time is a `string`, `now()`; a span is a `duration`"},
    {"datetime", "a point in time is a `string`, `now()`; a span is a `duration`"},
    {"time", "a point in time is a `string`, `now()`; a span is a `duration`"},
};

constexpr std::string_view appended = "nothing is changed in place: `xs + [x]` is a new list";
constexpr ForeignName members[] = {
    {"length", "`len(x)`"},
    {"size", "`len(x)`"},
    {"append", appended},
    {"push", appended},
    {"add", appended},
    {"extend", "nothing is changed in place: `xs + ys` is a new list"},
    {"concat", "`xs + ys`"},
    {"toUpperCase", "`upper(s)`"},
    {"toLowerCase", "`lower(s)`"},
    {"strip", "`trim(s)`"},
    {"includes", "`contains(x, …)`"},
    {"has", "`contains(x, …)`"},
    {"indexOf", "`contains(x, …)` says whether it is there"},
    {"forEach", "walk with `for x in xs { … }`"},
    {"each", "walk with `for x in xs { … }`"},
    {"toString", "`text(x)`, or a hole in a string, `\"${x}\"`"},
    {"to_string", "`text(x)`, or a hole in a string, `\"${x}\"`"},
    {"str", "`text(x)`, or a hole in a string, `\"${x}\"`"},
    {"format", "values are put into a string with `\"… ${x} …\"`"},
    {"get", "`m[key]` is absent where the key is"},
    {"items", "`for (k, v) in m { … }`"},
    {"entries", "`for (k, v) in m { … }`"},
    {"slice", "`x.skip(from).take(count)`"},
    {"substring", "`x.skip(from).take(count)`"},
    {"isEmpty", "`len(x) == 0`"},
    {"is_empty", "`len(x) == 0`"},
    {"fold", "`reduce(xs, init, f)`"},
    {"flatMap", "`xs.map(f).flatten()`"},
    {"flat_map", "`xs.map(f).flatten()`"},
    {"sorted", "`sort(xs)`, `sort_by(xs, f)`"},
    {"unwrap", "`x ?? d`, or `match x { none => …, some(v) => … }`"},
    {"json", "`to_json(x)`"},
};

std::string_view adviceIn(std::span<const ForeignName> table, std::string_view name) {
  for (const ForeignName &one : table)
    if (one.name == name)
      return one.advice;
  return {};
}

} // namespace

std::string_view adviceOnValue(std::string_view name) { return adviceIn(values, name); }
std::string_view adviceOnType(std::string_view name) { return adviceIn(types, name); }
std::string_view adviceOnMember(std::string_view name) { return adviceIn(members, name); }

} // namespace weft::sema
