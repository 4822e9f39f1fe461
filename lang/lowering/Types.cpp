//===- Types.cpp - Types of the program as types of IR --------------------===//

#include "lang/lowering/ModuleEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using sema::TypeKind;

namespace {

/// Kinds without parts.
Kind simpleKind(TypeKind kind) {
  switch (kind) {
  case TypeKind::boolean:
    return Kind::boolean;
  case TypeKind::integer:
    return Kind::integer;
  case TypeKind::floating:
    return Kind::real;
  case TypeKind::string:
    return Kind::string;
  case TypeKind::bytes:
    return Kind::bytes;
  case TypeKind::json:
    return Kind::json;
  case TypeKind::duration:
    return Kind::duration;
  case TypeKind::size:
    return Kind::size;
  case TypeKind::money:
    return Kind::money;
  case TypeKind::file:
    return Kind::file;
  case TypeKind::rng:
    return Kind::rng;
  default:
    return Kind::none;
  }
}

Type elementType(MLIRContext *context, sema::ElementType element) {
  Builder builder(context);
  switch (element) {
  case sema::ElementType::f32:
    return builder.getF32Type();
  case sema::ElementType::f64:
    return builder.getF64Type();
  case sema::ElementType::bf16:
    return builder.getBF16Type();
  case sema::ElementType::f16:
    return builder.getF16Type();
  case sema::ElementType::i64:
    return builder.getI64Type();
  case sema::ElementType::i32:
    return builder.getI32Type();
  case sema::ElementType::i8:
    return builder.getI8Type();
  case sema::ElementType::u8:
    return builder.getIntegerType(8, false);
  case sema::ElementType::boolean:
    return builder.getI1Type();
  }
  llvm_unreachable("all element types are told");
}

} // namespace

Type ModuleEmitter::type(sema::Type type, const Substitution &substitution) {
  MLIRContext *context = module.getContext();
  auto inner = [&](sema::Type part) { return this->type(part, substitution); };
  switch (type->kind) {
  case TypeKind::parameter: {
    auto found = substitution.find(type);
    return found != substitution.end() ? found->second : simple(Kind::none);
  }
  case TypeKind::list:
    return expr::of(Kind::list, inner(type->element));
  case TypeKind::map:
    return expr::of(Kind::map, inner(type->element));
  case TypeKind::optional: {
    Type element = inner(type->element);
    return expr::isKind(element, Kind::optional) || expr::isKind(element, Kind::none)
               ? element
               : expr::of(Kind::optional, element);
  }
  case TypeKind::tuple:
  case TypeKind::function:
  case TypeKind::agent: {
    SmallVector<Type> elements;
    for (sema::Type element : type->elements)
      elements.push_back(inner(element));
    if (type->kind != TypeKind::tuple)
      elements.push_back(inner(type->element));
    Kind kind = type->is(TypeKind::tuple) ? Kind::tuple : type->is(TypeKind::function) ? Kind::function : Kind::agent;
    return expr::ValueType::get(context, kind, FlatSymbolRefAttr(), elements);
  }
  case TypeKind::record:
  case TypeKind::sum:
  case TypeKind::alias: {
    auto [entry, added] = typeSymbols.try_emplace(type);
    if (added) {
      // Named before it is filled: a type may hold itself.
      entry->second = uniqueTypeSymbol(type);
      std::string symbol = entry->second;
      namedType(type, symbol);
      return expr::named(context, symbol);
    }
    return expr::named(context, entry->second);
  }
  case TypeKind::tensor: {
    SmallVector<std::int64_t> sizes;
    for (const sema::Dim &dim : type->dims)
      sizes.push_back(dim.value().value_or(ShapedType::kDynamic));
    return RankedTensorType::get(sizes, elementType(context, type->elementType));
  }
  default:
    return simple(simpleKind(type->kind));
  }
}

std::int64_t ModuleEmitter::numberOf(const sema::Symbol *callable) const {
  return llvm::find(values, callable) - values.begin();
}

bool ModuleEmitter::fits(Type from, Type to) {
  auto source = dyn_cast<expr::ValueType>(from), target = dyn_cast<expr::ValueType>(to);
  if (from == to || !source || !target)
    return from == to;
  if (target.getKind() == Kind::optional)
    return fits(source.getKind() == Kind::optional ? source.getElements()[0] : from, target.getElements()[0]);
  if (source.getKind() == Kind::named) {
    auto named = module.lookupSymbol<expr::TypeOp>(source.getSymbol());
    return named && named.getOf() && fits(*named.getOf(), to);
  }
  if (source.getKind() != target.getKind() || source.getElements().size() != target.getElements().size())
    return false;
  bool taken = source.getKind() == Kind::agent || source.getKind() == Kind::function;
  for (auto [index, parts] : llvm::enumerate(llvm::zip(source.getElements(), target.getElements()))) {
    auto [inner, outer] = parts;
    bool isResult = index + 1 == source.getElements().size();
    if (taken && !isResult ? !fits(outer, inner) : !fits(inner, outer))
      return false;
  }
  return true;
}

std::string ModuleEmitter::uniqueTypeSymbol(sema::Type type) {
  std::string name = type->name.empty() ? sema::text(type) : type->name;
  if (!taken.insert(name).second) {
    name = type->module + "." + name;
    while (!taken.insert(name).second)
      name += "'";
  }
  return name;
}

ArrayAttr ModuleEmitter::fields(const std::string &owner, ArrayRef<sema::Field> fields) {
  SmallVector<Attribute> made;
  for (const sema::Field &field : fields) {
    FlatSymbolRefAttr check;
    StringAttr text;
    if (field.check) {
      std::string name = predicate(owner + "." + field.name + ".where", field.checkSees, field.check);
      check = FlatSymbolRefAttr::get(module.getContext(), name);
      text = builder.getStringAttr(field.checkText);
    }
    made.push_back(expr::FieldAttr::get(module.getContext(), builder.getStringAttr(field.name), type(field.type), check,
                                        text, field.doc.empty() ? StringAttr() : builder.getStringAttr(field.doc)));
  }
  return builder.getArrayAttr(made);
}

void ModuleEmitter::namedType(sema::Type type, const std::string &symbol) {
  MLIRContext *context = module.getContext();
  ArrayAttr fieldList, cases;
  TypeAttr of;
  FlatSymbolRefAttr check;
  StringAttr text;
  expr::TypeForm form = expr::TypeForm::record;
  if (type->is(TypeKind::record)) {
    fieldList = fields(symbol, type->fields);
  } else if (type->is(TypeKind::sum)) {
    form = expr::TypeForm::sum;
    SmallVector<Attribute> made;
    for (const sema::Case &one : type->cases)
      made.push_back(expr::CaseAttr::get(context, builder.getStringAttr(one.name),
                                         fields(symbol + "." + one.name, one.fields),
                                         one.doc.empty() ? StringAttr() : builder.getStringAttr(one.doc)));
    cases = builder.getArrayAttr(made);
  } else {
    form = expr::TypeForm::alias;
    of = TypeAttr::get(this->type(type->element));
    if (type->check) {
      check = FlatSymbolRefAttr::get(context, predicate(symbol + ".where", type->checkIt, type->check));
      text = builder.getStringAttr(type->checkText);
    }
  }
  expr::TypeOp::create(builder, at(type->span), expr::TypeFormAttr::get(context, form), builder.getStringAttr(symbol),
                       fieldList, cases, of, check, text,
                       type->doc.empty() ? StringAttr() : builder.getStringAttr(type->doc),
                       type->name.empty() ? builder.getUnitAttr() : UnitAttr());
}

} // namespace weft::lowering
