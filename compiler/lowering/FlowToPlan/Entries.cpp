//===- Entries.cpp - What can be started from outside ---------------------===//

#include "compiler/lowering/FlowToPlan/Entries.h"

#include "compiler/lowering/FlowToPlan/Defaults.h"
#include "runtime/plan/Plan.h"

#include <algorithm>

using namespace mlir;

namespace weft::lowering {
namespace {

class EntryWriter {
public:
  EntryWriter(BlockContext &context, Defaults &defaults, flow::WorkflowOp op)
      : context(context), defaults(defaults), op(op) {}

  LogicalResult run() {
    entry->name = op.getSymName().str();
    entry->kind = op.getKind() == flow::BlockKind::test ? fb::EntryKind::test : fb::EntryKind::workflow;
    entry->block = context.workflows.lookup(op.getSymName());
    entry->result = context.pools.type(op.getResultTypes()[0]);
    if (op.getEmits())
      entry->emits = static_cast<std::int32_t>(context.pools.type(*op.getEmits()));
    entry->budget = context.bindings.budget(op.getBudgetAttr());
    entry->effect = static_cast<fb::Effect>(context.effects.ofWorkflow(op).effect);
    entry->span = context.pools.span(op.getLoc());
    entry->doc = op.getDoc().value_or("").str();
    entry->crash_everywhere = op.getCrashEverywhere();
    if (failed(parameters()))
      return failure();
    if (op.getMocks())
      for (auto mock : op.getMocks()->getAsRange<DictionaryAttr>())
        if (failed(addMock(mock)))
          return failure();
    context.pools.plan.entries.push_back(std::move(entry));
    return success();
  }

private:
  LogicalResult parameters() {
    for (auto [position, type] : llvm::enumerate(op.getArgumentTypes())) {
      auto param = std::make_unique<fb::ParamT>();
      param->name = textAt(op.getParamNames(), position);
      param->doc = textAt(op.getParamDocs(), position);
      param->type = context.pools.type(type);
      Attribute otherwise = op.getDefaults() ? (*op.getDefaults())[position] : Attribute();
      if (auto name = dyn_cast_or_null<FlatSymbolRefAttr>(otherwise)) {
        auto function = SymbolTable::lookupNearestSymbolFrom<expr::FunctionOp>(op, name);
        if (!function || !function.getArgumentTypes().empty() || function.getResultTypes()[0] != type)
          return op->emitError() << "the default of " << param->name << " is computed by " << name
                                 << "; wanted an expr.function that takes nothing and gives " << type;
        FailureOr<std::uint32_t> made = defaults.compute(function);
        if (failed(made))
          return failure();
        param->default_value = static_cast<std::int32_t>(*made);
      } else if (otherwise && !isa<UnitAttr>(otherwise)) {
        param->default_value = static_cast<std::int32_t>(context.pools.constant(otherwise, type));
      }
      entry->params.push_back(std::move(param));
    }
    return success();
  }

  static std::string textAt(std::optional<ArrayAttr> list, std::size_t position) {
    return list ? cast<StringAttr>((*list)[position]).str() : std::string();
  }

  /// A target with two parts is a member; one part is a workflow or agent, and then `member` is called in its place, or
  /// counts its activations, where there is no function.
  LogicalResult addMock(DictionaryAttr mock) {
    if (auto recording = mock.getAs<StringAttr>("recording")) {
      entry->recordings.push_back(recording.str());
      return success();
    }
    auto target = mock.getAs<SymbolRefAttr>("target");
    auto function = mock.getAs<FlatSymbolRefAttr>("function");
    auto member = mock.getAs<SymbolRefAttr>("member");
    if (!target || (!function && !member))
      return op->emitError() << "a mock needs a target and a function or a member, or a recording";
    auto made = std::make_unique<fb::MockT>();
    made->function = function ? context.pools.function(function.getValue()) : plan::noIndex;
    Operation *found = SymbolTable::lookupNearestSymbolFrom(op, target);
    if (isa_and_nonnull<flow::MemberOp>(found)) {
      std::uint32_t member = context.bindings.member(target);
      auto binding = found->getParentOfType<flow::BindingOp>();
      // A model is one thing, with tools and without.
      bool whole = binding.getKind() == flow::BindingKind::model && !llvm::hasSingleElement(binding.getBody().front());
      if (whole)
        made->binding = static_cast<std::int32_t>(context.pools.plan.members[member]->binding);
      else
        made->member = static_cast<std::int32_t>(member);
    } else if (isa_and_nonnull<flow::WorkflowOp>(found)) {
      if (!member)
        return op->emitError() << "a mock replaces " << target
                               << " by nothing; wanted a member that is called in its place";
      made->block = static_cast<std::int32_t>(context.workflows.lookup(target.getLeafReference()));
    } else {
      return op->emitError() << "a mock replaces " << target << "; wanted a member or a workflow";
    }
    if (member)
      made->member = static_cast<std::int32_t>(context.bindings.member(member));
    entry->mocks.push_back(std::move(made));
    return success();
  }

  BlockContext &context;
  Defaults &defaults;
  flow::WorkflowOp op;
  std::unique_ptr<fb::EntryT> entry = std::make_unique<fb::EntryT>();
};

} // namespace

LogicalResult writeEntries(BlockContext &context, ModuleOp module) {
  Defaults defaults(context.pools);
  for (auto op : module.getOps<flow::WorkflowOp>()) {
    if (!op.getEntry() && op.getKind() != flow::BlockKind::test)
      continue;
    if (failed(EntryWriter(context, defaults, op).run()))
      return failure();
  }
  auto &entries = context.pools.plan.entries;
  std::sort(entries.begin(), entries.end(),
            [](const auto &left, const auto &right) { return left->name < right->name; });
  return success();
}

} // namespace weft::lowering
