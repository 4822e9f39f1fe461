//===- FlowToPlan.cpp - Outlined workflows become blocks of the plan ------===//

#include "compiler/lowering/FlowToPlan/FlowToPlan.h"

#include "compiler/lowering/FlowToPlan/Entries.h"
#include "compiler/lowering/FlowToPlan/Limits.h"
#include "compiler/lowering/FlowToPlan/WordsWriter.h"
#include "runtime/value/Words.h"

using namespace mlir;

namespace weft::lowering {
namespace {

/// Blocks are numbered before any is written, so that workflows may invoke each other.
LogicalResult writeWorkflows(BlockContext &context, ModuleOp module) {
  fb::CodeT &code = *context.pools.plan.code;
  for (auto workflow : module.getOps<flow::WorkflowOp>()) {
    context.workflows[workflow.getSymName()] = static_cast<std::uint32_t>(code.blocks.size());
    code.blocks.push_back(std::make_unique<fb::BlockT>());
  }
  for (auto binding : module.getOps<flow::BindingOp>())
    for (auto member : binding.getBody().getOps<flow::MemberOp>())
      if (member.getUndo()) {
        auto path = SymbolRefAttr::get(binding.getSymNameAttr(), FlatSymbolRefAttr::get(member.getSymNameAttr()));
        context.pools.plan.members[context.bindings.member(path)]->undo =
            static_cast<std::int32_t>(context.workflows.lookup(*member.getUndo()));
      }
  for (auto workflow : module.getOps<flow::WorkflowOp>()) {
    std::uint32_t index = context.workflows.lookup(workflow.getSymName());
    std::string name = workflow.getSymName().str();
    if (failed(writeBlock(context, workflow.getBody(), index, name, stableIdOf(name))))
      return failure();
    code.blocks[index]->depth = static_cast<std::uint32_t>(workflow.getDepth().value_or(0));
  }
  return success();
}

} // namespace

LogicalResult flowToPlan(ModuleOp module, const GangIndices &gangs, fb::PlanT &plan) {
  if (failed(checkLimits(module)))
    return failure();
  plan.words_version = value::wordsVersion;
  if (!plan.code)
    plan.code = std::make_unique<fb::CodeT>();
  if (!plan.limits)
    plan.limits = std::make_unique<fb::LimitsT>();
  Pools pools(module, plan);
  for (auto function : module.getOps<expr::FunctionOp>())
    writeFunction(pools, function);
  // Types that nothing refers to still have a schema.
  for (auto type : module.getOps<expr::TypeOp>())
    pools.type(expr::named(module.getContext(), type.getSymName()));
  Bindings bindings(pools, module);
  StableIds ids;
  analysis::FlowEffects effects(module);
  BlockContext context{pools, bindings, ids, effects, gangs, effects.callOrder(), {}};
  if (failed(writeWorkflows(context, module)))
    return failure();
  return writeEntries(context, module);
}

} // namespace weft::lowering
