//===- Effects.h - What a call may do to the world ------------------------===//
//
// pure < compute < read < write. A write that carries a key may be tried again;
// a write with an undo may lose a race; one that has both may do both. Joined,
// writes of different kinds are what all of them are: a plain one may do neither.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string_view>

namespace weft::sema {

/// The numbers are those of the plan's `Effect`, which has no `writeBoth`.
enum class Effect : std::uint8_t { pure, compute, read, writeIdempotent, writeUndo, write, writeBoth };

/// What doing both does.
Effect join(Effect left, Effect right);
/// Whether `found` stays within `promised` (`effect read` allows pure; `write` allows any write).
bool within(Effect found, Effect promised);
inline bool writes(Effect effect) { return effect >= Effect::writeIdempotent; }
/// Whether doing it again under the same key does no harm.
inline bool repeats(Effect effect) {
  return !writes(effect) || effect == Effect::writeIdempotent || effect == Effect::writeBoth;
}
/// Whether what it has done can be taken back.
inline bool undoes(Effect effect) {
  return !writes(effect) || effect == Effect::writeUndo || effect == Effect::writeBoth;
}
/// "read", "write idempotent".
std::string_view text(Effect effect);

} // namespace weft::sema
