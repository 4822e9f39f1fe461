//===- AgentValues.cpp - Agents, workflows and models as values -----------===//
//
// Such a value is its number among all that stand as values, so it is plain data
// that lists, maps and conditions hold; a call chooses among those that it may be.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/BodyEmitter.h"

#include <utility>

using namespace mlir;

namespace weft::lowering {

using expr::Kind;

/// A call of an agent that is a value: a choice among all that the value may be, by its number.
Value BodyEmitter::callValue(source::Span span, const syntax::Expr *callee, ArrayRef<Value> operands, Type result) {
  DictionaryAttr policy = std::exchange(nextPolicy, {});
  auto wanted = cast<expr::ValueType>(typeOf(sema::base(module.program.of(callee).type)));
  Value number = as(span, emit(callee), module.simple(Kind::integer));
  SmallVector<Maker> makers;
  SmallVector<Value> places; // By number, which arm calls it.
  for (const sema::Symbol *symbol : module.agentValues()) {
    ArrayRef<sema::Parameter> parameters = symbol->callable->parameters;
    ArrayRef<Type> given = wanted.getElements().drop_back();
    bool fits = parameters.size() == given.size() &&
                module.fits(module.type(symbol->callable->result), wanted.getElements().back());
    for (std::size_t i = 0; fits && i < given.size(); ++i)
      fits = module.fits(given[i], module.type(parameters[i].type));
    places.push_back(integer(span, fits ? static_cast<std::int64_t>(makers.size()) : -1));
    if (fits)
      makers.push_back([this, span, symbol, operands, result, policy] {
        nextPolicy = policy;
        Value value = callNamed(span, symbol, operands);
        nextPolicy = {};
        return as(span, value, result);
      });
  }
  if (makers.empty()) // Then there is no such value either.
    return fail(span, "failed", text(span, "no agent of this type stands as a value anywhere"), result);
  if (makers.size() == 1)
    return makers[0]();
  Type numbers = expr::of(Kind::list, module.simple(Kind::integer));
  if (makers.size() < places.size()) {
    Value table = expr::ListOp::create(builder, module.at(span), numbers, places);
    number = builtin(span, "index", {table, number}, module.simple(Kind::integer));
  }
  auto op = flow::SwitchOp::create(builder, module.at(span), result, number, ValueRange(), stepId("call of a value"),
                                   makers.size());
  for (auto [region, make] : llvm::zip(op.getArms(), makers))
    fill(region, {}, span, result, [&make = make](ValueRange) { return make(); });
  return op.getResult();
}

/// One of those that stand as values.
Value BodyEmitter::callNamed(source::Span span, const sema::Symbol *callee, ArrayRef<Value> given) {
  SmallVector<Value> operands(given);
  for (auto [operand, parameter] : llvm::zip(operands, callee->callable->parameters))
    operand = as(span, operand, module.type(parameter.type));
  if (callee->kind == sema::SymbolKind::model)
    return askModel(span, callee, text(span, ""), operands[0], text(span, ""));
  sema::Type answer = callee->callable->result;
  bool isWorkflow = callee->kind == sema::SymbolKind::workflow;
  std::string symbol = isWorkflow ? module.workflow(callee) : module.agent(callee, answer);
  return invoke(span, symbol, *callee->callable, operands, module.type(answer));
}

} // namespace weft::lowering
