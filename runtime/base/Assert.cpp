//===- Assert.cpp - Broken invariants end the process ---------------------===//

#include "runtime/base/Assert.h"

#include <cstdio>
#include <cstdlib>

namespace weft::base {

void assertFailed(const char *condition, const char *file, int line) {
  std::fprintf(stderr, "weft: broken invariant: %s (%s:%d)\n", condition, file, line);
  std::abort();
}

} // namespace weft::base
