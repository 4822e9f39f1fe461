//===- Manifest.h - All shards of one state, at one step ------------------===//
//
// Body of a journal's `checkpoint` record: the state is what its shards hold,
// and it is durable when the record is. Version 1, little-endian:
//
//   version u8 = 1 · gang u64 · step u64 · count u32
//   per shard: part · file (u16, text) · file bytes u64 · SHA-256 of the file
//   checksum u32: CRC-32C of all before
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/checkpoint/Shard.h"

namespace weft::checkpoint {

struct ShardFile {
  Part part;
  std::string file; ///< Within the gang's folder.
  std::uint64_t sizeBytes = 0;
  base::Digest digest;
  bool operator==(const ShardFile &) const = default;
};

struct Manifest {
  std::uint64_t gang = 0;
  std::uint64_t step = 0;
  std::vector<ShardFile> shards;
  bool operator==(const Manifest &) const = default;
};

base::Bytes encoded(const Manifest &manifest);
/// Any bytes may be given. Errors: corrupt, unsupported for another version.
base::Result<Manifest> decodeManifest(base::ConstBytes bytes);

} // namespace weft::checkpoint
