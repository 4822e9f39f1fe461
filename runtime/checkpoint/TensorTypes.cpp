//===- TensorTypes.cpp - Element types as safetensors files call them -----===//

#include "runtime/checkpoint/TensorTypes.h"

#include <algorithm>
#include <iterator>

namespace weft::checkpoint {
namespace {

using base::ElementType;

constexpr TensorType types[] = {
    {"BOOL", 8, ElementType::boolean},
    {"U8", 8, ElementType::u8},
    {"I8", 8, ElementType::i8},
    {"F8_E5M2", 8, {}},
    {"F8_E4M3", 8, {}},
    {"I16", 16, {}},
    {"U16", 16, {}},
    {"F16", 16, ElementType::f16},
    {"BF16", 16, ElementType::bf16},
    {"I32", 32, ElementType::i32},
    {"U32", 32, {}},
    {"F32", 32, ElementType::f32},
    {"F64", 64, ElementType::f64},
    {"I64", 64, ElementType::i64},
    {"U64", 64, {}},
};

} // namespace

const TensorType *tensorType(std::string_view dtype) {
  auto found =
      std::find_if(std::begin(types), std::end(types), [&](const TensorType &one) { return one.dtype == dtype; });
  return found == std::end(types) ? nullptr : found;
}

std::string_view dtypeOf(ElementType type) {
  return std::find_if(std::begin(types), std::end(types), [&](const TensorType &one) { return one.type == type; })
      ->dtype;
}

std::string tensorTypes() {
  std::string out;
  for (const TensorType &one : types)
    out += (out.empty() ? "" : ", ") + std::string(one.dtype);
  return out;
}

} // namespace weft::checkpoint
