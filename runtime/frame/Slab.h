//===- Slab.h - Memory of frames and steps by size class ------------------===//
//
// Frames come and go with every iteration of every map; a free list per size
// class makes that two pointer moves. Memory is returned to the system when
// the slab ends: a machine that was busy once keeps what it needed then.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Assert.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace weft::frame {

/// Not thread-safe. All pieces are given back before the slab ends, or hold nothing that needs a destructor.
class Slab {
public:
  Slab() = default;
  Slab(const Slab &) = delete;
  Slab &operator=(const Slab &) = delete;

  /// At least `bytes`, aligned for any type. O(1); a new chunk is asked for when the class is empty.
  void *take(std::size_t bytes) {
    bytesLive += bytes;
    if (bytes > largest)
      return ::operator new(bytes);
    Free *&list = lists[classOf(bytes)];
    if (!list)
      refill(classOf(bytes));
    Free *piece = list;
    list = piece->next;
    return piece;
  }

  /// `bytes` as given to `take`.
  void give(void *memory, std::size_t bytes) {
    WEFT_ASSERT(bytesLive >= bytes);
    bytesLive -= bytes;
    if (bytes > largest)
      return ::operator delete(memory);
    Free *&list = lists[classOf(bytes)];
    list = ::new (memory) Free{list};
  }

  template <typename T, typename... Args> T *make(Args &&...args) {
    return ::new (take(sizeof(T))) T(std::forward<Args>(args)...);
  }
  template <typename T> void destroy(T *object) {
    object->~T();
    give(object, sizeof(T));
  }

  std::size_t liveBytes() const { return bytesLive; }

private:
  struct Free {
    Free *next;
  };
  // Steps of 32 bytes to 1 KiB, where most frames lie, then powers of two to 64 KiB.
  static constexpr std::size_t grain = 32, fine = 1024, largest = 65536;
  static constexpr std::size_t fineClasses = fine / grain, classes = fineClasses + 6;
  static constexpr std::size_t chunkBytes = 65536;

  static std::size_t classOf(std::size_t bytes) {
    if (bytes <= fine)
      return bytes == 0 ? 0 : (bytes - 1) / grain;
    return fineClasses + std::bit_width((bytes - 1) / fine) - 1;
  }
  static std::size_t sizeOf(std::size_t index) {
    return index < fineClasses ? (index + 1) * grain : fine << (index - fineClasses + 1);
  }
  void refill(std::size_t index) {
    std::size_t size = sizeOf(index), count = size >= chunkBytes ? 1 : chunkBytes / size;
    chunks.push_back(std::make_unique<Chunk[]>((size * count + sizeof(Chunk) - 1) / sizeof(Chunk)));
    auto *memory = reinterpret_cast<std::byte *>(chunks.back().get());
    for (std::size_t i = count; i-- > 0;)
      lists[index] = ::new (static_cast<void *>(memory + i * size)) Free{lists[index]};
  }

  struct alignas(16) Chunk {
    std::byte bytes[16];
  };
  std::array<Free *, classes> lists{};
  std::vector<std::unique_ptr<Chunk[]>> chunks;
  std::size_t bytesLive = 0;
};

} // namespace weft::frame
