//===- Box.h - Cut a part out of a tensor, put a part into one ------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/plan/Plan.h"

namespace weft::gang {

/// Bytes of the port's box.
std::uint64_t boxBytes(const plan::Port &port);

/// Copies the box of `port` out of the whole tensor into `box`, both row-major. Cost: one copy, row by row.
void cutBox(const plan::Port &port, base::ConstBytes whole, base::MutableBytes box);

/// The other way round.
void putBox(const plan::Port &port, base::ConstBytes box, base::MutableBytes whole);

} // namespace weft::gang
