//===- Patterns.cpp - What a pattern names and binds ----------------------===//
//
// A bare name at the top of an arm must be a case, so that a misspelt case never
// catches the rest. Inside brackets a name that is no case binds.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/diagnostics/Nearest.h"

namespace weft::sema {
using syntax::as;

Symbol *Checker::bindLocal(const syntax::Node *node, const syntax::Name &name, Type type) {
  Symbol *symbol = make(SymbolKind::local, name, node);
  symbol->type = type;
  body.locals.push_back(symbol);
  if (Symbol *other = body.scope->bind(symbol)) {
    error(Code::duplicateName, name.span, "`" + name.text + "` is already bound in this block")
        .note(other->span, "bound here")
        .hint("names are bound once; give the new value another name");
    return symbol;
  }
  return symbol;
}

void Checker::bindPattern(const syntax::Pattern *pattern, Type type) {
  PatternInfo entry;
  entry.type = type;
  body.patterns.push_back(pattern);
  Type value = seen(type);
  if (const auto *name = as<syntax::NamePattern>(pattern)) {
    entry.match = Match::bind;
    entry.symbol = bindLocal(name, name->name, type);
  } else if (const auto *tuple = as<syntax::TuplePattern>(pattern)) {
    entry.match = Match::tuple;
    bool fits = value->is(TypeKind::tuple) && value->elements.size() == tuple->elements.size();
    if (!fits && !value->is(TypeKind::error))
      error(Code::patternDoesNotFit, pattern->span,
            "a tuple of " + std::to_string(tuple->elements.size()) + " does not fit " + show(type));
    for (std::size_t i = 0; i < tuple->elements.size(); ++i)
      bindPattern(tuple->elements[i], fits ? value->elements[i] : fail());
  } else if (const auto *record = as<syntax::RecordPattern>(pattern)) {
    matchRecord(record, type, entry);
  } else if (!as<syntax::WildcardPattern>(pattern)) {
    error(Code::patternDoesNotFit, pattern->span, "this pattern fits only sometimes")
        .hint("`match` chooses; here stands a name, `_`, a tuple or a record");
    matchPattern(pattern, fail(), false); // Its names are bound, so that their uses are silent.
    return;
  }
  module().patterns[pattern->id] = std::move(entry);
}

void Checker::matchRecord(const syntax::RecordPattern *pattern, Type type, PatternInfo &entry) {
  entry.match = Match::record;
  Type record = seen(type);
  Symbol *symbol = lookUp(pattern->type.text);
  bool fits = record->is(TypeKind::record) && symbol && symbol->kind == SymbolKind::type && symbol->type &&
              base(symbol->type) == record;
  if (!fits)
    entry.match = Match::any;
  if (!fits && !record->is(TypeKind::error)) {
    if (!symbol)
      unknownName(pattern->type, "type");
    else
      error(Code::wrongPattern, pattern->type.span, a(type) + " is matched, not a " + pattern->type.text);
  }
  for (const syntax::NamePattern *field : pattern->fields) {
    int index = fits ? record->fieldIndex(field->name.text) : -1;
    if (fits && index < 0)
      unknownField(field->name, record, false);
    entry.fields.push_back(index);
    Type fieldType = index < 0 ? fail() : record->fields[static_cast<std::size_t>(index)].type;
    PatternInfo inner;
    inner.match = Match::bind;
    inner.type = fieldType;
    inner.symbol = bindLocal(field, field->name, fieldType);
    body.patterns.push_back(field);
    module().patterns[field->id] = std::move(inner);
  }
}

void Checker::matchPattern(const syntax::Pattern *pattern, Type type, bool top) {
  PatternInfo entry;
  entry.type = type;
  body.patterns.push_back(pattern);
  Type value = seen(type);
  bool silent = value->is(TypeKind::error);
  if (const auto *name = as<syntax::NamePattern>(pattern)) {
    int index = value->is(TypeKind::sum) ? value->caseIndex(name->name.text) : -1;
    if (index >= 0) {
      const Case &one = value->cases[static_cast<std::size_t>(index)];
      entry.match = Match::caseOf;
      entry.index = index;
      if (!one.fields.empty())
        error(Code::wrongPattern, pattern->span, "the case `" + one.name + "` has fields")
            .note(one.span, "declared here")
            .hint("`" + one.name + "(" + (one.fields.size() == 1 ? "_" : "_, …") + ")`");
    } else if (top) {
      if (!silent)
        notACase(name->name, value, type);
      bindLocal(name, name->name, fail())->used = true; // So that the arm's body is silent about it.
    } else {
      entry.match = Match::bind;
      entry.symbol = bindLocal(name, name->name, type);
    }
  } else if (const auto *literal = as<syntax::LiteralPattern>(pattern)) {
    if (as<syntax::NoneExpr>(literal->value)) {
      entry.match = Match::none;
      infer(literal->value, type);
      if (!silent && !value->is(TypeKind::optional)) {
        entry.match = Match::any;
        error(Code::wrongPattern, pattern->span, a(type) + " is never absent");
      }
    } else {
      entry.match = Match::literal;
      Type found = infer(literal->value, type);
      if (!convert(literal->value, value->is(TypeKind::optional) ? fail() : type) || value->is(TypeKind::optional)) {
        entry.match = Match::any;
        error(Code::wrongPattern, pattern->span, a(type) + " is matched, not " + show(found))
            .hint(value->is(TypeKind::optional)
                      ? "`some(" + std::string(sources.file(pattern->span.file).text(pattern->span)) + ")`"
                      : "the pattern has the type of the value");
      }
    }
  } else if (const auto *one = as<syntax::CasePattern>(pattern)) {
    matchCase(one, type, entry);
  } else if (const auto *tuple = as<syntax::TuplePattern>(pattern)) {
    entry.match = Match::tuple;
    bool fits = value->is(TypeKind::tuple) && value->elements.size() == tuple->elements.size();
    if (!fits)
      entry.match = Match::any;
    if (!fits && !silent)
      error(Code::wrongPattern, pattern->span,
            a(type) + " is matched, not a tuple of " + std::to_string(tuple->elements.size()));
    for (std::size_t i = 0; i < tuple->elements.size(); ++i)
      matchPattern(tuple->elements[i], fits ? value->elements[i] : fail(), false);
  } else if (const auto *record = as<syntax::RecordPattern>(pattern)) {
    matchRecord(record, type, entry);
  }
  module().patterns[pattern->id] = std::move(entry);
}

void Checker::notACase(const syntax::Name &name, Type value, Type type) {
  if (!value->is(TypeKind::sum)) {
    error(Code::notACase, name.span, "`" + name.text + "` is not a case, and a bare name does not catch the rest")
        .mark(a(type) + " is matched")
        .hint("`_` catches the rest; `match` what it binds before: `let " + name.text + " = …`");
    return;
  }
  std::vector<std::string> names;
  for (const Case &one : value->cases)
    names.push_back(one.name);
  if (diagnostics::nearest(name.text, names)) {
    unknownCase(name, value);
    return;
  }
  std::string rest;
  for (const std::string &one : names)
    rest += (rest.empty() ? "" : ", ") + one;
  Diagnostic &report =
      error(Code::notACase, name.span,
            "`" + name.text + "` is not a case of " + value->name + ", and a bare name does not catch the rest");
  report.note(value->span, value->name + " has: " + rest).hint("`_` catches the rest");
  report.offer(name.text, names);
}

void Checker::matchCase(const syntax::CasePattern *pattern, Type type, PatternInfo &entry) {
  Type value = seen(type);
  auto rest = [&] {
    for (const syntax::Pattern *argument : pattern->arguments)
      matchPattern(argument, fail(), false);
  };
  if (pattern->type.empty() && pattern->name.text == "some" &&
      (!value->is(TypeKind::sum) || value->caseIndex("some") < 0)) {
    entry.match = Match::some;
    if (!value->is(TypeKind::optional) || pattern->arguments.size() != 1) {
      if (!value->is(TypeKind::error))
        error(Code::wrongPattern, pattern->span,
              value->is(TypeKind::optional) ? "`some` has one value" : a(type) + " is never absent");
      return rest();
    }
    return matchPattern(pattern->arguments[0], value->element, false);
  }
  if (value->is(TypeKind::error))
    return rest();
  if (!value->is(TypeKind::sum)) {
    Diagnostic &report = error(Code::wrongPattern, pattern->span, a(type) + " has no cases");
    if (value->is(TypeKind::optional) && seen(value->element)->is(TypeKind::sum))
      report.hint("it may be absent: `some(" + pattern->name.text + "(…))`, `none`");
    return rest();
  }
  if (!pattern->type.empty()) {
    Symbol *symbol = lookUp(pattern->type.text);
    if (!symbol || symbol->kind != SymbolKind::type || !symbol->type || base(symbol->type) != value) {
      error(Code::wrongPattern, pattern->type.span, a(type) + " is matched, not a " + pattern->type.text);
      return rest();
    }
  }
  int index = value->caseIndex(pattern->name.text);
  if (index < 0) {
    unknownCase(pattern->name, value);
    return rest();
  }
  const Case &one = value->cases[static_cast<std::size_t>(index)];
  entry.match = Match::caseOf;
  entry.index = index;
  if (pattern->arguments.size() != one.fields.size()) {
    error(Code::wrongPattern, pattern->span,
          "the case `" + one.name + "` has " + std::to_string(one.fields.size()) +
              (one.fields.size() == 1 ? " field" : " fields") + ", the pattern " +
              std::to_string(pattern->arguments.size()))
        .note(one.span, "declared here");
    return rest();
  }
  for (std::size_t i = 0; i < one.fields.size(); ++i)
    matchPattern(pattern->arguments[i], one.fields[i].type, false);
}

} // namespace weft::sema
