//===- PassWatch.cpp - A program is computed after every pass -------------===//

#include "test/unit/compiler/pipelines/PassWatch.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/Pass/Pass.h"
#include "test/reference/dist/SlotInterpreter.h"

namespace weft::test {
using namespace mlir;
using reference::Tensor;
using reference::Weighed;

std::string faultOf(const std::vector<Tensor> &found, const std::vector<Weighed> &wanted, double tolerance) {
  if (found.size() != wanted.size())
    return std::to_string(found.size()) + " results, wanted " + std::to_string(wanted.size());
  for (size_t i = 0; i < found.size(); ++i)
    if (double apart = reference::excess(found[i], wanted[i]); !(apart <= tolerance))
      return "result " + std::to_string(i) + " is " + std::to_string(apart / tolerance) +
             " times as far off as it may be";
  return {};
}

PassWatch::PassWatch(std::string function, std::vector<Tensor> inputs, double tolerance, GradientCheck gradient)
    : function(std::move(function)), inputs(std::move(inputs)), tolerance(tolerance), gradient(std::move(gradient)) {}

void PassWatch::runAfterPass(Pass *pass, Operation *op) {
  auto module = isa<ModuleOp>(op) ? cast<ModuleOp>(op) : op->getParentOfType<ModuleOp>();
  auto watched = module.lookupSymbol<func::FuncOp>(function);
  if (!firstFault.empty() || !watched || !isa<ModuleOp, func::FuncOp>(op))
    return;
  std::string text;
  llvm::raw_string_ostream(text) << module;
  bool isFirst = weighed.empty();
  bool asksForDerivatives = module->walk([](nn::ValueAndGradOp) { return WalkResult::interrupt(); }).wasInterrupted();
  if (text == before || asksForDerivatives)
    return;
  if (!isFirst || gradient)
    changed.insert(pass->getArgument().str());
  before = std::move(text);
  Operation &front = watched.getBody().front().front();
  std::vector<Tensor> results =
      isa<dist::SpmdOp>(front) ? reference::evaluateOnSlots(watched, inputs) : reference::evaluate(watched, inputs);
  if (isFirst) {
    weighed = reference::weigh(watched, inputs);
    firstFault = gradient ? gradient(results) : "";
  } else {
    firstFault = faultOf(results, weighed, tolerance);
  }
  if (!firstFault.empty())
    firstFault = "after " + pass->getArgument().str() + ": " + firstFault;
}

} // namespace weft::test
