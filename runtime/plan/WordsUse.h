//===- WordsUse.h - Which registers a node's words read and write ---------===//
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace weft::plan {

struct WordsUse {
  std::vector<std::uint32_t> readsFirst; ///< Read before a word above wrote them, ascending.
  std::vector<std::uint32_t> writes;     ///< Ascending.
};

/// Scans words that `checkWords` accepted, in their order: a register that only one side of a branch wrote counts as
/// written, for the evaluator checks tags and an unwritten register of a frame is none.
WordsUse usesOf(std::span<const std::uint32_t> words);

} // namespace weft::plan
