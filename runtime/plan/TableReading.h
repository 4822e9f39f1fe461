//===- TableReading.h - FlatBuffers tables to plain structs ---------------===//
//
// For the readers of a plan's parts. What is read was verified before; strings
// and spans point into the file.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <cstring>

namespace weft::plan {

inline std::string_view text(const flatbuffers::String *string) {
  return string ? std::string_view(string->c_str(), string->size()) : std::string_view();
}

inline std::uint32_t index(std::int32_t value) { return value < 0 ? noIndex : static_cast<std::uint32_t>(value); }

template <typename T> std::span<const T> structs(const flatbuffers::Vector<const T *> *vector) {
  if (!vector || vector->size() == 0)
    return {};
  return {reinterpret_cast<const T *>(vector->Data()), vector->size()};
}

inline std::span<const std::uint32_t> numbers(const flatbuffers::Vector<std::uint32_t> *vector) {
  return vector ? std::span<const std::uint32_t>(vector->data(), vector->size()) : std::span<const std::uint32_t>();
}

template <typename T> std::vector<T> copied(const flatbuffers::Vector<T> *vector) {
  std::vector<T> out(vector ? vector->size() : 0);
  if (!out.empty())
    std::memcpy(out.data(), vector->Data(), out.size() * sizeof(T));
  return out;
}

/// Calls `convert(*table)` for each table of a possibly absent vector.
template <typename Out, typename T, typename Convert>
std::vector<Out> tables(const flatbuffers::Vector<flatbuffers::Offset<T>> *vector, Convert convert) {
  std::vector<Out> out;
  if (!vector)
    return out;
  out.reserve(vector->size());
  for (const T *table : *vector)
    out.push_back(convert(*table));
  return out;
}

/// Of strings; of a vector that is not there none.
inline std::vector<std::string_view>
texts(const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>> *strings) {
  std::vector<std::string_view> out;
  if (strings)
    for (const flatbuffers::String *one : *strings)
      out.push_back(text(one));
  return out;
}

} // namespace weft::plan
