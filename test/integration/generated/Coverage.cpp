//===- Coverage.cpp - What a program is made of ---------------------------===//

#include "test/integration/generated/Coverage.h"

#include "lang/sema/Builtins.h"
#include "lang/sema/Walk.h"
#include "runtime/plan/NodeFlags.h"

#include <set>

namespace weft::generated {
namespace {

const char *formName(syntax::ExprKind kind) {
  using enum syntax::ExprKind;
  switch (kind) {
  case ifElse:
    return "if";
  case match:
    return "match";
  case forEach:
    return "for";
  case loop:
    return "loop";
  case race:
    return "race";
  case vote:
    return "vote";
  case tryCatch:
    return "try";
  case fail:
    return "fail";
  case assertThat:
    return "assert";
  case emit:
    return "emit";
  case with:
    return "with";
  case asType:
    return "as";
  case lambda:
    return "lambda";
  case index:
    return "index";
  case tupleIndex:
    return "tuple index";
  case record:
    return "record";
  case map:
    return "map";
  case tuple:
    return "tuple";
  case quantity:
    return "quantity";
  default:
    return nullptr;
  }
}

const char *calleeName(sema::CalleeKind kind) {
  using enum sema::CalleeKind;
  switch (kind) {
  case fn:
    return "call of a fn";
  case workflow:
    return "call of a workflow";
  case agent:
    return "call of an agent";
  case model:
    return "call of a model";
  case member:
    return "call of a tool";
  case agentValue:
    return "call of an agent that is a value";
  case closure:
    return "call of a function that is a value";
  case caseOf:
    return "case with fields";
  case copy:
    return "copy";
  default:
    return nullptr;
  }
}

const char *matchName(sema::Match match) {
  static constexpr const char *names[] = {"_",    "name",  "literal", "case",         "none",
                                          "some", "tuple", "record",  "failure kind", "failure"};
  return names[static_cast<int>(match)];
}

} // namespace

void count(const sema::CheckedProgram &program, const plan::Plan &plan, const plan::Plan &optimized,
           std::map<std::string, std::uint64_t> &constructs) {
  std::set<std::string> found;
  const sema::CheckedModule &module = *program.modules[0];
  for (const syntax::Decl *decl : module.tree->decls)
    sema::forEachRoot(decl, [&](const syntax::Expr *root) {
      sema::forEachExpr(root, [&](const syntax::Expr *expr) {
        if (const char *name = formName(expr->kind))
          found.insert(name);
        if (const auto *loop = syntax::as<syntax::LoopExpr>(expr); loop && !loop->otherwise)
          found.insert("loop without else");
        if (const auto *each = syntax::as<syntax::ForExpr>(expr); each && each->parallel)
          found.insert("parallel");
      });
    });
  for (const auto &[id, call] : module.calls) {
    if (const char *name = calleeName(call.kind))
      found.insert(name);
    if (call.kind == sema::CalleeKind::core || call.kind == sema::CalleeKind::mock)
      found.insert("`" + std::string(sema::nameOf(call.builtin)) + "`");
    if (call.kind == sema::CalleeKind::fn && !call.typeArguments.empty())
      found.insert("call of a generic fn");
    if (call.kind == sema::CalleeKind::member)
      found.insert("effect " + std::string(sema::text(call.callee->callable->effect)));
  }
  for (const auto &[id, pattern] : module.patterns)
    found.insert("pattern " + std::string(matchName(pattern.match)));
  for (const auto &[id, policy] : module.policies) {
    if (policy.retry)
      found.insert("retry");
    if (policy.retryOn)
      found.insert("retry_on");
  }
  for (const plan::Policy &policy : plan.policies) {
    if (policy.timeoutMs)
      found.insert("timeout");
    if (policy.hedgeMs)
      found.insert("hedge");
    if (policy.cache != plan::fb::Cache::unset)
      found.insert(std::string("cache ") + plan::fb::EnumNameCache(policy.cache));
  }
  if (!plan.budgets.empty())
    found.insert("budget");
  for (const plan::Block &block : plan.blocks) {
    if (block.depth > 0)
      found.insert("depth");
  }
  for (const plan::Plan *one : {&plan, &optimized})
    for (const plan::Node &node : one->nodes)
      found.insert(std::string("op ") + plan::fb::EnumNameOp(node.op()) +
                   (node.op() == plan::Op::once && node.flags() & plan::byKey ? " by key" : ""));
  for (const std::string &one : found)
    ++constructs[one];
}

} // namespace weft::generated
