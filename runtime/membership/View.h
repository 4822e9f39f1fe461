//===- View.h - Which member holds which slot -----------------------------===//
//
// Slots are fixed by the plan; members come and go. A view says, from one step
// on, who sits where. Views of a gang are numbered by epoch; frames and
// commands carry it, and what carries an older one is refused.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Result.h"

#include <cstdint>
#include <vector>

namespace weft::membership {

/// Unique among all members that a gang ever had; never reused.
using MemberId = std::uint64_t;
/// A slot that nobody holds.
inline constexpr MemberId nobody = 0;

struct View {
  std::uint64_t epoch = 0;
  std::vector<MemberId> slots; ///< The member of each slot.
  std::uint64_t fromStep = 0;  ///< The first step that is taken under this view.
  bool operator==(const View &) const = default;

  /// True when every slot has a member.
  bool complete() const;
  /// The same slots one epoch later, with `slot` held by `member`.
  View with(std::uint32_t slot, MemberId member, std::uint64_t from) const;
};

/// Journal bodies and wire payloads: version u8 = 1, epoch, fromStep, count u32, members; little-endian.
base::Bytes encoded(const View &view);
base::Result<View> decodeView(base::ConstBytes bytes);

} // namespace weft::membership
