//===- CheckContents.cpp - What the bytes of an arena hold ----------------===//

#include "runtime/plan/CheckContents.h"

#include <algorithm>
#include <iterator>

namespace weft::plan {

std::uint32_t storageOf(const Role &role, std::uint32_t buffer) {
  return role.storages.empty() ? buffer : role.storages[buffer];
}

Contents::Bytes::const_iterator Contents::firstBehind(const Bytes &bytes, std::uint64_t offset) {
  auto found = bytes.upper_bound(offset);
  if (found != bytes.begin() && std::prev(found)->second.end > offset)
    --found;
  return found;
}

void Contents::fill(std::uint32_t buffer) {
  const fb::Buffer &place = role.buffers[buffer];
  std::uint64_t begin = place.offset(), end = begin + place.bytes();
  if (begin == end)
    return;
  Bytes &bytes = arenas[place.arena()];
  // What was written across the borders keeps what is outside of them.
  for (std::uint64_t border : {begin, end}) {
    auto found = firstBehind(bytes, border);
    if (found == bytes.end() || found->first >= border)
      continue;
    Written rest = found->second;
    bytes[found->first].end = border;
    bytes[border] = rest;
  }
  bytes.erase(bytes.lower_bound(begin), bytes.lower_bound(end));
  bytes[begin] = {end, buffer};
}

bool Contents::holds(std::uint32_t buffer) const {
  const fb::Buffer &place = role.buffers[buffer];
  auto arena = arenas.find(place.arena());
  std::uint64_t at = place.offset(), end = at + place.bytes();
  if (at == end)
    return true;
  if (arena == arenas.end())
    return false;
  for (auto one = firstBehind(arena->second, at); at < end; ++one) {
    if (one == arena->second.end() || one->first > at || storageOf(role, one->second.buffer) != storageOf(role, buffer))
      return false;
    at = one->second.end;
  }
  return true;
}

std::uint32_t Contents::under(std::uint32_t buffer) const {
  const fb::Buffer &place = role.buffers[buffer];
  auto arena = arenas.find(place.arena());
  if (arena == arenas.end() || place.bytes() == 0)
    return noIndex;
  auto one = firstBehind(arena->second, place.offset());
  bool touched = one != arena->second.end() && one->first < place.offset() + place.bytes();
  return touched ? one->second.buffer : noIndex;
}

} // namespace weft::plan
