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

std::uint32_t RoleBuffers::storageOf(std::uint32_t buffer) const {
  std::uint32_t storage = entries[buffer].storage;
  while (storages[storage].over != none)
    storage = storages[storage].over;
  return storage;
}

bool RoleBuffers::isWhole(std::uint32_t buffer) const {
  return entries[buffer].buffer.offset == 0 && entries[buffer].buffer.bytes == storages[storageOf(buffer)].bytes;
}

void RoleBuffers::share(std::uint32_t buffer, std::uint32_t over) {
  WEFT_ASSERT(isWhole(buffer) && isWhole(over) && bytes(buffer) == bytes(over) && storageOf(buffer) != storageOf(over));
  Use &mine = storages[storageOf(buffer)], &other = storages[storageOf(over)];
  other.first = std::min(other.first, mine.first);
  other.last = std::max(other.last, mine.last);
  other.kept |= mine.kept;
  mine.over = storageOf(over);
}

void RoleBuffers::use(std::uint32_t buffer, std::size_t actor) {
  Use &use = storages[storageOf(buffer)];
  use.first = std::min(use.first, actor);
  use.last = std::max(use.last, actor);
}

void RoleBuffers::keep(std::uint32_t buffer) { storages[storageOf(buffer)].kept = true; }

std::vector<GangBuffer> RoleBuffers::place(std::size_t actors, std::uint64_t &arenaBytes) const {
  std::vector<Storage> lives;
  for (const Use &use : storages) {
    bool isUnused = use.first == SIZE_MAX;
    lives.push_back(
        {use.over == none ? use.bytes : 0, use.kept || isUnused ? 0 : use.first, use.kept ? actors : use.last});
  }
  Placement placement = placeStorages(lives);
  arenaBytes = placement.bytes;
  std::vector<GangBuffer> buffers;
  for (std::uint32_t number = 0; number < entries.size(); ++number) {
    buffers.push_back(entries[number].buffer);
    buffers.back().storage = storageOf(number);
    buffers.back().offset += placement.offsets[storageOf(number)];
  }
  return buffers;
}

} // namespace weft::lowering
