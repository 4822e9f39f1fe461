//===- FlowEffects.cpp - What a step touches, bodies and callees included -===//

#include "compiler/analysis/FlowEffects.h"

#include "dialects/expr/Expr.h"
#include "dialects/flow/Tests.h"
#include "dialects/flow/Tools.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace weft::analysis {
namespace {

using flow::Effect;

void touchBinding(Touch &touch, StringAttr binding, Effect effect) {
  touch.effect = flow::join(touch.effect, effect);
  if (effect < Effect::read)
    return;
  auto [entry, added] = touch.bindings.insert({binding, effect});
  if (!added)
    entry->second = flow::join(entry->second, effect);
}

/// Null for a name that has no member, which the verifier reports.
flow::MemberOp memberOf(const SymbolTable &symbols, SymbolRefAttr path) {
  auto binding = symbols.lookup<flow::BindingOp>(path.getRootReference());
  return binding ? dyn_cast_or_null<flow::MemberOp>(SymbolTable::lookupSymbolIn(binding, path.getLeafReference()))
                 : flow::MemberOp();
}

/// Who says `cache: none` wants each call made.
bool wantsEach(DictionaryAttr policy) {
  auto cache = policy ? policy.getAs<StringAttr>("cache") : StringAttr();
  return cache && cache.getValue() == "none";
}

/// Files of weights are written: whoever reads such files reads them afterwards.
void touchWeights(Touch &touch, Operation *writer, Effect effect) {
  for (auto binding : writer->getParentOfType<ModuleOp>().getOps<flow::BindingOp>())
    if (binding.getProvider() == flow::weightsProvider || binding.getProvider() == flow::compiledProvider)
      touchBinding(touch, binding.getSymNameAttr(), effect);
}

} // namespace

void Touch::add(const Touch &other) {
  effect = flow::join(effect, other.effect);
  for (auto &[binding, done] : other.bindings)
    touchBinding(*this, binding, done);
  chance |= other.chance;
  people |= other.people;
  emits |= other.emits;
  fails |= other.fails;
  asserts |= other.asserts;
}

FlowEffects::FlowEffects(ModuleOp module) : symbols(module), calls(module) {
  for (flow::WorkflowOp workflow : calls.calleesFirst()) {
    Touch touch = alone(workflow);
    // What is reached, each once: cycles and callees in common add nothing twice.
    llvm::SetVector<Operation *> reached;
    reached.insert(workflow);
    for (std::size_t at = 0; at < reached.size(); ++at)
      for (Operation *callee : calls.calleesOf(reached[at]))
        if (auto done = workflows.find(callee); done != workflows.end())
          touch.add(done->second);
        else if (reached.insert(callee))
          touch.add(alone(callee));
    workflows.try_emplace(workflow, std::move(touch));
  }
}

/// What stands in the workflow, without its callees.
Touch FlowEffects::alone(Operation *workflow) {
  Touch touch;
  workflow->walk([&](Operation *op) { addLocal(touch, op); });
  // An agent whose answer does not fit its type is a read that failed.
  if (cast<flow::WorkflowOp>(workflow).getKind() == flow::BlockKind::agent)
    touch.asserts = false;
  return touch;
}

const Touch &FlowEffects::of(Operation *op) {
  auto found = known.find(op);
  if (found != known.end())
    return found->second;
  Touch touch;
  // A cell does nothing where it is made; whoever asks it does what its body does.
  Operation *bodies = op;
  if (auto get = dyn_cast<flow::GetOp>(op))
    bodies = get.maker();
  if (bodies && !isa<flow::OnceOp>(op))
    for (Region &region : bodies->getRegions())
      for (Operation &inner : region.getOps())
        touch.add(of(&inner));
  addLocal(touch, op);
  if (auto invoke = dyn_cast<flow::InvokeOp>(op))
    if (auto callee = calls.calleeOf(invoke))
      touch.add(ofWorkflow(callee));
  return known.try_emplace(op, std::move(touch)).first->second;
}

/// What the op does itself, without its bodies and its callee.
void FlowEffects::addLocal(Touch &touch, Operation *op) {
  // What is handed a lambda may call it: a `for` of pure work is a map over one, and an assert in it holds.
  for (Value operand : op->getOperands())
    if (auto lambda = operand.getDefiningOp<expr::LambdaOp>())
      touch.fails |= of(lambda).fails, touch.asserts |= of(lambda).asserts;
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](flow::CallOp call) {
        StringAttr binding = call.getCallee().getRootReference();
        flow::MemberOp member = memberOf(symbols, call.getCallee());
        auto tools = member ? member->getAttrOfType<ArrayAttr>(flow::toolsName) : ArrayAttr();
        // The model itself is only asked.
        touchBinding(touch, binding, tools ? Effect::read : call.getEffect());
        if (tools)
          for (auto tool : tools.getAsRange<SymbolRefAttr>())
            if (flow::MemberOp called = memberOf(symbols, tool))
              touchBinding(touch, tool.getRootReference(), called.getEffect());
        touch.effect = flow::join(touch.effect, call.getEffect());
        touch.chance |= call.getChance() || wantsEach(call.getPolicyAttr());
        auto asked = symbols.lookup<flow::BindingOp>(binding);
        touch.people |= asked && asked.getKind() == flow::BindingKind::human;
        // What a test asks about its calls stands between those above it and those below it, whatever they call.
        if (asked && asked.getProvider() == flow::asksProvider)
          for (auto other : asked->getParentOfType<ModuleOp>().getOps<flow::BindingOp>())
            touchBinding(touch, other.getSymNameAttr(), call.getEffect());
        if (asked && asked.getProvider() == flow::weightsProvider && flow::writes(call.getEffect()))
          touchWeights(touch, call, call.getEffect());
      })
      .Case([&](flow::InvokeOp invoke) { touch.chance |= invoke.getChance() || wantsEach(invoke.getPolicyAttr()); })
      .Case([&](flow::GangOp gang) {
        Effect effect = gang.getEffect().value_or(Effect::compute);
        touch.effect = flow::join(touch.effect, effect);
        if (flow::writes(effect))
          touchWeights(touch, gang, effect);
      })
      .Case([&](flow::SystemOp system) {
        touch.effect = flow::join(touch.effect, Effect::read);
        touch.chance |= system.getKind() != flow::SystemKind::env;
      })
      .Case([&](flow::ScopeOp scope) { touch.chance |= wantsEach(scope.getPolicyAttr()); })
      .Case([&](flow::EmitOp) { touch.emits = true; })
      .Case<flow::RaceOp, flow::VoteOp>([&](Operation *) { touch.chance = true; })
      .Case<flow::FailOp, expr::FailOp>([&](Operation *) { touch.fails = touch.asserts = true; });
}

} // namespace weft::analysis
