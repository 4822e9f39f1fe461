//===- Shard.cpp - A part of a state in a file ----------------------------===//

#include "runtime/checkpoint/Shard.h"

#include "runtime/base/Crc32c.h"

#include <cstring>

namespace weft::checkpoint {
namespace {

constexpr char magic[] = {'W', 'E', 'F', 'T', 'S', 'H', 'R', 'D'};
constexpr std::uint16_t shardVersion = 1;
constexpr std::size_t sizeOffset = 10, checksumBytes = 4;

base::Error corrupt(std::string what) { return base::error(base::Code::corrupt, "a shard " + std::move(what)); }

} // namespace

std::uint64_t Part::sizeBytes() const {
  std::uint64_t bytes = base::sizeOf(type);
  for (std::uint64_t size : sizes)
    bytes *= size;
  return bytes;
}

std::string Part::text() const {
  std::string out = name + " [";
  for (std::size_t dim = 0; dim < whole.size(); ++dim)
    out += (dim ? ", " : "") + std::to_string(offsets[dim]) + ".." + std::to_string(offsets[dim] + sizes[dim]) +
           " of " + std::to_string(whole[dim]);
  return out + "]";
}

void append(base::Bytes &out, const Part &part) {
  WEFT_ASSERT(part.name.size() <= maxNameBytes && part.whole.size() <= maxRank);
  base::append(out, static_cast<std::uint16_t>(part.name.size()));
  base::ConstBytes name = base::bytesOf(part.name);
  out.insert(out.end(), name.begin(), name.end());
  base::append(out, static_cast<std::uint8_t>(part.type));
  base::append(out, static_cast<std::uint8_t>(part.whole.size()));
  for (std::size_t dim = 0; dim < part.whole.size(); ++dim)
    for (std::uint64_t number : {part.whole[dim], part.offsets[dim], part.sizes[dim]})
      base::append(out, number);
}

bool take(base::Reader &reader, Part &part) {
  auto nameBytes = reader.take<std::uint16_t>();
  if (nameBytes > maxNameBytes)
    return false;
  part.name = std::string(base::textOf(reader.take(nameBytes)));
  auto type = reader.take<std::uint8_t>(), rank = reader.take<std::uint8_t>();
  if (!reader.ok() || type >= base::elementTypeCount || rank > maxRank)
    return false;
  part.type = static_cast<base::ElementType>(type);
  std::uint64_t bytes = base::sizeOf(part.type);
  for (std::size_t dim = 0; dim < rank; ++dim) {
    auto whole = reader.take<std::uint64_t>(), offset = reader.take<std::uint64_t>(),
         size = reader.take<std::uint64_t>();
    if (offset > whole || size > whole - offset || (size > 0 && bytes > maxPartBytes / size))
      return false;
    bytes *= size;
    part.whole.push_back(whole);
    part.offsets.push_back(offset);
    part.sizes.push_back(size);
  }
  return reader.ok();
}

base::Bytes encoded(const Shard &shard, base::ConstBytes payload) {
  WEFT_ASSERT(payload.size() == shard.part.sizeBytes());
  base::Bytes out;
  for (char c : magic)
    out.push_back(static_cast<std::byte>(c));
  base::append(out, shardVersion);
  base::append(out, std::uint32_t(0));
  base::append(out, shard.gang);
  base::append(out, shard.step);
  append(out, shard.part);
  base::append(out, static_cast<std::uint64_t>(payload.size()));
  base::store(out.data() + sizeOffset, static_cast<std::uint32_t>(out.size() + checksumBytes));
  base::append(out, base::crc32c(out));
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

base::Result<ReadShard> readShard(base::ConstBytes file) {
  if (file.size() < sizeof magic || std::memcmp(file.data(), magic, sizeof magic) != 0)
    return corrupt("does not begin with WEFTSHRD");
  base::Reader reader(file.subspan(sizeof magic));
  auto version = reader.take<std::uint16_t>();
  if (version != shardVersion)
    return base::error(base::Code::unsupported, "a shard has version " + std::to_string(version) +
                                                    ", this build reads version " + std::to_string(shardVersion));
  auto headerBytes = reader.take<std::uint32_t>();
  if (!reader.ok() || headerBytes > file.size() || headerBytes < sizeOffset + 4 + checksumBytes)
    return corrupt("of " + std::to_string(file.size()) + " bytes was cut off in its header");
  base::ConstBytes header = file.first(headerBytes - checksumBytes);
  if (base::crc32c(header) != base::load<std::uint32_t>(file.data() + header.size()))
    return corrupt("was changed in its header: the checksum does not match");
  ReadShard read;
  reader = base::Reader(header.subspan(sizeOffset + 4));
  read.shard.gang = reader.take<std::uint64_t>();
  read.shard.step = reader.take<std::uint64_t>();
  bool sane = take(reader, read.shard.part);
  auto payloadBytes = reader.take<std::uint64_t>();
  if (!sane || !reader.exact() || payloadBytes != read.shard.part.sizeBytes())
    return corrupt("has a header that does not fit together");
  read.payload = file.subspan(headerBytes);
  if (read.payload.size() != payloadBytes)
    return corrupt("has " + std::to_string(read.payload.size()) + " bytes behind its header, wanted " +
                   std::to_string(payloadBytes));
  return read;
}

} // namespace weft::checkpoint
