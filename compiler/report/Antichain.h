//===- Antichain.h - The most that can be under way at once ---------------===//
//
// Of steps in a partial order, those that may run at the same time are an
// antichain: none comes after another. The heaviest antichain of a block is
// what it can have under way at once, whatever its steps take.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <cstdint>
#include <span>
#include <vector>

namespace weft::report {

/// The greatest sum of weights of steps of `block` that may run at once; `weights` by step. Exact up to 512 steps with
/// a weight (Dilworth's theorem with weights, as a maximal flow); a bound by chains beyond that, never too small.
std::uint64_t heaviestAntichain(const plan::Plan &plan, const plan::Block &block,
                                std::span<const std::uint64_t> weights);

} // namespace weft::report
