//===- ExpressionsTest.cpp - Expressions against results written by hand --===//
//
// Each row is an expression, its type and the JSON that the language promises.
// The expression is the body of a workflow with the names of the prelude.
//
//===----------------------------------------------------------------------===//

#include "test/reference/workflow/self/Program.h"

namespace weft::reference::workflow {
namespace {

constexpr const char *prelude = R"weft(
type Point { x: int, y: float, tag: string? }
type Shape = dot | circle(r: float) | box(w: int, h: int)
type Light = red | amber | green
type Score = float where 0.0 <= it and it <= 10.0
type Range { low: int, high: int where low <= high }
fn twice<T>(x: T) -> list<T> { [x, x] }
fn inc(x: int, by: int = 1) -> int { x + by }
fn area(s: Shape) -> float { match s { dot => 0.0, circle(r) => r * r, box(w, h) => 1.0 * w * h } }
fn name_of(l: Light) -> string { match l { red => "stop", _ => "go" } }
)weft";

struct Case {
  const char *type, *body, *expected;
};

std::string run(const Case &one) {
  return Program(std::string(prelude) + "workflow main() -> " + one.type + " { " + one.body + " }\n").shown();
}

class Expressions : public testing::TestWithParam<Case> {};
TEST_P(Expressions, GiveWhatTheLanguageSays) { EXPECT_EQ(run(GetParam()), GetParam().expected) << GetParam().body; }

const Case numbers[] = {
    {"int", "1 + 2 * 3", "7"},
    {"int", "(1 + 2) * 3", "9"},
    {"int", "-7 % 3", "-1"},
    {"int", "div(-7, 2)", "-3"},
    {"float", "7 / 2", "3.5"},
    {"float", "4 / 2", "2.0"},
    {"float", "1 + 0.5", "1.5"},
    {"float", "1", "1.0"},
    {"int", "9223372036854775807 + 1", "failed: the number does not fit"},
    {"int", "9007199254740993", "\"9007199254740993\""},
    {"int", "20k + 1_000", "21000"},
    {"int", "round(2.5)", "3"},
    {"int", "round(-2.5)", "-3"},
    {"float", "round(3.14159, 2)", "3.14"},
    {"int", "floor(-0.5)", "-1"},
    {"int", "ceil(0.1)", "1"},
    {"int", "pow(2, 10)", "1024"},
    {"float", "pow(2.0, 0.5)", "1.4142135623730951"},
    {"float", "sqrt(2.0)", "1.4142135623730951"},
    {"int", "abs(-3)", "3"},
    {"int", "sum([1, 2, 3])", "6"},
    {"float", "mean([1, 2])", "1.5"},
    {"int", "min([3, 1, 2])", "1"},
    {"float", "max(1, 2.5)", "2.5"},
    {"int", "[1][3]", "failed: the list has no element 3"},
    {"float", "1 / 0", "failed: division by zero"},
    {"duration", "30s + 1min", "90"},
    {"duration", "1s / 4", "0.25"},
    {"float", "1min / 30s", "2.0"},
    {"size", "64KiB * 2", "131072"},
    {"money", "$0.05 * 3", "\"0.15\""},
    {"string", "\"${90s} ${1min + 30s} ${$0.50 + $0.25} ${64KiB}\"", "\"90s 90s $0.75 64KiB\""},
    {"bool", "1 < 2 and not 2 < 1", "true"},
    {"bool", "1 == 1.0", "true"},
};
INSTANTIATE_TEST_SUITE_P(Numbers, Expressions, testing::ValuesIn(numbers));

const Case texts[] = {
    {"string", R"("a" + "b")", R"("ab")"},
    {"string", R"("${1} ${1.0} ${true} ${[1, 2]} ${"x"}")", R"("1 1.0 true [1,2] x")"},
    {"string", R"("${["a", "b"]}")", R"("[\"a\",\"b\"]")"},
    {"string", R"({ let l: Light = red
 "${l}" })",
     R"("red")"},
    {"string", R"({ let s: Shape = box(1, 2)
 "${s}" })",
     R"("{\"kind\":\"box\",\"w\":1,\"h\":2}")"},
    {"string", R"("\${x} \u{E9}")", R"("${x} é")"},
    {"int", R"(len("héé"))", "3"},
    {"list<string>", R"("a,b,,c".split(","))", R"(["a","b","","c"])"},
    {"list<string>", R"("aü€".split("") + "".split(""))", R"(["a","ü","€"])"},
    {"string", R"("${0.0003} ${100000.0} ${0.00000025} ${-1.5e21}")", R"("0.0003 100000.0 2.5e-7 -1.5e21")"},
    {"list<string>", R"("a\nb\n".lines())", R"(["a","b"])"},
    {"string", R"(["a", "b"].join("-"))", R"("a-b")"},
    {"string", R"("  a b ".trim().upper())", R"("A B")"},
    {"string", R"("Ärger".lower())", R"("ärger")"},
    {"string", R"("aXbX".replace("X", "--"))", R"("a--b--")"},
    {"bool", R"("hello".starts_with("he") and "hello".ends_with("lo") and "hello".contains("ell"))", "true"},
    {"list<bool>", R"(["ab1".matches("[a-z]+\\d"), "ab".matches("[a-z]+\\d")])", "[true,false]"},
    {"list<int?>", R"(["12", "-3", "x", ""].map(|s| parse_int(s)))", "[12,-3,null,null]"},
    {"list<float?>", R"(["1.5", "1e3", "nan", "."].map(|s| parse_float(s)))", "[1.5,1000.0,null,null]"},
    {"string", R"(to_json({ a: 1, b: ["x"] }))", R"("{\"a\":1,\"b\":[\"x\"]}")"},
    {"json", R"(from_json("{\"b\": 1, \"a\": [1.0, null]}"))", R"({"a":[1.0,null],"b":1})"},
    {"string", R"(take("héllo", 2) + skip("héllo", 4))", R"("héo")"},
    {"bool", R"("b" < "é")", "true"},
};
INSTANTIATE_TEST_SUITE_P(Texts, Expressions, testing::ValuesIn(texts));

const Case lists[] = {
    {"list<int>", "range(3)", "[0,1,2]"},
    {"list<int>", "range(2, 5).reverse()", "[4,3,2]"},
    {"list<float>", "[1, 2.5]", "[1.0,2.5]"},
    {"list<int>", "[3, 1, 2].sort()", "[1,2,3]"},
    {"list<string>", R"(["bb", "a", "cc"].sort_by(|s| len(s)))", R"(["a","bb","cc"])"},
    {"list<int>", "range(10).filter(|x| x % 2 == 0).map(|x| x * x)", "[0,4,16,36,64]"},
    {"int", "[1, 2, 3].reduce(10, |acc, x| acc + x)", "16"},
    {"int?", "[1, 2, 3].find(|x| x > 1)", "2"},
    {"int?", "[1].find(|x| x > 1)", "null"},
    {"int", "[1].first() ?? 9", "1"},
    {"list<int>", "[none, 1, none, 2].present()", "[1,2]"},
    {"list<int>", "[1, 2, 1].unique() + [[3], [4]].flatten()", "[1,2,3,4]"},
    {"list<(int, string)>", R"([1, 2].zip(["a", "b", "c"]))", R"([[1,"a"],[2,"b"]])"},
    {"list<(int, string)>", R"(["a"].enumerate())", R"([[0,"a"]])"},
    {"map<list<int>>", R"(range(4).group_by(|x| if x % 2 == 0 { "even" } else { "odd" }))",
     R"({"even":[0,2],"odd":[1,3]})"},
    {"int?", R"({ "a": 1 }["b"])", "null"},
    {"map<int>", R"({ "b": 1 }.put("a", 2))", R"({"a":2,"b":1})"},
    {"list<string>", R"({ "b": 1, "a": 2 }.keys())", R"(["a","b"])"},
    {"map<int>", R"({ "a": 1, "b": 2 }.filter(|k, v| v > 1).map(|k, v| v * 10))", R"({"b":20})"},
    {"list<string>", R"(for (k, v) in { "a": 1 } { "${k}=${v}" })", R"(["a=1"])"},
    {"list<int>", "[1, 2, 3].take(2) + [1, 2, 3].skip(2)", "[1,2,3]"},
    {"list<bool>", "[[1, 2].contains(2), [1].any(|x| x > 1), [1].all(|x| x > 0)]", "[true,false,true]"},
    {"int", "range(10).count(|x| x > 6)", "3"},
};
INSTANTIATE_TEST_SUITE_P(Lists, Expressions, testing::ValuesIn(lists));

const Case shapes[] = {
    {"Point", "Point { x: 1, y: 2 }", R"({"x":1,"y":2.0})"},
    {"Point", R"(Point { x: 1, y: 2, tag: "t" }.copy(x: 5))", R"({"x":5,"y":2.0,"tag":"t"})"},
    {"string", R"({ let p = Point { x: 1, y: 2 }
 p.tag ?? "none" })",
     R"("none")"},
    {"int", R"({ let Point { x } = Point { x: 4, y: 2 }
 x })",
     "4"},
    {"(int, string)", R"((1, "a"))", R"([1,"a"])"},
    {"string", R"({ let (a, b) = (1, "z")
 b })",
     R"("z")"},
    {"string", R"((1, "b").1)", R"("b")"},
    {"Shape", "dot", R"({"kind":"dot"})"},
    {"list<float>", "[area(dot), area(circle(2.0)), area(box(2, 3))]", "[0.0,4.0,6.0]"},
    {"list<string>", "[name_of(red), name_of(green)]", R"(["stop","go"])"},
    {"Light", "Light.amber", R"("amber")"},
    {"string", R"(match 3 { 1 => "one", 3 => "three", _ => "many" })", R"("three")"},
    {"string", R"({ let x: int? = none
 match x { none => "nothing", some(v) => "${v}" } })",
     R"("nothing")"},
    {"string", R"(match (1, true) { (1, true) => "a", _ => "b" })", R"("a")"},
    {"list<list<int>>", "[twice(1), twice(2)]", "[[1,1],[2,2]]"},
    {"list<int>", "[inc(1), inc(1, 2), inc(by: 3, x: 1), 4.inc()]", "[2,3,4,5]"},
    {"list<int>", "{ let by = 2\n [1, 2].map(|x| x * by) }", "[2,4]"},
    {"int", "if false { 1 } else if true { 2 } else { 3 }", "2"},
    {"Score", "{ let xs = [5.0, 11.0]\n xs[1] }",
     "schema: the value breaks the where of Score: 0.0 <= it and it <= 10.0"},
    {"Range", "{ let xs = [5, 1]\n Range { low: xs[0], high: xs[1] } }",
     "schema: the field high breaks its where: low <= high"},
    {"bool", "Point { x: 1, y: 2 } == Point { x: 1, y: 2.0 }", "true"},
    {"bool", "Shape.box(1, 2) == Shape.box(1, 3)", "false"},
    {"json", R"({ "a": 1, "b": "x" })", R"({"a":1,"b":"x"})"},
};
INSTANTIATE_TEST_SUITE_P(Shapes, Expressions, testing::ValuesIn(shapes));

const Case forms[] = {
    {"int", "loop n = 1 max 10 { if n > 50 { break n } else { continue n * 2 } }", "64"},
    {"int", "loop n = 1 max 3 { if n > 50 { break n } else { continue n * 2 } } else { 0 - 1 }", "-1"},
    {"int", "loop n = 1 max 3 { if n > 50 { break n } else { continue n * 2 } }", "failed: the loop ran out of rounds"},
    {"list<int>", "for x in [1, 2, 3] parallel 2 { x * x }", "[1,4,9]"},
    {"list<int?>", R"(for x in [1, 0] { try div(4, x) catch { _ => none } })", "[4,null]"},
    {"string", R"(try { fail "boom" } catch { err => "${err.kind}: ${err.why}" })", R"("failed: boom")"},
    {"int", R"(try { fail "boom" } catch { timeout => 1 })", "failed: boom"},
    {"int", R"({ assert 1 < 2, "no"
 assert 2 < 1, "one ${1 + 1}"
 3 })",
     "failed: one 2"},
    {"bool", "false and [true][5]", "false"},
    {"int", "{ let x: int? = 3\n x ?? [1][5] }", "3"},
    {"bool", "true or [true][5]", "true"},
};
INSTANTIATE_TEST_SUITE_P(Forms, Expressions, testing::ValuesIn(forms));

} // namespace
} // namespace weft::reference::workflow
