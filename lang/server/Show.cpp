//===- Show.cpp - Declarations in a line ----------------------------------===//

#include "lang/server/Show.h"

#include "lang/syntax/Ast.h"

#include <cstdio>

namespace weft::server {
using sema::SymbolKind;
using syntax::as;

namespace {

constexpr std::size_t maxParts = 12; ///< Of a type that is shown: the rest is told by the declaration.

std::string fieldsText(const std::vector<sema::Field> &fields, const char *open, const char *close) {
  std::string out = open;
  for (std::size_t i = 0; i < fields.size() && i < maxParts; ++i) {
    out += (i ? ", " : "") + fields[i].name + ": " + sema::text(fields[i].type);
    if (!fields[i].checkText.empty())
      out += " where " + fields[i].checkText;
  }
  return out + (fields.size() > maxParts ? ", …" : "") + close;
}

std::string typeText(sema::Type type, const std::string &name) {
  std::string out = "type " + name;
  if (type->name != name)
    return out + " = " + sema::text(type);
  if (type->is(sema::TypeKind::record))
    return out + " " + fieldsText(type->fields, "{ ", " }");
  if (type->is(sema::TypeKind::alias))
    return out + " = " + sema::text(type->element) + " where " + type->checkText;
  if (!type->is(sema::TypeKind::sum))
    return out;
  out += " = ";
  for (std::size_t i = 0; i < type->cases.size() && i < maxParts; ++i) {
    const sema::Case &one = type->cases[i];
    out += (i ? " | " : "") + one.name + (one.fields.empty() ? "" : fieldsText(one.fields, "(", ")"));
  }
  return out + (type->cases.size() > maxParts ? " | …" : "");
}

std::string signature(const sema::Callable &callable) {
  std::string out;
  for (std::size_t i = 0; i < callable.typeParameters.size(); ++i)
    out += (i ? ", " : "<") + callable.typeParameters[i]->name;
  out += callable.typeParameters.empty() ? "(" : ">(";
  for (std::size_t i = 0; i < callable.parameters.size(); ++i)
    out += (i ? ", " : "") + text(callable.parameters[i]);
  out += ")";
  if (callable.result && !callable.result->is(sema::TypeKind::none))
    out += " -> " + sema::text(callable.result);
  return out;
}

std::string valueText(const char *word, const std::string &name, sema::Type type) {
  return word + name + (type ? ": " + sema::text(type) : "");
}

} // namespace

std::string text(const sema::Parameter &parameter) {
  std::string out = parameter.name + ": " + sema::text(parameter.type);
  if (!parameter.checkText.empty())
    out += " where " + parameter.checkText;
  return out + (parameter.defaultValue ? " = …" : "");
}

std::string headline(const sema::Symbol &symbol) {
  switch (symbol.kind) {
  case SymbolKind::type:
    return symbol.type ? typeText(symbol.type, symbol.name) : "type " + symbol.name;
  case SymbolKind::dim:
    return "dim " + symbol.name + (symbol.dim && symbol.dim->value ? " = " + std::to_string(*symbol.dim->value) : "");
  case SymbolKind::model:
    return "model " + symbol.name + " = " + symbol.model->provider;
  case SymbolKind::tool:
    return "tool " + symbol.name + " = " + symbol.tool->provider;
  case SymbolKind::member:
    return symbol.member->tool->name + "." + symbol.name + signature(*symbol.callable);
  case SymbolKind::agent:
    return "agent " + symbol.name + signature(*symbol.callable);
  case SymbolKind::fn:
    return "fn " + symbol.name + signature(*symbol.callable);
  case SymbolKind::workflow:
    return "workflow " + symbol.name + signature(*symbol.callable);
  case SymbolKind::mesh:
    return "mesh " + symbol.name;
  case SymbolKind::cluster:
    return "cluster " + symbol.name;
  case SymbolKind::train:
    return "train " + symbol.name + signature(*symbol.callable);
  case SymbolKind::parameter:
  case SymbolKind::field:
  case SymbolKind::it:
    return valueText("", symbol.name, symbol.type);
  default:
    return valueText("let ", symbol.name, symbol.type);
  }
}

std::string headline(const sema::CheckedProgram &, const Occurrence &name) {
  if (name.parameter)
    return text(*name.parameter);
  if (name.field)
    return (name.owner && !name.owner->name.empty() ? name.owner->name + "." : "") + name.field->name + ": " +
           sema::text(name.field->type) + (name.field->checkText.empty() ? "" : " where " + name.field->checkText);
  if (name.one)
    return name.owner->name + "." + name.one->name +
           (name.one->fields.empty() ? "" : fieldsText(name.one->fields, "(", ")"));
  if (name.builtin) {
    std::string all;
    for (const std::string &one : signaturesOf(sema::nameOf(*name.builtin)))
      all += (all.empty() ? "" : "\n") + one;
    return all;
  }
  if (!name.symbol)
    return "";
  // A local shows the type that it has here.
  if (name.symbol->kind == SymbolKind::local && name.type)
    return valueText("let ", name.symbol->name, name.type);
  return headline(*name.symbol);
}

std::string docOf(const sema::Symbol &symbol) {
  if (!symbol.node)
    return "";
  switch (symbol.kind) {
  case SymbolKind::type:
  case SymbolKind::model:
  case SymbolKind::tool:
  case SymbolKind::agent:
  case SymbolKind::fn:
  case SymbolKind::workflow:
  case SymbolKind::mesh:
  case SymbolKind::cluster:
  case SymbolKind::train:
    return static_cast<const syntax::Decl *>(symbol.node)->doc;
  case SymbolKind::member:
    return static_cast<const syntax::Member *>(symbol.node)->doc;
  case SymbolKind::parameter:
    return static_cast<const syntax::Param *>(symbol.node)->doc;
  default:
    return "";
  }
}

std::string docOf(const Occurrence &name) {
  return name.parameter ? name.parameter->doc
         : name.field   ? name.field->doc
         : name.one     ? name.one->doc
         : name.symbol  ? docOf(*name.symbol)
                        : "";
}

std::vector<std::string> signaturesOf(std::string_view coreFunction) {
  static constexpr std::string_view all[] = {
#define WEFT_CORE(id, signature) signature,
#define WEFT_LIBRARY(id, signature) signature,
#define WEFT_SYSTEM(id, signature) signature,
#define WEFT_TENSOR(id, name) name,
#define WEFT_MOCK(id, signature) signature,
#include "lang/sema/Builtins.def"
  };
  std::vector<std::string> found;
  for (std::string_view one : all)
    if (one.substr(0, one.find_first_of("(<")) == coreFunction)
      found.emplace_back(one);
  return found;
}

std::string dollars(double nano) {
  char buffer[48];
  std::snprintf(buffer, sizeof buffer, "$%.9f", nano / 1e9);
  std::string out = buffer;
  out.erase(out.find_last_not_of('0') + 1);
  return out.back() == '.' ? out.substr(0, out.size() - 1) : out;
}

std::string text(const sema::Budget &budget) {
  std::string out;
  auto add = [&](const std::string &part) { out += (out.empty() ? "" : ", ") + part; };
  if (budget.costNano)
    add(dollars(static_cast<double>(*budget.costNano)));
  if (budget.tokens)
    add(std::to_string(*budget.tokens) + " tokens");
  if (budget.timeNs) {
    char buffer[48];
    std::snprintf(buffer, sizeof buffer, "%.6g s", static_cast<double>(*budget.timeNs) / 1e9);
    add(buffer);
  }
  if (budget.turns)
    add(std::to_string(*budget.turns) + " turns");
  return out;
}

} // namespace weft::server
