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
  std::uint32_t storageOf(std::uint32_t buffer) const { return entries[buffer].storage; }

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
  };
  std::vector<Entry> entries;
  std::vector<Use> storages;
};

} // namespace weft::lowering
