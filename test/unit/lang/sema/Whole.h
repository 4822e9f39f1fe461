//===- Whole.h - An accepted program leaves nothing to infer --------------===//

#pragma once

#include "lang/sema/Inference.h"
#include "lang/sema/Walk.h"
#include "test/unit/lang/sema/CheckText.h"

#include <gtest/gtest.h>

namespace weft::sema {

inline std::string written(const Checked &checked, const syntax::Node *node) {
  return std::string(checked.sources.file(node->span.file).text(node->span));
}

inline void expectWhole(const Checked &checked, const syntax::Expr *expr) {
  const CheckedProgram &program = *checked.program;
  const ExprInfo &info = program.of(expr);
  ASSERT_NE(info.type, nullptr) << written(checked, expr);
  EXPECT_NE(info.type->kind, TypeKind::error) << written(checked, expr);
  EXPECT_FALSE(Inference::open(info.type)) << written(checked, expr);
  EXPECT_FALSE(Inference::open(info.finalType())) << written(checked, expr);
  if (syntax::as<syntax::CallExpr>(expr) && info.denotes != Denotes::tool) {
    const CallInfo *call = program.call(expr);
    ASSERT_NE(call, nullptr) << written(checked, expr);
    EXPECT_FALSE(Inference::open(call->result));
    for (const BoundArgument &argument : call->arguments)
      EXPECT_TRUE(argument.value || call->kind == CalleeKind::tensorCore || call->builtin == BuiltinId::mockCosting)
          << written(checked, expr);
  }
  if (const auto *match = syntax::as<syntax::MatchExpr>(expr)) {
    for (const syntax::Arm *arm : match->arms)
      EXPECT_NE(program.pattern(arm->pattern).type, nullptr);
  }
}

/// Every expression of every module has a settled type, every call its callee and
/// arguments, every pattern a meaning.
inline void expectWhole(const Checked &checked) {
  for (const auto &module : checked->modules)
    for (const syntax::Decl *decl : module->tree->decls)
      forEachRoot(decl, [&](const syntax::Expr *root) {
        forEachExpr(root, [&](const syntax::Expr *expr) { expectWhole(checked, expr); });
      });
}

} // namespace weft::sema
