//===- Ring.h - A queue that allocates only to grow -----------------------===//
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace weft::frame {

/// First in, first out. Keeps its memory; `pop` asks for a queue that is not empty.
template <typename T> class Ring {
public:
  bool empty() const { return head == tail; }
  T &front() { return ring[head & (ring.size() - 1)]; }
  void push(T &&item) {
    if (tail - head == ring.size())
      grow();
    ring[tail++ & (ring.size() - 1)] = std::move(item);
  }
  T pop() { return std::move(ring[head++ & (ring.size() - 1)]); }

private:
  void grow() {
    std::vector<T> larger(ring.size() * 2); // a power of two, so that places are found by a mask
    for (std::size_t i = 0; i < ring.size(); ++i)
      larger[i] = std::move(ring[(head + i) & (ring.size() - 1)]);
    head = 0, tail = ring.size();
    ring = std::move(larger);
  }
  std::vector<T> ring = std::vector<T>(16);
  std::size_t head = 0, tail = 0;
};

} // namespace weft::frame
