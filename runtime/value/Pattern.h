//===- Pattern.h - The patterns of `matches` ------------------------------===//
//
// A regular expression without back references, run by the set of states it
// can be in: linear in the text whatever the pattern is, so that a `where` over
// an answer from outside cannot be made to hang.
//
//   .  [a-z]  [^a-z]  \d \w \s \D \W \S  ( ) (?: )  |  * + ? {m} {m,} {m,n}
//
// A backslash before any other sign means the sign itself; \n and \t are a
// newline and a tab. `.` is any code point but a newline. The whole text must
// fit, so ^ and $ may stand at the ends and mean nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace weft::value {

class Pattern {
public:
  /// `text` is UTF-8. Errors: `invalid` with the offset; `limit` above maxTextBytes or maxStates.
  static base::Result<Pattern> parse(std::string_view text);

  /// True when all of `text` (UTF-8) fits. O(text * work()).
  bool matches(std::string_view text) const;

  /// What one code point of a text costs at most: a step for each state and for each range of its set.
  std::size_t work() const;

  /// Counted repetitions are written out, so that 4,000 states hold any pattern that people write.
  static constexpr std::size_t maxStates = 4000;

  /// Patterns may come from outside: this bounds what reading one costs, and the ranges of its sets.
  static constexpr std::size_t maxTextBytes = 64 << 10;

private:
  friend class PatternParser;
  enum class Kind : std::uint8_t { set, split, jump, accept };
  struct CodeRange {
    char32_t low, high;
  };
  /// One code point out of `ranges`, or, if negated, any other.
  struct Set {
    std::vector<CodeRange> ranges;
    bool negated = false;
    bool has(char32_t point) const;
  };
  struct State {
    Kind kind = Kind::accept;
    std::uint32_t first = 0;  ///< set: index of the set, then the next state; split, jump: a next state.
    std::uint32_t second = 0; ///< split: the other next state.
  };

  void addState(std::uint32_t state, std::vector<std::uint32_t> &list, std::vector<std::uint32_t> &marks,
                std::uint32_t mark, std::vector<std::uint32_t> &pending) const;

  std::vector<State> program;
  std::vector<Set> sets;
};

} // namespace weft::value
