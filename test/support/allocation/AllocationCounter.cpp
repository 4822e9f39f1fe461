//===- AllocationCounter.cpp - operator new that counts -------------------===//
//
// Replaces the global operators in programs that link this library. Under a
// sanitizer too: memory still comes from malloc, which it watches.
//
//===----------------------------------------------------------------------===//

#include "test/support/allocation/AllocationCounter.h"

#include <cstdlib>
#include <new>

namespace {

thread_local std::uint64_t allocated = 0, allocatedBytes = 0;

/// Null where there is no memory.
void *tryToTake(std::size_t size, std::size_t alignment) noexcept {
  ++allocated;
  allocatedBytes += size;
  // aligned_alloc wants a size that is a multiple of the alignment.
  return alignment <= __STDCPP_DEFAULT_NEW_ALIGNMENT__
             ? std::malloc(size ? size : 1)
             : std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
}

void *take(std::size_t size, std::size_t alignment) {
  void *memory = tryToTake(size, alignment);
  if (!memory)
    throw std::bad_alloc();
  return memory;
}

} // namespace

void *operator new(std::size_t size) { return take(size, 0); }
void *operator new[](std::size_t size) { return take(size, 0); }
void *operator new(std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void *operator new[](std::size_t size, std::align_val_t alignment) {
  return take(size, static_cast<std::size_t>(alignment));
}
void *operator new(std::size_t size, const std::nothrow_t &) noexcept { return tryToTake(size, 0); }
void *operator new[](std::size_t size, const std::nothrow_t &) noexcept { return tryToTake(size, 0); }
void *operator new(std::size_t size, std::align_val_t alignment, const std::nothrow_t &) noexcept {
  return tryToTake(size, static_cast<std::size_t>(alignment));
}
void *operator new[](std::size_t size, std::align_val_t alignment, const std::nothrow_t &) noexcept {
  return tryToTake(size, static_cast<std::size_t>(alignment));
}
void operator delete(void *memory) noexcept { std::free(memory); }
void operator delete[](void *memory) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void *memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void *memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void *memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace weft::support {

AllocationCounter::AllocationCounter() : firstAllocation(allocated), firstByte(allocatedBytes) {}
std::uint64_t AllocationCounter::allocations() const { return allocated - firstAllocation; }
std::uint64_t AllocationCounter::bytes() const { return allocatedBytes - firstByte; }

} // namespace weft::support
