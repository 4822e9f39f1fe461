//===- TablesTest.cpp - What the tables say of calls, conversions, names --===//

#include "lang/sema/Walk.h"
#include "test/unit/lang/sema/CheckText.h"

#include <gmock/gmock.h>

namespace weft::sema {
namespace {
using syntax::as;
using testing::ElementsAre;

/// The first expression of a kind in a program, in the order of the text.
template <typename T> const T *first(const Checked &checked) {
  const T *found = nullptr;
  for (const syntax::Decl *decl : checked.program->modules[0]->tree->decls)
    forEachRoot(decl, [&](const syntax::Expr *root) {
      forEachExpr(root, [&](const syntax::Expr *expr) {
        if (const T *one = as<T>(expr); one && !found)
          found = one;
      });
    });
  return found;
}

std::vector<std::string> arguments(const Checked &checked, const CallInfo &call) {
  std::vector<std::string> out;
  for (const BoundArgument &argument : call.arguments)
    out.push_back((argument.isDefault ? "default " : "") +
                  std::string(checked.sources.file(argument.value->span.file).text(argument.value->span)));
  return out;
}

TEST(Calls, ArgumentsAreInTheOrderOfTheParameters) {
  auto checked = checkText("fn f(a: int, b: int = 7, c: int = 9) -> int { a + b + c }\nfn g() -> int { 1.f(c: 3) }");
  ASSERT_EQ(checked->messages(), "");
  const CallInfo *call = (*checked)->call(first<syntax::CallExpr>(*checked));
  ASSERT_NE(call, nullptr);
  EXPECT_EQ(call->kind, CalleeKind::fn);
  EXPECT_TRUE(call->receiver);
  EXPECT_THAT(arguments(*checked, *call), ElementsAre("1", "default 7", "3"));
}

TEST(Calls, AFieldThatIsAFunctionIsCalledWithoutTheRecord) {
  auto checked = checkText("type Box { f: fn(int) -> int }\nfn g(b: Box) -> int { b.f(3) }");
  ASSERT_EQ(checked->messages(), "");
  const auto *expr = first<syntax::CallExpr>(*checked);
  const CallInfo *call = (*checked)->call(expr);
  EXPECT_EQ(call->kind, CalleeKind::closure);
  EXPECT_FALSE(call->receiver);
  EXPECT_EQ((*checked)->of(expr->callee).denotes, Denotes::field);
  EXPECT_EQ((*checked)->of(expr->callee).index, 0);
}

TEST(Calls, OverloadsAreChosenByTheFirstArgument) {
  auto checked = checkText("fn f(s: string, xs: list<int>, m: map<int>) -> int { len(s) }");
  EXPECT_EQ((*checked)->call(first<syntax::CallExpr>(*checked))->builtin, BuiltinId::lenString);
  checked = checkText("fn f(xs: list<int>) -> int { len(xs) }");
  EXPECT_EQ((*checked)->call(first<syntax::CallExpr>(*checked))->builtin, BuiltinId::lenList);
  checked = checkText("fn f(xs: map<int>) -> int { xs.len() }");
  EXPECT_EQ((*checked)->call(first<syntax::CallExpr>(*checked))->builtin, BuiltinId::lenMap);
}

TEST(Calls, GenericFunctionsKnowTheirTypes) {
  auto checked = checkText("fn twice<T>(x: T) -> list<T> { [x, x] }\nfn g() -> list<string> { twice(\"a\") }");
  ASSERT_EQ(checked->messages(), "");
  const CallInfo *call = (*checked)->call(first<syntax::CallExpr>(*checked));
  ASSERT_EQ(call->typeArguments.size(), 1u);
  EXPECT_EQ(text(call->typeArguments[0]), "string");
  EXPECT_EQ(text(call->result), "list<string>");
}

TEST(Conversions, AnIntBecomesAFloatWhereOneIsAsked) {
  auto checked = checkText("fn f() -> float { 1 }\nfn g(x: float) -> float { x }");
  const auto *one = first<syntax::IntExpr>(*checked);
  EXPECT_TRUE((*checked)->of(one).conversion.intToFloat);
  EXPECT_EQ(text((*checked)->of(one).finalType()), "float");
}

TEST(Conversions, AValueOfAnAliasIsCheckedOnItsWayIn) {
  auto checked =
      checkText("type Score = float where it >= 0.0\nfn f(x: int) -> Score { x }\nfn g(s: Score) -> float { s }");
  ASSERT_EQ(checked->messages(), "");
  const syntax::NameExpr *x = nullptr;
  const syntax::Decl *f = (*checked)->modules[0]->tree->decls[1];
  forEachRoot(f, [&](const syntax::Expr *root) {
    forEachExpr(root,
                [&](const syntax::Expr *expr) { x = as<syntax::NameExpr>(expr) ? as<syntax::NameExpr>(expr) : x; });
  });
  const Conversion &made = (*checked)->of(x).conversion;
  EXPECT_TRUE(made.intToFloat);
  ASSERT_NE(made.check, nullptr);
  EXPECT_EQ(made.check->name, "Score");
}

TEST(Conversions, ScalarsLeaveTensorFunctionsAsNumbers) {
  auto checked = checkText("dim D = 4\nfn f(x: f32[D]) -> f32 { sum(x) }\nworkflow w(x: f32[D]) -> float { f(x) }");
  ASSERT_EQ(checked->messages(), "");
  const syntax::CallExpr *call = nullptr;
  forEachRoot((*checked)->modules[0]->tree->decls[2], [&](const syntax::Expr *root) {
    forEachExpr(
        root, [&](const syntax::Expr *expr) { call = as<syntax::CallExpr>(expr) ? as<syntax::CallExpr>(expr) : call; });
  });
  EXPECT_TRUE((*checked)->of(call).conversion.tensorToNumber);
  EXPECT_EQ((*checked)->call(call)->kind, CalleeKind::tensorFn);
}

TEST(Lambdas, CaptureLocalsOfOutsideInTheOrderOfUse) {
  auto checked =
      checkText("fn f(xs: list<int>, a: int, b: int) -> list<int> { let c = 1; xs.map(|x| c + b + x + a + b) }");
  ASSERT_EQ(checked->messages(), "");
  std::vector<std::string> names;
  for (const Symbol *symbol : (*checked)->captures(first<syntax::LambdaExpr>(*checked)))
    names.push_back(symbol->name);
  EXPECT_THAT(names, ElementsAre("c", "b", "a"));
}

TEST(Lambdas, AnInnerCaptureGoesThroughTheOuterOne) {
  auto checked = checkText("fn f(xs: list<int>, a: int) -> list<list<int>> { xs.map(|x| xs.map(|y| a + x + y)) }");
  ASSERT_EQ(checked->messages(), "");
  std::vector<std::string> names;
  for (const Symbol *symbol : (*checked)->captures(first<syntax::LambdaExpr>(*checked)))
    names.push_back(symbol->name);
  EXPECT_THAT(names, ElementsAre("xs", "a"));
}

TEST(Patterns, NamesInsideBracketsAreCasesOrBind) {
  auto checked = checkText("type V = yes | no(why: string)\ntype W = one(v: V, n: int)| two\n"
                           "fn f(w: W) -> int { match w { one(yes, n) => n, one(no(_), _) => 2, two => 3 } }");
  ASSERT_EQ(checked->messages(), "");
  const auto *match = first<syntax::MatchExpr>(*checked);
  const auto *one = as<syntax::CasePattern>(match->arms[0]->pattern);
  EXPECT_EQ((*checked)->pattern(one->arguments[0]).match, Match::caseOf);
  EXPECT_EQ((*checked)->pattern(one->arguments[1]).match, Match::bind);
  EXPECT_EQ((*checked)->pattern(one->arguments[1]).symbol, (*checked)->symbol(one->arguments[1]));
}

TEST(Tensors, CallsKnowTheSizesOfTheirSignature) {
  auto checked =
      checkText("dim D = 4\nfn f(x: f32[B, D]) -> f32[B] { sum(x, D) }\nworkflow w(x: f32[8, D]) -> f32[8] { f(x) }");
  ASSERT_EQ(checked->messages(), "");
  const syntax::CallExpr *call = nullptr;
  forEachRoot((*checked)->modules[0]->tree->decls[2], [&](const syntax::Expr *root) {
    forEachExpr(
        root, [&](const syntax::Expr *expr) { call = as<syntax::CallExpr>(expr) ? as<syntax::CallExpr>(expr) : call; });
  });
  const CallInfo *info = (*checked)->call(call);
  ASSERT_EQ(info->dimArguments.size(), 1u);
  EXPECT_EQ(info->dimArguments[0].first->name, "B");
  EXPECT_EQ(info->dimArguments[0].second.value(), 8);
  EXPECT_EQ((*checked)->call(first<syntax::CallExpr>(*checked))->arguments[1].dimension, 1);
}

TEST(Tensors, MarksStandBesideTypes) {
  auto checked = checkText("cluster here = local\nmesh grid on here { data: 2, model: 2 }\ndim D = 4\n"
                           "fn f(x: f32[B@(data, model), D@whole], w: f32[D, D]) -> f32[B, D, sum@model] { x @ w }");
  ASSERT_EQ(checked->messages(), "");
  const Symbol *f = (*checked)->find("f");
  EXPECT_THAT(f->callable->parameters[0].marks.dims[0].axes, ElementsAre("data", "model"));
  EXPECT_TRUE(f->callable->parameters[0].marks.dims[1].whole);
  EXPECT_TRUE(f->callable->parameters[1].marks.empty());
  EXPECT_THAT(f->callable->resultMarks.partialSum, ElementsAre("model"));
  EXPECT_EQ(f->fn->mesh, (*checked)->find("grid"));
}

} // namespace
} // namespace weft::sema
