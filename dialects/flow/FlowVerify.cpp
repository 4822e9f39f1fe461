//===- FlowVerify.cpp - The numbered constraints of flow's ops ------------===//

#include "dialects/flow/Flow.h"
#include "dialects/flow/Tools.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace weft::flow {
namespace {

LogicalResult keysAmong(Operation *op, DictionaryAttr dictionary, StringRef name, ArrayRef<StringRef> known) {
  if (!dictionary)
    return success();
  for (NamedAttribute entry : dictionary)
    if (!llvm::is_contained(known, entry.getName().strref()))
      return op->emitOpError() << name << " has the key '" << entry.getName().strref() << "', which it does not know";
  return success();
}

LogicalResult budgetKeys(Operation *op, DictionaryAttr budget) {
  return keysAmong(op, budget, "budget", {"cost_nano", "tokens", "time_ms", "turns", "on_exceed", "fallback"});
}

LogicalResult policyKeys(Operation *op, DictionaryAttr policy) {
  if (failed(keysAmong(op, policy, "policy",
                       {"retry", "retry_on", "backoff_ms", "timeout_ms", "hedge_ms", "cache", "cache_ms", "on",
                        "repairs", "budget"})))
    return failure();
  return budgetKeys(op, policy ? policy.getAs<DictionaryAttr>("budget") : DictionaryAttr());
}

/// A body takes its own arguments, then one per capture, and yields `result` (anything, where that is null).
LogicalResult body(FormInterface form, unsigned region, Type result) {
  Operation *op = form;
  Region &body = op->getRegion(region);
  unsigned wanted = form.ownArguments(region) + form.captures().size();
  if (body.getNumArguments() != wanted)
    return op->emitOpError() << "body " << region << " takes " << body.getNumArguments() << " arguments; wanted "
                             << wanted;
  auto yield = dyn_cast<YieldOp>(body.back().getTerminator());
  if (!yield)
    return op->emitOpError() << "body " << region << " does not end in flow.yield";
  if (result && yield.getValue().getType() != result)
    return op->emitOpError() << "body " << region << " yields " << yield.getValue().getType() << "; wanted " << result;
  return success();
}

LogicalResult onePerParameter(WorkflowOp op, std::optional<ArrayAttr> list, StringRef name) {
  if (!list || list->size() == op.getArgumentTypes().size())
    return success();
  return op.emitOpError() << name << " has " << list->size() << " entries for " << op.getArgumentTypes().size()
                          << " parameters";
}

} // namespace

LogicalResult WorkflowOp::verifyRegions() {
  auto yield = dyn_cast<YieldOp>(getBody().back().getTerminator());
  if (getResultTypes().size() != 1 || !yield || yield.getValue().getType() != getResultTypes()[0]) // C1
    return emitOpError() << "does not yield its one result";
  if (failed(onePerParameter(*this, getParamNames(), "param_names")) || // C2
      failed(onePerParameter(*this, getParamDocs(), "param_docs")) ||
      failed(onePerParameter(*this, getDefaults(), "defaults")))
    return failure();
  return budgetKeys(*this, getBudgetAttr()); // C3
}

LogicalResult BindingOp::verifyRegions() {
  for (Operation &inner : getBody().getOps())
    if (!isa<MemberOp>(inner)) // C1
      return emitOpError() << "holds '" << inner.getName() << "'; wanted only flow.member";
  return success();
}

LogicalResult MemberOp::verify() {
  if (getType().getNumResults() != 1 || getType().getNumInputs() != getParamNames().size()) // C1
    return emitOpError() << "names " << getParamNames().size() << " parameters of " << getType()
                         << "; wanted one name each, and one result";
  bool ownUndo = getEffect() == Effect::write_undo && !(*this)->hasAttr(toolsName); // tools have their own
  if (getEffect() != Effect::write_idempotent && !!getUndo() != ownUndo)            // C2
    return emitOpError() << "has the effect " << stringifyEffect(getEffect())
                         << (getUndo() ? " and an undo" : " and no undo");
  return success();
}

LogicalResult CallOp::verify() {
  if (!getPrefix() != !getPrefixBytes()) // C3
    return emitOpError() << "has " << (getPrefix() ? "prefix" : "prefix_bytes") << " alone; wanted both or none";
  return policyKeys(*this, getPolicyAttr()); // C2
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto member = symbols.lookupNearestSymbolFrom<MemberOp>(*this, getCalleeAttr());
  if (!member) // C1
    return emitOpError() << "calls " << getCalleeAttr() << "; wanted a flow.member";
  if (!llvm::equal(member.getType().getInputs(), getArguments().getTypes()) ||
      member.getType().getResult(0) != getResult().getType()) // C1
    return emitOpError() << "does not fit " << member.getType();
  if (member.getEffect() != getEffect() || member.getChance() != getChance()) // C1
    return emitOpError() << "says " << stringifyEffect(getEffect()) << (getChance() ? " chance" : "")
                         << "; the member says " << stringifyEffect(member.getEffect())
                         << (member.getChance() ? " chance" : "");
  return success();
}

LogicalResult InvokeOp::verify() { return policyKeys(*this, getPolicyAttr()); } // C2

LogicalResult InvokeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<WorkflowOp>(*this, getCalleeAttr());
  if (!callee) // C1
    return emitOpError() << "invokes " << getCalleeAttr() << "; wanted a flow.workflow";
  if (!llvm::equal(callee.getArgumentTypes(), getArguments().getTypes()) ||
      callee.getResultTypes()[0] != getResult().getType()) // C1
    return emitOpError() << "does not fit " << callee.getFunctionType();
  return success();
}

LogicalResult GangOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto callee = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getCalleeAttr());
  if (!callee || isa<WorkflowOp>(callee.getOperation())) // C1
    return emitOpError() << "runs " << getCalleeAttr() << "; wanted a tensor function";
  // What the run hands in and keeps itself is no operand, what it tells or goes on keeping no result: see `dist.state`
  // and its kin.
  SmallVector<Type> operands, results;
  llvm::SmallDenseSet<Attribute> inner;
  for (unsigned place = 0; place < callee.getNumArguments(); ++place) {
    bool handed = llvm::any_of(ArrayRef<StringRef>{"dist.zeros", "dist.feed", "dist.step"},
                               [&](StringRef name) { return callee.getArgAttr(place, name) != nullptr; });
    if (!handed)
      operands.push_back(callee.getArgumentTypes()[place]);
    if (callee.getArgAttr(place, "dist.zeros"))
      inner.insert(callee.getArgAttr(place, "dist.state"));
  }
  for (unsigned place = 0; place < callee.getNumResults(); ++place) {
    Attribute state = callee.getResultAttr(place, "dist.state");
    if (!callee.getResultAttr(place, "dist.report") && !(state && inner.contains(state)))
      results.push_back(callee.getResultTypes()[place]);
  }
  if (!llvm::equal(operands, getArguments().getTypes()) || !llvm::equal(results, getOutputs().getTypes())) // C1
    return emitOpError() << "does not fit " << callee.getFunctionType();
  return success();
}

LogicalResult SystemOp::verify() {
  size_t wanted = getKind() == SystemKind::env ? 1 : 0;
  if (getArguments().size() == wanted)
    return success();
  return emitOpError() << stringifySystemKind(getKind()) << " is given " << getArguments().size()
                       << " operands; wanted " << wanted; // C1
}

LogicalResult MakeStepOp::verify() {
  Type wanted = getBreaks() ? getResult().getType().getBroken() : getResult().getType().getCarried();
  if (getValue().getType() == wanted)
    return success();
  return emitOpError() << (getBreaks() ? "stops with " : "goes on with ") << getValue().getType() << "; wanted "
                       << wanted; // C1
}

LogicalResult MapOp::verifyRegions() { return body(*this, 0, Type()); } // C1

LogicalResult FoldOp::verifyRegions() {
  if (failed(body(*this, 0, getResult().getType()))) // C1
    return failure();
  Type item = getBody().front().getArgument(1).getType();
  if (!getTree() || item == getResult().getType())
    return success();
  return emitOpError() << "combines " << getResult().getType() << " and items of " << item
                       << " as a tree; wanted one type"; // C2
}

LogicalResult LoopOp::verifyRegions() {
  Type step = StepType::get(getContext(), getInit().getType(), getResult().getType());
  if (failed(body(*this, 0, step))) // C1
    return failure();
  return getOtherwise().empty() ? success() : body(*this, 1, getResult().getType()); // C2
}

LogicalResult SwitchOp::verifyRegions() {
  for (unsigned region = 0; region < getArms().size(); ++region)
    if (failed(body(*this, region, getResult().getType()))) // C1
      return failure();
  return getArms().empty() ? LogicalResult(emitOpError() << "has no bodies; wanted one or more") : success();
}

LogicalResult RaceOp::verifyRegions() {
  for (unsigned region = 0; region < getArms().size(); ++region)
    if (failed(body(*this, region, getResult().getType()))) // C1
      return failure();
  return getArms().empty() ? LogicalResult(emitOpError() << "has no bodies; wanted one or more") : success(); // C1
}

LogicalResult VoteOp::verifyRegions() { return body(*this, 0, Type()); } // C1

LogicalResult TryOp::verifyRegions() {
  if (failed(body(*this, 0, getResult().getType()))) // C1
    return failure();
  return body(*this, 1, getResult().getType()); // C1
}

LogicalResult OnceOp::verifyRegions() {
  WalkResult walked = getBody().walk([&](Operation *op) {
    auto call = dyn_cast<CallOp>(op);
    auto invoke = dyn_cast<InvokeOp>(op);
    if (isa<EmitOp>(op) || (call && writes(call.getEffect())) || (invoke && writes(invoke.getEffect()))) // C2
      return WalkResult(op->emitOpError() << "stands in a flow.once; wanted only what reads");
    return WalkResult::advance();
  });
  if (walked.wasInterrupted() || failed(body(*this, 0, getResult().getType().getValue()))) // C1
    return failure();
  Type key = getResult().getType().getKey();
  if (key && getBody().getArgument(0).getType() != key) // C1
    return emitOpError() << "its body takes " << getBody().getArgument(0).getType() << "; the cell is asked with "
                         << key;
  return success();
}

LogicalResult GetOp::verify() {
  if (getCell().getType().getValue() != getResult().getType()) // C1
    return emitOpError() << "gives " << getResult().getType() << "; the cell holds " << getCell().getType().getValue();
  Type key = getCell().getType().getKey();
  if (!key != !getKey()) // C2
    return emitOpError() << (key ? "is given no key" : "is given a key") << "; the cell has "
                         << (key ? "one value for each" : "one value");
  if (key && key != getKey().getType()) // C2
    return emitOpError() << "asks with " << getKey().getType() << "; the cell is asked with " << key;
  return success();
}

LogicalResult ScopeOp::verifyRegions() {
  if (failed(policyKeys(*this, getPolicyAttr()))) // C2
    return failure();
  return body(*this, 0, getResult().getType()); // C1
}

} // namespace weft::flow
