//===- CheckContents.h - What the bytes of an arena hold ------------------===//
//
// Buffers share bytes where their lives are apart, and views share a storage on
// purpose. A buffer holds what its reader expects if each of its bytes was last
// written through a buffer of the same storage.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <map>

namespace weft::plan {

class Contents {
public:
  /// Nothing is written at first. The role's buffers and storages have been checked.
  explicit Contents(const Role &role) : role(role) {}

  /// The buffer is written, whole. O(log n) where as many writes overlapped it as it replaces.
  void fill(std::uint32_t buffer);
  bool holds(std::uint32_t buffer) const;
  /// A buffer through which a byte of this one was written last; noIndex where none was.
  std::uint32_t under(std::uint32_t buffer) const;

private:
  struct Written {
    std::uint64_t end;
    std::uint32_t buffer; ///< Through which they were written.
  };
  using Bytes = std::map<std::uint64_t, Written>; ///< By their begin; apart from each other.
  /// The first that ends behind `offset`.
  static Bytes::const_iterator firstBehind(const Bytes &bytes, std::uint64_t offset);

  const Role &role;
  std::map<std::uint32_t, Bytes> arenas;
};

/// Buffers with the same storage share bytes on purpose.
std::uint32_t storageOf(const Role &role, std::uint32_t buffer);

} // namespace weft::plan
