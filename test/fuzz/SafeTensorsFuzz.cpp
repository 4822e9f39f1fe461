//===- SafeTensorsFuzz.cpp - Any bytes as a file of tensors ---------------===//
//
// For libFuzzer. The first byte says whether the header's length is made right
// first. What is read lies inside the file and is written to what reads the
// same; what is refused has a message.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/LittleEndian.h"
#include "runtime/checkpoint/SafeTensors.h"

#include <algorithm>
#include <cstdlib>

using namespace weft;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *input, std::size_t size) {
  if (size < 1)
    return 0;
  const auto *first = reinterpret_cast<const std::byte *>(input);
  base::Bytes bytes(first + 1, first + size);
  if ((input[0] & 1) && bytes.size() >= 8) {
    auto end = std::find_if(bytes.rbegin(), bytes.rend() - 8, [](std::byte one) { return one == std::byte('}'); });
    base::store<std::uint64_t>(bytes.data(), static_cast<std::uint64_t>(bytes.rend() - end) - 8);
  }
  auto read = checkpoint::readSafeTensors(bytes);
  if (!read) {
    if (read.error().message.empty())
      std::abort();
    return 0;
  }
  std::vector<checkpoint::NamedTensor> tensors;
  for (const checkpoint::TensorEntry &one : read->tensors) {
    if (!one.type)
      return 0;
    tensors.push_back({one.name, *one.type, one.shape, one.bytes});
  }
  base::Bytes written = checkpoint::encodedSafeTensors(tensors, read->metadata);
  auto again = checkpoint::readSafeTensors(written);
  if (!again || again->metadata != read->metadata || again->tensors.size() != read->tensors.size())
    std::abort();
  for (const checkpoint::TensorEntry &one : read->tensors) {
    const checkpoint::TensorEntry *same = again->find(one.name);
    if (!same || same->shape != one.shape || same->type != one.type ||
        !std::equal(same->bytes.begin(), same->bytes.end(), one.bytes.begin(), one.bytes.end()))
      std::abort();
  }
  return 0;
}
