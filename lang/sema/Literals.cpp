//===- Literals.cpp - Lists, maps, tuples, records ------------------------===//
//
// What is expected flows into the parts: `[1, 2]` where a `list<float>` is asked
// converts each element, and a record without a name takes the one that is asked.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

Type Checker::quantityType(const syntax::QuantityExpr *expr) {
  switch (expr->quantity) {
  case syntax::Quantity::duration:
    return simple(TypeKind::duration);
  case syntax::Quantity::size:
    return simple(TypeKind::size);
  case syntax::Quantity::money:
    return simple(TypeKind::money);
  default:
    error(Code::notAValue, expr->span, "`" + expr->text + "` describes a machine, and stands in a cluster only");
    return fail();
  }
}

Type Checker::inferList(const syntax::ListExpr *expr, Type hint) {
  Type wanted = hint ? seen(hint) : nullptr;
  if (wanted && wanted->is(TypeKind::optional))
    wanted = seen(wanted->element);
  Type element = wanted && wanted->is(TypeKind::list) ? resolved(wanted->element) : nullptr;
  if (wanted && wanted->is(TypeKind::json))
    element = wanted; // In JSON elements may differ.
  if (expr->elements.empty())
    return program.types.list(element ? element : inference.fresh());
  bool known = element && !Inference::open(inference.settle(element)) && !element->is(TypeKind::parameter);
  if (known) {
    for (const syntax::Expr *one : expr->elements)
      check(one, element);
    return program.types.list(element);
  }
  std::vector<const syntax::Expr *> elements(expr->elements.begin(), expr->elements.end());
  Type joint = inferBranches(elements, element, "the elements of the list", false);
  return joint->is(TypeKind::error) ? fail() : program.types.list(joint);
}

Type Checker::inferMap(const syntax::MapExpr *expr, Type hint) {
  Type wanted = hint ? seen(hint) : nullptr;
  if (wanted && wanted->is(TypeKind::optional))
    wanted = seen(wanted->element);
  Type element = wanted && wanted->is(TypeKind::map) ? resolved(wanted->element) : nullptr;
  std::map<std::string, Span> keys;
  std::vector<const syntax::Expr *> values;
  for (const syntax::MapEntry &entry : expr->entries) {
    check(entry.key, simple(TypeKind::string));
    if (entry.key->isPlain())
      if (auto [first, fresh] = keys.emplace(entry.key->plainText(), entry.key->span); !fresh)
        error(Code::duplicateKey, entry.key->span, "the key \"" + entry.key->plainText() + "\" stands twice")
            .note(first->second, "the first one");
    values.push_back(entry.value);
  }
  if (wanted && wanted->is(TypeKind::json)) {
    for (const syntax::Expr *value : values)
      check(value, wanted);
    return program.types.map(wanted);
  }
  if (values.empty())
    return program.types.map(element ? element : inference.fresh());
  Type joint = inferBranches(values, element, "the values of the map", false);
  if (joint->is(TypeKind::optional)) {
    error(Code::nestedOptional, expr->span, "`m[k]` is already absent where a key is; a map holds no absent values");
    return fail();
  }
  return joint->is(TypeKind::error) ? fail() : program.types.map(joint);
}

Type Checker::inferTuple(const syntax::TupleExpr *expr, Type hint) {
  Type wanted = hint ? seen(hint) : nullptr;
  if (wanted && wanted->is(TypeKind::optional))
    wanted = seen(wanted->element);
  bool fitting = wanted && wanted->is(TypeKind::tuple) && wanted->elements.size() == expr->elements.size();
  std::vector<Type> types;
  for (std::size_t i = 0; i < expr->elements.size(); ++i) {
    Type one = fitting ? resolved(wanted->elements[i]) : nullptr;
    if (one && !one->is(TypeKind::variable))
      types.push_back(check(expr->elements[i], one));
    else
      types.push_back(infer(expr->elements[i]));
  }
  return program.types.tuple(std::move(types));
}

Type Checker::inferRecord(const syntax::RecordExpr *expr, Type hint) {
  Type record = nullptr;
  Type inside = nullptr; // Asked of the fields of a record without a type.
  if (!expr->type.empty()) {
    Symbol *symbol = lookUp(expr->type.text);
    if (!symbol || symbol->kind != SymbolKind::type) {
      for (const syntax::Entry *entry : expr->entries)
        infer(entry->value);
      if (symbol && symbol->kind != SymbolKind::refused)
        error(Code::unknownType, expr->type.span, "`" + expr->type.text + "` is not a type")
            .note(symbol->span, "declared here");
      else if (!symbol)
        unknownName(expr->type, "type");
      return fail();
    }
    record = symbol->type ? base(symbol->type) : fail();
    info(expr).symbol = symbol;
    if (!record->is(TypeKind::record)) {
      for (const syntax::Entry *entry : expr->entries)
        infer(entry->value);
      if (!record->is(TypeKind::error))
        error(Code::typeMismatch, expr->type.span, "`" + expr->type.text + "` is not a record")
            .note(symbol->span, "declared here");
      return fail();
    }
    record = sizedAsHere(record, hint, expr->type.span);
  } else if (hint) {
    Type wanted = seen(hint);
    if (wanted->is(TypeKind::optional))
      wanted = seen(wanted->element);
    if (wanted->is(TypeKind::record))
      record = wanted;
    else if (wanted->is(TypeKind::json))
      inside = wanted;
  }
  std::map<std::string, Span> keys;
  for (const syntax::Entry *entry : expr->entries)
    if (auto [first, fresh] = keys.emplace(entry->key.text, entry->key.span); !fresh)
      error(Code::duplicateKey, entry->key.span, "the field `" + entry->key.text + "` stands twice")
          .note(first->second, "the first one");
  if (!record) {
    std::vector<Field> fields;
    for (const syntax::Entry *entry : expr->entries) {
      Field field;
      field.name = entry->key.text;
      field.span = entry->key.span;
      field.type = inside ? check(entry->value, inside) : infer(entry->value);
      fields.push_back(std::move(field));
    }
    return program.types.literalRecord(std::move(fields));
  }
  fillRecord(expr, record);
  return !expr->type.empty() && !record->origin ? lookUp(expr->type.text)->type : record;
}

/// A record that leaves sizes open has those of the record that is asked for, else those that are called so here.
Type Checker::sizedAsHere(Type record, Type hint, Span span) {
  if (record->open.empty())
    return record;
  Type wanted = hint ? seen(hint) : nullptr;
  if (wanted && wanted->is(TypeKind::record) && wanted->origin == record && wanted->dims.empty())
    return wanted;
  std::vector<Dim> sizes;
  for (const DimSymbol *open : record->open) {
    DimSymbol *here = resolveDimName(open->name, span);
    sizes.push_back(here ? Dim::named(here) : Dim::number(1));
  }
  return program.types.instance(record, {}, std::move(sizes));
}

void Checker::fillRecord(const syntax::RecordExpr *expr, Type record) {
  std::vector<const syntax::Expr *> values(record->fields.size(), nullptr);
  bool unknown = false;
  for (const syntax::Entry *entry : expr->entries) {
    int index = record->fieldIndex(entry->key.text);
    if (index < 0) {
      unknown = true;
      infer(entry->value);
      unknownField(entry->key, record, false);
      continue;
    }
    const Field &field = record->fields[static_cast<std::size_t>(index)];
    Reason reason;
    if (field.span.end)
      reason = {"the field `" + field.name + ": " + show(field.type) + "`", field.span};
    check(entry->value, field.type, reason);
    values[static_cast<std::size_t>(index)] = entry->value;
  }
  std::string missing;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!values[i] && !seen(record->fields[i].type)->is(TypeKind::optional))
      missing +=
          (missing.empty() ? "" : ", ") + ("`" + record->fields[i].name + ": " + show(record->fields[i].type) + "`");
  if (!missing.empty() && !unknown) {
    Diagnostic &report = error(Code::missingField, expr->span, "`" + show(record) + "` also has " + missing);
    if (record->span.end)
      report.note(record->span, "declared here");
  }
  checkFieldConstants(record->fields, values);
}

} // namespace weft::sema
