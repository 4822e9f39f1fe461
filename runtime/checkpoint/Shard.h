//===- Shard.h - A part of a state in a file ------------------------------===//
//
// A shard says of itself what it is: whose, of which step, which box of which
// whole. Nothing in it depends on the mesh that wrote it, so it is loaded on any
// slots. Version 1, little-endian:
//
//   magic "WEFTSHRD" · version u16 = 1 · header bytes u32 (all before the payload)
//   gang u64 · step u64 · part · payload bytes u64 · header checksum u32: CRC-32C
//   payload: the box, row-major
//
//   part: name (u16, text) · element type u8 · rank u8 · per dimension whole, offset, size u64
//
// The payload is guarded by the manifest, which has the file's SHA-256.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/ElementType.h"
#include "runtime/base/LittleEndian.h"
#include "runtime/base/Result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace weft::checkpoint {

/// A box of a named tensor: dimension d holds `sizes[d]` elements from `offsets[d]` of `whole[d]`.
struct Part {
  std::string name;
  base::ElementType type = base::ElementType::f32;
  std::vector<std::uint64_t> whole, offsets, sizes;
  bool operator==(const Part &) const = default;

  /// Of the box.
  std::uint64_t sizeBytes() const;
  /// "weights [0..64 of 192]".
  std::string text() const;
};

inline constexpr std::size_t maxNameBytes = 1024, maxRank = 32;
/// Of one box; a larger one is not a tensor of this world.
inline constexpr std::uint64_t maxPartBytes = 1ULL << 40;

struct Shard {
  std::uint64_t gang = 0; ///< Stable id: the same over all edits of the source and all meshes.
  std::uint64_t step = 0; ///< Steps that the state has behind it.
  Part part;
  bool operator==(const Shard &) const = default;
};

/// Header and payload; the payload has the part's size.
base::Bytes encoded(const Shard &shard, base::ConstBytes payload);

struct ReadShard {
  Shard shard;
  base::ConstBytes payload; ///< Into the bytes that were read.
};

/// Any bytes may be given. Errors: corrupt (with what was found), unsupported for another version.
base::Result<ReadShard> readShard(base::ConstBytes file);

void append(base::Bytes &out, const Part &part);
/// False where the reader does not stand at a part of sane sizes whose box lies inside its whole.
bool take(base::Reader &reader, Part &part);

} // namespace weft::checkpoint
