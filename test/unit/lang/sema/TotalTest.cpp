//===- TotalTest.cpp - The tables have no holes ---------------------------===//
//
// Who comes after sema infers nothing: in an accepted program every expression
// has a settled type, every call its callee and arguments, every pattern a meaning.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Inference.h"
#include "lang/sema/Walk.h"
#include "test/unit/lang/sema/CheckText.h"

#include <gtest/gtest.h>

namespace weft::sema {
namespace {
using syntax::as;

const std::string folder = std::string(WEFT_TEST_FOLDER) + "/lang/sema/";

std::string written(const Checked &checked, const syntax::Node *node) {
  return std::string(checked.sources.file(node->span.file).text(node->span));
}

void expectWhole(const Checked &checked, const syntax::Expr *expr) {
  const CheckedProgram &program = *checked.program;
  const ExprInfo &info = program.of(expr);
  ASSERT_NE(info.type, nullptr) << written(checked, expr);
  EXPECT_NE(info.type->kind, TypeKind::error) << written(checked, expr);
  EXPECT_FALSE(Inference::open(info.type)) << written(checked, expr);
  EXPECT_FALSE(Inference::open(info.finalType())) << written(checked, expr);
  if (as<syntax::CallExpr>(expr) && info.denotes != Denotes::tool) {
    const CallInfo *call = program.call(expr);
    ASSERT_NE(call, nullptr) << written(checked, expr);
    EXPECT_FALSE(Inference::open(call->result));
    for (const BoundArgument &argument : call->arguments)
      EXPECT_TRUE(argument.value || call->kind == CalleeKind::tensorCore) << written(checked, expr);
  }
  if (const auto *match = as<syntax::MatchExpr>(expr)) {
    for (const syntax::Arm *arm : match->arms)
      EXPECT_NE(program.pattern(arm->pattern).type, nullptr);
  }
}

class Total : public testing::TestWithParam<const char *> {};

TEST_P(Total, EveryExpressionIsKnown) {
  Checked checked;
  source::FileId root =
      checked.sources.add(std::string(GetParam()) + ".weft", *readText(folder + GetParam() + ".weft")).id();
  checked.program =
      check(checked.sources, root, checked.engine, [](const std::string &wanted) { return readText(folder + wanted); });
  ASSERT_EQ(checked.messages(), "");
  for (const auto &module : checked->modules)
    for (const syntax::Decl *decl : module->tree->decls)
      forEachRoot(decl, [&](const syntax::Expr *rootExpr) {
        forEachExpr(rootExpr, [&](const syntax::Expr *expr) { expectWhole(checked, expr); });
      });
}

INSTANTIATE_TEST_SUITE_P(Sema, Total, testing::Values("accepted_values", "accepted_workflows", "accepted_tensors"));

} // namespace
} // namespace weft::sema
