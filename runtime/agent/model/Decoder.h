//===- Decoder.h - A compiled model of bytes, one text at a time ----------===//
//
// Two gangs of one slot with the same states: one reads a prompt in pieces, the
// other one byte. Their operands are the weights, `ids` i32 [1, n] and `position`,
// one i32; their first result is the logits of the byte that follows, f32 [1, 256].
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/device/Device.h"
#include "runtime/tensor/Program.h"
#include "runtime/tensor/Weights.h"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weft::agent {

inline constexpr std::size_t byteTokens = 256;

class Decoder {
public:
  /// Loads the gangs of those names; `prefill` may be empty: prompts are read byte by byte then. `weights` gives all
  /// other operands by the names that the plan has for them. Errors: invalid (no such gang, or none of this form, or
  /// weights that do not fit, both shapes told), those of Program.
  static base::Result<std::unique_ptr<Decoder>> load(std::shared_ptr<const plan::Plan> plan, std::string_view prefill,
                                                     std::string_view decode, device::Device &device,
                                                     std::shared_ptr<const tensor::Weights> weights);

  /// Forgets the text before.
  base::Result<> begin();
  /// Reads bytes behind those read before.
  base::Result<> read(std::string_view bytes);
  /// Of the byte that follows what was read; at least one was.
  const std::vector<float> &logits() const { return following; }

private:
  struct Side {
    std::unique_ptr<tensor::Program> program;
    std::uint32_t ids = 0, position = 0, bytes = 0; ///< Operands; bytes that a step reads.
  };
  static base::Result<Side> loadSide(const std::shared_ptr<const plan::Plan> &plan, std::string_view gang,
                                     device::Device &device, const tensor::Weights &weights);
  base::Result<> step(Side &side, std::string_view bytes);
  base::Result<> handOver(Side &from, Side &to);

  std::shared_ptr<const tensor::Weights> weights; ///< Programs read them where they lie: goes last.
  std::optional<Side> prefill;
  Side decode;
  bool inPrefill = false; ///< Whose states are the newest.
  std::int32_t position = 0;
  std::vector<float> following;
};

} // namespace weft::agent
