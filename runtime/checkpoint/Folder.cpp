//===- Folder.cpp - The files of one gang's checkpoints -------------------===//

#include "runtime/checkpoint/Folder.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weft::checkpoint {
namespace {

using base::Code;

/// Beside the shards, whose names begin with a number.
constexpr const char *keptName = "/earlier";
/// A list fits into a record of the journal.
constexpr std::uint64_t maxKeptBytes = 1 << 20;

/// The step in the name of a shard, or of what was left of writing one.
std::optional<std::uint64_t> stepOf(const std::string &file) {
  std::uint64_t step = 0;
  auto [end, failed] = std::from_chars(file.data(), file.data() + file.size(), step);
  if (failed != std::errc() || std::string_view(end, file.data() + file.size()).substr(0, 2) != "-e")
    return std::nullopt;
  return step;
}

base::Error differs(const char *what, const std::string &found, const std::string &wanted) {
  return base::error(Code::invalid, std::string("holds ") + what + " " + found + ", wanted " + wanted);
}

base::Result<base::Bytes> readOne(io::Storage &storage, const std::string &path, const Manifest &manifest,
                                  const ShardFile &wanted) {
  auto bytes = io::readWhole(storage, path, wanted.sizeBytes);
  if (!bytes)
    return std::move(bytes).error();
  if (bytes->size() != wanted.sizeBytes)
    return base::error(Code::corrupt,
                       "has " + std::to_string(bytes->size()) + " bytes, wanted " + std::to_string(wanted.sizeBytes));
  auto read = readShard(*bytes);
  if (!read)
    return std::move(read).error();
  const Shard &shard = read->shard;
  if (shard.gang != manifest.gang)
    return differs("a state of gang", std::to_string(shard.gang), std::to_string(manifest.gang));
  if (shard.step != manifest.step)
    return differs("step", std::to_string(shard.step), std::to_string(manifest.step));
  if (shard.part != wanted.part)
    return differs("part", shard.part.text(), wanted.part.text());
  if (base::Digest digest = base::digestOf(*bytes); digest != wanted.digest)
    return base::error(Code::corrupt, "was changed: its digest is " + digest.hex().substr(0, 16) + ", wanted " +
                                          wanted.digest.hex().substr(0, 16));
  return base::Bytes(read->payload.begin(), read->payload.end());
}

} // namespace

std::string fileName(std::uint64_t step, std::uint64_t epoch, std::size_t shard) {
  return std::to_string(step) + "-e" + std::to_string(epoch) + "-" + std::to_string(shard) + ".shard";
}

base::Result<ShardFile> writeShard(io::Storage &storage, const std::string &folder, const std::string &file,
                                   const Shard &shard, base::ConstBytes payload) {
  base::Bytes bytes = encoded(shard, payload);
  if (auto made = storage.makeFolders(folder); !made)
    return std::move(made).error();
  if (auto written = io::writeWhole(storage, folder + "/" + file, bytes); !written)
    return std::move(written).error();
  return ShardFile{shard.part, file, bytes.size(), base::digestOf(bytes)};
}

base::Result<std::vector<base::Bytes>> readShards(io::Storage &storage, const std::string &folder,
                                                  const Manifest &manifest) {
  std::vector<base::Bytes> payloads;
  for (const ShardFile &wanted : manifest.shards) {
    std::string path = folder + "/" + wanted.file;
    auto payload = readOne(storage, path, manifest, wanted);
    if (!payload)
      return std::move(payload).error().in("checkpoint of step " + std::to_string(manifest.step) + ", shard " + path);
    payloads.push_back(*std::move(payload));
  }
  return payloads;
}

base::Result<> keepManifest(io::Storage &storage, const std::string &folder, const Manifest &manifest) {
  return io::writeWhole(storage, folder + keptName, encoded(manifest));
}

base::Result<Manifest> keptManifest(io::Storage &storage, const std::string &folder) {
  auto bytes = io::readWhole(storage, folder + keptName, maxKeptBytes);
  if (!bytes)
    return std::move(bytes).error();
  return decodeManifest(*bytes);
}

void removeOlder(io::Storage &storage, const std::string &folder, const Manifest &kept) {
  auto entries = storage.list(folder);
  if (!entries)
    return;
  for (const io::Entry &entry : *entries) {
    auto step = stepOf(entry.name);
    bool named = std::any_of(kept.shards.begin(), kept.shards.end(),
                             [&](const ShardFile &shard) { return shard.file == entry.name; });
    if (step && *step <= kept.step && !named)
      (void)storage.remove(folder + "/" + entry.name);
  }
}

} // namespace weft::checkpoint
