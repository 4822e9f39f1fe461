//===- Shrink.h - A program with the same fault, and less of it -----------===//
#pragma once

#include <functional>
#include <string>

namespace weft::generated {

/// Leaves lines out, whole groups of braces at a time, as long as `same` says that the fault is still there. Asks at
/// most `tries` times.
std::string shrink(const std::string &text, const std::function<bool(const std::string &)> &same,
                   unsigned tries = 2000);

} // namespace weft::generated
