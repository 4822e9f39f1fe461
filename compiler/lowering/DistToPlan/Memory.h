//===- Memory.h - Where buffers lie in a slot's arena ---------------------===//
//
// All sizes and lives are known when the plan is made, so the arena is cut once:
// buffers whose lives are apart share bytes, and a step allocates nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <vector>

namespace weft::lowering {

/// Buffers start on a line of the cache.
inline constexpr std::uint64_t bufferAlignmentBytes = 64;

/// A piece of memory and when it is needed: from actor `first` to actor `last`, both included.
struct Storage {
  std::uint64_t bytes = 0;
  std::size_t first = 0, last = 0;
};

struct Placement {
  std::vector<std::uint64_t> offsets; ///< Of each storage; multiples of `bufferAlignmentBytes`.
  std::uint64_t bytes = 0;            ///< Of the arena.
};

/// Places each storage so that two that live at one time are apart. The largest goes first, each into the smallest gap
/// that holds it (greedy by size; Pisarchyk and Lee, "Efficient memory management for deep neural net inference",
/// 2020). O(n²) in the number of storages.
Placement placeStorages(const std::vector<Storage> &storages);

/// The most bytes that live at one time: no placement needs less.
std::uint64_t peakBytes(const std::vector<Storage> &storages);

} // namespace weft::lowering
