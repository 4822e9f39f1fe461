//===- Lambdas.cpp - Functions as values ----------------------------------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using sema::ExprInfo;

Value BodyEmitter::lambda(const syntax::LambdaExpr *expr) {
  auto type = cast<expr::ValueType>(typeOf(module.program.of(expr).type));
  auto op = expr::LambdaOp::create(builder, module.at(expr->span), type);
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&op.getBody());
  for (auto [param, parameterType] : llvm::zip(expr->parameters, type.getElements().drop_back()))
    bind(module.program.symbol(param), body->addArgument(parameterType, module.at(param->span)));
  bool outside = std::exchange(pure, true);
  yield(expr->span, emit(expr->body, type.getElements().back()));
  pure = outside;
  return op.getResult();
}

/// A function that has a name, as a value: a lambda that calls it.
Value BodyEmitter::functionValue(const syntax::Expr *expr) {
  const ExprInfo &info = module.program.of(expr);
  auto type = dyn_cast<expr::ValueType>(typeOf(info.type));
  if (!type || type.getKind() != Kind::function) {
    module.refuse(diagnostics::Code::agentValueNotCarried, expr->span, "an agent or workflow as a value",
                  "call it by its name");
    return none(expr->span, typeOf(info.type));
  }
  auto op = expr::LambdaOp::create(builder, module.at(expr->span), type);
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&op.getBody());
  for (Type parameter : type.getElements().drop_back())
    body->addArgument(parameter, module.at(expr->span));
  Type result = type.getElements().back();
  Value value;
  if (info.symbol->kind == sema::SymbolKind::fn) {
    auto callee = FlatSymbolRefAttr::get(builder.getContext(), module.function(info.symbol, {}));
    value = expr::CallOp::create(builder, module.at(expr->span), result, callee, body->getArguments());
  } else {
    value = builtin(expr->span, sema::nameOf(info.builtin), body->getArguments(), result);
  }
  expr::YieldOp::create(builder, module.at(expr->span), value);
  return op.getResult();
}

} // namespace weft::lowering
