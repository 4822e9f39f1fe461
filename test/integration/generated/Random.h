//===- Random.h - Choices out of a seed -----------------------------------===//
//
// The same seed gives the same program on every machine and with every library.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

namespace weft::generated {

class Random {
public:
  explicit Random(std::uint64_t seed) : state(seed) {}

  std::uint64_t next() {
    std::uint64_t mixed = state += 0x9e3779b97f4a7c15;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
    return mixed ^ (mixed >> 31);
  }
  /// From 0 to `count` - 1.
  int below(int count) { return static_cast<int>(next() % static_cast<std::uint64_t>(count)); }
  bool chance(int percent) { return below(100) < percent; }
  template <typename T> const T &of(const std::vector<T> &items) {
    return items[static_cast<std::size_t>(below(static_cast<int>(items.size())))];
  }
  std::string of(std::initializer_list<const char *> items) {
    return items.begin()[below(static_cast<int>(items.size()))];
  }

private:
  std::uint64_t state;
};

} // namespace weft::generated
