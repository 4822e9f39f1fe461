//===- Effects.h - What a call may do to the world ------------------------===//
//
// pure < compute < read < write. A write that carries a key may be tried again;
// a write with an undo may lose a race. Joined, the two are a plain write: the
// caller can rely on neither.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string_view>

namespace weft::sema {

/// The numbers are those of the plan's `Effect`.
enum class Effect : std::uint8_t { pure, compute, read, writeIdempotent, writeUndo, write };

/// What doing both does.
Effect join(Effect left, Effect right);
/// Whether `found` stays within `promised` (`effect read` allows pure; `write` allows any write).
bool within(Effect found, Effect promised);
inline bool writes(Effect effect) { return effect >= Effect::writeIdempotent; }
/// "read", "write idempotent".
std::string_view text(Effect effect);

} // namespace weft::sema
