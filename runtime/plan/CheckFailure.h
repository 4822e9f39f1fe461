//===- CheckFailure.h - How a check of a plan says what is wrong ----------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/plan/Plan.h"

#include <string>

namespace weft::plan {

/// All checks fail with `invalid`: the file is what its writer wrote, and that is wrong.
inline base::Error broken(std::string message) { return base::error(base::Code::invalid, std::move(message)); }

inline std::string number(std::uint64_t value) { return std::to_string(value); }

/// `block 3 (brief)`.
inline std::string nameOf(const Plan &plan, std::size_t block) {
  return "block " + number(block) + " (" + std::string(plan.blocks[block].name) + ")";
}

/// `block 3 (brief), node 5`; `node` counts within the block.
inline std::string nameOf(const Plan &plan, std::size_t block, std::size_t node) {
  return nameOf(plan, block) + ", node " + number(node);
}

/// Whether a range lies inside a pool; safe against wrap-around.
inline bool inside(const Range &range, std::size_t size) {
  return range.first() <= size && range.count() <= size - range.first();
}

} // namespace weft::plan
