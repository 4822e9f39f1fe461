//===- Manifest.cpp - All shards of one state, at one step ----------------===//

#include "runtime/checkpoint/Manifest.h"

#include "runtime/base/Crc32c.h"
#include "runtime/io/Storage.h"

#include <algorithm>

namespace weft::checkpoint {

constexpr std::uint8_t manifestVersion = 1;

base::Bytes encoded(const Manifest &manifest) {
  base::Bytes out;
  base::append(out, manifestVersion);
  base::append(out, manifest.gang);
  base::append(out, manifest.step);
  base::append(out, static_cast<std::uint32_t>(manifest.shards.size()));
  for (const ShardFile &shard : manifest.shards) {
    WEFT_ASSERT(shard.file.size() <= maxNameBytes);
    append(out, shard.part);
    base::append(out, static_cast<std::uint16_t>(shard.file.size()));
    base::ConstBytes file = base::bytesOf(shard.file);
    out.insert(out.end(), file.begin(), file.end());
    base::append(out, shard.sizeBytes);
    auto digest = std::as_bytes(std::span(shard.digest.bytes));
    out.insert(out.end(), digest.begin(), digest.end());
  }
  base::append(out, base::crc32c(out));
  return out;
}

base::Result<Manifest> decodeManifest(base::ConstBytes bytes) {
  auto corrupt = [&](const char *what) {
    return base::error(base::Code::corrupt,
                       "a checkpoint's list of " + std::to_string(bytes.size()) + " bytes " + what);
  };
  if (bytes.size() < 5)
    return corrupt("was cut off");
  if (auto version = static_cast<std::uint8_t>(bytes[0]); version != manifestVersion)
    return base::error(base::Code::unsupported, "a checkpoint's list has version " + std::to_string(version) +
                                                    ", this build reads version " + std::to_string(manifestVersion));
  base::ConstBytes body = bytes.first(bytes.size() - 4);
  if (base::crc32c(body) != base::load<std::uint32_t>(bytes.data() + body.size()))
    return corrupt("was changed: the checksum does not match");
  base::Reader reader(body.subspan(1));
  Manifest manifest;
  manifest.gang = reader.take<std::uint64_t>();
  manifest.step = reader.take<std::uint64_t>();
  auto count = reader.take<std::uint32_t>();
  for (std::uint32_t at = 0; at < count && reader.ok(); ++at) {
    ShardFile &shard = manifest.shards.emplace_back();
    bool sane = take(reader, shard.part);
    auto nameBytes = reader.take<std::uint16_t>();
    if (!sane || nameBytes > maxNameBytes)
      return corrupt("does not fit together");
    shard.file = std::string(base::textOf(reader.take(nameBytes)));
    shard.sizeBytes = reader.take<std::uint64_t>();
    base::ConstBytes digest = reader.take(shard.digest.bytes.size());
    for (std::size_t i = 0; i < digest.size(); ++i)
      shard.digest.bytes[i] = static_cast<std::uint8_t>(digest[i]);
    // A name is one file of the gang's folder and nothing else.
    if (!io::isFileName(shard.file))
      return corrupt("names a file outside of its folder");
  }
  if (!reader.exact())
    return corrupt("does not fit together");
  return manifest;
}

} // namespace weft::checkpoint
