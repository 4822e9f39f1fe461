//===- EqualReads.cpp - Which reads of a block are still the same ---------===//

#include "compiler/analysis/EqualReads.h"

using namespace mlir;

namespace weft::analysis {

bool isMergeable(Operation *op, const Touch &touch) {
  bool asks = isa<flow::CallOp, flow::InvokeOp, flow::SystemOp>(op);
  return asks && touch.effect == flow::Effect::read && !touch.chance && !touch.emits;
}

Operation *OpenReads::add(ValueNumbers::Number question, Operation *op, const Touch &touch) {
  auto [entry, added] = open.try_emplace(question, op);
  if (!added)
    return entry->second;
  for (auto &[binding, effect] : touch.bindings)
    readers[binding].push_back(question);
  return nullptr;
}

void OpenReads::close(const Touch &touch) {
  if (!touch.writes())
    return;
  for (auto &[binding, effect] : touch.bindings)
    if (auto found = readers.find(binding); flow::writes(effect) && found != readers.end()) {
      for (ValueNumbers::Number question : found->second)
        open.erase(question);
      readers.erase(found);
    }
}

} // namespace weft::analysis
