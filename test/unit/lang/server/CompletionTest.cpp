//===- CompletionTest.cpp - What may be typed, and what a call takes ------===//

#include "test/unit/lang/server/Client.h"

namespace weft::server {
namespace {
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string declared = R"(model local = extractive
tool docs = files { root: "./docs" }
type Note { title: string, score: float }
type Verdict = accept | revise(why: string)
agent reader(text: string) -> Note { model: local, prompt: text }
fn weigh(n: Note) -> float { n.score }
)";

std::vector<std::string> labels(const std::string &text) {
  Client client;
  return each(client.ask("textDocument/completion", client.open(text)), "label");
}

TEST(Completion, NamesInSight) {
  auto names = labels(declared + "fn f(near: int) -> int {\n  let other = 1\n  ||\n}\nfn later() -> int { 1 }\n");
  EXPECT_THAT(names, IsSupersetOf({"near", "other", "later", "weigh", "len", "match"}));
  EXPECT_THAT(names, Not(Contains("title")));
}

TEST(Completion, WithDetails) {
  Client client;
  json::value list = client.ask("textDocument/completion", client.open(declared + "fn f(near: int) -> int { ||1 }\n"));
  std::map<std::string, std::string> details;
  for (const json::value &one : list.as_array())
    details[*textAt(one, "label")] = textAt(one, "detail").value_or("");
  EXPECT_EQ(details["near"], "near: int");
  EXPECT_EQ(details["weigh"], "fn weigh(n: Note) -> float");
}

TEST(Completion, InAnExpressionThatIsNotFinished) {
  EXPECT_THAT(labels(declared + "fn f(near: int) -> int {\n  let other = ||\n}\n"), IsSupersetOf({"near", "weigh"}));
  EXPECT_THAT(labels(declared + "fn f(near: int) -> int {\n  let other = 1 + abs(ne||\n  other\n}\n"),
              IsSupersetOf({"near"}));
}

TEST(Completion, Members) {
  EXPECT_THAT(labels(declared + "fn f(n: Note) -> float { n.|| }\n"),
              IsSupersetOf({"title", "score", "copy", "weigh"}));
  EXPECT_THAT(labels(declared + "workflow w() { docs.|| }\n"), UnorderedElementsAre("list", "read"));
  EXPECT_THAT(labels(declared + "fn f() -> Verdict { Verdict.|| }\n"), UnorderedElementsAre("accept", "revise"));
  EXPECT_THAT(labels(declared + "fn f(xs: list<int>) -> int { xs.|| }\n"), IsSupersetOf({"len", "map", "first"}));
  EXPECT_THAT(labels(declared + "fn f(xs: list<int>) -> int { xs.|| }\n"), Not(Contains("upper")));
  EXPECT_THAT(labels(declared + "fn f(s: string) -> string { s.up|| }\n"), Contains("upper"));
}

TEST(Completion, CasesWhereTheirTypeIsKnown) {
  EXPECT_THAT(labels(declared + "fn f() -> Verdict { || }\n"), IsSupersetOf({"accept", "revise"}));
  EXPECT_THAT(labels(declared + "fn f(v: Verdict) -> int {\n  match v {\n    ||\n  }\n}\n"),
              IsSupersetOf({"accept", "revise"}));
}

TEST(Completion, Keys) {
  EXPECT_THAT(labels(declared + "agent a(x: string) -> string {\n  model: local\n  prompt: x\n  ||\n}\n"),
              IsSupersetOf({"system", "tools", "budget"}));
  EXPECT_THAT(labels(declared + "workflow w() { local(\"x\") with { || } }\n"), IsSupersetOf({"retry", "timeout"}));
  EXPECT_THAT(labels(declared + "fn f() -> Note { Note { || } }\n"), IsSupersetOf({"title", "score"}));
  EXPECT_THAT(labels(declared + "workflow w() -> Note { reader(||) }\n"), Contains("text"));
}

TEST(Completion, InTests) {
  auto test = [](const std::string &body) { return labels(declared + "test \"t\" {\n  " + body + "\n}\n"); };
  EXPECT_THAT(test("mock docs.read => ||"), IsSupersetOf({"in_turn", "slow", "costing", "failing"}));
  EXPECT_THAT(test("mock local => slow(1s, ||)"), IsSupersetOf({"in_turn", "costing"}));
  EXPECT_THAT(test("mock local => costing(\"a\", ||)"), IsSupersetOf({"input", "output"}));
  EXPECT_THAT(test("mock local => failing(||)"), IsSupersetOf({"timeout", "rate_limit"}));
  EXPECT_THAT(test("assert || == 2"), IsSupersetOf({"calls", "arguments", "emitted", "fails"}));
  EXPECT_THAT(test("assert calls(||) == 2"), IsSupersetOf({"docs", "local", "reader"}));
}

TEST(Completion, KindsOfFailuresThatAreCaught) {
  EXPECT_THAT(labels(declared + "workflow w() -> string { try docs.read(\"a\") catch { || } }\n"),
              IsSupersetOf({"timeout", "tool", "unknown_outcome"}));
}

TEST(Completion, Types) {
  auto names = labels(declared + "fn f(x: ||) -> int { 1 }\n");
  EXPECT_THAT(names, IsSupersetOf({"Note", "Verdict", "string", "list"}));
  EXPECT_THAT(names, Not(Contains("weigh")));
}

TEST(Completion, Modules) {
  EXPECT_THAT(labels("use std.||\n"), Contains("vote"));
  EXPECT_THAT(labels("use std.vote.{||}\n"), Contains("majority"));
}

TEST(Completion, Declarations) {
  EXPECT_THAT(labels(declared + "||\n"), IsSupersetOf({"workflow", "agent", "type"}));
  EXPECT_THAT(labels(declared + "wor||\n"), Contains("workflow"));
}

TEST(Completion, NotInTextsAndComments) {
  EXPECT_THAT(labels(declared + "fn f() -> string { \"ab ||\" }\n"), ElementsAre());
  EXPECT_THAT(labels(declared + "fn f() -> int {\n  // so ||\n  1\n}\n"), ElementsAre());
  EXPECT_THAT(labels(declared + "fn f(near: int) -> string { \"ab ${||}\" }\n"), Contains("near"));
}

TEST(Completion, ElsewhereBroken) {
  EXPECT_THAT(labels(declared + "fn f(near: int) -> int { || }\nfn ( } {\n"), Contains("near"));
}

json::value help(const std::string &text) {
  Client client;
  return client.ask("textDocument/signatureHelp", client.open(text));
}

TEST(SignatureHelp, OfDeclaredThings) {
  json::value shown = help(declared + "fn pair(a: int, b: Note) -> int { a }\nfn f(n: Note) -> int { pair(1, ||) }\n");
  EXPECT_EQ(each(shown.at("signatures"), "label"), std::vector<std::string>{"fn pair(a: int, b: Note) -> int"});
  EXPECT_THAT(each(shown.at("signatures").at(0).at("parameters"), "label"), ElementsAre("a: int", "b: Note"));
  EXPECT_EQ(numberAt(shown, "activeParameter"), 1u);
}

TEST(SignatureHelp, AValueBeforeTheDotIsTheFirstArgument) {
  EXPECT_EQ(numberAt(help(declared + "fn pair(a: Note, b: int) -> int { b }\nfn f(n: Note) -> int { n.pair(||) }\n"),
                     "activeParameter"),
            1u);
  EXPECT_EQ(numberAt(help(declared + "workflow w() -> string { docs.read(||) }\n"), "activeParameter"), 0u);
}

TEST(SignatureHelp, OfCoreFunctions) {
  json::value shown = help("fn f(xs: list<int>) -> list<int> { sort_by(xs, ||) }\n");
  EXPECT_THAT(each(shown.at("signatures").at(0).at("parameters"), "label"),
              ElementsAre("xs: list<A>", "f: fn(A) -> B"));
  EXPECT_EQ(numberAt(shown, "activeParameter"), 1u);
}

TEST(SignatureHelp, OfWhatStandsInTests) {
  json::value shown = help("model local = extractive\ntest \"t\" { mock local => slow(1s, ||) }\n");
  EXPECT_EQ(each(shown.at("signatures"), "label"), std::vector<std::string>{"slow(after: duration, answer: T) -> T"});
}

TEST(SignatureHelp, InACallThatIsNotClosed) {
  json::value shown = help(declared + "workflow w() -> Note {\n  let x = reader(||\n  x\n}\n");
  EXPECT_EQ(each(shown.at("signatures"), "label"), std::vector<std::string>{"agent reader(text: string) -> Note"});
}

TEST(SignatureHelp, NothingOutsideOfCalls) { EXPECT_TRUE(help("fn f() -> int { || 1 }\n").is_null()); }

} // namespace
} // namespace weft::server
