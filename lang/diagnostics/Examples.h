//===- Examples.h - Each mistake, and how it is mended --------------------===//
//
// Beside the text of a code in the catalogue stand two programs: one that is
// refused with this code and no other, and the same one mended. The tests compile
// both. They stand apart from Codes.h, which every part of the compiler includes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Codes.h"

namespace weft::diagnostics {

/// Two whole programs, each ending in a newline. A sample that uses `./helpers` finds there what the reference says.
struct Example {
  std::string_view wrong;
  std::string_view right;
};

/// Nothing for codes that no short program shows.
std::optional<Example> exampleOf(Code code);

} // namespace weft::diagnostics
