//===- Sampler.cpp - From logits to a token -------------------------------===//

#include "runtime/agent/model/Sampler.h"

#include "runtime/base/Assert.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace weft::agent {

std::uint32_t Sampler::draw(std::span<const float> logits) {
  WEFT_ASSERT(!logits.empty());
  auto weight = [&](std::uint32_t token) {
    return std::isnan(logits[token]) ? -std::numeric_limits<float>::infinity() : logits[token];
  };
  std::vector<std::uint32_t> tokens(logits.size());
  std::iota(tokens.begin(), tokens.end(), 0);
  std::stable_sort(tokens.begin(), tokens.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return weight(a) > weight(b); });
  double most = static_cast<double>(weight(tokens.front()));
  if (spec.temperature <= 0 || !std::isfinite(most))
    return tokens.front();
  if (spec.topK > 0)
    tokens.resize(std::min<std::size_t>(tokens.size(), spec.topK));
  std::vector<double> reached;
  double sum = 0;
  for (std::uint32_t token : tokens) {
    sum += std::exp((static_cast<double>(weight(token)) - most) / spec.temperature);
    reached.push_back(sum);
  }
  auto found = std::upper_bound(reached.begin(), reached.end(), random.uniform() * sum);
  return tokens[std::min<std::size_t>(static_cast<std::size_t>(found - reached.begin()), tokens.size() - 1)];
}

} // namespace weft::agent
