//===- Declarations.cpp - What a module declares, before any body ---------===//
//
// Names first, so that declarations may stand in any order. What this build does
// not carry is refused here, once, and its name is kept, so that its uses are
// silent.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>
#include <cctype>

namespace weft::sema {
using syntax::as;

namespace {

std::string snake(const std::string &name) {
  std::string out;
  for (char c : name) {
    if (std::isupper(static_cast<unsigned char>(c)) && !out.empty() && out.back() != '_')
      out += '_';
    out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

bool hasCapital(const std::string &name) {
  return std::any_of(name.begin(), name.end(), [](unsigned char c) { return std::isupper(c); });
}
} // namespace

Symbol *Checker::make(SymbolKind kind, const syntax::Name &name, const syntax::Node *node) {
  program.symbols.emplace_back();
  Symbol *symbol = &program.symbols.back();
  symbol->kind = kind;
  symbol->name = name.text;
  symbol->span = name.span;
  symbol->module = body.module;
  symbol->node = node;
  if (node)
    module().symbols[node->id] = symbol;
  return symbol;
}

void Checker::declare(Symbol *symbol) {
  bool isValue = symbol->kind != SymbolKind::type && symbol->kind != SymbolKind::dim;
  if (isValue && hasCapital(symbol->name))
    error(Code::wrongCapital, symbol->span, "values and functions are written snake_case")
        .hint("`" + snake(symbol->name) + "`");
  if (Symbol *other = moduleScopes[symbol->module].bind(symbol)) {
    error(Code::duplicateName, symbol->span, "`" + symbol->name + "` is declared twice")
        .note(other->span, "the first one");
    return;
  }
  if (symbol->kind != SymbolKind::refused)
    module().declared.push_back(symbol);
  // `std` modules define what core functions are built upon; elsewhere hiding one is worth a word.
  if (isValue && builtins.isName(symbol->name) && !isLibrary(symbol->module))
    engine.warning(Code::hidesCore, symbol->span, "`" + symbol->name + "` hides the core function of this name");
}

void Checker::refuse(const syntax::Decl *decl, Code code, const std::string &what, const std::string &help) {
  Span span = decl->name.empty() ? decl->span : decl->name.span;
  error(code, span, what).hint(help);
  if (!decl->name.empty())
    declare(make(SymbolKind::refused, decl->name, decl));
}

void Checker::collect(std::uint32_t index) {
  auto callable = [&](SymbolKind kind, const syntax::Decl *decl) {
    Symbol *symbol = make(kind, decl->name, decl);
    program.callables.emplace_back();
    symbol->callable = &program.callables.back();
    symbol->callable->symbol = symbol;
    symbol->callable->result = fail();
    return symbol;
  };
  for (const syntax::Decl *decl : program.modules[index]->tree->decls) {
    switch (decl->kind) {
    case syntax::DeclKind::use:
    case syntax::DeclKind::test:
      break;
    case syntax::DeclKind::record:
    case syntax::DeclKind::sum:
    case syntax::DeclKind::alias: {
      Symbol *symbol = make(SymbolKind::type, decl->name, decl);
      if (!as<syntax::AliasDecl>(decl) || as<syntax::AliasDecl>(decl)->where) {
        TypeKind kind = as<syntax::RecordDecl>(decl) ? TypeKind::record
                        : as<syntax::SumDecl>(decl)  ? TypeKind::sum
                                                     : TypeKind::alias;
        TypeInfo *type = program.types.declare(kind, decl->name.text, module().name, decl->name.span);
        type->doc = decl->doc;
        namedTypes[symbol] = type;
        symbol->type = type;
      }
      declare(symbol);
      break;
    }
    case syntax::DeclKind::dim:
      for (const syntax::DimBinding *binding : as<syntax::DimDecl>(decl)->bindings) {
        Symbol *symbol = make(SymbolKind::dim, binding->name, binding);
        program.dims.push_back({binding->name.text, std::nullopt, true, binding->name.span});
        symbol->dim = &program.dims.back();
        symbol->type = simple(TypeKind::integer);
        declare(symbol);
      }
      break;
    case syntax::DeclKind::model: {
      Symbol *symbol = callable(SymbolKind::model, decl);
      program.models.emplace_back();
      symbol->model = &program.models.back();
      symbol->model->symbol = symbol;
      declare(symbol);
      break;
    }
    case syntax::DeclKind::tool: {
      Symbol *symbol = make(SymbolKind::tool, decl->name, decl);
      program.tools.emplace_back();
      symbol->tool = &program.tools.back();
      symbol->tool->symbol = symbol;
      declare(symbol);
      break;
    }
    case syntax::DeclKind::agent: {
      Symbol *symbol = callable(SymbolKind::agent, decl);
      program.agents.emplace_back();
      symbol->agent = &program.agents.back();
      symbol->agent->decl = as<syntax::AgentDecl>(decl);
      symbol->callable->associative = symbol->agent->decl->clauses.associative;
      declare(symbol);
      break;
    }
    case syntax::DeclKind::fn: {
      Symbol *symbol = callable(SymbolKind::fn, decl);
      program.fns.emplace_back();
      symbol->fn = &program.fns.back();
      symbol->fn->decl = as<syntax::FnDecl>(decl);
      symbol->callable->associative = symbol->fn->decl->associative;
      declare(symbol);
      break;
    }
    case syntax::DeclKind::workflow: {
      Symbol *symbol = callable(SymbolKind::workflow, decl);
      program.workflows.emplace_back();
      symbol->workflow = &program.workflows.back();
      symbol->workflow->decl = as<syntax::WorkflowDecl>(decl);
      symbol->callable->associative = symbol->workflow->decl->clauses.associative;
      declare(symbol);
      break;
    }
    case syntax::DeclKind::mesh: {
      Symbol *symbol = make(SymbolKind::mesh, decl->name, decl);
      program.meshes.emplace_back();
      symbol->mesh = &program.meshes.back();
      declare(symbol);
      break;
    }
    case syntax::DeclKind::cluster: {
      Symbol *symbol = make(SymbolKind::cluster, decl->name, decl);
      program.clusters.emplace_back();
      symbol->cluster = &program.clusters.back();
      declare(symbol);
      break;
    }
    case syntax::DeclKind::store:
      refuse(decl, Code::storeNotCarried, "stores are not carried by this build",
             "pass what is to be kept through arguments and results, or write it with a tool");
      break;
    case syntax::DeclKind::label: {
      refuse(decl, Code::labelNotCarried, "labels are not carried by this build",
             "this build does not follow flows, so it runs no program that names labels");
      break;
    }
    case syntax::DeclKind::train: {
      Symbol *symbol = callable(SymbolKind::train, decl);
      program.trains.emplace_back();
      symbol->train = &program.trains.back();
      symbol->train->decl = as<syntax::TrainDecl>(decl);
      declare(symbol);
      break;
    }
    case syntax::DeclKind::deploy:
      error(Code::deployNotCarried, decl->name.span, "deployments are not carried by this build")
          .hint("a program runs on the machine it is started on");
      break;
    }
  }
}

void Checker::resolveSignatures(std::uint32_t index) {
  auto inSignature = [&](Symbol *symbol, const auto &resolve) {
    signatureDims = &dimsOf[symbol->callable];
    resolve();
    for (const auto &[name, dim] : *signatureDims)
      symbol->callable->dimParameters.push_back(dim);
    signatureDims = nullptr;
    typeParameters.clear();
  };
  for (const syntax::Decl *decl : program.modules[index]->tree->decls) {
    auto found = module().symbols.find(decl->id);
    Symbol *symbol = found == module().symbols.end() ? nullptr : found->second;
    if (!symbol || symbol->kind == SymbolKind::refused)
      continue;
    if (const auto *fn = as<syntax::FnDecl>(decl)) {
      inSignature(symbol, [&] {
        for (const syntax::TypeParam *parameter : fn->typeParameters) {
          Type type =
              program.types.declare(TypeKind::parameter, parameter->name.text, module().name, parameter->name.span);
          if (!typeParameters.emplace(parameter->name.text, type).second)
            error(Code::duplicateName, parameter->name.span, "`" + parameter->name.text + "` stands twice");
          symbol->callable->typeParameters.push_back(type);
        }
        signature(*symbol->callable, fn->parameters, fn->result);
      });
      if (!fn->result)
        symbol->callable->result = nullptr; // Inferred when the body is checked.
      Type result = symbol->callable->result;
      symbol->fn->tensor = result && holdsTensor(result);
      for (const Parameter &parameter : symbol->callable->parameters)
        symbol->fn->tensor |= holdsTensor(parameter.type);
      // Beside tensors a bool is one of rank 0, whoever computes it.
      if (symbol->fn->tensor)
        for (Parameter &parameter : symbol->callable->parameters)
          if (parameter.type->is(TypeKind::boolean))
            parameter.type = parameter.symbol->type = program.types.tensor(ElementType::boolean, {});
    } else if (const auto *workflow = as<syntax::WorkflowDecl>(decl)) {
      inSignature(symbol, [&] {
        signature(*symbol->callable, workflow->parameters, workflow->result);
        if (workflow->clauses.emits)
          symbol->workflow->emits = resolveType(workflow->clauses.emits);
      });
    } else if (const auto *agent = as<syntax::AgentDecl>(decl)) {
      if (agent->hasSignature) {
        inSignature(symbol, [&] { signature(*symbol->callable, agent->parameters, agent->result); });
      } else {
        promptSignature(*symbol->callable);
      }
    } else if (as<syntax::ModelDecl>(decl)) {
      promptSignature(*symbol->callable);
    } else if (as<syntax::ToolDecl>(decl)) {
      checkTool(symbol);
    }
  }
}

void Checker::promptSignature(Callable &callable) {
  Parameter prompt;
  prompt.name = "prompt";
  prompt.type = simple(TypeKind::string);
  callable.parameters.push_back(std::move(prompt));
  callable.result = simple(TypeKind::string);
}

void Checker::signature(Callable &callable, const std::vector<syntax::Param *> &parameters,
                        const syntax::TypeExpr *result) {
  for (const syntax::Param *param : parameters) {
    Parameter made;
    made.name = param->name.text;
    made.doc = param->doc;
    made.span = param->name.span;
    made.type = resolveType(param->type);
    if (auto marks = module().marks.find(param->type->id); marks != module().marks.end())
      made.marks = marks->second;
    made.symbol = make(SymbolKind::parameter, param->name, param);
    made.symbol->type = made.type;
    made.check = param->where;
    if (param->where)
      made.checkText = sources.file(param->where->span.file).text(param->where->span);
    made.defaultValue = param->defaultValue;
    for (const Parameter &other : callable.parameters)
      if (other.name == made.name)
        error(Code::duplicateName, made.span, "the parameter `" + made.name + "` stands twice")
            .note(other.span, "the first one");
    callable.parameters.push_back(std::move(made));
  }
  callable.result = result ? resolveType(result) : simple(TypeKind::none);
  if (result)
    if (auto marks = module().marks.find(result->id); marks != module().marks.end())
      callable.resultMarks = marks->second;
}

} // namespace weft::sema
