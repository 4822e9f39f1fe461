//===- ExprOps.cpp - Syntax and effects of expr's ops ---------------------===//

#include "dialects/expr/Expr.h"

#include "mlir/Interfaces/FunctionImplementation.h"

using namespace mlir;

/// The attribute without the type that its number would carry: the op's result type says it.
static ParseResult parseConstantValue(OpAsmParser &parser, Attribute &value) { return parser.parseAttribute(value); }

static void printConstantValue(OpAsmPrinter &printer, Operation *, Attribute value) {
  if (isa<DenseElementsAttr>(value))
    printer.printAttribute(value);
  else
    printer.printAttributeWithoutType(value);
}

#define GET_OP_CLASSES
#include "dialects/expr/ExprOps.cpp.inc"

namespace weft::expr {
namespace {

/// What a failure writes to: nothing may be dropped or moved across the end of a step.
struct EndOfStep : SideEffects::Resource::Base<EndOfStep> {
  StringRef getName() final { return "end of step"; }
};

} // namespace

ParseResult FunctionOp::parse(OpAsmParser &parser, OperationState &result) {
  auto build = [](Builder &builder, ArrayRef<Type> arguments, ArrayRef<Type> results,
                  function_interface_impl::VariadicFlag,
                  std::string &) { return builder.getFunctionType(arguments, results); };
  return function_interface_impl::parseFunctionOp(parser, result, false, getFunctionTypeAttrName(result.name), build,
                                                  getArgAttrsAttrName(result.name), getResAttrsAttrName(result.name));
}

void FunctionOp::print(OpAsmPrinter &printer) {
  function_interface_impl::printFunctionOp(printer, *this, false, getFunctionTypeAttrName(), getArgAttrsAttrName(),
                                           getResAttrsAttrName());
}

void FailOp::getEffects(SmallVectorImpl<MemoryEffects::EffectInstance> &effects) {
  effects.emplace_back(MemoryEffects::Write::get(), EndOfStep::get());
}

} // namespace weft::expr
