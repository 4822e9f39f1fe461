//===- Object.h - Counted memory behind a value ---------------------------===//
//
// One header and what follows it: the items of a list, the bytes of a text, or
// a tensor. The count is atomic because values cross to the blocking pool; the
// last owner, by far the most frequent one to let go, pays a load and no
// locked instruction.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weft::value {

struct alignas(16) Object {
  explicit Object(std::uint32_t length) : count(1), length(length) {}

  std::atomic<std::uint32_t> count;
  std::uint32_t length;        ///< Values of an array, or bytes of a text.
  std::uint64_t deepBytes = 0; ///< With everything below, shared parts counted each time; set when it is finished.

  void retain() noexcept { count.fetch_add(1, std::memory_order_relaxed); }
  /// True when the caller held the last reference and must free the object.
  bool release() noexcept {
    if (count.load(std::memory_order_acquire) == 1)
      return true;
    return count.fetch_sub(1, std::memory_order_acq_rel) == 1;
  }
  char *bytes() noexcept { return reinterpret_cast<char *>(this + 1); }
  const char *bytes() const noexcept { return reinterpret_cast<const char *>(this + 1); }
};

static_assert(sizeof(Object) == 16);

/// Highest rank of a tensor: attention over heads, layers and micro-batches needs six.
inline constexpr std::uint32_t maxRank = 8;
/// Widest vector register and cache line of the CPUs that kernels are built for.
inline constexpr std::size_t tensorAlignment = 64;

/// Data starts at the first multiple of tensorAlignment behind the header.
struct alignas(64) TensorObject : Object {
  TensorObject() : Object(0) {}
  std::uint64_t dataBytes = 0;
  std::int64_t dims[maxRank] = {};
  std::uint8_t type = 0, rank = 0;

  std::byte *data() noexcept { return reinterpret_cast<std::byte *>(this + 1); }
  const std::byte *data() const noexcept { return reinterpret_cast<const std::byte *>(this + 1); }
};

static_assert(sizeof(TensorObject) == 128);

} // namespace weft::value
