//===- WorldTest.cpp - Calls that leave the program -----------------------===//

#include "test/reference/workflow/self/Program.h"

namespace weft::reference::workflow {
namespace {

constexpr const char *calls = R"weft(
type Note { title: string where len(title) <= 8, points: list<string> }
type Verdict = accept | revise(why: string)
model local = extractive
tool docs = files { root: "./docs" }
tool out = files { root: "./out", write: true }
tool api = exec { item(id: string) -> json effect read = ["true", "${id}"] }
agent reader(text: string) -> Note { model: local, prompt: "Read: ${text}" }
agent chat { model: local }
agent editor(draft: string) -> Verdict = human { prompt: "Good?\n${draft}" }
)weft";

std::string with(const std::string &body) { return std::string(calls) + "workflow main" + body; }
ScriptedWorld::Answer json(const char *text) { return {*parseJson(text), std::nullopt}; }
ScriptedWorld::Answer failing(FailKind kind) { return {{}, Failure{kind, "down", "", true}}; }

TEST(World, ToolsGetRenderedArguments) {
  Program program(with("() -> list<string> { for n in docs.list(\"*.md\") parallel 4 { docs.read(n) } }"));
  program.world.answer("docs.list", R"(["*.md"])", json(R"(["a.md","b.md"])"));
  program.world.answer("docs.read", R"(["a.md"])", json("\"A\""));
  program.world.answer("docs.read", R"(["b.md"])", json("\"B\""));
  EXPECT_EQ(program.shown(), R"(["A","B"])");
  EXPECT_EQ(program.world.log.size(), 3u);
}

TEST(World, AnswersOfModelsAreParsedAndChecked) {
  Program program(with("() -> Note { reader(\"x\") }"));
  program.world.answer("local", R"(["Read: x"])", json(R"("```json\n{\"title\":\"T\",\"points\":[]}\n```")"));
  EXPECT_EQ(program.shown(), R"({"title":"T","points":[]})");
}

TEST(World, AWrongAnswerGoesBackTwice) {
  Program program(with("() -> string { try { reader(\"x\").title } catch { schema => \"gave up\" } }"));
  program.world.answer("local", "", json(R"("{\"title\":\"much too long a title\",\"points\":[]}")"));
  EXPECT_EQ(program.shown(), R"("gave up")");
  EXPECT_EQ(program.world.log.size(), 3u);
}

TEST(World, TheSecondAnswerMayDo) {
  Program program(with("() -> string { reader(\"x\").title }"));
  program.world.answer("local", "", json(R"("no json")"));
  program.world.answer("local", "", json(R"("{\"title\":\"ok\",\"points\":[\"p\"]}")"));
  EXPECT_EQ(program.shown(), R"("ok")");
  EXPECT_EQ(program.world.log.size(), 2u);
}

TEST(World, WhichOfTwoFailuresEndedABodyIsToldByTheWorld) {
  constexpr const char *body = "() -> string { try { docs.read(\"a\")\ndocs.read(\"b\") } catch { e => e.why } }";
  Program first(with(body)), second(with(body)), none(with(body)), cancelled(with(body));
  for (Program *program : {&first, &second, &none})
    program->world.answer("docs.read", R"(["b"])", {{}, Failure{FailKind::tool, "b is down", "docs.read", true}});
  for (Program *program : {&first, &second})
    program->world.answer("docs.read", R"(["a"])", failing(FailKind::tool));
  none.world.answer("docs.read", R"(["a"])", json("\"A\""));
  EXPECT_EQ(first.shown(), R"("down")");
  second.world.won = Failure{FailKind::tool, "b is down", "docs.read", true};
  EXPECT_EQ(second.shown(), R"("b is down")");
  EXPECT_EQ(none.shown(), R"("b is down")");
  // What was cancelled for the failure that won has no answer.
  cancelled.world.won = second.world.won;
  EXPECT_EQ(cancelled.shown(), R"("b is down")");
}

TEST(World, UnknownFieldsAreDroppedFromToolsOnly) {
  Program tools(with("() -> Note { api.item(\"1\") as Note }"));
  tools.world.answer("api.item", "", json(R"({"title":"T","points":[],"more":1})"));
  EXPECT_EQ(tools.shown(), R"({"title":"T","points":[]})");
  Program models(with("() -> Note { chat(\"1\") as Note }"));
  models.world.answer("local", "", json(R"("{\"title\":\"T\",\"points\":[],\"more\":1}")"));
  EXPECT_EQ(models.shown().substr(0, 7), "schema:");
}

TEST(World, PeopleAnswerByType) {
  Program program(
      with("() -> string { match editor(\"d\") with { timeout: 1h } { accept => \"yes\", revise(w) => w } }"));
  program.world.answer("editor", R"(["Good?\nd"])", json(R"({"kind":"revise","why":"short"})"));
  EXPECT_EQ(program.shown(), R"("short")");
}

TEST(World, OnlyTheWinnerOfARaceIsLookedAt) {
  Program program(with("() -> string { race { docs.read(\"a\"), docs.read(\"b\") } }"));
  program.world.answer("docs.read", R"(["b"])", json("\"B\""));
  program.world.winners = {1};
  EXPECT_EQ(program.shown(), R"("B")");
}

TEST(World, ARaceWithoutAWinnerFailsWithTheLast) {
  Program program(with("() -> string { race { docs.read(\"a\"), docs.read(\"b\") } }"));
  program.world.answer("docs.read", R"(["a"])", failing(FailKind::tool));
  program.world.answer("docs.read", R"(["b"])", failing(FailKind::refused));
  EXPECT_EQ(program.shown(), "refused: down");
}

TEST(World, RetriesAskAgain) {
  Program program(with("() -> string { docs.read(\"a\") with { retry: 2 } }"));
  program.world.answer("docs.read", "", failing(FailKind::transport));
  program.world.answer("docs.read", "", failing(FailKind::rateLimit));
  program.world.answer("docs.read", "", json("\"A\""));
  EXPECT_EQ(program.shown(), R"("A")");
  Program refused(with("() -> string { docs.read(\"a\") with { retry: 2 } }"));
  refused.world.answer("docs.read", "", failing(FailKind::tool));
  EXPECT_EQ(refused.shown(), "tool: down");
  EXPECT_EQ(refused.world.log.size(), 1u);
}

TEST(World, FailuresAreCaughtByKind) {
  Program program(
      with("() -> string { try docs.read(\"a\") catch { timeout => \"late\", e => \"${e.kind} ${e.step}\" } }"));
  program.world.answer("docs.read", "", failing(FailKind::tool));
  EXPECT_EQ(program.shown(), R"("tool docs.read")");
}

TEST(World, KeptSamplesGoToTheJudge) {
  Program program(with("() -> int { vote 2 of 3 { len(docs.read(\"a\")) } by total }") +
                  "\nfn total(xs: list<int>) -> int { sum(xs) }\n");
  program.world.answer("docs.read", "", json("\"xy\""));
  program.world.answer("docs.read", "", json("\"xyz\""));
  program.world.kept = {{2, 0}};
  EXPECT_EQ(program.shown(), "5");
}

TEST(World, WorkflowsCallWorkflows) {
  Program program(with("(n: int = 3) -> int depth 9 { if n == 0 { 0 } else { n + main(n - 1) } }"));
  EXPECT_EQ(program.shown(), "6");
  EXPECT_EQ(program.shown(R"({"n": 2})"), "3");
}

TEST(World, InputsAreCheckedAgainstTheirWheres) {
  Program program(with("(n: int where n > 2) -> int { n }"));
  EXPECT_EQ(program.shown(R"({"n": 3})"), "3");
  EXPECT_EQ(program.shown(R"({"n": 1})"), "schema: the parameter n breaks its where: n > 2");
}

TEST(World, WhatNothingAnswersIsNoFailureOfTheProgram) {
  Program program(with("() -> string { try docs.read(\"a\") catch { _ => \"caught\" } }"));
  EXPECT_THROW(program.shown(), Unsupported);
}

} // namespace
} // namespace weft::reference::workflow
