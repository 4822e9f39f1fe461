//===- PlanFile.h - The container around a plan: magic, version, digest ---===//
//
// A plan file is a 64-byte header and a FlatBuffers payload. The digest covers
// both, so a changed byte anywhere is seen before anything is interpreted:
//
//   0   magic "WEFTPLAN"        16  payload bytes u64
//   8   major u16, minor u16    24  SHA-256 of bytes 0..24 and the payload
//   12  zero u32                56  zero u64
//
// Numbers are little-endian. The header keeps the payload 64-byte aligned.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"
#include "runtime/base/Result.h"

namespace weft::plan {

inline constexpr std::uint16_t formatMajor = 1;
inline constexpr std::uint16_t formatMinor = 0;
inline constexpr std::size_t headerBytes = 64;
/// A plan with embedded kernels of three instruction sets stays far below; a larger one is refused, not read.
inline constexpr std::uint64_t maxPlanBytes = 1ULL << 31;

/// Puts the header before `payload`. The same payload gives the same bytes.
base::Bytes sealPlan(base::ConstBytes payload);

/// What stands behind the header.
struct OpenedPlan {
  base::ConstBytes payload; ///< Inside the bytes given to `openPlan`.
  base::Digest digest;      ///< Names the plan: a run is pinned to it.
};

/// Checks magic, version, size and digest. Errors: corrupt (not a plan, cut off, or changed after it was written),
/// unsupported (a later major version), limit (larger than `maxPlanBytes`). Cost: one SHA-256 of the file.
base::Result<OpenedPlan> openPlan(base::ConstBytes file);

} // namespace weft::plan
