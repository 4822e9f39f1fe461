//===- TensorBodies.cpp - Names, blocks, records of a tensor function -----===//
//
// What only says where a tensor is: nothing here becomes an op, but for picking
// one of a stack.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/TensorEmitter.h"

using namespace mlir;

namespace weft::lowering {

Value TensorEmitter::emitTensor(const syntax::Expr *expr) {
  std::optional<TensorParts> parts = emit(expr);
  return parts ? parts->value : Value();
}

std::optional<TensorParts> TensorEmitter::emit(const syntax::Expr *expr) {
  const sema::ExprInfo &info = module.program.of(expr);
  // Blocks hand on what stands in them: theirs is the conversion.
  if ((isNumber(expr) || info.conversion.numberToTensor) && !syntax::as<syntax::BlockExpr>(expr)) {
    Type element = builder.getF32Type();
    if (info.conversion.intToRng)
      element = builder.getI64Type();
    else if (info.conversion.numberToTensor)
      element = typeOf(info.conversion.to).getElementType();
    Value value = scalar(expr, element);
    return value ? std::optional(TensorParts{value, {}}) : std::nullopt;
  }
  std::optional<TensorParts> parts = emitBare(expr);
  if (parts && parts->value && !computed(expr->span, cast<RankedTensorType>(parts->value.getType())))
    return std::nullopt;
  return parts;
}

std::optional<TensorParts> TensorEmitter::emitBare(const syntax::Expr *expr) {
  const sema::ExprInfo &info = module.program.of(expr);
  auto one = [](Value value) { return value ? std::optional(TensorParts{value, {}}) : std::nullopt; };
  if (auto *block = syntax::as<syntax::BlockExpr>(expr))
    return this->block(block);
  if (auto *binary = syntax::as<syntax::BinaryExpr>(expr))
    return one(this->binary(binary));
  if (auto *negated = syntax::as<syntax::UnaryExpr>(expr); negated && negated->op == syntax::UnaryOp::negate) {
    Value operand = emitTensor(negated->operand);
    return operand && computes(expr->span, operand) ? one(elementwise(expr->span, nn::ElementwiseKind::neg, {operand}))
                                                    : std::nullopt;
  }
  if (const sema::CallInfo *call = module.program.call(expr))
    return this->call(expr, *call);
  if (auto *record = syntax::as<syntax::RecordExpr>(expr))
    return this->record(record);
  if (auto *tuple = syntax::as<syntax::TupleExpr>(expr)) {
    TensorParts parts;
    for (const syntax::Expr *element : tuple->elements) {
      std::optional<TensorParts> part = emit(element);
      if (!part)
        return std::nullopt;
      parts.fields.push_back(std::move(*part));
    }
    return parts;
  }
  if (auto *index = syntax::as<syntax::IndexExpr>(expr))
    return pick(index);
  if (info.denotes == sema::Denotes::local)
    if (auto found = values.find(info.symbol); found != values.end())
      return found->second;
  const syntax::Expr *object = nullptr;
  if (auto *member = syntax::as<syntax::MemberExpr>(expr); member && info.denotes == sema::Denotes::field)
    object = member->object;
  if (auto *place = syntax::as<syntax::TupleIndexExpr>(expr))
    object = place->object;
  if (object) {
    std::optional<TensorParts> whole = emit(object);
    if (!whole || info.index < 0 || static_cast<std::size_t>(info.index) >= whole->fields.size())
      return std::nullopt;
    return whole->fields[static_cast<std::size_t>(info.index)];
  }
  module.refuse(diagnostics::Code::notCarried, expr->span, "this expression in a tensor function");
  return std::nullopt;
}

std::optional<TensorParts> TensorEmitter::block(const syntax::BlockExpr *expr) {
  std::optional<TensorParts> last;
  for (const syntax::Stmt *stmt : expr->statements) {
    if (auto *let = syntax::as<syntax::LetStmt>(stmt)) {
      const sema::PatternInfo &pattern = module.program.pattern(let->pattern);
      sema::Type type = module.program.of(let->value).finalType();
      if (sema::isNumber(type)) {
        if (pattern.match == sema::Match::bind)
          instance.numbers[pattern.symbol] = numberOf(let->value);
        continue;
      }
      std::optional<TensorParts> value = emit(let->value);
      if (!value)
        return std::nullopt;
      bindPattern(let->pattern, *value);
      continue;
    }
    auto *expression = syntax::as<syntax::ExprStmt>(stmt);
    last = expression ? emit(expression->expr) : std::nullopt;
    if (!last)
      return std::nullopt;
  }
  return last;
}

void TensorEmitter::bindPattern(const syntax::Pattern *pattern, const TensorParts &parts) {
  const sema::PatternInfo &info = module.program.pattern(pattern);
  if (info.match == sema::Match::bind) {
    values[info.symbol] = parts;
  } else if (auto *tuple = syntax::as<syntax::TuplePattern>(pattern)) {
    for (auto [element, part] : llvm::zip(tuple->elements, parts.fields))
      bindPattern(element, part);
  } else if (auto *record = syntax::as<syntax::RecordPattern>(pattern)) {
    for (auto [name, field] : llvm::zip(record->fields, info.fields))
      if (const sema::Symbol *symbol = module.program.symbol(name))
        values[symbol] = parts.fields[static_cast<std::size_t>(field)];
  }
}

/// Fields in the order of the type.
std::optional<TensorParts> TensorEmitter::record(const syntax::RecordExpr *expr) {
  std::map<std::string, TensorParts> given;
  for (const syntax::Entry *entry : expr->entries) {
    std::optional<TensorParts> value = emit(entry->value);
    if (!value)
      return std::nullopt;
    given[entry->key.text] = std::move(*value);
  }
  TensorParts parts;
  for (const sema::Field &field : sema::base(module.program.of(expr).type)->fields)
    parts.fields.push_back(given[field.name]);
  return parts;
}

/// `blocks[2]`: the slice of every tensor in it.
std::optional<TensorParts> TensorEmitter::pick(const syntax::IndexExpr *expr) {
  std::optional<TensorParts> stack = emit(expr->object);
  auto at = static_cast<std::int64_t>(numberOf(expr->index));
  std::function<std::optional<TensorParts>(const TensorParts &)> sliced =
      [&](const TensorParts &parts) -> std::optional<TensorParts> {
    TensorParts out;
    if (parts.value) {
      auto type = cast<RankedTensorType>(parts.value.getType());
      if (at < 0 || at >= type.getDimSize(0)) {
        module.engine
            .error(diagnostics::Code::badSize, expr->index->span,
                   "there is no number " + std::to_string(at) + " in " + shown(type))
            .hint("a stack counts from 0");
        return std::nullopt;
      }
      Value one = cut(expr->span, parts.value, 0, at, 1);
      auto flat = RankedTensorType::get(type.getShape().drop_front(), type.getElementType());
      out.value = nn::ReshapeOp::create(builder, module.at(expr->span), flat, one);
    }
    for (const TensorParts &field : parts.fields) {
      std::optional<TensorParts> part = sliced(field);
      if (!part)
        return std::nullopt;
      out.fields.push_back(std::move(*part));
    }
    return out;
  };
  return stack ? sliced(*stack) : std::nullopt;
}

} // namespace weft::lowering
