//===- PatternFuzz.cpp - Any text as a pattern, any text against it -------===//
//
// For libFuzzer: the first line is the pattern, the rest the text. Reading ends
// with a pattern or a message; matching ends, and says the same twice.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Pattern.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using weft::value::Pattern;
  std::string_view input{reinterpret_cast<const char *>(bytes), size};
  std::size_t line = std::min(input.find('\n'), input.size());
  auto pattern = Pattern::parse(input.substr(0, line));
  if (!pattern)
    return pattern.error().message.empty() ? std::abort(), 0 : 0;
  // A step for each state and each code point: inputs that would take seconds say nothing.
  std::string_view text = input.substr(std::min(line + 1, size));
  text = text.substr(0, 1'000'000 / (pattern->work() + 1));
  if (pattern->matches(text) != pattern->matches(text))
    std::abort();
  return 0;
}
