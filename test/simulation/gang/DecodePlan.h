//===- DecodePlan.h - A plan with a compiled model ------------------------===//
//
// Two gangs of one slot with one state, of four bytes and of one, as a compiler
// makes them of a model's forward function, and a binding that answers with them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"
#include "test/support/PlanBuilder.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::simulation {

enum DecodeGang : std::uint32_t { decodeFour, decodeOne };

struct DecodeShape {
  std::string weights = "own.safetensors";
  std::uint32_t contextBytes = 64;
  double temperature = 0;
  std::int64_t topK = 0, maxTokens = 20, seed = 1;
  std::vector<std::string> stop = {};
  bool prefill = true;
};

/// `own` is binding 0 and member 0, called as models are: system, prompt, schema.
std::shared_ptr<const plan::Plan> decodePlan(const DecodeShape &shape);
base::Bytes decodePlanFile(const DecodeShape &shape);

/// Logits by the last byte, row-major: 256 rows of 256.
std::vector<float> decodeTable(std::uint64_t seed);
/// A safetensors file of it, as `table`.
base::Bytes decodeWeights(const std::vector<float> &table);

/// What the model's logits are after those bytes.
std::vector<float> decodeReference(const std::vector<float> &table, std::string_view bytes);

} // namespace weft::simulation
