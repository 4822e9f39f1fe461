//===- FeaturesTest.cpp - Each request, on small programs -----------------===//

#include "test/unit/lang/server/Client.h"

namespace weft::server {
namespace {
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string prelude = R"(model local = extractive
tool docs = files { root: "./docs", write: true }
/// What a reader takes away.
type Note { title: string, score: float where score >= 0.0 }
type Verdict = accept | revise(why: string)
/// Reads one document.
agent reader(text: string) -> Note { model: local, prompt: "Read:\n${text}", budget: { tokens: 4k, cost: $0.10 } }
)";

std::string hoverText(const std::string &text) {
  Client client;
  json::value got = client.ask("textDocument/hover", client.open(text));
  return textAt(got, "contents.value").value_or("nothing");
}

TEST(Hover, AnAgent) {
  std::string text = hoverText(prelude + "workflow w(t: string) -> Note { re||ader(t) }\n");
  EXPECT_THAT(text, HasSubstr("agent reader(text: string) -> Note"));
  EXPECT_THAT(text, HasSubstr("effect: read"));
  EXPECT_THAT(text, HasSubstr("budget: $0.1, 4000 tokens"));
  EXPECT_THAT(text, HasSubstr("costs at least: 1 call, 3 tokens"));
  EXPECT_THAT(text, HasSubstr("Reads one document."));
}

TEST(Hover, AWorkflowSaysWhatItReachesAndCosts) {
  std::string text = hoverText(prelude + "workflow w||(t: string) -> list<Note> {\n  docs.write(\"a\", t)\n  for x in "
                                         "[t, t] { reader(x) }\n}\n");
  EXPECT_THAT(text, HasSubstr("workflow w(t: string) -> list<Note>"));
  EXPECT_THAT(text, HasSubstr("effect: write"));
  EXPECT_THAT(text, HasSubstr("`docs` (write"));
  EXPECT_THAT(text, HasSubstr("costs at least: 2 calls, 6 tokens"));
}

TEST(Hover, LocalsFieldsCasesAndCoreFunctions) {
  EXPECT_THAT(hoverText(prelude + "fn f(ns: list<Note>) -> float { let s = ns.map(|n| n.score)\n sum(||s) }\n"),
              HasSubstr("let s: list<float>"));
  EXPECT_THAT(hoverText(prelude + "fn f(n: Note) -> float { n.sc||ore }\n"),
              HasSubstr("Note.score: float where score >= 0.0"));
  EXPECT_THAT(hoverText(prelude + "fn f() -> Verdict { acc||ept }\n"), HasSubstr("Verdict.accept"));
  EXPECT_THAT(hoverText(prelude + "fn f(n: N||ote) -> float { n.score }\n"), HasSubstr("What a reader takes away."));
  EXPECT_THAT(hoverText("fn f(n: list<int>) -> int { le||n(n) }\n"), HasSubstr("len(xs: list<A>) -> int"));
}

// With an error somewhere, effects and costs are not known; what was written is.
TEST(Hover, SaysNothingThatIsNotKnown) {
  std::string text = hoverText(prelude + "workflow w(t: string) -> Note { re||ader(t) }\nfn f() -> int { missing }\n");
  EXPECT_THAT(text, HasSubstr("budget: $0.1, 4000 tokens"));
  EXPECT_THAT(text, Not(HasSubstr("effect")));
  EXPECT_THAT(text, Not(HasSubstr("costs")));
}

TEST(Hover, NothingWhereNoNameStands) { EXPECT_EQ(hoverText("fn f() -> int { 1 ||+ 2 }\n"), "nothing"); }

/// "line:column" of the start of what a definition leads to, counted from 0.
std::string definitionOf(const std::string &text) {
  Client client;
  json::value got = client.ask("textDocument/definition", client.open(text));
  std::optional<Position> start = positionIn(got, "range.start");
  return start ? std::to_string(start->line) + ":" + std::to_string(start->character) : "nothing";
}

TEST(Definition, OfEverythingThatHasOne) {
  EXPECT_EQ(definitionOf("fn f(x: int) -> int { ||x }\n"), "0:5");
  EXPECT_EQ(definitionOf("fn f(x: int) -> int { x }\nfn g() -> int { ||f(1) }\n"), "0:3");
  EXPECT_EQ(definitionOf("fn f(xs: list<int>) -> list<int> {\n  xs.map(|y| ||y + 1)\n}\n"), "1:10");
  EXPECT_EQ(definitionOf(prelude + "fn f(n: Note) -> float { n.||score }\n"), "3:27");
  EXPECT_EQ(definitionOf(prelude + "fn f(v: Verdict) -> int { match v { ||accept => 1, _ => 2 } }\n"), "4:15");
  EXPECT_EQ(definitionOf(prelude + "fn f(v: Verdict) -> string { match v { accept => \"\", revise(w) => ||w } }\n"),
            "7:60");
  EXPECT_EQ(definitionOf(prelude + "workflow w() -> Note { reader(||text: \"a\") }\n"), "6:13");
  EXPECT_EQ(definitionOf(prelude + "test \"t\" { mock ||reader => Note { title: \"t\", score: 1.0 } }\n"), "6:6");
  EXPECT_EQ(definitionOf("fn f(x: int) -> string { \"${||x}\" }\n"), "0:5");
  EXPECT_EQ(definitionOf("dim D = 4\nfn f(x: f32[||D]) -> f32[D] { x }\n"), "0:4");
  EXPECT_EQ(definitionOf("fn twice<T>(x: ||T) -> list<T> { [x, x] }\n"), "0:9");
  EXPECT_EQ(definitionOf("fn f(n: list<int>) -> int { ||len(n) }\n"), "nothing");
}

TEST(Definition, OfAModuleIsItsBeginning) {
  Client client;
  client.open("// what others need\nfn half(x: int) -> int { x }\n", "/w/parts.weft");
  const std::string text = "use ./parts.{half}\nuse std.vote.{majority}\nfn f() -> int { half(1) }\n";
  client.open(text);
  auto leadsTo = [&](const std::string &word) {
    json::value got = client.ask("textDocument/definition", Client::place(text, text.find(word)));
    return textAt(got, "uri").value_or("nothing") + " " + json::serialize(*at(got, "range.start"));
  };
  EXPECT_EQ(leadsTo("parts"), uriOf("/w/parts.weft") + R"( {"line":0,"character":0})");
  EXPECT_EQ(leadsTo("vote"), uriOf(WEFT_STDLIB "/vote.weft") + R"( {"line":0,"character":0})");
  EXPECT_EQ(leadsTo("half}"), uriOf("/w/parts.weft") + R"( {"line":1,"character":3})");
}

TEST(References, AllInOneFile) {
  Client client;
  json::object place = client.open("fn f(||x: int) -> int { let y = x\n x + y }\nfn g(x: int) -> int { x }\n");
  json::object params = place;
  params["context"] = json::object{{"includeDeclaration", true}};
  EXPECT_EQ(client.ask("textDocument/references", params).as_array().size(), 3u);
  params["context"] = json::object{{"includeDeclaration", false}};
  EXPECT_EQ(client.ask("textDocument/references", params).as_array().size(), 2u);
  EXPECT_EQ(client.ask("textDocument/documentHighlight", place).as_array().size(), 3u);
}

/// The text after a rename, or why it was refused.
std::string renamed(std::string text, const std::string &name) {
  Client client;
  json::object params = client.open(text);
  params["newName"] = name;
  json::value whole = client.askWhole("textDocument/rename", params);
  if (const json::value *error = at(whole, "error"))
    return *textAt(*error, "message");
  text.erase(text.find("||"), 2);
  return edited(text, at(whole, "result.changes")->as_object().begin()->value());
}

TEST(Rename, ALocal) {
  EXPECT_EQ(renamed("fn f(x: int) -> int { let y = x\n ||y + y }\n", "z"),
            "fn f(x: int) -> int { let z = x\n z + z }\n");
}

TEST(Rename, AFieldWithItsPatternsAndRecords) {
  EXPECT_EQ(
      renamed("type P { a: int, b: int }\nfn f(p: P) -> P {\n  let P { a, b } = p\n  P { a: a + b, b: p.||a }\n}\n",
              "c"),
      "type P { c: int, b: int }\nfn f(p: P) -> P {\n  let P { c, b } = p\n  P { c: c + b, b: p.c }\n}\n");
}

TEST(Rename, AParameterWithItsNamedArguments) {
  EXPECT_EQ(renamed("fn f(||x: int) -> int { x }\nfn g() -> int { f(x: 1) }\n", "y"),
            "fn f(y: int) -> int { y }\nfn g() -> int { f(y: 1) }\n");
}

TEST(Rename, RefusesWhatWouldChangeMeaning) {
  EXPECT_THAT(renamed("fn f(x: int) -> int { let y = x\n ||y + x }\n", "x"), HasSubstr("would be wrong"));
  // Valid afterwards, but the inner `b` would catch the outer one's use.
  EXPECT_THAT(renamed("fn f(||a: int) -> list<int> { [1].map(|b| a + b) }\n", "b"), HasSubstr("would"));
  EXPECT_THAT(renamed("fn f(||a: int) -> int { a }\n", "let"), HasSubstr("would be wrong"));
  EXPECT_THAT(renamed("fn f(||a: int) -> int { a }\n", "a b"), HasSubstr("is not a name"));
  EXPECT_THAT(renamed("fn f(a: list<int>) -> int { ||len(a) }\n", "size"), HasSubstr("core functions"));
  EXPECT_THAT(renamed("type ||Note { a: int }\nfn f(n: Note) -> int { n.a }\n", "note"), HasSubstr("would be wrong"));
}

TEST(Rename, InAProgramThatHasErrorsElsewhere) {
  EXPECT_EQ(renamed("fn f(||a: int) -> int { a }\nfn g() -> int { missing }\n", "b"),
            "fn f(b: int) -> int { b }\nfn g() -> int { missing }\n");
}

// Nobody can say what the word means there, and half a renaming is none.
TEST(Rename, NotWhileADeclarationWithTheWordCannotBeRead) {
  EXPECT_THAT(renamed("fn ||half(a: int) -> int { a }\n\nfn g( -> int { half(1) }\n", "third"),
              HasSubstr("a.weft:3 has the word in a declaration that cannot be read"));
  EXPECT_EQ(renamed("fn ||half(a: int) -> int { a }\n\nfn g( -> int { halfway(1) }\n", "third"),
            "fn third(a: int) -> int { a }\n\nfn g( -> int { halfway(1) }\n");
  EXPECT_EQ(renamed("fn f() -> int { let ||half = 1\n half }\n\nfn g( -> int { half(1) }\n", "third"),
            "fn f() -> int { let third = 1\n third }\n\nfn g( -> int { half(1) }\n");
}

/// "line:column length type modifiers" of each token.
std::vector<std::string> tokensOf(Client &client, const std::string &method, const json::object &params) {
  const json::value legend = *at(client.hello, "capabilities.semanticTokensProvider.legend");
  const json::array &types = *listAt(legend, "tokenTypes"), &modifiers = *listAt(legend, "tokenModifiers");
  std::vector<std::string> found;
  const json::value result = client.ask(method, params);
  const json::array &data = *listAt(result, "data");
  std::int64_t line = 0, column = 0;
  for (std::size_t i = 0; i + 4 < data.size(); i += 5) {
    auto number = [&](std::size_t k) { return json::value_to<std::int64_t>(data[i + k]); };
    line += number(0);
    column = number(0) == 0 ? column + number(1) : number(1);
    std::string one = std::to_string(line) + ":" + std::to_string(column) + " " + std::to_string(number(2)) + " " +
                      types.at(static_cast<std::size_t>(number(3))).as_string().c_str();
    for (std::size_t bit = 0; bit < modifiers.size(); ++bit)
      if (number(4) >> bit & 1)
        one += std::string(" ") + modifiers[bit].as_string().c_str();
    found.push_back(std::move(one));
  }
  return found;
}

TEST(SemanticTokens, WhatEachNameIs) {
  Client client;
  client.open("type Note { title: string }\nfn f(n: Note) -> int {\n  let size = len(\"🐈${n.title}\")\n  size\n}\n");
  EXPECT_THAT(tokensOf(client, "textDocument/semanticTokens/full", client.everywhere()),
              ElementsAre("0:5 4 struct declaration", "0:12 5 property declaration", "1:3 1 function declaration",
                          "1:5 1 parameter declaration", "1:8 4 struct", "2:6 4 variable declaration",
                          "2:13 3 function defaultLibrary", "2:22 1 parameter", "2:24 5 property", "3:2 4 variable"));
}

TEST(SemanticTokens, ToolsCasesAndSizes) {
  Client client;
  client.open(prelude + "dim D = 4\nworkflow w(v: Verdict) -> string { docs.read(\"a\") }\n"
                        "fn g<T>(x: T) -> Verdict { accept }\nfn h(x: f32[D]) -> f32[D] { x }\n");
  std::vector<std::string> all = tokensOf(client, "textDocument/semanticTokens/full", client.everywhere());
  EXPECT_THAT(all, IsSupersetOf({"0:6 5 function declaration", "1:5 4 namespace declaration", "4:5 7 enum declaration",
                                 "4:15 6 enumMember declaration", "7:4 1 variable declaration readonly",
                                 "8:35 4 namespace", "8:40 4 method", "9:5 1 typeParameter declaration",
                                 "9:11 1 typeParameter", "9:27 6 enumMember", "10:12 1 variable readonly"}));
  json::object line = client.everywhere();
  line["range"] = json::object{{"start", toJson({9, 0})}, {"end", toJson({9, 12})}};
  EXPECT_THAT(tokensOf(client, "textDocument/semanticTokens/range", line),
              ElementsAre("9:3 1 function declaration", "9:5 1 typeParameter declaration",
                          "9:8 1 parameter declaration", "9:11 1 typeParameter"));
}

TEST(WorkspaceSymbols, ByLettersOfTheName) {
  Client client;
  client.open(prelude, "/w/a.weft");
  client.open("fn grade_all() -> int { 1 }\nfn ( } {\n", "/w/b.weft");
  auto names = [&](const std::string &query) {
    return each(client.ask("workspace/symbol", json::object{{"query", query}}), "name");
  };
  EXPECT_THAT(names("reader"), ElementsAre("reader"));
  EXPECT_THAT(names("GRA"), ElementsAre("grade_all"));
  EXPECT_THAT(names("gal"), ElementsAre("grade_all"));
  EXPECT_THAT(names(""), IsSupersetOf({"local", "Note", "title", "revise", "grade_all"}));
  EXPECT_THAT(names("nothing_has_this"), ElementsAre());
  json::value title = client.ask("workspace/symbol", json::object{{"query", "title"}}).at(0);
  EXPECT_EQ(textAt(title, "containerName"), "Note");
  EXPECT_EQ(textAt(title, "location.uri"), uriOf("/w/a.weft"));
  EXPECT_EQ(positionIn(title, "location.range.start"), (Position{3, 12}));
  client.change({}, "fn other() -> int { 1 }\n", 2, "/w/b.weft");
  client.run();
  EXPECT_THAT(names("grade"), ElementsAre());
  EXPECT_THAT(names("other"), ElementsAre("other"));
}

TEST(InlayHints, TypesAndEffects) {
  Client client;
  client.open(
      prelude +
      "workflow w(t: string) -> float {\n  let n = reader(t)\n  let known: float = n.score\n  docs.write(\"a\", "
      "t)\n  known\n}\nfn f(xs: list<int>) { xs.map(|x| x + 1) }\n");
  std::vector<std::string> labels = each(client.ask("textDocument/inlayHint", client.everywhere()), "label");
  EXPECT_THAT(labels, IsSupersetOf({": Note", ": int", " -> list<int>", "effect read", "effect write idempotent"}));
  EXPECT_THAT(labels, Not(Contains(": float")));
}

TEST(InlayHints, NoneOfWhatIsWrong) {
  Client client;
  client.open("fn f() -> int { let x = missing\n 1 }\n");
  EXPECT_THAT(each(client.ask("textDocument/inlayHint", client.everywhere()), "label"), ElementsAre());
}

TEST(DocumentSymbols, Outline) {
  Client client;
  client.open(prelude + "dim D = 4\ntest \"all is well\" { assert true }\n");
  json::value list = client.ask("textDocument/documentSymbol", client.everywhere());
  EXPECT_THAT(each(list, "name"),
              ElementsAre("local", "docs", "Note", "Verdict", "reader", "D", "test \"all is well\""));
  EXPECT_THAT(each(list.at(2).at("children"), "name"), ElementsAre("title", "score"));
}

TEST(Formatting, ChangesOnlyTheLinesThatDiffer) {
  std::string text = "fn f() -> int { 1 }\n\nfn  g( ) -> int {2}\n\nfn h() -> int { 3 }\n";
  Client client;
  client.open(text);
  json::value edits = client.ask("textDocument/formatting", client.everywhere());
  EXPECT_EQ(edited(text, edits), "fn f() -> int { 1 }\n\nfn g() -> int { 2 }\n\nfn h() -> int { 3 }\n");
  EXPECT_EQ(positionIn(edits.at(0), "range.start"), (Position{2, 0}));
  EXPECT_EQ(positionIn(edits.at(0), "range.end"), (Position{3, 0}));
}

TEST(Formatting, NothingForABrokenText) {
  Client client;
  client.open("fn f( { 1 }\n");
  EXPECT_TRUE(client.ask("textDocument/formatting", client.everywhere()).is_null());
}

TEST(CodeActions, WritesWhatWasMeant) {
  std::string text = "fn half(x: float) -> float { x / 2.0 }\nfn f() -> float { hafl(1.0) }\n";
  Client client;
  client.open(text);
  json::value list = client.ask("textDocument/codeAction", client.everywhere());
  ASSERT_EQ(list.as_array().size(), 1u);
  const json::object &changes = at(list.at(0), "edit.changes")->as_object();
  EXPECT_EQ(edited(text, changes.at(uriOf("/w/a.weft"))),
            "fn half(x: float) -> float { x / 2.0 }\nfn f() -> float { half(1.0) }\n");
}

} // namespace
} // namespace weft::server
