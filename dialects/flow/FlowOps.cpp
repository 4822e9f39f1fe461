//===- FlowOps.cpp - Syntax and effects of flow's ops ---------------------===//
//
// Effects name what is touched: the outside (one resource; which binding it is
// stands in the effect's symbol), chance, the stream of emitted values, and the
// end of the scope. Upstream passes read them and need to know no op by name.
//
//===----------------------------------------------------------------------===//

#include "dialects/flow/Flow.h"

#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;

/// `break` or `continue`.
static ParseResult parseStepWord(OpAsmParser &parser, UnitAttr &breaks) {
  if (succeeded(parser.parseOptionalKeyword("break"))) {
    breaks = parser.getBuilder().getUnitAttr();
    return success();
  }
  return parser.parseKeyword("continue");
}

static void printStepWord(OpAsmPrinter &printer, Operation *, UnitAttr breaks) {
  printer << (breaks ? "break" : "continue");
}

#include "dialects/flow/FlowInterfaces.cpp.inc"
#define GET_OP_CLASSES
#include "dialects/flow/FlowOps.cpp.inc"

namespace weft::flow {
namespace {

using Effects = SmallVectorImpl<MemoryEffects::EffectInstance>;

/// Everything that calls reach.
struct Outside : SideEffects::Resource::Base<Outside> {
  StringRef getName() final { return "outside"; }
};
/// What may answer differently when it is asked again: written by asking, so that two questions are never one.
struct Chance : SideEffects::Resource::Base<Chance> {
  StringRef getName() final { return "chance"; }
};
/// Emitted values, in order.
struct Stream : SideEffects::Resource::Base<Stream> {
  StringRef getName() final { return "stream"; }
};
/// A failure ends the scope, whoever looks at it.
struct EndOfScope : SideEffects::Resource::Base<EndOfScope> {
  StringRef getName() final { return "end of scope"; }
};

void addOutside(Effects &effects, Effect effect, SymbolRefAttr callee, bool chance) {
  if (effect >= Effect::read)
    effects.emplace_back(MemoryEffects::Read::get(), callee, Outside::get());
  if (writes(effect))
    effects.emplace_back(MemoryEffects::Write::get(), callee, Outside::get());
  if (chance)
    effects.emplace_back(MemoryEffects::Write::get(), Chance::get());
}

} // namespace

void CallOp::getEffects(Effects &effects) { addOutside(effects, getEffect(), getCalleeAttr(), getChance()); }
void InvokeOp::getEffects(Effects &effects) { addOutside(effects, getEffect(), getCalleeAttr(), getChance()); }

void GangOp::getEffects(Effects &effects) {
  addOutside(effects, getEffect().value_or(Effect::compute), getCalleeAttr(), false);
}

void SystemOp::getEffects(Effects &effects) {
  effects.emplace_back(MemoryEffects::Read::get(), Outside::get());
  if (getKind() != SystemKind::env)
    effects.emplace_back(MemoryEffects::Write::get(), Chance::get());
}

void EmitOp::getEffects(Effects &effects) { effects.emplace_back(MemoryEffects::Write::get(), Stream::get()); }
void FailOp::getEffects(Effects &effects) { effects.emplace_back(MemoryEffects::Write::get(), EndOfScope::get()); }
/// What the cell does when it is asked; a read at most.
void GetOp::getEffects(Effects &effects) { effects.emplace_back(MemoryEffects::Read::get(), Outside::get()); }
void RaceOp::getEffects(Effects &effects) { effects.emplace_back(MemoryEffects::Write::get(), Chance::get()); }
void VoteOp::getEffects(Effects &effects) { effects.emplace_back(MemoryEffects::Write::get(), Chance::get()); }

OnceOp GetOp::maker() {
  Value cell = getCell();
  while (auto argument = dyn_cast<BlockArgument>(cell)) {
    auto form = dyn_cast<FormInterface>(argument.getOwner()->getParentOp());
    if (!form)
      return {};
    unsigned own = form.ownArguments(argument.getOwner()->getParent()->getRegionNumber());
    if (argument.getArgNumber() < own)
      return {};
    cell = form.captures()[argument.getArgNumber() - own].get();
  }
  return cell.getDefiningOp<OnceOp>();
}

ParseResult WorkflowOp::parse(OpAsmParser &parser, OperationState &result) {
  auto build = [](Builder &builder, ArrayRef<Type> arguments, ArrayRef<Type> results,
                  function_interface_impl::VariadicFlag,
                  std::string &) { return builder.getFunctionType(arguments, results); };
  return function_interface_impl::parseFunctionOp(parser, result, false, getFunctionTypeAttrName(result.name), build,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void WorkflowOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, false, getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}

} // namespace weft::flow
