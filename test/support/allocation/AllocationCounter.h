//===- AllocationCounter.h - Count what the heap is asked for -------------===//
//
//   AllocationCounter counter;
//   machine.step();
//   EXPECT_EQ(counter.allocations(), 0u);
//
// A program that links test_support_allocation counts every `operator new` of the calling
// thread, its libraries' included; malloc by C code is not seen. Nothing is
// counted unless a counter is alive.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace weft::support {

/// Counts from its construction, on the thread that made it. Counters may nest.
class AllocationCounter {
public:
  AllocationCounter();

  std::uint64_t allocations() const;
  std::uint64_t bytes() const;

private:
  std::uint64_t firstAllocation, firstByte;
};

} // namespace weft::support
