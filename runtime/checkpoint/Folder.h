//===- Folder.h - The files of one gang's checkpoints ---------------------===//
//
// One folder per gang and run. A file's name begins with its step and the epoch
// of who wrote it, so nothing that a durable manifest names is written again.
//
// All calls block: make them through a pool.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/checkpoint/Manifest.h"
#include "runtime/io/Storage.h"

namespace weft::checkpoint {

/// "12-e3-0.shard": shard 0 of step 12, by epoch 3.
std::string fileName(std::uint64_t step, std::uint64_t epoch, std::size_t shard);

/// Writes the shard so that it is durable when this returns. Gives what the manifest says of it.
base::Result<ShardFile> writeShard(io::Storage &storage, const std::string &folder, const std::string &file,
                                   const Shard &shard, base::ConstBytes payload);

/// The payloads in the order of the manifest, each checked against it. Errors: notFound, corrupt, invalid (a shard of
/// another gang, step or part), each with the file, what was found and what was wanted.
base::Result<std::vector<base::Bytes>> readShards(io::Storage &storage, const std::string &folder,
                                                  const Manifest &manifest);

/// Writes the list of a checkpoint beside its shards, and reads it: what is gone on from where a later one is spoiled.
/// The journal knows the last one alone. Errors: those of the storage; corrupt.
base::Result<> keepManifest(io::Storage &storage, const std::string &folder, const Manifest &manifest);
base::Result<Manifest> keptManifest(io::Storage &storage, const std::string &folder);

/// Removes what `kept` has made useless: files of earlier steps, and of its own step those that it does not name. What
/// cannot be removed now is removed after the next checkpoint.
void removeOlder(io::Storage &storage, const std::string &folder, const Manifest &kept);

} // namespace weft::checkpoint
