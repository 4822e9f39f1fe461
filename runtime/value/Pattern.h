//===- Pattern.h - Regular expressions ------------------------------------===//
//
// Without back references, run by the set of states a pattern can be in: linear
// in the text whatever the pattern is, so that a `where` over an answer from
// outside cannot be made to hang.
//
//   .  [a-z]  [^a-z]  \d \w \s \D \W \S  ( ) (?: )  |  * + ? {m} {m,} {m,n}
//
// A backslash before any other sign means the sign itself; \n and \t are a
// newline and a tab. `.` is any code point but a newline. A `?` behind a
// repetition asks for as few as fit; as many as fit are taken otherwise. ^ and $
// stand at the ends of a pattern and hold for all of it; to `matches`, which
// wants the whole text to fit, they mean nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace weft::value {

class Pattern {
public:
  /// Whether `( )` remembers what it took: only `findAll` asks, and each group costs two states.
  enum class Groups : std::uint8_t { forgotten, kept };

  /// `text` is UTF-8. Errors: `invalid` with the offset; `limit` above maxTextBytes or maxStates.
  static base::Result<Pattern> parse(std::string_view text, Groups groups = Groups::forgotten);

  /// True when all of `text` (UTF-8) fits. O(text * work()).
  bool matches(std::string_view text) const;

  /// Bytes of the text from `begin` to `end`, which is excluded.
  struct Part {
    std::size_t begin = 0, end = 0;
  };
  /// The part that fits, then its groups in the order of their brackets; nothing for one that took no part.
  using Match = std::vector<std::optional<Part>>;

  /// All parts of `text` (UTF-8) that fit, from left to right, without overlap. Each begins as early as it can; of
  /// those that begin there it is the one that the earlier alternative and the wish of each repetition lead to. After
  /// an empty one the next begins a code point later. Ends early as soon as there are `most` matches. O(text * work())
  /// time for all of them, text * states bits of memory.
  std::vector<Match> findAll(std::string_view text, std::size_t most = ~std::size_t{0}) const;
  /// How many parts each match has.
  std::size_t parts() const { return groups; }

  /// What one code point of a text costs at most: a step for each state and for each range of its set.
  std::size_t work() const;

  /// Counted repetitions are written out, so that 4,000 states hold any pattern that people write.
  static constexpr std::size_t maxStates = 4000;

  /// Patterns may come from outside: this bounds what reading one costs, and the ranges of its sets.
  static constexpr std::size_t maxTextBytes = 64 << 10;

private:
  friend class PatternParser;
  friend class PatternSearch;
  enum class Kind : std::uint8_t { set, split, jump, accept, save };
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
    /// set: index of the set; split, jump: a next state; save: twice the group, + 1 at its end.
    std::uint32_t first = 0;
    std::uint32_t second = 0; ///< split: the state that is tried after `first`; set, save: the next state.
  };

  void addState(std::uint32_t state, std::vector<std::uint32_t> &list, std::vector<std::uint32_t> &marks,
                std::uint32_t mark, std::vector<std::uint32_t> &pending) const;

  std::vector<State> program;
  std::vector<Set> sets;
  std::uint32_t groups = 1; ///< The whole pattern is group 0.
  bool fromStart = false, toEnd = false;
};

} // namespace weft::value
