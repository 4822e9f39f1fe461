//===- Defaults.h - Defaults of parameters that are computed --------------===//
#pragma once

#include "compiler/lowering/FlowToPlan/Pools.h"
#include "runtime/value/Words.h"

#include <optional>

namespace weft::lowering {

/// Runs functions of the plan that is being made. To be asked when the last function has been added. Each default costs
/// what a run of it would; the first one also reads the plan's code.
class Defaults {
public:
  explicit Defaults(Pools &pools) : pools(pools) {}

  /// The index of the constant that `function` gives. An error at its place if it fails, or gives more than a plan
  /// should carry.
  mlir::FailureOr<std::uint32_t> compute(expr::FunctionOp function);

private:
  void readPlan();

  Pools &pools;
  bool hasRead = false;
  std::vector<value::Value> consts;
  std::vector<value::Function> functions;
  value::TypeTable types;
};

} // namespace weft::lowering
