//===- CheckedProgram.cpp - Lookups in what sema found out ----------------===//
//
// A lookup of what cannot be missing in a program without errors ends in an
// entry that stands for nothing, never in undefined behaviour: tools also look
// into programs that have errors.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/CheckedProgram.h"

namespace weft::sema {
namespace {

template <typename Map> const typename Map::mapped_type *lookUp(const Map &map, syntax::NodeId id) {
  auto found = map.find(id);
  return found == map.end() ? nullptr : &found->second;
}
} // namespace

std::int64_t ClusterInfo::deviceCount() const {
  std::int64_t count = 0;
  for (const DeviceInfo &device : devices)
    count += device.count;
  return count;
}

const CheckedModule &CheckedProgram::moduleOf(const syntax::Node *node) const {
  auto found = moduleOfFile.find(node->span.file);
  return *modules[found == moduleOfFile.end() ? 0 : found->second];
}

const CallInfo *CheckedProgram::call(const syntax::Expr *expr) const { return lookUp(moduleOf(expr).calls, expr->id); }

const PatternInfo &CheckedProgram::pattern(const syntax::Pattern *pattern) const {
  static const PatternInfo nothing;
  const PatternInfo *found = lookUp(moduleOf(pattern).patterns, pattern->id);
  return found ? *found : nothing;
}

Type CheckedProgram::typeOf(const syntax::TypeExpr *type) const {
  const Type *found = lookUp(moduleOf(type).types, type->id);
  return found ? *found : types.simple(TypeKind::error);
}

const Policy &CheckedProgram::policy(const syntax::WithExpr *with) const {
  static const Policy nothing;
  const Policy *found = lookUp(moduleOf(with).policies, with->id);
  return found ? *found : nothing;
}

std::vector<Type> CheckedProgram::instance(const syntax::Expr *name) const {
  const std::vector<Type> *found = lookUp(moduleOf(name).instances, name->id);
  return found ? *found : std::vector<Type>{};
}

AsKind CheckedProgram::answer(const syntax::AsExpr *as) const {
  const AsKind *found = lookUp(moduleOf(as).answers, as->id);
  return found ? *found : AsKind::json;
}

const std::vector<const Symbol *> &CheckedProgram::captures(const syntax::LambdaExpr *lambda) const {
  static const std::vector<const Symbol *> nothing;
  const std::vector<const Symbol *> *found = lookUp(moduleOf(lambda).captures, lambda->id);
  return found ? *found : nothing;
}

bool CheckedProgram::foldsAsTree(const syntax::Expr *function) const {
  const CallInfo *called = call(function);
  if (const auto *lambda = syntax::as<syntax::LambdaExpr>(function)) {
    const syntax::Expr *body = lambda->body;
    if (const auto *with = syntax::as<syntax::WithExpr>(body))
      body = with->operand;
    called = call(body);
    if (!called || called->arguments.size() != 2 || lambda->parameters.size() != 2)
      return false;
    for (std::size_t i = 0; i < 2; ++i) {
      const auto *name =
          called->arguments[i].value ? syntax::as<syntax::NameExpr>(called->arguments[i].value) : nullptr;
      if (!name || of(name).symbol != symbol(lambda->parameters[i]))
        return false;
    }
  }
  return called && called->callee && called->kind != CalleeKind::fn && called->callee->callable &&
         called->callee->callable->associative;
}

const Symbol *CheckedProgram::symbol(const syntax::Node *node) const {
  Symbol *const *found = lookUp(moduleOf(node).symbols, node->id);
  return found ? *found : nullptr;
}

const Symbol *CheckedProgram::find(std::string_view name) const {
  for (const Symbol *symbol : modules.empty() ? std::vector<const Symbol *>{} : modules.front()->declared)
    if (symbol->name == name)
      return symbol;
  return nullptr;
}

} // namespace weft::sema
