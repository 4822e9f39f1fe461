//===- LayerPlan.h - A plan of one gang: a layer whose contraction is split ===//
//
// x[64, 32] whole on every slot, w1[32, 24n] split by columns, w2[24n, 32] by
// rows: each slot computes a partial sum, one all-reduce completes it, a kernel
// halves it. What a compiler makes of `gelu(x @ w1) @ w2`, written by hand.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/PlanReader.h"

namespace weft::gang {

inline constexpr std::int64_t layerRows = 64, layerWidth = 32, layerHidden = 24;

/// `slots` on one axis, elastic or rigid.
std::shared_ptr<const plan::Plan> layerPlan(std::uint32_t slots, bool elastic);

/// Operands with seeded values.
std::vector<value::Value> layerInputs(std::uint32_t slots, std::uint64_t seed);

/// The partial sum of one slot, and half of their sum in slot order over `contributors` (bits): what the gang must
/// give, bit for bit.
std::vector<float> layerReference(const std::vector<value::Value> &inputs, std::uint32_t slots,
                                  std::uint64_t contributors);

} // namespace weft::gang
