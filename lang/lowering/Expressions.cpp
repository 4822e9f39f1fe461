//===- Expressions.cpp - Expressions as ops --------------------------------===//

#include "lang/lowering/BodyEmitter.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using sema::Denotes;
using sema::ExprInfo;
using syntax::ExprKind;

namespace {

std::optional<expr::Measure> measureOf(syntax::Quantity quantity) {
  switch (quantity) {
  case syntax::Quantity::duration:
    return expr::Measure::duration;
  case syntax::Quantity::size:
    return expr::Measure::size;
  case syntax::Quantity::money:
    return expr::Measure::money;
  default:
    return std::nullopt;
  }
}

} // namespace

llvm::StringRef operatorName(syntax::BinaryOp op) {
  using syntax::BinaryOp;
  switch (op) {
  case BinaryOp::multiply:
    return "mul";
  case BinaryOp::divide:
    return "divide";
  case BinaryOp::remainder:
    return "remainder";
  case BinaryOp::add:
    return "add";
  case BinaryOp::subtract:
    return "sub";
  case BinaryOp::equal:
    return "eq";
  case BinaryOp::notEqual:
    return "ne";
  case BinaryOp::less:
    return "lt";
  case BinaryOp::lessEqual:
    return "le";
  case BinaryOp::greater:
    return "gt";
  case BinaryOp::greaterEqual:
    return "ge";
  case BinaryOp::matmul:
  case BinaryOp::orElse:
  case BinaryOp::logicalAnd:
  case BinaryOp::logicalOr:
    break; // Of tensors, or lazy: never a builtin.
  }
  llvm_unreachable("no builtin");
}

Value BodyEmitter::emit(const syntax::Expr *expr, Type wanted) {
  const ExprInfo &info = module.program.of(expr);
  bool never = info.type && info.type->is(sema::TypeKind::never);
  if (never || isa_and_nonnull<flow::StepType>(wanted))
    return emitBare(expr, wanted ? wanted : module.simple(Kind::none));
  Value value = emitBare(expr, info.conversion.any() || !wanted ? typeOf(info.type) : wanted);
  value = convert(expr, value);
  return wanted ? as(expr->span, value, wanted) : value;
}

Value BodyEmitter::emitBare(const syntax::Expr *expr, Type wanted) {
  source::Span span = expr->span;
  switch (expr->kind) {
  case ExprKind::none:
    return none(span, wanted);
  case ExprKind::boolean:
    return constant(span, builder.getBoolAttr(syntax::as<syntax::BoolExpr>(expr)->value), module.simple(Kind::boolean));
  case ExprKind::integer:
    return integer(span, syntax::as<syntax::IntExpr>(expr)->value);
  case ExprKind::floating:
    return constant(span, builder.getF64FloatAttr(syntax::as<syntax::FloatExpr>(expr)->value),
                    module.simple(Kind::real));
  case ExprKind::quantity: {
    auto *quantity = syntax::as<syntax::QuantityExpr>(expr);
    if (auto measure = measureOf(quantity->quantity))
      return constant(span, expr::QuantityAttr::get(builder.getContext(), *measure, quantity->amount),
                      typeOf(module.program.of(expr).type));
    break;
  }
  case ExprKind::string:
    return string(syntax::as<syntax::StringExpr>(expr));
  case ExprKind::list:
    return list(expr, syntax::as<syntax::ListExpr>(expr)->elements);
  case ExprKind::tuple:
    return list(expr, syntax::as<syntax::TupleExpr>(expr)->elements);
  case ExprKind::record:
    return record(syntax::as<syntax::RecordExpr>(expr), typeOf(module.program.of(expr).type));
  case ExprKind::map:
    return map(syntax::as<syntax::MapExpr>(expr));
  case ExprKind::name:
  case ExprKind::member:
    return name(expr);
  case ExprKind::tupleIndex: {
    auto *access = syntax::as<syntax::TupleIndexExpr>(expr);
    return expr::FieldOp::create(builder, module.at(span), typeOf(module.program.of(expr).type), emit(access->object),
                                 access->index);
  }
  case ExprKind::index:
    return index(syntax::as<syntax::IndexExpr>(expr));
  case ExprKind::call:
    return call(expr, *module.program.call(expr));
  case ExprKind::asType:
    return asType(syntax::as<syntax::AsExpr>(expr));
  case ExprKind::with:
    return with(syntax::as<syntax::WithExpr>(expr), wanted);
  case ExprKind::unary:
    return unary(syntax::as<syntax::UnaryExpr>(expr));
  case ExprKind::binary:
    return binary(syntax::as<syntax::BinaryExpr>(expr));
  case ExprKind::lambda:
    return lambda(syntax::as<syntax::LambdaExpr>(expr));
  case ExprKind::block:
    return block(syntax::as<syntax::BlockExpr>(expr), wanted);
  case ExprKind::ifElse:
    return ifElse(syntax::as<syntax::IfExpr>(expr), wanted);
  case ExprKind::match:
    return match(syntax::as<syntax::MatchExpr>(expr), wanted);
  case ExprKind::forEach:
    return forEach(syntax::as<syntax::ForExpr>(expr));
  case ExprKind::loop:
    return loop(syntax::as<syntax::LoopExpr>(expr), wanted);
  case ExprKind::race:
    return race(syntax::as<syntax::RaceExpr>(expr), wanted);
  case ExprKind::vote:
    return vote(syntax::as<syntax::VoteExpr>(expr));
  case ExprKind::tryCatch:
    return tryCatch(syntax::as<syntax::TryExpr>(expr), wanted);
  case ExprKind::breakLoop:
    return endRound(expr, syntax::as<syntax::BreakExpr>(expr)->value, true);
  case ExprKind::continueLoop:
    return endRound(expr, syntax::as<syntax::ContinueExpr>(expr)->value, false);
  case ExprKind::fail: {
    Value why = emit(syntax::as<syntax::FailExpr>(expr)->why, module.simple(Kind::string));
    return fail(span, "failed", why, wanted);
  }
  case ExprKind::assertThat:
    assertThat(syntax::as<syntax::AssertExpr>(expr));
    return none(span, wanted);
  case ExprKind::emit: {
    Value value = emit(syntax::as<syntax::EmitExpr>(expr)->value);
    flow::EmitOp::create(builder, module.at(span), value, stepId("emit"));
    return none(span, wanted);
  }
  case ExprKind::rate:
  case ExprKind::atomic:
    break;
  }
  module.refuse(diagnostics::Code::notCarried, span, "this expression");
  return none(span, wanted);
}

/// A name or `x.f`: what sema says that it denotes.
Value BodyEmitter::name(const syntax::Expr *expr) {
  const ExprInfo &info = module.program.of(expr);
  source::Span span = expr->span;
  switch (info.denotes) {
  case Denotes::local: {
    auto found = values.find(info.symbol);
    if (found != values.end())
      return found->second;
    module.refuse(diagnostics::Code::notCarried, span, "a value of outside in a body that stands alone",
                  "give it as an argument");
    return none(span, typeOf(info.type));
  }
  case Denotes::caseOf:
    return expr::VariantOp::create(builder, module.at(span), typeOf(info.type), static_cast<std::uint32_t>(info.index),
                                   ValueRange());
  case Denotes::field: {
    Value object = emit(syntax::as<syntax::MemberExpr>(expr)->object);
    return expr::FieldOp::create(builder, module.at(span), typeOf(info.type), object,
                                 static_cast<std::uint32_t>(info.index));
  }
  case Denotes::dim:
    return integer(span, info.symbol->dim->value.value_or(0));
  case Denotes::callable:
    return functionValue(expr);
  case Denotes::value:
  case Denotes::tool:
    break;
  }
  module.refuse(diagnostics::Code::notCarried, span, "this name as a value");
  return none(span, typeOf(info.type));
}

Value BodyEmitter::string(const syntax::StringExpr *expr) { return string(expr->span, expr->pieces); }

Value BodyEmitter::string(source::Span span, ArrayRef<syntax::StringPiece> written) {
  SmallVector<Attribute> pieces;
  SmallVector<Value> holes;
  std::string text;
  for (const syntax::StringPiece &piece : written) {
    if (!piece.hole) {
      text += piece.text;
      continue;
    }
    // A quantity is written as in the source, not as its amount.
    if (auto *quantity = syntax::as<syntax::QuantityExpr>(piece.hole)) {
      text += quantity->text;
      continue;
    }
    pieces.push_back(builder.getStringAttr(text));
    text.clear();
    holes.push_back(emit(piece.hole));
  }
  pieces.push_back(builder.getStringAttr(text));
  if (holes.empty())
    return this->text(span, text);
  return expr::FormatOp::create(builder, module.at(span), module.simple(Kind::string), builder.getArrayAttr(pieces),
                                holes);
}

Value BodyEmitter::list(const syntax::Expr *expr, ArrayRef<syntax::Expr *> elements) {
  SmallVector<Value> items;
  for (const syntax::Expr *element : elements)
    items.push_back(emit(element));
  return expr::ListOp::create(builder, module.at(expr->span), typeOf(module.program.of(expr).type), items);
}

/// Fields in the order of the type; what an optional field leaves out is none.
Value BodyEmitter::record(const syntax::RecordExpr *expr, Type type) {
  sema::Type record = sema::base(module.program.of(expr).type);
  std::map<std::string, Value> given;
  for (const syntax::Entry *entry : expr->entries)
    given[entry->key.text] = emit(entry->value);
  SmallVector<Value> fields;
  for (const sema::Field &field : record->fields) {
    auto found = given.find(field.name);
    fields.push_back(found != given.end() ? found->second : none(expr->span, typeOf(field.type)));
  }
  Value made = expr::RecordOp::create(builder, module.at(expr->span), type, fields);
  return checked(expr->span, record->fields, made);
}

Value BodyEmitter::map(const syntax::MapExpr *expr) {
  SmallVector<Value> entries;
  for (const syntax::MapEntry &entry : expr->entries) {
    entries.push_back(string(entry.key));
    entries.push_back(emit(entry.value));
  }
  return expr::MapOp::create(builder, module.at(expr->span), typeOf(module.program.of(expr).type), entries);
}

Value BodyEmitter::index(const syntax::IndexExpr *expr) {
  Value object = emit(expr->object), place = emit(expr->index);
  bool isMap = sema::base(module.program.of(expr->object).finalType())->is(sema::TypeKind::map);
  return builtin(expr->span, isMap ? "lookup" : "index", {object, place}, typeOf(module.program.of(expr).type));
}

Value BodyEmitter::unary(const syntax::UnaryExpr *expr) {
  Value operand = emit(expr->operand);
  llvm::StringRef name = expr->op == syntax::UnaryOp::negate ? "negate" : "not_";
  return builtin(expr->span, name, operand, typeOf(module.program.of(expr).type));
}

Value BodyEmitter::binary(const syntax::BinaryExpr *expr) {
  using syntax::BinaryOp;
  Type type = typeOf(module.program.of(expr).type);
  source::Span span = expr->span;
  bool lazy = expr->op == BinaryOp::logicalAnd || expr->op == BinaryOp::logicalOr || expr->op == BinaryOp::orElse;
  if (!lazy) {
    Value left = emit(expr->left), right = emit(expr->right);
    return builtin(span, operatorName(expr->op), {left, right}, type);
  }
  Value left = emit(expr->left);
  auto right = [&] { return emit(expr->right, type); };
  if (expr->op == BinaryOp::logicalAnd)
    return branch(expr->right, left, type, {right, [&] { return constant(span, builder.getBoolAttr(false), type); }});
  if (expr->op == BinaryOp::logicalOr)
    return branch(expr->right, left, type, {[&] { return constant(span, builder.getBoolAttr(true), type); }, right});
  Value present = expr::CaseIndexOp::create(builder, module.at(span), module.simple(Kind::integer), left);
  return branch(
      expr->right, present, type,
      {right, [&] { return expr::CaseFieldOp::create(builder, module.at(span), type, left, 0).getResult(); }});
}

} // namespace weft::lowering
