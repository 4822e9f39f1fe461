//===- LittleEndian.h - Fixed-width numbers in files and on wires ---------===//
#pragma once

#include "runtime/base/Assert.h"
#include "runtime/base/Bytes.h"

#include <type_traits>

namespace weft::base {

/// Writes `value` at `at`, lowest byte first; `at` has room for sizeof(T).
template <typename T> void store(std::byte *at, T value) {
  static_assert(std::is_unsigned_v<T>);
  for (std::size_t i = 0; i < sizeof(T); ++i)
    at[i] = static_cast<std::byte>(value >> (8 * i));
}

template <typename T> T load(const std::byte *at) {
  static_assert(std::is_unsigned_v<T>);
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i)
    value = static_cast<T>(value | static_cast<T>(static_cast<T>(at[i]) << (8 * i)));
  return value;
}

template <typename T> void append(Bytes &out, T value) {
  out.resize(out.size() + sizeof(T));
  store(out.data() + out.size() - sizeof(T), value);
}

/// Takes numbers and bytes from the front of what was received. A read past the end gives zeros and makes `ok` false,
/// so that a decoder tests once, at its end.
class Reader {
public:
  explicit Reader(ConstBytes bytes) : rest(bytes) {}

  template <typename T> T take() {
    if (rest.size() < sizeof(T)) {
      fail();
      return 0;
    }
    T value = load<T>(rest.data());
    rest = rest.subspan(sizeof(T));
    return value;
  }
  ConstBytes take(std::uint64_t count) {
    if (rest.size() < count) {
      fail();
      return {};
    }
    ConstBytes taken = rest.first(count);
    rest = rest.subspan(count);
    return taken;
  }
  std::size_t left() const { return rest.size(); }
  bool ok() const { return good; }
  /// Everything was there and nothing is left.
  bool exact() const { return good && rest.empty(); }

private:
  void fail() {
    good = false;
    rest = {};
  }
  ConstBytes rest;
  bool good = true;
};

} // namespace weft::base
