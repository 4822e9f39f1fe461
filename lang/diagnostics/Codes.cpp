//===- Codes.cpp - The catalogue of messages ------------------------------===//
//
// The table is built from the .def files; that it rises without a gap in order
// is checked when it is compiled, since lookup is a binary search.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Codes.h"

#include <algorithm>
#include <array>

namespace weft::diagnostics {
namespace {

constexpr std::array table = {
#define WEFT_CODE(number, name, title, explanation) CodeInfo{Code::name, #name, title, explanation},
#include "lang/diagnostics/Codes.def"
#undef WEFT_CODE
};

constexpr bool rises() {
  for (std::size_t at = 1; at < table.size(); ++at)
    if (table[at - 1].code >= table[at].code)
      return false;
  return true;
}
static_assert(rises(), "codes stand in rising order and none stands twice");

} // namespace

std::string number(Code code) {
  std::string digits = std::to_string(static_cast<unsigned>(code));
  return "W" + std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

const CodeInfo &info(Code code) {
  return *std::lower_bound(table.begin(), table.end(), code,
                           [](const CodeInfo &entry, Code wanted) { return entry.code < wanted; });
}

std::optional<Code> findCode(std::string_view text) {
  if (text.size() != 5 || (text[0] != 'W' && text[0] != 'w'))
    return std::nullopt;
  for (const CodeInfo &entry : table)
    if (number(entry.code).substr(1) == text.substr(1))
      return entry.code;
  return std::nullopt;
}

std::span<const CodeInfo> allCodes() { return table; }

} // namespace weft::diagnostics
