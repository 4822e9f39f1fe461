//===- ValueNumbers.cpp - Equal numbers, equal values ---------------------===//

#include "compiler/analysis/ValueNumbers.h"

#include "dialects/expr/Expr.h"

using namespace mlir;

namespace weft::analysis {
namespace {

std::uintptr_t wordOf(const void *unique) { return reinterpret_cast<std::uintptr_t>(unique); }

Attribute describedBy(Operation *op) {
  if (!isa<flow::StepInterface>(op))
    return op->getAttrDictionary();
  NamedAttrList attributes(op->getAttrDictionary());
  attributes.erase("id");
  attributes.erase("merged");
  return attributes.getDictionary(op->getContext());
}

} // namespace

std::size_t ValueNumbers::Hash::operator()(const Key &key) const { return llvm::hash_combine_range(key); }

ValueNumbers::Number ValueNumbers::of(Value value, Scope &scope) {
  auto [entry, added] = scope.try_emplace(value, next);
  if (added)
    ++next;
  return entry->second;
}

ValueNumbers::Number ValueNumbers::ofOp(Operation *op, Scope &scope) {
  Key key;
  Scope inner;
  describe(op, scope, inner, key);
  auto [entry, added] = numbers.try_emplace(std::move(key), next);
  if (added)
    ++next;
  return entry->second;
}

void ValueNumbers::add(Operation *op, Scope &scope) {
  bool pure = isa<expr::ExprDialect>(op->getDialect()) && !isa<expr::FailOp>(op);
  if ((pure || isa<flow::MakeStepOp>(op)) && op->getNumResults() == 1)
    scope[op->getResult(0)] = ofOp(op, scope);
}

/// Values of the op's own bodies are told apart by their order in it, with the lowest bit set.
void ValueNumbers::describe(Operation *op, Scope &outer, Scope &inner, Key &key) {
  key.push_back(wordOf(op->getName().getAsOpaquePointer()));
  key.push_back(wordOf(describedBy(op).getAsOpaquePointer()));
  key.push_back(op->getNumResults());
  for (Type type : op->getResultTypes())
    key.push_back(wordOf(type.getAsOpaquePointer()));
  key.push_back(op->getNumOperands());
  for (Value operand : op->getOperands()) {
    auto own = inner.find(operand);
    key.push_back(own != inner.end() ? own->second * std::uintptr_t{2} + 1 : of(operand, outer) * std::uintptr_t{2});
  }
  auto define = [&](Value value) { inner[value] = inner.size(); };
  for (Region &region : op->getRegions())
    for (Block &block : region) {
      key.push_back(block.getNumArguments());
      for (Value argument : block.getArguments()) {
        key.push_back(wordOf(argument.getType().getAsOpaquePointer()));
        define(argument);
      }
      key.push_back(block.getOperations().size());
      for (Operation &one : block) {
        describe(&one, outer, inner, key);
        for (Value result : one.getResults())
          define(result);
      }
    }
}

} // namespace weft::analysis
