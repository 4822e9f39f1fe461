//===- Result.h - A value, or an error that says what to do next ----------===//
//
// Expected failures travel as values. The code tells the caller what to do:
// correct the input, try again, give up, or go to another owner. Broken
// invariants are WEFT_ASSERT and never a Result.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Assert.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

namespace weft::base {

enum class Code : std::uint8_t {
  invalid,     ///< The input is wrong; the same call fails again.
  notFound,    ///< The thing named does not exist.
  exists,      ///< The thing named exists already.
  denied,      ///< Not allowed, whoever asks again.
  stale,       ///< Another owner has a later epoch; stop writing.
  busy,        ///< Held by another process; try later or become its client.
  corrupt,     ///< Stored or received bytes fail their check; do not use them.
  unsupported, ///< A version or feature that this build does not know.
  limit,       ///< A named limit was reached.
  timedOut,    ///< The caller's deadline passed; the effect is unknown.
  cancelled,   ///< The caller cancelled.
  unavailable, ///< The other side cannot be reached; trying again may help.
  io,          ///< The operating system failed; the message has its words.
};

/// Lower-case name, for messages and tests: "not_found".
const char *name(Code code);

/// Lower-case text without a full stop that names the thing, what was found,
/// what was wanted and where to mend it.
struct Error {
  Code code = Code::invalid;
  std::string message;

  /// `context: message`, for callers who know more about the place.
  Error in(const std::string &context) && {
    message = context + ": " + message;
    return std::move(*this);
  }
};

inline Error error(Code code, std::string message) { return Error{code, std::move(message)}; }

/// Holds a T or an Error. Reading the wrong one is a broken invariant.
template <typename T = void> class [[nodiscard]] Result {
public:
  Result(T value) : state(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state(std::in_place_index<1>, std::move(error)) {}

  explicit operator bool() const { return state.index() == 0; }
  T &operator*() & { return value(); }
  const T &operator*() const & { return value(); }
  T &&operator*() && { return std::move(value()); }
  T *operator->() { return &value(); }
  const T *operator->() const { return &value(); }

  T &value() & {
    WEFT_ASSERT(state.index() == 0);
    return std::get<0>(state);
  }
  const T &value() const & {
    WEFT_ASSERT(state.index() == 0);
    return std::get<0>(state);
  }
  const Error &error() const & {
    WEFT_ASSERT(state.index() == 1);
    return std::get<1>(state);
  }
  Error &&error() && {
    WEFT_ASSERT(state.index() == 1);
    return std::move(std::get<1>(state));
  }

private:
  std::variant<T, Error> state;
};

template <> class [[nodiscard]] Result<void> {
public:
  Result() = default;
  Result(Error error) : failure(std::move(error)), ok(false) {}
  explicit operator bool() const { return ok; }
  const Error &error() const & {
    WEFT_ASSERT(!ok);
    return failure;
  }
  Error &&error() && {
    WEFT_ASSERT(!ok);
    return std::move(failure);
  }

private:
  Error failure;
  bool ok = true;
};

} // namespace weft::base
