//===- Shrink.cpp - A program with the same fault, and less of it ---------===//
//
// Knows nothing of the language but braces: what is no program any more is
// refused, so it does not show the same fault, and is not taken.
//
//===----------------------------------------------------------------------===//

#include "test/integration/generated/Shrink.h"

#include <vector>

namespace weft::generated {
namespace {

using Lines = std::vector<std::string>;

Lines split(const std::string &text) {
  Lines lines;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find('\n', begin);
    lines.push_back(text.substr(begin, end - begin));
    begin = end == std::string::npos ? text.size() : end + 1;
  }
  return lines;
}

std::string join(const Lines &lines) {
  std::string text;
  for (const std::string &line : lines)
    text += line + "\n";
  return text;
}

int depthOf(const std::string &line) { // Strings of generated programs hold as many `{` as `}`.
  int depth = 0;
  for (char c : line)
    depth += (c == '{') - (c == '}');
  return depth;
}

/// Behind the last line of the group that begins at `first`: it ends where its braces are closed and nothing goes on.
std::size_t groupEnd(const Lines &lines, std::size_t first) {
  int depth = 0;
  for (std::size_t at = first; at < lines.size(); ++at) {
    depth += depthOf(lines[at]);
    if (depth < 0)
      return first;
    bool goesOn = at + 1 < lines.size() && lines[at + 1].find_first_not_of(' ') != std::string::npos &&
                  lines[at + 1][lines[at + 1].find_first_not_of(' ')] == '}' && depth > 0;
    if (depth == 0 && !goesOn)
      return at + 1;
  }
  return first;
}

} // namespace

std::string shrink(const std::string &text, const std::function<bool(const std::string &)> &same, unsigned tries) {
  Lines lines = split(text);
  auto attempt = [&](Lines candidate) {
    if (tries == 0 || candidate == lines)
      return false;
    --tries;
    if (!same(join(candidate)))
      return false;
    lines = std::move(candidate);
    return true;
  };
  for (bool changed = true; changed && tries > 0;) {
    changed = false;
    // From behind: what is declared below is used by nothing above.
    for (std::size_t at = lines.size(); at-- > 0 && tries > 0;) {
      if (at >= lines.size())
        continue;
      std::size_t end = groupEnd(lines, at);
      if (end == at)
        continue;
      Lines without = lines;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(at),
                    without.begin() + static_cast<std::ptrdiff_t>(end));
      if (attempt(std::move(without))) {
        changed = true;
        continue;
      }
      if (end - at < 3)
        continue;
      // The inside in place of the whole.
      Lines inside = lines;
      inside.erase(inside.begin() + static_cast<std::ptrdiff_t>(end) - 1);
      inside.erase(inside.begin() + static_cast<std::ptrdiff_t>(at));
      changed |= attempt(std::move(inside));
    }
  }
  return join(lines);
}

} // namespace weft::generated
