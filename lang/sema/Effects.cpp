//===- Effects.cpp - What a call may do to the world ----------------------===//

#include "lang/sema/Effects.h"

#include <algorithm>

namespace weft::sema {

Effect join(Effect left, Effect right) {
  if (left != right && writes(left) && writes(right))
    return left == Effect::writeBoth ? right : right == Effect::writeBoth ? left : Effect::write;
  return std::max(left, right);
}

bool within(Effect found, Effect promised) {
  if (writes(promised))
    return promised == Effect::write || join(found, promised) == promised;
  // Tensor work reaches nothing outside: `effect pure` promises no call, and keeps that.
  if (promised == Effect::pure)
    return found <= Effect::compute;
  return found <= promised;
}

std::string_view text(Effect effect) {
  switch (effect) {
  case Effect::pure:
    return "pure";
  case Effect::compute:
    return "compute";
  case Effect::read:
    return "read";
  case Effect::writeIdempotent:
    return "write idempotent";
  case Effect::writeUndo:
    return "write undo";
  case Effect::writeBoth:
    return "write idempotent undo";
  case Effect::write:
    return "write";
  }
  return "write";
}

} // namespace weft::sema
