//===- Codes.h - The catalogue of messages --------------------------------===//
//
// A code is a letter and four digits, stable and never reused; its family says
// which part of the language was hurt. Each family is a file in catalogue/, one
// entry per code: number, name in the sources, title, and the text that
// `weftc --explain` prints.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weft::diagnostics {

enum class Code : std::uint16_t {
#define WEFT_CODE(number, name, title, explanation) name = number,
#include "lang/diagnostics/Codes.def"
#undef WEFT_CODE
};

/// What the catalogue says of one code.
struct CodeInfo {
  Code code;
  std::string_view name;        ///< As in the sources, `unknownName`.
  std::string_view title;       ///< One phrase, lower-case.
  std::string_view explanation; ///< What is wrong, an example, what to do; Markdown.
};

/// "W0203".
std::string number(Code code);

const CodeInfo &info(Code code);

/// Accepts "W0203" and "w0203"; nothing for a code that does not exist.
std::optional<Code> findCode(std::string_view number);

/// All codes, in rising order.
std::span<const CodeInfo> allCodes();

} // namespace weft::diagnostics
