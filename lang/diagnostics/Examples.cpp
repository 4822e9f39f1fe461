//===- Examples.cpp - Each mistake, and how it is mended ------------------===//

#include "lang/diagnostics/Examples.h"

namespace weft::diagnostics {
namespace {

struct Row {
  unsigned code;
  Example example;
};

// One file per family, as in the catalogue; programs begin behind the line of the bracket that opens them.
constexpr Row rows[] = {
#define WEFT_EXAMPLE(number, wrong, right)                                                                             \
  {number, {std::string_view(wrong).substr(1), std::string_view(right).substr(1)}},
#include "lang/diagnostics/examples/Bounds.def"
#include "lang/diagnostics/examples/Budgets.def"
#include "lang/diagnostics/examples/Devices.def"
#include "lang/diagnostics/examples/Effects.def"
#include "lang/diagnostics/examples/Match.def"
#include "lang/diagnostics/examples/Names.def"
#include "lang/diagnostics/examples/Shapes.def"
#include "lang/diagnostics/examples/Syntax.def"
#include "lang/diagnostics/examples/Tests.def"
#undef WEFT_EXAMPLE
};

} // namespace

std::optional<Example> exampleOf(Code code) {
  for (const Row &row : rows)
    if (row.code == static_cast<unsigned>(code))
      return row.example;
  return std::nullopt;
}

} // namespace weft::diagnostics
