//===- Ordering.h - What a step waits for without data --------------------===//
//
// The rule of the language: a write waits for everything above it in its block,
// and a later read of the same binding waits for it. Besides, emits keep their
// order, and a `fail` waits for the writes above it, so that it never undoes the
// order in which the program reads. In a test what stands below an assert waits for it:
// whose turn it is in a mock is read off the page.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/analysis/FlowEffects.h"

#include <cstdint>
#include <vector>

namespace weft::lowering {

/// For each node, in program order, those before it that it waits for. `producers` are the nodes that each one waits
/// for by data; what follows from them is left out of the answer. `assertsHold`: the block belongs to a test.
/// O(nodes² / 64).
std::vector<std::vector<std::uint32_t>> orderOf(const std::vector<const analysis::Touch *> &touches,
                                                const std::vector<std::vector<std::uint32_t>> &producers,
                                                bool assertsHold);

} // namespace weft::lowering
