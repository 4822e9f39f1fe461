//===- InlayHints.cpp - What was not written and is known -----------------===//
//
// Types of names that are bound without one, results of functions, effects of
// workflows and agents that do not promise one.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

#include "lang/sema/Walk.h"

namespace weft::server {
using namespace syntax;

namespace {

constexpr std::size_t maxTypeBytes = 60; ///< A longer type is cut; hovering shows it whole.

class Hints {
public:
  Hints(const Analysis &analysis, std::uint32_t begin, std::uint32_t end)
      : analysis(analysis), program(*analysis.program), begin(begin), end(end) {}

  json::array take() {
    for (const Decl *decl : analysis.rootModule().tree->decls)
      if (decl->span.end >= begin && decl->span.begin <= end)
        declaration(decl);
    return std::move(list);
  }

private:
  void hint(std::uint32_t offset, const std::string &label, bool isType) {
    if (offset < begin || offset > end)
      return;
    json::object one{{"position", analysis.position(0, offset)}, {"label", label}};
    if (isType)
      one["kind"] = 1; // The protocol's Type; effects have no kind there.
    else
      one["paddingLeft"] = true;
    list.push_back(std::move(one));
  }

  static std::string shortText(sema::Type type) {
    std::string text = sema::text(type);
    if (text.size() <= maxTypeBytes)
      return text;
    std::size_t cut = maxTypeBytes;
    while ((static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
      --cut;
    return text.substr(0, cut) + "…";
  }

  void type(std::uint32_t offset, const std::string &before, sema::Type type) {
    if (type && !type->is(sema::TypeKind::error) && !type->is(sema::TypeKind::variable))
      hint(offset, before + shortText(type), true);
  }

  void declaration(const Decl *decl) {
    const sema::Symbol *symbol = program.symbol(decl);
    if (symbol && symbol->callable)
      signature(decl, *symbol);
    sema::forEachRoot(decl,
                      [&](const Expr *root) { sema::forEachExpr(root, [&](const Expr *expr) { expression(expr); }); });
  }

  /// Behind the bracket that closes the parameters, or what stands before the body.
  std::uint32_t beforeBody(const BlockExpr *body) const {
    std::uint32_t at = body->span.begin;
    std::string_view text = analysis.root().text();
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t' || text[at - 1] == '\n' || text[at - 1] == '\r'))
      --at;
    return at;
  }

  void signature(const Decl *decl, const sema::Symbol &symbol) {
    if (const auto *fn = as<FnDecl>(decl); fn && !fn->result)
      type(beforeBody(fn->body), " -> ", symbol.callable->result);
    // Messages leave effects half worked out, so nothing is said of them.
    if (analysis.engine.hasErrors())
      return;
    if (const auto *workflow = as<WorkflowDecl>(decl); workflow && !workflow->clauses.hasEffect)
      hint(beforeBody(workflow->body), "effect " + std::string(sema::text(symbol.callable->effect)), false);
    if (const auto *agent = as<AgentDecl>(decl); agent && !agent->clauses.hasEffect && agent->hasBody) {
      std::uint32_t at = agent->result             ? agent->result->span.end
                         : agent->provider.empty() ? agent->name.span.end
                                                   : agent->provider.span.end;
      if (agent->result || !agent->hasSignature)
        hint(at, "effect " + std::string(sema::text(symbol.callable->effect)), false);
    }
  }

  void pattern(const Pattern *one) {
    if (const auto *name = as<NamePattern>(one)) {
      auto info = analysis.rootModule().patterns.find(one->id);
      if (info != analysis.rootModule().patterns.end() && info->second.match == sema::Match::bind)
        type(name->name.span.end, ": ", info->second.type);
    } else if (const auto *tuple = as<TuplePattern>(one)) {
      for (const Pattern *element : tuple->elements)
        pattern(element);
    }
  }

  void expression(const Expr *expr) {
    if (const auto *block = as<BlockExpr>(expr)) {
      for (const Stmt *stmt : block->statements) {
        const auto *let = as<LetStmt>(stmt);
        const auto *record = let ? as<RecordExpr>(let->value) : nullptr;
        if (let && !let->type && !(record && !record->type.empty()))
          pattern(let->pattern);
      }
    } else if (const auto *each = as<ForExpr>(expr)) {
      pattern(each->pattern);
    } else if (const auto *loop = as<LoopExpr>(expr)) {
      pattern(loop->pattern);
    } else if (const auto *lambda = as<LambdaExpr>(expr); lambda && !lambda->isShorthand) {
      for (const LambdaParam *parameter : lambda->parameters)
        if (const sema::Symbol *symbol = program.symbol(parameter))
          type(parameter->name.span.end, ": ", symbol->type);
    }
  }

  const Analysis &analysis;
  const sema::CheckedProgram &program;
  std::uint32_t begin, end;
  json::array list;
};

} // namespace

Answer inlayHints(const Analysis &analysis, std::uint32_t begin, std::uint32_t end) {
  return json::value(Hints(analysis, begin, end).take());
}

} // namespace weft::server
