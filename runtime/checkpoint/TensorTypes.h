//===- TensorTypes.h - Element types as safetensors files call them -------===//
#pragma once

#include "runtime/base/ElementType.h"

#include <optional>
#include <string>
#include <string_view>

namespace weft::checkpoint {

struct TensorType {
  std::string_view dtype;
  std::uint64_t bits;                    ///< Of one element.
  std::optional<base::ElementType> type; ///< Where the language has it.
};

/// Of the format's word, or null.
const TensorType *tensorType(std::string_view dtype);
/// The format's word.
std::string_view dtypeOf(base::ElementType type);
/// All words, for messages.
std::string tensorTypes();

} // namespace weft::checkpoint
