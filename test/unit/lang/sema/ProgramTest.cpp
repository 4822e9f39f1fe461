//===- ProgramTest.cpp - Effects, policies, modules, options --------------===//

#include "lang/sema/Cost.h"
#include "lang/sema/Walk.h"
#include "test/unit/lang/sema/CheckText.h"

#include <gmock/gmock.h>

namespace weft::sema {
namespace {
using syntax::as;
using testing::HasSubstr;

constexpr const char *tools = "model local = extractive\n"
                              "agent ask(x: string) -> string { model: local, prompt: \"${x}\" }\n"
                              "tool git = exec {\n  log() -> string effect read = [\"git\", \"log\"]\n"
                              "  tag(n: string) effect write = [\"git\", \"tag\", n]\n}\n";

const WorkflowInfo &workflow(const Checked &checked, const char *name) {
  return *checked.program->find(name)->workflow;
}
Effect effect(const Checked &checked, const char *name) { return checked.program->find(name)->callable->effect; }

TEST(Effects, AreWhatIsReachedThroughWorkflowsAndValues) {
  auto checked = checkText(std::string(tools) +
                           "workflow a(x: string) -> string { b(x) }\n"
                           "workflow b(x: string) -> string depth 3 { if len(x) > 3 { git.tag(x); x } else { c(x) } }\n"
                           "workflow c(x: string) -> string { b(x) }\n"
                           "workflow d(x: string) -> list<string> { for f in [ask, e] { f(x) } }\n"
                           "workflow e(x: string) -> string { git.log() }\n"
                           "workflow f() -> int { len(\"x\") }\n");
  ASSERT_EQ(checked->messages(), "");
  EXPECT_EQ(effect(*checked, "a"), Effect::write);
  EXPECT_EQ(effect(*checked, "c"), Effect::write);
  EXPECT_EQ(effect(*checked, "d"), Effect::read);
  EXPECT_EQ(effect(*checked, "f"), Effect::pure);
  EXPECT_TRUE(workflow(*checked, "b").recursive);
  EXPECT_FALSE(workflow(*checked, "a").recursive);
  const auto &resources = (*checked)->find("a")->callable->resources;
  ASSERT_EQ(resources.size(), 1u); // A tool is one, whichever of its members are called.
  EXPECT_EQ(resources[0].effect, Effect::write);
  EXPECT_EQ(resources[0].tool->name, "git");
}

TEST(Order, CalleesComeBeforeTheirCallers) {
  auto checked =
      checkText("workflow a(x: string) -> string { b(c(x)) }\nfn c(x: string) -> string { d(x) }\n"
                "workflow b(x: string) -> string { ask(x) }\nfn d(x: string) -> string { x }\n"
                "agent ask(x: string) -> string { model: local, prompt: \"${x}\" }\nmodel local = extractive\n");
  ASSERT_EQ(checked->messages(), "");
  std::vector<std::string> names;
  for (const Symbol *symbol : (*checked)->order)
    names.push_back(symbol->name);
  auto at = [&](const char *name) { return std::find(names.begin(), names.end(), name) - names.begin(); };
  EXPECT_EQ(names.size(), 5u);
  EXPECT_LT(at("d"), at("c"));
  EXPECT_LT(at("c"), at("a"));
  EXPECT_LT(at("ask"), at("b"));
  EXPECT_LT(at("b"), at("a"));
}

TEST(Policies, AreNumbers) {
  auto checked =
      checkText(std::string(tools) +
                "workflow w() -> string {\n  let base = 2s\n"
                "  git.log() with { retry: 1 + 2, retry_on: [timeout, tool], timeout: base * 3, backoff: 50ms }\n}");
  ASSERT_EQ(checked->messages(), "");
  const syntax::WithExpr *with = nullptr;
  forEachExpr(workflow(*checked, "w").decl->body,
              [&](const syntax::Expr *expr) { with = as<syntax::WithExpr>(expr) ? as<syntax::WithExpr>(expr) : with; });
  const Policy &policy = (*checked)->policy(with);
  EXPECT_EQ(policy.retry, 3);
  EXPECT_EQ(policy.timeoutNs, 6'000'000'000);
  EXPECT_EQ(policy.backoffNs, 50'000'000);
  EXPECT_EQ(policy.retryOn, 1u << 1 | 1u << 6);
  EXPECT_FALSE(policy.hedgeNs.has_value());
}

TEST(Budgets, AreNumbers) {
  auto checked =
      checkText("model m = extractive { price: { input: $0.15 per Mtok, output: $0.60 per ktok }, limit: { rate: 5 per "
                "s, context: 128k } }\n"
                "workflow w() -> string depth 2 budget { cost: $0.40, tokens: 60k, time: 20min } { m(\"x\") }\n");
  EXPECT_EQ(checked->engine.errorCount(), 0u) << checked->messages();
  const Budget &budget = workflow(*checked, "w").budget;
  EXPECT_EQ(budget.costNano, 400'000'000);
  EXPECT_EQ(budget.tokens, 60'000);
  EXPECT_EQ(budget.timeNs, 1'200'000'000'000);
  const ModelInfo &model = *(*checked)->find("m")->model;
  EXPECT_EQ(model.priceInputNano, 150'000'000);
  EXPECT_EQ(model.priceOutputNano, 600'000'000'000);
  EXPECT_EQ(model.ratePerMin, 300);
  EXPECT_EQ(model.contextTokens, 128'000);
  EXPECT_TRUE((*checked)->find("w")->callable->paid);
}

// 2^60 calls, and each body is looked at once.
TEST(Cost, OfWorkflowsThatCallEachOtherTwice) {
  std::string text = tools;
  text += "workflow w0(x: string) -> string { ask(x) }\n";
  for (int i = 1; i <= 60; ++i)
    text += "workflow w" + std::to_string(i) + "(x: string) -> string { let y = w" + std::to_string(i - 1) + "(x)\n w" +
            std::to_string(i - 1) + "(y) }\n";
  text += "workflow all(x: string) -> string budget { tokens: 1k } { w60(x) }\n";
  auto checked = checkText(text);
  EXPECT_THAT(checked->messages(), HasSubstr("`all` takes at least 1152921504606846976 tokens"));
  EXPECT_EQ(leastCost(*checked->program, *checked->program->find("w60")).calls, 0x1p60);
}

// Each cycle is counted once: what a second activation costs depends on where it ends.
TEST(Cost, OfACycle) {
  auto checked =
      checkText(std::string(tools) +
                "workflow a(x: string) -> string depth 3 { let y = ask(x)\n if len(y) > 3 { b(y) } else { b(x) } }\n"
                "workflow b(x: string) -> string { if len(x) > 9 { ask(x) } else { a(x) } }\n");
  ASSERT_EQ(checked->messages(), "");
  EXPECT_EQ(leastCost(*checked->program, *checked->program->find("a")).calls, 2.0);
  EXPECT_EQ(leastCost(*checked->program, *checked->program->find("b")).calls, 1.0);
}

TEST(Modules, AreLoadedOnceAndCompletely) {
  Modules files = {{"lib/a.weft", "use ./b.{base}\nfn up(x: int) -> int { base(x) + 1 }"},
                   {"lib/b.weft", "type Kind = news | opinion\nfn base(x: int) -> int { x }"},
                   {"std/vote", "fn first_of(xs: list<string>) -> string { xs.first() ?? \"\" }"}};
  auto checked = checkText("use ./lib/a.{up as rise}\nuse ./lib/b.{Kind, base}\nmodel local = extractive\n"
                           "fn f(k: Kind) -> int { match k { news => rise(1), opinion => base(2) } }\n"
                           "workflow w() -> string { vote 2 { local(\"x\") } by std.vote.first_of }",
                           "main.weft", files);
  ASSERT_EQ(checked->messages(), "");
  EXPECT_EQ((*checked)->modules.size(), 4u);
  EXPECT_EQ((*checked)->modules[0]->name, "");
}

TEST(Modules, AnErrorOfFormSilencesTheNameThatWasToStandThere) {
  auto checked = checkText("fn lost( { 1 }\nfn f() -> int { lost(1) + len(3) + nowhere }");
  std::string messages = checked->messages();
  EXPECT_THAT(messages, HasSubstr("error[W01"));
  EXPECT_THAT(messages, Not(HasSubstr("`lost`")));
  EXPECT_THAT(messages, HasSubstr("`len` does not take int"));
  EXPECT_THAT(messages, HasSubstr("there is no name `nowhere`"));
}

TEST(Options, ADimensionIsReplaced) {
  Options options;
  options.dims["D"] = 64;
  auto checked = checkText("dim D = 4, H = 2 * D\nfn f(x: f32[D, H]) -> f32[D] { sum(x, H) }", "t.weft", {}, options);
  ASSERT_EQ(checked->messages(), "");
  Type type = (*checked)->find("f")->callable->parameters[0].type;
  EXPECT_EQ(type->dims[0].value(), 64);
  EXPECT_EQ(type->dims[1].value(), 128);
}

TEST(Limits, ALongChainOfOperatorsIsRefusedNotCrashed) {
  std::string text = "fn f() -> int { 1";
  for (int i = 0; i < 20'000; ++i)
    text += " + 1";
  auto checked = checkText(text + " }");
  EXPECT_TRUE(checked->engine.hasErrors());
}

TEST(Limits, ManyErrorsAreToldOnce) {
  auto checked = checkText("fn f() -> int { let x = nowhere; let y = x + 1; let z = y.a.b(c) + x; z }");
  // `nowhere` and `c` are unknown; what follows from them is silent.
  EXPECT_EQ(checked->engine.errorCount(), 2u) << checked->messages();
}

} // namespace
} // namespace weft::sema
