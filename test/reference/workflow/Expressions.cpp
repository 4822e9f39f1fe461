//===- Expressions.cpp - Literals, names, operators, blocks ---------------===//

#include "test/reference/workflow/Core.h"
#include "test/reference/workflow/Interpreter.h"
#include "test/reference/workflow/TypedJson.h"

namespace weft::reference::workflow {

using sema::TypeKind;
using syntax::as;
using syntax::BinaryOp;
using syntax::ExprKind;

namespace {

/// The program's own words, of which a failure has some.
[[noreturn]] void raise(std::string why) {
  throw Failure{FailKind::failed, why.empty() ? "no reason was given" : std::move(why), "", true};
}

} // namespace

Value Interpreter::eval(const syntax::Expr *expr, const ScopePtr &scope) {
  if (++depth > 4000)
    throw Unsupported{"expressions nested so deep", expr->span};
  try {
    Value value = converted(expr, bare(expr, scope), scope);
    --depth;
    return value;
  } catch (...) {
    --depth;
    throw;
  }
}

Value Interpreter::converted(const syntax::Expr *expr, Value value, const ScopePtr &scope) {
  const sema::ExprInfo &info = program.of(expr);
  const sema::Conversion &conversion = info.conversion;
  if (!conversion.any())
    return value;
  if (conversion.tensorToNumber) {
    double number = value.tensor->elements.at(0);
    switch (sema::base(conversion.to)->kind) {
    case TypeKind::boolean:
      value = Value::boolean(number != 0);
      break;
    case TypeKind::integer:
      value = Value::integer(static_cast<std::int64_t>(number));
      break;
    default:
      value = Value::floating(number);
    }
  }
  if (conversion.intToFloat && !value.isNone())
    value = Value::floating(value.asReal());
  if (conversion.intToRng)
    value = Value::amount(Value::Kind::rng, value.number);
  if (conversion.numberToTensor) {
    sema::Type type = sema::base(conversion.to);
    if (type->is(TypeKind::optional))
      type = sema::base(type->element);
    value = Value::of(Tensor{type->elementType, {}, {value.asReal()}});
  }
  if (conversion.toJson)
    value = jsonValue(toJson(value, info.type, scope.get()));
  if (conversion.check)
    checkType(value, conversion.check);
  return value;
}

Value Interpreter::bare(const syntax::Expr *expr, const ScopePtr &scope) {
  switch (expr->kind) {
  case ExprKind::none:
    return {};
  case ExprKind::boolean:
    return Value::boolean(as<syntax::BoolExpr>(expr)->value);
  case ExprKind::integer:
    return Value::integer(as<syntax::IntExpr>(expr)->value);
  case ExprKind::floating:
    return Value::floating(as<syntax::FloatExpr>(expr)->value);
  case ExprKind::quantity: {
    const auto *quantity = as<syntax::QuantityExpr>(expr);
    Value::Kind kind = quantity->quantity == syntax::Quantity::duration ? Value::Kind::duration
                       : quantity->quantity == syntax::Quantity::size   ? Value::Kind::size
                                                                        : Value::Kind::money;
    return Value::amount(kind, quantity->amount);
  }
  case ExprKind::string:
    return string(as<syntax::StringExpr>(expr), scope);
  case ExprKind::list: {
    Values items;
    for (const syntax::Expr *element : as<syntax::ListExpr>(expr)->elements)
      items.push_back(eval(element, scope));
    return Value::list(std::move(items));
  }
  case ExprKind::tuple: {
    Values items;
    for (const syntax::Expr *element : as<syntax::TupleExpr>(expr)->elements)
      items.push_back(eval(element, scope));
    return Value::list(std::move(items));
  }
  case ExprKind::record:
    return record(as<syntax::RecordExpr>(expr), scope);
  case ExprKind::map: {
    std::map<std::string, Value> entries;
    for (const syntax::MapEntry &entry : as<syntax::MapExpr>(expr)->entries) {
      std::string key = eval(entry.key, scope).text;
      entries[key] = eval(entry.value, scope);
    }
    return Value::map(std::move(entries));
  }
  case ExprKind::name:
  case ExprKind::member:
    return nameValue(expr, scope);
  case ExprKind::tupleIndex: {
    const auto *access = as<syntax::TupleIndexExpr>(expr);
    return eval(access->object, scope).items->at(access->index);
  }
  case ExprKind::index:
    return index(as<syntax::IndexExpr>(expr), scope);
  case ExprKind::call:
    return call(expr, *program.call(expr), scope);
  case ExprKind::asType:
    return asType(as<syntax::AsExpr>(expr), scope);
  case ExprKind::with:
    return with(as<syntax::WithExpr>(expr), scope);
  case ExprKind::unary: {
    const auto *unary = as<syntax::UnaryExpr>(expr);
    Value operand = eval(unary->operand, scope);
    return unary->op == syntax::UnaryOp::logicalNot ? Value::boolean(!operand.truth) : negated(operand);
  }
  case ExprKind::binary:
    return binary(as<syntax::BinaryExpr>(expr), scope);
  case ExprKind::lambda: {
    Function function;
    function.lambda = as<syntax::LambdaExpr>(expr);
    function.scope = scope;
    return Value::of(std::move(function));
  }
  case ExprKind::block:
    return block(as<syntax::BlockExpr>(expr), scope);
  case ExprKind::fail:
    raise(eval(as<syntax::FailExpr>(expr)->why, scope).text);
  case ExprKind::assertThat: {
    const auto *assertion = as<syntax::AssertExpr>(expr);
    if (eval(assertion->condition, scope).truth)
      return {};
    if (assertion->why)
      raise(eval(assertion->why, scope).text);
    failed("an assert does not hold");
  }
  case ExprKind::emit: {
    const syntax::Expr *value = as<syntax::EmitExpr>(expr)->value;
    Value emitted = eval(value, scope);
    if (!kept.empty()) {
      kept.back().push_back(std::move(emitted));
      return {};
    }
    world.emitted(toJson(emitted, program.of(value).finalType(), scope.get()));
    return {};
  }
  default:
    return form(expr, scope);
  }
}

Value Interpreter::nameValue(const syntax::Expr *expr, const ScopePtr &scope) {
  const sema::ExprInfo &info = program.of(expr);
  switch (info.denotes) {
  case sema::Denotes::local:
    if (const Value *value = scope->find(info.symbol))
      return *value;
    throw Unsupported{"the name " + info.symbol->name + " without a value", expr->span};
  case sema::Denotes::caseOf:
    return Value::sum(info.index, {});
  case sema::Denotes::field:
    return eval(as<syntax::MemberExpr>(expr)->object, scope).items->at(static_cast<std::size_t>(info.index));
  case sema::Denotes::dim:
    return Value::integer(info.symbol->dim->value.value());
  case sema::Denotes::callable: {
    if (info.symbol && info.symbol->kind != sema::SymbolKind::fn && info.symbol->kind != sema::SymbolKind::core) {
      Value value;
      value.kind = Value::Kind::callable;
      value.symbol = info.symbol;
      return value;
    }
    Function function;
    if (info.symbol && info.symbol->kind == sema::SymbolKind::fn) {
      function.fn = info.symbol;
    } else {
      function.core = info.builtin;
      function.result = sema::base(info.type)->element;
    }
    return Value::of(std::move(function));
  }
  default:
    throw Unsupported{"this name as a value", expr->span};
  }
}

Value Interpreter::string(const syntax::StringExpr *expr, const ScopePtr &scope) {
  std::string out;
  for (const syntax::StringPiece &piece : expr->pieces) {
    if (!piece.hole)
      out += piece.text;
    else if (const auto *quantity = as<syntax::QuantityExpr>(piece.hole))
      out += quantity->text; // As in the source.
    else
      out += textOf(eval(piece.hole, scope), program.of(piece.hole).finalType(), scope.get());
  }
  return Value::string(std::move(out));
}

Value Interpreter::record(const syntax::RecordExpr *expr, const ScopePtr &scope) {
  sema::Type type = sema::base(program.of(expr).type);
  Values fields(type->fields.size());
  for (const syntax::Entry *entry : expr->entries)
    fields.at(static_cast<std::size_t>(type->fieldIndex(entry->key.text))) = eval(entry->value, scope);
  checkFields(type->fields, fields);
  return Value::record(std::move(fields));
}

Value Interpreter::binary(const syntax::BinaryExpr *expr, const ScopePtr &scope) {
  Value left = eval(expr->left, scope);
  switch (expr->op) {
  case BinaryOp::orElse:
    return left.isNone() ? eval(expr->right, scope) : left;
  case BinaryOp::logicalAnd:
    return left.truth ? eval(expr->right, scope) : left;
  case BinaryOp::logicalOr:
    return left.truth ? left : eval(expr->right, scope);
  default:
    break;
  }
  Value right = eval(expr->right, scope);
  switch (expr->op) {
  case BinaryOp::equal:
    return Value::boolean(equal(left, right));
  case BinaryOp::notEqual:
    return Value::boolean(!equal(left, right));
  case BinaryOp::less:
    return Value::boolean(compare(left, right) < 0);
  case BinaryOp::lessEqual:
    return Value::boolean(compare(left, right) <= 0);
  case BinaryOp::greater:
    return Value::boolean(compare(left, right) > 0);
  case BinaryOp::greaterEqual:
    return Value::boolean(compare(left, right) >= 0);
  default:
    return arithmetic(expr->op, left, right);
  }
}

Value Interpreter::index(const syntax::IndexExpr *expr, const ScopePtr &scope) {
  Value object = eval(expr->object, scope), place = eval(expr->index, scope);
  if (object.is(Value::Kind::map)) {
    auto found = object.entries->find(place.text);
    return found == object.entries->end() ? Value() : found->second;
  }
  if (place.number < 0 || static_cast<std::size_t>(place.number) >= object.items->size())
    failed("the list has no element " + std::to_string(place.number));
  return (*object.items)[static_cast<std::size_t>(place.number)];
}

Value Interpreter::block(const syntax::BlockExpr *expr, const ScopePtr &outer) {
  ScopePtr scope = inner(outer);
  Value last;
  for (const syntax::Stmt *statement : expr->statements) {
    last = {};
    if (const auto *one = as<syntax::ExprStmt>(statement)) {
      last = eval(one->expr, scope);
    } else if (const auto *let = as<syntax::LetStmt>(statement)) {
      Value value = eval(let->value, scope);
      bind(let->pattern, value, scope);
    } else if (!test) {
      throw Unsupported{"a statement of tests", statement->span};
    }
  }
  return last;
}

} // namespace weft::reference::workflow
