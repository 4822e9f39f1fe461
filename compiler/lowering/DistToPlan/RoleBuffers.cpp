//===- RoleBuffers.cpp - The buffers of one slot and what they share ------===//

#include "compiler/lowering/DistToPlan/RoleBuffers.h"

#include "runtime/base/Assert.h"

#include <algorithm>

namespace weft::lowering {
namespace {

std::uint64_t bytesOf(base::ElementType type, const std::vector<std::uint64_t> &shape) {
  std::uint64_t bytes = base::sizeOf(type);
  for (std::uint64_t size : shape)
    bytes *= size;
  return bytes;
}

} // namespace

std::uint32_t RoleBuffers::add(base::ElementType type, std::vector<std::uint64_t> shape) {
  std::uint64_t bytes = bytesOf(type, shape);
  entries.push_back({{0, bytes, type, std::move(shape)}, static_cast<std::uint32_t>(storages.size())});
  storages.push_back({bytes});
  return static_cast<std::uint32_t>(entries.size() - 1);
}

std::uint32_t RoleBuffers::addView(std::uint32_t buffer, std::uint64_t offsetBytes, std::vector<std::uint64_t> shape) {
  const Entry &below = entries[buffer];
  std::uint64_t bytes = bytesOf(below.buffer.type, shape);
  WEFT_ASSERT(offsetBytes + bytes <= below.buffer.bytes);
  Entry view{{below.buffer.offset + offsetBytes, bytes, below.buffer.type, std::move(shape)}, below.storage};
  entries.push_back(std::move(view));
  return static_cast<std::uint32_t>(entries.size() - 1);
}

void RoleBuffers::use(std::uint32_t buffer, std::size_t actor) {
  Use &use = storages[entries[buffer].storage];
  use.first = std::min(use.first, actor);
  use.last = std::max(use.last, actor);
}

void RoleBuffers::keep(std::uint32_t buffer) { storages[entries[buffer].storage].kept = true; }

std::vector<GangBuffer> RoleBuffers::place(std::size_t actors, std::uint64_t &arenaBytes) const {
  std::vector<Storage> lives;
  for (const Use &use : storages) {
    bool isUnused = use.first == SIZE_MAX;
    lives.push_back({use.bytes, use.kept || isUnused ? 0 : use.first, use.kept ? actors : use.last});
  }
  Placement placement = placeStorages(lives);
  arenaBytes = placement.bytes;
  std::vector<GangBuffer> buffers;
  for (const Entry &entry : entries) {
    buffers.push_back(entry.buffer);
    buffers.back().offset += placement.offsets[entry.storage];
    buffers.back().storage = entry.storage;
  }
  return buffers;
}

} // namespace weft::lowering
