//===- Values.cpp - Small ops, and what values are converted to -----------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;

Value BodyEmitter::constant(source::Span span, Attribute value, Type type) {
  return expr::ConstantOp::create(builder, module.at(span), type, value);
}

Value BodyEmitter::text(source::Span span, llvm::StringRef text) {
  return constant(span, builder.getStringAttr(text), module.simple(Kind::string));
}

Value BodyEmitter::integer(source::Span span, std::int64_t value) {
  return constant(span, builder.getI64IntegerAttr(value), module.simple(Kind::integer));
}

Value BodyEmitter::none(source::Span span, Type type) {
  return constant(span, builder.getUnitAttr(), type ? type : module.simple(Kind::none));
}

Value BodyEmitter::as(source::Span span, Value value, Type wanted) {
  if (value.getType() == wanted)
    return value;
  if (expr::isKind(wanted, Kind::none)) // Nobody asks for what the last expression gives.
    return none(span);
  return expr::AsOp::create(builder, module.at(span), wanted, value);
}

Value BodyEmitter::builtin(source::Span span, llvm::StringRef name, ValueRange arguments, Type result) {
  return expr::BuiltinOp::create(builder, module.at(span), result, name, arguments);
}

Value BodyEmitter::fail(source::Span span, llvm::StringRef kind, Value why, Type type) {
  return expr::FailOp::create(builder, module.at(span), type ? type : module.simple(Kind::none), kind, why);
}

Value BodyEmitter::choose(source::Span span, Value selector, Type result, ArrayRef<Maker> makers) {
  auto op = expr::SwitchOp::create(builder, module.at(span), result, selector, makers.size());
  for (auto [region, make] : llvm::zip(op.getArms(), makers)) {
    OpBuilder::InsertionGuard guard(builder);
    builder.createBlock(&region);
    Value value = as(span, make(), result);
    expr::YieldOp::create(builder, module.at(span), value);
  }
  return op.getResult();
}

void BodyEmitter::yield(source::Span span, Value value) {
  if (pure)
    expr::YieldOp::create(builder, module.at(span), value);
  else
    flow::YieldOp::create(builder, module.at(span), value);
}

void BodyEmitter::checkParameter(const sema::Parameter &parameter) {
  if (!parameter.check)
    return;
  Value holds = emit(parameter.check);
  source::Span span = parameter.check->span;
  auto broken = [&] {
    Value why = text(span, "the parameter " + parameter.name + " breaks its where: " + parameter.checkText);
    return fail(span, "schema", why, {});
  };
  choose(span, holds, module.simple(Kind::none), {[&] { return none(span); }, broken});
}

Value BodyEmitter::checked(source::Span span, ArrayRef<sema::Field> fields, Value made) {
  if (llvm::none_of(fields, [](const sema::Field &field) { return field.check != nullptr; }))
    return made;
  return expr::CheckOp::create(builder, module.at(span), made.getType(), made, TypeAttr::get(made.getType()));
}

Value BodyEmitter::convert(const syntax::Expr *expr, Value value) {
  const sema::Conversion &conversion = module.program.of(expr).conversion;
  if (!conversion.any())
    return value;
  source::Span span = expr->span;
  if (conversion.intToFloat)
    value = builtin(span, "to_float", value, module.simple(Kind::real));
  if (conversion.intToRng)
    value = builtin(span, "make_rng", value, module.simple(Kind::rng));
  if (conversion.tensorToNumber)
    value = builtin(span, "to_number", value, typeOf(conversion.to));
  if (conversion.numberToTensor)
    value = numberToTensor(expr, value);
  if (conversion.toJson) {
    Value json = expr::ToJsonOp::create(builder, module.at(span), module.simple(Kind::string), value);
    value = builtin(span, "from_json", json, module.simple(Kind::json));
  }
  if (conversion.check)
    value = expr::CheckOp::create(builder, module.at(span), value.getType(), value,
                                  TypeAttr::get(typeOf(conversion.check)));
  return conversion.to ? as(span, value, typeOf(conversion.to)) : value;
}

/// A number that is known, and fits, becomes a constant; any other is made a tensor when it is there, or fails then.
Value BodyEmitter::numberToTensor(const syntax::Expr *expr, Value value) {
  sema::Type wanted = module.program.of(expr).conversion.to;
  while (!wanted->is(sema::TypeKind::tensor)) // `f32?`, or an alias
    wanted = wanted->element;
  auto type = cast<RankedTensorType>(typeOf(wanted));
  Type element = type.getElementType();
  auto known = value.getDefiningOp<expr::ConstantOp>();
  Attribute number = known ? known.getValue() : Attribute(), made;
  auto whole = dyn_cast_or_null<IntegerAttr>(number);
  if (isa<FloatType>(element) && whole)
    made = builder.getFloatAttr(element, static_cast<double>(whole.getInt()));
  else if (auto real = dyn_cast_or_null<FloatAttr>(number))
    made = builder.getFloatAttr(element, real.getValueAsDouble());
  else if (whole && (whole.getType().isInteger(1) || llvm::isIntN(element.getIntOrFloatBitWidth(), whole.getInt())))
    made = IntegerAttr::get(element, whole.getValue().sextOrTrunc(element.getIntOrFloatBitWidth()));
  auto large = dyn_cast_or_null<FloatAttr>(made);
  if (!made || (large && !large.getValue().isFinite()))
    return computedTensor(expr->span, value, type);
  return constant(expr->span, DenseElementsAttr::get(type, made), type);
}

Value BodyEmitter::computedTensor(source::Span span, Value number, RankedTensorType type) {
  std::string element = shown(type);
  return builtin(span, "to_tensor", {number, text(span, element.substr(0, element.find('[')))}, type);
}

} // namespace weft::lowering
