//===- Occurrences.cpp - Which word means what ----------------------------===//
//
// A walk over the whole tree, beside the tables of sema. What has an error has no
// entry there and is left out: nothing is guessed.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Occurrences.h"

#include "lang/sema/Walk.h"
#include "lang/server/ModuleNames.h"

#include <algorithm>

namespace weft::server {
using namespace syntax;
using sema::CalleeKind;
using sema::Denotes;
using sema::Match;

namespace {

class Collector {
public:
  Collector(const sema::CheckedProgram &program, const source::Sources &sources, std::uint32_t index)
      : program(program), module(*program.modules[index]), names(program, sources, index) {}

  std::vector<Occurrence> take() {
    for (const Decl *decl : module.tree->decls)
      declaration(decl);
    for (Occurrence &one : found)
      if (auto other = sameAs.find(one.target.begin); other != sameAs.end() && one.target.file == module.tree->file)
        one.target = other->second;
    std::stable_sort(found.begin(), found.end(),
                     [](const Occurrence &a, const Occurrence &b) { return a.span.begin < b.span.begin; });
    return std::move(found);
  }

private:
  void add(Occurrence one) {
    if (one.span.end > one.span.begin)
      found.push_back(std::move(one));
  }

  /// A word that stands for a symbol, under the symbol's name or one that `use … as` gave it.
  void symbol(const Name &name, const sema::Symbol *symbol, sema::Type type = nullptr) {
    if (!symbol || name.text.starts_with("$"))
      return;
    Occurrence one;
    one.span = name.span;
    one.symbol = symbol;
    one.type = type ? type : symbol->type;
    if (symbol->kind != sema::SymbolKind::it)
      one.target = symbol->span;
    if (name.text != symbol->name)
      if (std::optional<Span> renamed = names.renamed(name.text))
        one.target = *renamed;
    add(std::move(one));
  }

  /// What the node binds.
  void binding(const Node *node, const Name &name) { symbol(name, program.symbol(node)); }

  void field(const Name &name, sema::Type owner, const std::vector<sema::Field> &fields, std::int32_t index) {
    if (index < 0 || static_cast<std::size_t>(index) >= fields.size())
      return;
    Occurrence one;
    one.span = name.span;
    one.field = &fields[static_cast<std::size_t>(index)];
    one.target = one.field->span;
    one.owner = owner;
    one.type = one.field->type;
    add(std::move(one));
  }

  void caseOf(const Name &name, sema::Type sum, std::int32_t index) {
    if (!sum)
      return;
    sum = sema::base(sum);
    if (sum->is(sema::TypeKind::optional))
      sum = sema::base(sum->element);
    if (!sum->is(sema::TypeKind::sum) || index < 0 || static_cast<std::size_t>(index) >= sum->cases.size())
      return;
    Occurrence one;
    one.span = name.span;
    one.one = &sum->cases[static_cast<std::size_t>(index)];
    one.target = one.one->span;
    one.owner = sum;
    one.type = sum;
    add(std::move(one));
  }

  void builtin(const Name &name, sema::BuiltinId id, sema::Type type) {
    Occurrence one;
    one.span = name.span;
    one.builtin = id;
    one.type = type;
    add(std::move(one));
  }

  //===--------------------------------------------------------------------===//
  // Declarations
  //===--------------------------------------------------------------------===//

  void declaration(const Decl *decl) {
    if (!decl->name.empty())
      binding(decl, decl->name);
    if (const auto *d = as<UseDecl>(decl))
      imports(d);
    else if (const auto *d = as<RecordDecl>(decl))
      record(d);
    else if (const auto *d = as<SumDecl>(decl))
      sum(d);
    else if (const auto *d = as<AliasDecl>(decl))
      types(d->type), ifThere(d->where);
    else if (const auto *d = as<DimDecl>(decl))
      for (const DimBinding *one : d->bindings)
        binding(one, one->name), expr(one->value);
    else if (const auto *d = as<ModelDecl>(decl))
      entries(d->entries);
    else if (const auto *d = as<ToolDecl>(decl))
      tool(d);
    else if (const auto *d = as<AgentDecl>(decl))
      parameters(d, d->parameters), types(d->result), clauses(d->clauses), entries(d->entries);
    else if (const auto *d = as<FnDecl>(decl))
      function(d);
    else if (const auto *d = as<WorkflowDecl>(decl))
      parameters(d, d->parameters), types(d->result), clauses(d->clauses), expr(d->body);
    else if (const auto *d = as<TestDecl>(decl))
      expr(d->body);
    else if (const auto *d = as<MeshDecl>(decl))
      symbol(d->cluster, names.find(d->cluster.text));
  }

  void imports(const UseDecl *use) {
    for (const Import *import : use->imports) {
      const sema::Symbol *meant = names.imported(import);
      if (!meant)
        continue;
      Occurrence one;
      one.span = import->name.span;
      one.target = meant->span;
      one.symbol = meant;
      one.type = meant->type;
      add(one);
      if (import->alias.empty())
        continue;
      one.span = one.target = import->alias.span;
      add(std::move(one));
    }
  }

  sema::Type typeOf(const Decl *decl) {
    const sema::Symbol *symbol = program.symbol(decl);
    return symbol ? symbol->type : nullptr;
  }

  void record(const RecordDecl *decl) {
    sema::Type type = typeOf(decl);
    for (std::size_t i = 0; i < decl->fields.size(); ++i) {
      if (type)
        field(decl->fields[i]->name, type, type->fields, static_cast<std::int32_t>(i));
      types(decl->fields[i]->type);
      ifThere(decl->fields[i]->where);
    }
  }

  void sum(const SumDecl *decl) {
    sema::Type type = typeOf(decl);
    for (std::size_t i = 0; i < decl->cases.size(); ++i) {
      const syntax::Case *one = decl->cases[i];
      caseOf(one->name, type, static_cast<std::int32_t>(i));
      for (std::size_t at = 0; at < one->fields.size(); ++at) {
        if (type && i < type->cases.size())
          field(one->fields[at]->name, type, type->cases[i].fields, static_cast<std::int32_t>(at));
        types(one->fields[at]->type);
        ifThere(one->fields[at]->where);
      }
    }
  }

  void tool(const ToolDecl *decl) {
    entries(decl->entries);
    for (const Member *member : decl->members) {
      binding(member, member->name);
      parameters(member, member->parameters);
      types(member->result);
      ifThere(member->undo);
      ifThere(member->request);
    }
  }

  void function(const FnDecl *decl) {
    typeParameters = &decl->typeParameters;
    for (const TypeParam *one : decl->typeParameters)
      typeParameter(one->name, one);
    parameters(decl, decl->parameters);
    types(decl->result);
    expr(decl->body);
    typeParameters = nullptr;
  }

  void typeParameter(const Name &name, const TypeParam *parameter) {
    Occurrence one;
    one.span = name.span;
    one.target = parameter->name.span;
    add(std::move(one));
  }

  void parameters(const Node *owner, const std::vector<Param *> &list) {
    const sema::Symbol *callee = program.symbol(owner);
    sizes = callee && callee->callable ? &callee->callable->dimParameters : nullptr;
    for (const Param *param : list) {
      binding(param, param->name);
      types(param->type);
      ifThere(param->where);
      ifThere(param->defaultValue);
    }
  }

  void clauses(const Clauses &clauses) {
    entries(clauses.budget);
    ifThere(clauses.depth);
    types(clauses.emits);
  }

  void entries(const std::vector<Entry *> &list) {
    for (const Entry *entry : list)
      expr(entry->value);
  }

  //===--------------------------------------------------------------------===//
  // Types
  //===--------------------------------------------------------------------===//

  void types(const TypeExpr *type) {
    if (!type)
      return;
    if (const auto *t = as<OptionalType>(type)) {
      types(t->inner);
    } else if (const auto *t = as<TupleType>(type)) {
      for (const TypeExpr *element : t->elements)
        types(element);
    } else if (const auto *t = as<FunctionType>(type)) {
      for (const TypeExpr *parameter : t->parameters)
        types(parameter);
      types(t->result);
    } else if (const auto *t = as<NamedType>(type)) {
      named(t);
    }
  }

  void named(const NamedType *type) {
    for (const TypeExpr *argument : type->arguments)
      types(argument);
    for (const Dimension *dimension : type->dimensions)
      for (const SizeFactor &factor : dimension->size)
        if (!factor.name.empty())
          size({factor.name, {factor.span.file, sizeBegin(factor), factor.span.end}});
    if (type->qualifier.size() == 2) {
      symbol(type->name, names.qualified(type->qualifier[1].text, type->name.text));
    } else if (type->qualifier.empty()) {
      typeName(type->name);
    }
  }

  /// The factor's span may begin with its sign.
  static std::uint32_t sizeBegin(const SizeFactor &factor) {
    return factor.span.end - static_cast<std::uint32_t>(factor.name.size());
  }

  void typeName(const Name &name) {
    if (typeParameters)
      for (const TypeParam *parameter : *typeParameters)
        if (parameter->name.text == name.text)
          return typeParameter(name, parameter);
    const sema::Symbol *meant = names.find(name.text);
    if (meant && meant->kind == sema::SymbolKind::type)
      symbol(name, meant);
  }

  void size(const Name &name) {
    if (const sema::Symbol *meant = names.find(name.text))
      return symbol(name, meant);
    if (!sizes)
      return;
    for (const sema::DimSymbol *dim : *sizes)
      if (dim->name == name.text) {
        Occurrence one;
        one.span = name.span;
        one.target = {dim->span.file, dim->span.end - static_cast<std::uint32_t>(name.text.size()), dim->span.end};
        add(std::move(one));
      }
  }

  //===--------------------------------------------------------------------===//
  // Patterns
  //===--------------------------------------------------------------------===//

  void pattern(const Pattern *pattern) {
    auto entry = module.patterns.find(pattern->id);
    const sema::PatternInfo *info = entry == module.patterns.end() ? nullptr : &entry->second;
    if (const auto *p = as<NamePattern>(pattern)) {
      if (info && info->match == Match::caseOf)
        caseOf(p->name, info->type, info->index);
      else if (info && (info->match == Match::bind || info->match == Match::failure))
        symbol(p->name, info->symbol);
    } else if (const auto *p = as<CasePattern>(pattern)) {
      if (!p->type.empty())
        typeName(p->type);
      if (info && info->match == Match::caseOf)
        caseOf(p->name, info->type, info->index);
      for (const Pattern *argument : p->arguments)
        this->pattern(argument);
    } else if (const auto *p = as<TuplePattern>(pattern)) {
      for (const Pattern *element : p->elements)
        this->pattern(element);
    } else if (const auto *p = as<RecordPattern>(pattern)) {
      typeName(p->type);
      for (std::size_t i = 0; i < p->fields.size(); ++i) {
        this->pattern(p->fields[i]);
        if (!info || !info->type || i >= info->fields.size() || info->fields[i] < 0)
          continue;
        // A field is bound under its own name, so the two can only be renamed together.
        sema::Type record = sema::base(info->type);
        if (static_cast<std::size_t>(info->fields[i]) < record->fields.size())
          sameAs[p->fields[i]->name.span.begin] = record->fields[static_cast<std::size_t>(info->fields[i])].span;
      }
    }
  }

  //===--------------------------------------------------------------------===//
  // Expressions
  //===--------------------------------------------------------------------===//

  void ifThere(const Expr *one) {
    if (one)
      expr(one);
  }

  void reference(const Expr *expr, const Name &name) {
    const sema::ExprInfo &info = program.of(expr);
    if (info.denotes == Denotes::caseOf)
      caseOf(name, info.type, info.index);
    else if (info.symbol && info.symbol->kind != sema::SymbolKind::core)
      symbol(name, info.symbol, info.denotes == Denotes::local ? info.type : nullptr);
    else if (info.denotes == Denotes::callable && !info.symbol)
      builtin(name, info.builtin, info.type);
  }

  void member(const MemberExpr *e) {
    expr(e->object);
    const sema::ExprInfo &info = program.of(e);
    if (info.denotes != Denotes::field)
      return reference(e, e->member);
    sema::Type object = program.of(e->object).type;
    if (object)
      field(e->member, sema::base(object), sema::base(object)->fields, info.index);
  }

  void call(const CallExpr *e) {
    const sema::CallInfo *info = program.call(e);
    const auto *name = as<NameExpr>(e->callee);
    const auto *through = as<MemberExpr>(e->callee);
    const Name *word = name ? &name->name : through ? &through->member : nullptr;
    if (info && word && info->kind == CalleeKind::caseOf) {
      if (through)
        expr(through->object);
      caseOf(*word, info->result, info->index);
    } else if (info && word && isBuiltin(info->kind)) {
      if (through)
        expr(through->object);
      if (info->kind != CalleeKind::copy)
        builtin(*word, info->builtin, info->result);
    } else {
      expr(e->callee);
    }
    for (const Argument &argument : e->arguments) {
      if (!argument.name.empty())
        named(e, info, argument.name);
      expr(argument.value);
    }
  }

  static bool isBuiltin(CalleeKind kind) {
    return kind == CalleeKind::core || kind == CalleeKind::tensorCore || kind == CalleeKind::system ||
           kind == CalleeKind::mock || kind == CalleeKind::copy;
  }

  /// The name before the colon of an argument.
  void named(const CallExpr *e, const sema::CallInfo *info, const Name &name) {
    if (info && (info->kind == CalleeKind::copy || info->kind == CalleeKind::caseOf)) {
      sema::Type type = sema::base(info->result);
      if (info->kind == CalleeKind::copy)
        return field(name, type, type->fields, type->fieldIndex(name.text));
      const sema::Case &one = type->cases[static_cast<std::size_t>(info->index)];
      for (std::size_t i = 0; i < one.fields.size(); ++i)
        if (one.fields[i].name == name.text)
          field(name, type, one.fields, static_cast<std::int32_t>(i));
      return;
    }
    const sema::Symbol *callee = info ? info->callee : program.of(e->callee).symbol;
    if (!callee || !callee->callable)
      return;
    for (const sema::Parameter &parameter : callee->callable->parameters) {
      if (parameter.name != name.text)
        continue;
      Occurrence one;
      one.span = name.span;
      one.target = parameter.span;
      one.parameter = &parameter;
      one.symbol = parameter.symbol;
      one.type = parameter.type;
      add(std::move(one));
    }
  }

  void record(const RecordExpr *e) {
    if (!e->type.empty())
      typeName(e->type);
    sema::Type type = program.of(e).type;
    type = type ? sema::base(type) : nullptr;
    for (const Entry *entry : e->entries) {
      if (type && type->is(sema::TypeKind::record))
        field(entry->key, type, type->fields, type->fieldIndex(entry->key.text));
      expr(entry->value);
    }
  }

  void arms(const std::vector<Arm *> &list) {
    for (const Arm *arm : list) {
      pattern(arm->pattern);
      expr(arm->body);
    }
  }

  void block(const BlockExpr *e) {
    for (const Stmt *stmt : e->statements) {
      if (const auto *s = as<LetStmt>(stmt)) {
        pattern(s->pattern);
        types(s->type);
        expr(s->value);
      } else if (const auto *s = as<ExprStmt>(stmt)) {
        expr(s->expr);
      } else if (const auto *s = as<MockStmt>(stmt)) {
        expr(s->target);
        expr(s->value);
      }
    }
  }

  void expr(const Expr *expr) {
    if (const auto *e = as<NameExpr>(expr))
      reference(e, e->name);
    else if (const auto *e = as<MemberExpr>(expr))
      member(e);
    else if (const auto *e = as<CallExpr>(expr))
      call(e);
    else if (const auto *e = as<RecordExpr>(expr))
      record(e);
    else if (const auto *e = as<BlockExpr>(expr))
      block(e);
    else if (const auto *e = as<MatchExpr>(expr))
      this->expr(e->subject), arms(e->arms);
    else if (const auto *e = as<TryExpr>(expr))
      this->expr(e->body), arms(e->arms);
    else if (const auto *e = as<AsExpr>(expr))
      this->expr(e->operand), types(e->type);
    else if (const auto *e = as<ForExpr>(expr))
      pattern(e->pattern), children(e);
    else if (const auto *e = as<LoopExpr>(expr))
      pattern(e->pattern), children(e);
    else if (const auto *e = as<LambdaExpr>(expr))
      lambda(e);
    else
      children(expr);
  }

  void lambda(const LambdaExpr *e) {
    if (!e->isShorthand)
      for (const LambdaParam *parameter : e->parameters)
        binding(parameter, parameter->name);
    expr(e->body);
  }

  void children(const Expr *parent) {
    sema::forEachChild(parent, [&](const Expr *child) { expr(child); });
  }

  const sema::CheckedProgram &program;
  const sema::CheckedModule &module;
  ModuleNames names;
  const std::vector<TypeParam *> *typeParameters = nullptr;
  const std::vector<sema::DimSymbol *> *sizes = nullptr;
  std::map<std::uint32_t, Span> sameAs; ///< What a local stands for that bears a field's name.
  std::vector<Occurrence> found;
};

} // namespace

std::vector<Occurrence> occurrencesOf(const sema::CheckedProgram &program, const source::Sources &sources,
                                      std::uint32_t module) {
  return Collector(program, sources, module).take();
}

} // namespace weft::server
