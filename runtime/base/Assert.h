//===- Assert.h - Broken invariants end the process -----------------------===//
//
// Kept in release: a runtime that goes on after a broken invariant writes
// wrong facts into a journal. Expected failures are `Result`, never this.
//
//===----------------------------------------------------------------------===//
#pragma once

namespace weft::base {

/// Prints the condition and the place to standard error and aborts.
[[noreturn]] void assertFailed(const char *condition, const char *file, int line);

} // namespace weft::base

#define WEFT_ASSERT(condition)                                                                                         \
  (static_cast<bool>(condition) ? void(0) : ::weft::base::assertFailed(#condition, __FILE__, __LINE__))
#define WEFT_UNREACHABLE() ::weft::base::assertFailed("unreachable", __FILE__, __LINE__)
