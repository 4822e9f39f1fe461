//===- Names.cpp - What a bare name stands for ----------------------------===//
//
// Locals first, then a case of the sum that is expected, then the module, then
// the core functions.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/diagnostics/Nearest.h"
#include "lang/sema/ForeignNames.h"

#include <algorithm>
#include <cctype>

namespace weft::sema {
using syntax::as;

namespace {

bool isLocal(const Symbol *symbol) { return symbol->kind >= SymbolKind::parameter && symbol->kind <= SymbolKind::it; }

bool sameIgnoringCase(const std::string &left, const std::string &right) {
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
         });
}
} // namespace

Type Checker::sumOf(Type hint) const {
  if (!hint)
    return nullptr;
  Type type = seen(hint);
  if (type->is(TypeKind::optional))
    type = seen(type->element);
  return type->is(TypeKind::sum) ? type : nullptr;
}

Symbol *Checker::lookUp(const std::string &name) {
  Symbol *symbol = body.scope->find(name);
  return symbol ? original(symbol) : nullptr;
}

Type Checker::inferName(const syntax::NameExpr *expr, Type hint) {
  const std::string &name = expr->name.text;
  Symbol *symbol = lookUp(name);
  if (symbol && isLocal(symbol))
    return symbolValue(expr, symbol, hint);
  if (Type sum = sumOf(hint))
    if (int index = sum->caseIndex(name); index >= 0)
      return caseValue(expr, sum, index);
  if (symbol)
    return symbolValue(expr, symbol, hint);
  if (body.callable)
    if (auto dim = dimsOf[body.callable].find(name); dim != dimsOf[body.callable].end()) {
      error(Code::badSize, expr->span, "`" + name + "` has no value here: its size comes with each call")
          .note(dim->second->span, "named here")
          .hint("declare it: `dim " + name + " = …`");
      return fail();
    }
  if (builtins.isName(name) && !isLost(body.module, name))
    return coreValue(expr, name, hint);
  return unknownName(expr->name, "", hint);
}

Type Checker::symbolValue(const syntax::Expr *expr, Symbol *symbol, Type hint) {
  ExprInfo &entry = info(expr);
  entry.symbol = symbol;
  entry.denotes = Denotes::callable;
  switch (symbol->kind) {
  case SymbolKind::parameter:
  case SymbolKind::local:
  case SymbolKind::field:
  case SymbolKind::it:
    entry.denotes = Denotes::local;
    return symbol->type ? symbol->type : fail();
  case SymbolKind::dim:
    entry.denotes = Denotes::dim;
    return simple(TypeKind::integer);
  case SymbolKind::fn: {
    if (symbol->fn->tensor) {
      error(Code::notTensorCode, expr->span, "a tensor function is no value")
          .hint("call it: `" + symbol->name + "(…)`");
      return fail();
    }
    Type result = resultOf(symbol, expr->span);
    Type type = program.types.function(parameterTypes(*symbol->callable), result);
    std::map<Type, Type> fresh;
    for (Type parameter : symbol->callable->typeParameters)
      module().instances[expr->id].push_back(fresh[parameter] = inference.fresh());
    return inference.substitute(type, fresh);
  }
  case SymbolKind::agent:
  case SymbolKind::workflow:
  case SymbolKind::model:
    return program.types.agent(parameterTypes(*symbol->callable), symbol->callable->result);
  case SymbolKind::refused:
    return fail();
  case SymbolKind::type: {
    Diagnostic &report = error(Code::notAValue, expr->span, "`" + symbol->name + "` is a type, and a value is asked");
    if (Type type = base(symbol->type); type->is(TypeKind::record))
      report.hint("make one: `" + symbol->name + " { … }`");
    else if (type->is(TypeKind::sum))
      report.hint("name a case: `" + symbol->name + "." + type->cases.front().name + "`");
    return fail();
  }
  case SymbolKind::tool:
    error(Code::notAValue, expr->span, "`" + symbol->name + "` is a tool, and a value is asked")
        .hint("call one of its members: `" + symbol->name + "." +
              (symbol->tool->members.empty() ? std::string("…") : symbol->tool->members.front()->name) + "(…)`");
    return fail();
  case SymbolKind::member:
    error(Code::notAValue, expr->span, "`" + symbol->name + "` is a tool's member; it is called, not handed on")
        .hint("wrap it in a workflow and hand that on");
    return fail();
  case SymbolKind::train:
    error(Code::notAValue, expr->span, "`" + symbol->name + "` is a training, and a value is asked")
        .hint("run it: `" + symbol->name + "()`");
    return fail();
  default:
    error(Code::notAValue, expr->span, "`" + symbol->name + "` has no value").note(symbol->span, "declared here");
    return fail();
  }
  (void)hint;
}

Type Checker::caseValue(const syntax::Expr *expr, Type sum, int index) {
  const Case &one = sum->cases[static_cast<std::size_t>(index)];
  info(expr).denotes = Denotes::caseOf;
  info(expr).index = index;
  if (!one.fields.empty()) {
    std::string fields;
    for (const Field &field : one.fields)
      fields += (fields.empty() ? "" : ", ") + field.name + ": …";
    error(Code::missingField, expr->span, "the case `" + one.name + "` has fields")
        .note(one.span, "declared here")
        .hint("`" + one.name + "(" + fields + ")`");
  }
  return sum;
}

std::optional<std::string> Checker::nearestName(const std::string &name) const {
  std::vector<std::string> names = builtins.names();
  body.scope->collect(names);
  return diagnostics::nearest(name, names);
}

Type Checker::unknownName(const syntax::Name &name, const std::string &what, Type hint) {
  if (mayBeMissing(body.module, name.text) || unknownImports.contains(name.text))
    return fail();
  if (name.text == "secret") {
    error(Code::secretPlace, name.span, "a secret is named in the body of a model or a tool, `key: secret(\"NAME\")`");
    return fail();
  }
  if (name.text == "attach") {
    error(Code::attachNotCarried, name.span, "attachments are not carried by this build")
        .hint("put the text into the prompt: `\"${x}\"`");
    return fail();
  }
  if (name.text == "declassify") {
    error(Code::labelNotCarried, name.span, "labels are not carried by this build");
    return fail();
  }
  if (engine.full()) { // Each guess looks at all names, and this one is not shown.
    error(Code::unknownName, name.span, "there is no such name here");
    return fail();
  }
  std::vector<std::string> names = builtins.names();
  body.scope->collect(names);
  if (Type sum = sumOf(hint))
    for (const Case &one : sum->cases)
      names.push_back(one.name);
  for (const std::string &other : names)
    if (sameIgnoringCase(name.text, other) && name.text != other) {
      error(Code::wrongCapital, name.span, "`" + name.text + "` is written `" + other + "`").meant = other;
      return fail();
    }
  Diagnostic &report =
      error(Code::unknownName, name.span,
            "there is no " + (what.empty() ? std::string("name") : what) + " `" + name.text + "` here");
  // A case of some sum, where its type is not known, is nearer than any name that looks like it.
  for (const auto &[symbol, type] : namedTypes)
    if (type->is(TypeKind::sum) && type->caseIndex(name.text) >= 0) {
      report.hint("`" + type->name + "." + name.text + "`: a case is written bare only where its type is known");
      return fail();
    }
  if (report.offer(name.text, names))
    return fail();
  if (std::string_view advice = adviceOnValue(name.text); !advice.empty())
    report.hint(std::string(advice));
  return fail();
}

} // namespace weft::sema
