//===- Width.cpp - Calls at once, with what bindings allow ----------------===//

#include "compiler/report/Width.h"

namespace weft::report {

Width widthOf(const plan::Plan &plan, const Cost &cost) {
  Width width;
  Amount sum;
  auto above = [](const Amount &amount, std::uint64_t number) { return !amount.exact() || amount.number() > number; };
  for (const auto &[binding, amount] : cost.busy) {
    std::uint64_t allowed = plan.bindings[binding].concurrency;
    bool limited = allowed > 0 && above(amount, allowed);
    width.bindings.push_back({binding, limited ? Amount(allowed) : amount, limited});
    sum += width.bindings.back().most;
  }
  width.total = sum.exact() && above(cost.width, sum.number()) ? sum : cost.width;
  return width;
}

} // namespace weft::report
