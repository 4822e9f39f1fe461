//===- PassWatch.h - A program is computed after every pass ---------------===//
#pragma once

#include "mlir/Pass/PassInstrumentation.h"
#include "test/reference/nn/Terms.h"

#include <functional>
#include <set>
#include <string>
#include <vector>

namespace weft::test {

/// What is wrong with a value and its derivatives, or nothing.
using GradientCheck = std::function<std::string(mlir::ArrayRef<reference::Tensor>)>;

/// What one function computes, by the oracles, when a pass has changed something: on whole tensors or, from the pass on
/// that makes dist.spmd of its body, on all slots of its mesh.
class PassWatch : public mlir::PassInstrumentation {
public:
  /// `tolerance` is in terms (Terms.h) of the results as they were after the first pass of derivatives. `gradient` is
  /// asked with those results where the function asks for derivatives before that: it says what is wrong with them, if
  /// anything.
  PassWatch(std::string function, std::vector<reference::Tensor> inputs, double tolerance, GradientCheck gradient = {});

  void runAfterPass(mlir::Pass *pass, mlir::Operation *op) override;

  /// The first pass after which something is wrong, and what; empty where there is none.
  const std::string &fault() const { return firstFault; }
  /// What the results are to be.
  const std::vector<reference::Weighed> &wanted() const { return weighed; }
  /// The passes that changed something.
  const std::set<std::string> &changing() const { return changed; }

private:
  std::string function;
  std::vector<reference::Tensor> inputs;
  double tolerance;
  GradientCheck gradient;
  std::vector<reference::Weighed> weighed;
  std::string firstFault, before; ///< Fault, and the module as text.
  std::set<std::string> changed;
};

/// What is wrong with `found`, or nothing: each element may be off by `tolerance` of its terms.
std::string faultOf(const std::vector<reference::Tensor> &found, const std::vector<reference::Weighed> &wanted,
                    double tolerance);

} // namespace weft::test
