//===- EncodingFuzz.cpp - Any bytes as an encoded value -------------------===//
//
// For libFuzzer: bytes are refused, or are exactly what the encoder writes for
// the value that they give.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Encoding.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  weft::base::ConstBytes input{reinterpret_cast<const std::byte *>(bytes), size};
  auto value = weft::value::decode(input);
  if (!value)
    return 0;
  weft::base::Bytes again = weft::value::encoded(*value);
  if (weft::base::textOf(again) != weft::base::textOf(input))
    std::abort();
  hashOf(*value);
  return 0;
}
