//===- Members.cpp - `x.f`, `t.0`, `xs[i]` --------------------------------===//
//
// What stands left of a dot may be no value at all: a tool, a sum, the library.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/ForeignNames.h"

namespace weft::sema {
using syntax::as;

Symbol *Checker::staticName(const syntax::Expr *expr) {
  const auto *name = as<syntax::NameExpr>(expr);
  return name ? lookUp(name->name.text) : nullptr;
}

Checker::Path Checker::pathOf(const syntax::MemberExpr *expr) {
  if (const auto *inner = as<syntax::MemberExpr>(expr->object)) {
    const auto *root = as<syntax::NameExpr>(inner->object);
    if (root && root->name.text == "std" && !lookUp("std")) {
      note(root);
      note(inner);
      Symbol *symbol = qualified({root->name, inner->member, expr->member}, expr->span);
      return {true, symbol, nullptr, -1};
    }
    return {};
  }
  const auto *root = as<syntax::NameExpr>(expr->object);
  if (!root)
    return {};
  if (root->name.text == "train" && !lookUp("train"))
    if (Symbol *trained = inModule(expr->member.text); trained && trained->kind == SymbolKind::train) {
      note(root);
      return {true, trained, nullptr, -1};
    }
  Symbol *symbol = lookUp(root->name.text);
  if (!symbol) {
    if (root->name.text != "std")
      return {};
    note(root);
    error(Code::unknownName, expr->span, "`std." + expr->member.text + "` is a module, or there is none of this name")
        .hint("name what is meant in it: `std." + expr->member.text + ".…`");
    return {true, nullptr, nullptr, -1};
  }
  if (symbol->kind == SymbolKind::refused) {
    note(root);
    return {true, nullptr, nullptr, -1};
  }
  if (symbol->kind == SymbolKind::tool) {
    note(root, symbol);
    std::vector<std::string> names;
    for (Symbol *member : symbol->tool->members) {
      if (member->name == expr->member.text)
        return {true, member, nullptr, -1};
      names.push_back(member->name);
    }
    if (symbol->tool->provider == "files" && expr->member.text == "write") {
      error(Code::unknownMember, expr->member.span, "`" + symbol->name + "` is read-only")
          .note(symbol->span, "declared here")
          .hint("`files { root: …, write: true }`");
    } else if (!refusedTools.contains(symbol) || !names.empty()) {
      Diagnostic &report = error(Code::unknownMember, expr->member.span,
                                 "the tool `" + symbol->name + "` has no member `" + expr->member.text + "`");
      report.note(symbol->span, "declared here");
      report.offer(expr->member.text, names);
    }
    return {true, nullptr, nullptr, -1};
  }
  if (symbol->kind == SymbolKind::type && symbol->type) {
    note(root, symbol);
    Type sum = base(symbol->type);
    if (!sum->is(TypeKind::sum)) {
      error(Code::notAValue, expr->span, "`" + symbol->name + "` is a type, and has no `" + expr->member.text + "`");
      return {true, nullptr, nullptr, -1};
    }
    int index = sum->caseIndex(expr->member.text);
    if (index < 0) {
      unknownCase(expr->member, sum);
      return {true, nullptr, nullptr, -1};
    }
    return {true, nullptr, sum, index};
  }
  return {};
}

void Checker::note(const syntax::Expr *expr, Symbol *symbol) {
  ExprInfo &entry = info(expr);
  entry.denotes = Denotes::tool;
  entry.symbol = symbol;
  entry.type = simple(TypeKind::none);
}

void Checker::unknownCase(const syntax::Name &name, Type sum) {
  std::vector<std::string> names;
  for (const Case &one : sum->cases)
    names.push_back(one.name);
  Diagnostic &report = error(Code::notACase, name.span, sum->name + " has no case `" + name.text + "`");
  report.note(sum->span, "declared here");
  report.offer(name.text, names);
}

Type Checker::inferMember(const syntax::MemberExpr *expr, Type hint) {
  Path path = pathOf(expr);
  if (path.found) {
    if (path.sum)
      return caseValue(expr, path.sum, path.index);
    return path.symbol ? symbolValue(expr, path.symbol, hint) : fail();
  }
  Type object = seen(infer(expr->object));
  if (object->is(TypeKind::error) || object->is(TypeKind::never))
    return fail();
  int index = object->is(TypeKind::record) ? object->fieldIndex(expr->member.text) : -1;
  if (index < 0)
    return unknownField(expr->member, object, false);
  info(expr).denotes = Denotes::field;
  info(expr).index = index;
  return object->fields[static_cast<std::size_t>(index)].type;
}

Type Checker::unknownField(const syntax::Name &name, Type object, bool called) {
  const std::string what = show(object);
  if (object->is(TypeKind::variable)) {
    error(Code::typeNotKnown, name.span, "the type of what `." + name.text + "` is asked of is not known here");
    return fail();
  }
  if (object->is(TypeKind::optional) && seen(object->element)->is(TypeKind::record) &&
      seen(object->element)->fieldIndex(name.text) >= 0) {
    error(Code::unknownField, name.span,
          "the value may be absent (" + what + "), so it may have no `" + name.text + "`")
        .hint("`(x ?? d)." + name.text + "`, or `match x { none => …, some(v) => … }`");
    return fail();
  }
  if (object->is(TypeKind::json)) {
    error(Code::unknownField, name.span, "json has no fields of its own").hint("say what it is: `call(…) as Note`");
    return fail();
  }
  std::vector<std::string> names;
  for (const Field &field : object->fields)
    names.push_back(field.name);
  std::vector<std::string> near = names;
  if (called)
    for (const std::string &core : builtins.names())
      near.push_back(core);
  Diagnostic &report = error(Code::unknownField, name.span,
                             called ? "`" + what + "` has no field and no function `" + name.text + "`"
                                    : "`" + what + "` has no field `" + name.text + "`");
  if (object->span.end)
    report.note(object->span, "`" + what + "` is declared here");
  if (report.offer(name.text, near)) {
    return fail();
  } else if (std::string_view advice = adviceOnMember(name.text); !advice.empty()) {
    report.hint(std::string(advice));
  } else if (!called && (lookUp(name.text) || builtins.isName(name.text))) {
    report.hint("`" + name.text + "` is a function: `." + name.text + "()`");
  } else if (!names.empty()) {
    std::string list;
    for (const std::string &field : names)
      list += (list.empty() ? "" : ", ") + field;
    report.hint("it has: " + list);
  }
  return fail();
}

Type Checker::inferTupleIndex(const syntax::TupleIndexExpr *expr) {
  Type object = seen(infer(expr->object));
  if (object->is(TypeKind::error))
    return fail();
  if (!object->is(TypeKind::tuple) || expr->index >= object->elements.size()) {
    error(Code::unknownField, expr->span, "`" + show(object) + "` has no element " + std::to_string(expr->index))
        .hint("tuples count from 0");
    return fail();
  }
  info(expr).index = static_cast<std::int32_t>(expr->index);
  return object->elements[expr->index];
}

Type Checker::inferIndex(const syntax::IndexExpr *expr) {
  Type object = seen(infer(expr->object));
  if (object->is(TypeKind::list)) {
    check(expr->index, simple(TypeKind::integer), {"lists are indexed by an int, from 0", expr->object->span});
    return object->element;
  }
  if (object->is(TypeKind::map)) {
    check(expr->index, simple(TypeKind::string), {"keys of maps are strings", expr->object->span});
    return program.types.optional(object->element);
  }
  if (body.place == Place::tensorFn && (object->is(TypeKind::tensor) || object->is(TypeKind::record)))
    return inferTensorIndex(expr, object);
  infer(expr->index);
  if (!object->is(TypeKind::error)) {
    Diagnostic &report =
        error(Code::notIndexable, expr->object->span, "`" + show(object) + "` has no elements to index");
    if (object->is(TypeKind::tuple))
      report.hint("elements of tuples: `t.0`");
    else if (object->is(TypeKind::optional))
      report.hint("it may be absent: `(x ?? …)[i]`");
  }
  return fail();
}

} // namespace weft::sema
