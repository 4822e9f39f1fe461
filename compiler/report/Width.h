//===- Width.h - Calls at once, with what bindings allow ------------------===//
//
// How many calls the shape of a plan lets run together, cut by the
// `concurrency` that its models and tools declare.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/report/Cost.h"

namespace weft::report {

struct BindingWidth {
  std::uint32_t binding;
  Amount most;
  bool limited; ///< The binding's `concurrency` is what bounds it.
};

struct Width {
  Amount total; ///< Never more than the bindings' together, nor than steps that wait for each other let begin.
  std::vector<BindingWidth> bindings;
};

Width widthOf(const plan::Plan &plan, const Cost &cost);

} // namespace weft::report
