//===- Memory.cpp - Where buffers lie in a slot's arena -------------------===//

#include "compiler/lowering/DistToPlan/Memory.h"

#include <algorithm>
#include <map>
#include <numeric>

namespace weft::lowering {
namespace {

std::uint64_t aligned(std::uint64_t bytes) {
  return (bytes + bufferAlignmentBytes - 1) / bufferAlignmentBytes * bufferAlignmentBytes;
}

/// Where `wanted` bytes fit between the placed storages that live with it: the smallest gap, or behind all.
class GapSearch {
public:
  explicit GapSearch(std::uint64_t wanted) : wanted(wanted) {}

  /// In the order of offsets.
  void pass(std::uint64_t offset, std::uint64_t bytes) {
    if (offset >= end) {
      std::uint64_t gap = offset - end;
      if (gap >= wanted && gap < smallest) {
        smallest = gap;
        found = end;
      }
    }
    end = std::max(end, offset + bytes);
  }

  std::uint64_t offset() const { return smallest == UINT64_MAX ? end : found; }

private:
  std::uint64_t wanted, end = 0, found = 0, smallest = UINT64_MAX;
};

} // namespace

Placement placeStorages(const std::vector<Storage> &storages) {
  std::vector<std::size_t> order(storages.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return storages[a].bytes > storages[b].bytes; });
  Placement placement{std::vector<std::uint64_t>(storages.size(), 0), 0};
  std::vector<std::size_t> placed; // in the order of offsets
  for (std::size_t at : order) {
    const Storage &storage = storages[at];
    std::uint64_t bytes = aligned(storage.bytes);
    if (bytes == 0)
      continue;
    GapSearch search(bytes);
    for (std::size_t other : placed)
      if (storages[other].first <= storage.last && storage.first <= storages[other].last)
        search.pass(placement.offsets[other], aligned(storages[other].bytes));
    std::uint64_t offset = search.offset();
    placement.offsets[at] = offset;
    placement.bytes = std::max(placement.bytes, offset + bytes);
    auto place = std::upper_bound(placed.begin(), placed.end(), offset, [&](std::uint64_t value, std::size_t other) {
      return value < placement.offsets[other];
    });
    placed.insert(place, at);
  }
  return placement;
}

std::uint64_t peakBytes(const std::vector<Storage> &storages) {
  std::map<std::size_t, std::int64_t> changes;
  for (const Storage &storage : storages) {
    changes[storage.first] += static_cast<std::int64_t>(aligned(storage.bytes));
    changes[storage.last + 1] -= static_cast<std::int64_t>(aligned(storage.bytes));
  }
  std::int64_t now = 0, peak = 0;
  for (auto [actor, change] : changes)
    peak = std::max(peak, now += change);
  return static_cast<std::uint64_t>(peak);
}

} // namespace weft::lowering
