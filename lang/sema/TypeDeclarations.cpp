//===- TypeDeclarations.cpp - Records, sums, aliases, sizes ---------------===//
//
// Named types exist, empty, from the moment their names are collected, so that
// they may hold each other; here they are filled. A type without a finite value
// is found as the least fixed point of "has a value".
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

void Checker::resolveTypes(std::uint32_t index) {
  const syntax::Module &tree = *program.modules[index]->tree;
  // A size may be the product of sizes below it.
  for (const syntax::Decl *decl : tree.decls)
    if (const auto *dims = as<syntax::DimDecl>(decl))
      resolveDims(dims);
  for (const syntax::Decl *decl : tree.decls)
    if (as<syntax::ClusterDecl>(decl))
      if (auto found = module().symbols.find(decl->id); found != module().symbols.end())
        checkCluster(found->second);
  for (const syntax::Decl *decl : tree.decls)
    if (as<syntax::MeshDecl>(decl))
      if (auto found = module().symbols.find(decl->id); found != module().symbols.end())
        checkMesh(found->second);
  for (const syntax::Decl *decl : tree.decls) {
    auto found = module().symbols.find(decl->id);
    if (found != module().symbols.end() && found->second->kind == SymbolKind::type)
      fillType(found->second);
  }
  checkFinite(index);
}

void Checker::fillType(Symbol *symbol) {
  if (!filledTypes.insert(symbol).second)
    return;
  const auto *decl = static_cast<const syntax::Decl *>(symbol->node);
  auto *outer = std::exchange(signatureDims, nullptr);
  if (const auto *record = as<syntax::RecordDecl>(decl)) {
    TypeInfo *type = namedTypes[symbol];
    fillingTypes.insert(symbol);
    std::map<std::string, DimSymbol *> own;
    signatureDims = &own;
    for (const syntax::Field *field : record->fields)
      addField(type->fields, field->name, field->doc, field->type, field->where, field, "field");
    for (const auto &[name, dim] : own)
      type->open.push_back(dim);
    fillingTypes.erase(symbol);
  } else if (const auto *sum = as<syntax::SumDecl>(decl)) {
    TypeInfo *type = namedTypes[symbol];
    for (const syntax::Case *one : sum->cases) {
      if (int other = type->caseIndex(one->name.text); other >= 0)
        error(Code::duplicateName, one->name.span, "the case `" + one->name.text + "` stands twice")
            .note(type->cases[static_cast<std::size_t>(other)].span, "the first one");
      type->cases.push_back({one->name.text, {}, one->doc, one->name.span});
      for (const syntax::Param *field : one->fields) {
        addField(type->cases.back().fields, field->name, field->doc, field->type, field->where, field, "field");
        if (field->defaultValue)
          error(Code::wrongArguments, field->defaultValue->span, "fields of cases have no defaults")
              .hint("make the field a `T?`");
      }
    }
  } else if (const auto *alias = as<syntax::AliasDecl>(decl)) {
    if (alias->where) {
      TypeInfo *type = namedTypes[symbol];
      type->element = fail(); // Seen by an alias of itself, which is refused below.
      type->element = resolveType(alias->type);
      type->check = alias->where;
      type->checkText = sources.file(alias->where->span.file).text(alias->where->span);
      Symbol *it = make(SymbolKind::it, {"it", alias->where->span}, nullptr);
      it->type = type->element;
      type->checkIt = it;
    } else {
      symbol->type = resolveType(alias->type);
    }
  }
  signatureDims = outer;
}

void Checker::addField(std::vector<Field> &fields, const syntax::Name &name, const std::string &doc,
                       const syntax::TypeExpr *type, const syntax::Expr *where, const syntax::Node *node,
                       const char *what) {
  for (const Field &other : fields)
    if (other.name == name.text)
      error(Code::duplicateName, name.span, "the " + std::string(what) + " `" + name.text + "` stands twice")
          .note(other.span, "the first one");
  Field field;
  field.name = name.text;
  field.doc = doc;
  field.span = name.span;
  field.type = resolveType(type);
  if (auto marks = module().marks.find(type->id); marks != module().marks.end())
    field.marks = marks->second;
  Symbol *symbol = make(SymbolKind::field, name, node);
  symbol->type = field.type;
  if (where) {
    field.check = where;
    field.checkText = sources.file(where->span.file).text(where->span);
  }
  // The symbols that a `where` sees are those of the fields up to its own.
  if (!fields.empty())
    field.checkSees = fields.back().checkSees;
  field.checkSees.push_back(symbol);
  fields.push_back(std::move(field));
}

void Checker::resolveDims(const syntax::DimDecl *decl) {
  for (const syntax::DimBinding *binding : decl->bindings) {
    DimSymbol *dim = module().symbols[binding->id]->dim;
    std::optional<std::int64_t> size;
    withBody(Place::constant, body.module, nullptr,
             [&] { size = amountOf(binding->value, TypeKind::integer, "a size"); });
    if (body.module == 0)
      if (auto given = options.dims.find(dim->name); given != options.dims.end())
        size = given->second;
    if (size && *size < 1) {
      error(Code::badSize, binding->value->span,
            "`" + dim->name + "` is " + std::to_string(*size) + ", and a size is at least 1");
      size = 1;
    }
    dim->value = size.value_or(1);
    module().symbols[binding->id]->constant = Constant{*dim->value};
  }
}

void Checker::checkFinite(std::uint32_t index) {
  std::set<Type> finite;
  std::function<bool(Type)> ends = [&](Type type) -> bool {
    switch (type->kind) {
    case TypeKind::record:
      if (!type->name.empty())
        return finite.contains(type->declared());
      return std::all_of(type->fields.begin(), type->fields.end(), [&](const Field &f) { return ends(f.type); });
    case TypeKind::sum:
      return finite.contains(type) || type->module != program.modules[index]->name;
    case TypeKind::alias:
      return ends(type->element);
    case TypeKind::tuple:
      return std::all_of(type->elements.begin(), type->elements.end(), ends);
    default:
      return true;
    }
  };
  auto allEnd = [&](const std::vector<Field> &fields) {
    return std::all_of(fields.begin(), fields.end(), [&](const Field &field) {
      return ends(field.type) ||
             (field.type->is(TypeKind::record) && field.type->module != program.modules[index]->name);
    });
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto &[symbol, type] : namedTypes) {
      if (symbol->module != index || finite.contains(type))
        continue;
      bool now = type->is(TypeKind::record) ? allEnd(type->fields)
                 : type->is(TypeKind::sum)  ? std::any_of(type->cases.begin(), type->cases.end(),
                                                          [&](const Case &c) { return allEnd(c.fields); })
                                            : true;
      if (now)
        changed |= finite.insert(type).second;
    }
  }
  for (const auto &[symbol, type] : namedTypes)
    if (symbol->module == index && !finite.contains(type))
      error(Code::infiniteType, symbol->span, "`" + type->name + "` holds itself, so no value of it ever ends")
          .hint("let the cycle pass through a list, a map or a `T?`");
}

} // namespace weft::sema
