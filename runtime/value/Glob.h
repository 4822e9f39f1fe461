//===- Glob.h - Patterns of file names ------------------------------------===//
//
//   *.md          files of the root that end so
//   notes/**      all files below notes
//   **/*.{md,txt} files of both kinds in any folder, the root included
//
// `*` and `?` stay inside one name, `[a-z]` and `[!a-z]` are one character,
// `{a,b}` is either. Names that start with a dot match only a pattern part that
// does. Matching is by bytes, and case counts.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <string>
#include <string_view>
#include <vector>

namespace weft::value {

/// Braces in one pattern may stand for this many patterns together.
inline constexpr std::size_t maxAlternatives = 64;
inline constexpr std::size_t maxPatternBytes = 1024;

class Glob {
public:
  /// Errors: `denied` for a pattern that leaves its folder ("/…", "../…"), `invalid` for one that is empty, too long,
  /// or has an open bracket.
  static base::Result<Glob> compile(std::string_view pattern);

  /// `path` is relative, with '/' between its parts. Cost: bytes of its names times those of the
  /// pattern.
  bool matches(std::string_view path) const;

  /// Whether something below `folder` can match: what keeps a walk short. "" is the root.
  bool mayMatchBelow(std::string_view folder) const;

private:
  using Parts = std::vector<std::string>;
  std::vector<Parts> alternatives;
};

} // namespace weft::value
