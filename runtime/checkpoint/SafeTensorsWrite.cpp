//===- SafeTensorsWrite.cpp - Named tensors in one file: writing ----------===//

#include "runtime/base/LittleEndian.h"
#include "runtime/checkpoint/SafeTensors.h"
#include "runtime/checkpoint/TensorTypes.h"
#include "runtime/value/Json.h"

#include <set>

namespace weft::checkpoint {
namespace {

/// So that a mapped file's data stands where tensors stand.
constexpr std::uint64_t dataAlignment = 64;
constexpr std::uint64_t lengthBytes = 8;

std::string listed(std::span<const std::uint64_t> numbers) {
  std::string out = "[";
  for (std::size_t at = 0; at < numbers.size(); ++at)
    out += (at ? "," : "") + std::to_string(numbers[at]);
  return out + "]";
}

std::string headerOf(std::span<const NamedTensor> tensors, const Metadata &metadata) {
  std::string out = "{";
  auto entry = [&](std::string_view name) {
    out += out.size() > 1 ? "," : "";
    value::appendJsonString(out, name);
    out += ":";
  };
  if (!metadata.empty()) {
    entry("__metadata__");
    out += "{";
    bool first = true;
    for (const auto &[name, text] : metadata) {
      out += std::exchange(first, false) ? "" : ",";
      value::appendJsonString(out, name);
      out += ":";
      value::appendJsonString(out, text);
    }
    out += "}";
  }
  std::uint64_t begin = 0;
  for (const NamedTensor &tensor : tensors) {
    entry(tensor.name);
    std::uint64_t offsets[] = {begin, begin + tensor.bytes.size()};
    out += "{\"dtype\":\"" + std::string(dtypeOf(tensor.type)) + "\",\"shape\":" + listed(tensor.shape) +
           ",\"data_offsets\":" + listed(offsets) + "}";
    begin = offsets[1];
  }
  out += "}";
  while ((lengthBytes + out.size()) % dataAlignment != 0)
    out += ' ';
  return out;
}

} // namespace

base::Bytes encodedSafeTensors(std::span<const NamedTensor> tensors, const Metadata &metadata) {
  std::uint64_t dataBytes = 0;
  std::set<std::string_view> names{"__metadata__"};
  for (const NamedTensor &tensor : tensors) {
    std::uint64_t bytes = base::sizeOf(tensor.type);
    for (std::uint64_t size : tensor.shape)
      bytes *= size;
    WEFT_ASSERT(bytes == tensor.bytes.size() && names.insert(tensor.name).second);
    dataBytes += bytes;
  }
  std::string header = headerOf(tensors, metadata);
  WEFT_ASSERT(header.size() <= maxHeaderBytes);
  base::Bytes out;
  out.reserve(lengthBytes + header.size() + dataBytes);
  base::append(out, static_cast<std::uint64_t>(header.size()));
  base::ConstBytes text = base::bytesOf(header);
  out.insert(out.end(), text.begin(), text.end());
  for (const NamedTensor &tensor : tensors)
    out.insert(out.end(), tensor.bytes.begin(), tensor.bytes.end());
  return out;
}

} // namespace weft::checkpoint
