//===- RoleBuffers.h - The buffers of one slot and what they share --------===//
//
// A buffer is a storage of its own, or a view into another one: a reshaped tensor,
// a slice of a stacked one. Who reads or writes a view uses the storage below it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/lowering/DistToPlan/GangPlan.h"
#include "compiler/lowering/DistToPlan/Memory.h"

namespace weft::lowering {

class RoleBuffers {
public:
  /// A storage of its own; gives the buffer's number.
  std::uint32_t add(base::ElementType type, std::vector<std::uint64_t> shape);
  /// `shape` at `offsetBytes` of `buffer`, which it must not leave.
  std::uint32_t addView(std::uint32_t buffer, std::uint64_t offsetBytes, std::vector<std::uint64_t> shape);

  /// Actor `actor` reads or writes the buffer.
  void use(std::uint32_t buffer, std::size_t actor);
  /// The buffer is needed from before the first actor until behind the last.
  void keep(std::uint32_t buffer);

  base::ElementType type(std::uint32_t buffer) const { return entries[buffer].buffer.type; }
  const std::vector<std::uint64_t> &shape(std::uint32_t buffer) const { return entries[buffer].buffer.shape; }
  std::uint64_t bytes(std::uint32_t buffer) const { return entries[buffer].buffer.bytes; }
  /// The storage below a buffer; equal for two buffers that may share bytes on purpose.
  std::uint32_t storageOf(std::uint32_t buffer) const;
  /// Where a buffer begins in its storage.
  std::uint64_t offsetOf(std::uint32_t buffer) const { return entries[buffer].buffer.offset; }
  /// Whether a buffer is all of its storage.
  bool isWhole(std::uint32_t buffer) const;
  bool isKept(std::uint32_t buffer) const { return storages[storageOf(buffer)].kept; }
  /// The first and last actor that reads or writes a byte of the buffer's storage.
  std::size_t firstUse(std::uint32_t buffer) const { return storages[storageOf(buffer)].first; }
  std::size_t lastUse(std::uint32_t buffer) const { return storages[storageOf(buffer)].last; }

  /// From here on `buffer`, which is whole, lies where `over` lies, which is whole and as large.
  void share(std::uint32_t buffer, std::uint32_t over);

  /// The buffers with their places in the arena. `actors` is how many there are.
  std::vector<GangBuffer> place(std::size_t actors, std::uint64_t &arenaBytes) const;

private:
  struct Entry {
    GangBuffer buffer; ///< `offset` within the storage.
    std::uint32_t storage;
  };
  struct Use {
    std::uint64_t bytes;
    std::size_t first = SIZE_MAX, last = 0;
    bool kept = false;
    std::uint32_t over = none; ///< Another storage that it shares.
  };
  static constexpr std::uint32_t none = UINT32_MAX;
  std::vector<Entry> entries;
  std::vector<Use> storages;
};

} // namespace weft::lowering
