//===- Sampler.h - From logits to a token ---------------------------------===//
#pragma once

#include "runtime/base/Random.h"

#include <cstdint>
#include <span>

namespace weft::agent {

struct SamplerSpec {
  double temperature = 1; ///< 0: always the likeliest token.
  std::uint32_t topK = 0; ///< Only of the likeliest so many; 0: of all.
};

/// Draws a token by its probability, exp(logit / temperature) over their sum. Of equal logits the lower token is the
/// likelier one, where only some are drawn from. A logit that is no number is never drawn.
class Sampler {
public:
  Sampler(const SamplerSpec &spec, std::uint64_t seed) : spec(spec), random(seed) {}

  /// `logits` has at least one entry. O(n log n).
  std::uint32_t draw(std::span<const float> logits);

private:
  SamplerSpec spec;
  base::Random random;
};

} // namespace weft::agent
