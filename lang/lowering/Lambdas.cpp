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

/// A function that has a name, as a value: a lambda that calls it. An agent is its number among all that are values.
Value BodyEmitter::functionValue(const syntax::Expr *expr) {
  const ExprInfo &info = module.program.of(expr);
  auto type = cast<expr::ValueType>(typeOf(info.type));
  if (type.getKind() == Kind::agent)
    return as(expr->span, integer(expr->span, module.numberOf(info.symbol)), type);
  auto op = expr::LambdaOp::create(builder, module.at(expr->span), type);
  OpBuilder::InsertionGuard guard(builder);
  Block *body = builder.createBlock(&op.getBody());
  for (Type parameter : type.getElements().drop_back())
    body->addArgument(parameter, module.at(expr->span));
  Type result = type.getElements().back();
  Value value;
  if (info.symbol && info.symbol->kind == sema::SymbolKind::fn) {
    SmallVector<Type> typeArguments;
    for (sema::Type argument : module.program.instance(expr))
      typeArguments.push_back(typeOf(argument));
    value = callFunction(expr->span, info.symbol, typeArguments, llvm::to_vector_of<Value>(body->getArguments()));
  } else {
    value = core(expr->span, info.builtin, info.type->element, llvm::to_vector_of<Value>(body->getArguments()));
  }
  value = as(expr->span, value, result);
  expr::YieldOp::create(builder, module.at(expr->span), value);
  return op.getResult();
}

} // namespace weft::lowering
