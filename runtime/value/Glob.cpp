//===- Glob.cpp - Patterns of file names ----------------------------------===//

#include "runtime/value/Glob.h"

#include "runtime/value/Utf8.h"

#include <algorithm>
#include <span>

namespace weft::value {
namespace {

using Names = std::span<const std::string>;

std::vector<std::string> partsOf(std::string_view path) {
  std::vector<std::string> parts;
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    if (end > start && path.substr(start, end - start) != ".")
      parts.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

/// The length of "[…]" at the start of `pattern`, 0 where it does not close.
std::size_t setLength(std::string_view pattern) {
  std::size_t first = pattern.size() > 1 && pattern[1] == '!' ? 2 : 1;
  std::size_t close = pattern.find(']', first + 1);
  return close == std::string_view::npos ? 0 : close + 1;
}

bool setHas(std::string_view set, char c) {
  set = set.substr(1, set.size() - 2);
  bool inverted = set.starts_with('!');
  if (inverted)
    set.remove_prefix(1);
  bool found = false;
  for (std::size_t i = 0; i < set.size(); ++i)
    if (i + 2 < set.size() && set[i + 1] == '-') {
      found |= set[i] <= c && c <= set[i + 2];
      i += 2;
    } else {
      found |= set[i] == c;
    }
  return found != inverted;
}

/// One name against one part; backs up to the last star only, so that no pattern takes more than bytes times bytes.
bool nameMatches(std::string_view pattern, std::string_view name) {
  if (name.starts_with('.') && !pattern.starts_with('.'))
    return false;
  std::size_t p = 0, n = 0, star = std::string_view::npos, mark = 0;
  while (n < name.size()) {
    std::size_t step = 0;
    if (p < pattern.size()) {
      char c = pattern[p];
      if (c == '*') {
        star = p++;
        mark = n;
        continue;
      }
      if (c == '[') {
        std::size_t size = setLength(pattern.substr(p));
        step = setHas(pattern.substr(p, size), name[n]) ? size : 0;
      } else {
        step = c == '?' || c == name[n] ? 1 : 0;
      }
    }
    if (step > 0) {
      p += step;
      ++n;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++mark;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*')
    ++p;
  return p == pattern.size();
}

/// Which parts of a pattern can be next after the names so far: all at once, so that a pattern with many "**" costs
/// names times parts and no power of them.
class Places {
public:
  explicit Places(Names pattern) : pattern(pattern), at(pattern.size() + 1, false) { reach(at, 0); }

  void take(std::string_view name) {
    std::vector<bool> next(at.size(), false);
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      if (!at[i])
        continue;
      if (pattern[i] != "**") {
        if (nameMatches(pattern[i], name))
          reach(next, i + 1);
      } else if (!name.starts_with('.')) {
        next[i] = true;
        reach(next, i + 1);
      }
    }
    at = std::move(next);
  }
  bool atEnd() const { return at.back(); }
  bool mayGoOn() const { return std::find(at.begin(), at.end() - 1, true) != at.end() - 1; }

private:
  /// "**" may stand for no folder; as the last part it stands for the file itself, and that is there.
  void reach(std::vector<bool> &places, std::size_t place) const {
    places[place] = true;
    for (; place + 1 < pattern.size() && pattern[place] == "**"; ++place)
      places[place + 1] = true;
  }

  Names pattern;
  std::vector<bool> at;
};

/// Writes out "{a,b}"; false when there are too many or a brace does not close.
bool expand(std::string_view pattern, std::vector<std::string> &out) {
  std::size_t open = pattern.find('{');
  if (open == std::string_view::npos) {
    out.emplace_back(pattern);
    return out.size() <= maxAlternatives;
  }
  std::size_t close = open, start = open + 1;
  std::vector<std::string_view> choices;
  for (int depth = 0; close < pattern.size(); ++close) {
    depth += pattern[close] == '{';
    bool ends = pattern[close] == '}' && --depth == 0;
    if (ends || (pattern[close] == ',' && depth == 1)) {
      choices.push_back(pattern.substr(start, close - start));
      start = close + 1;
    }
    if (ends)
      break;
  }
  if (close == pattern.size())
    return false;
  for (std::string_view choice : choices)
    if (!expand(std::string(pattern.substr(0, open)) + std::string(choice) + std::string(pattern.substr(close + 1)),
                out))
      return false;
  return true;
}

base::Error wrong(base::Code code, std::string_view pattern, std::string_view why) {
  return base::error(code, "pattern '" + std::string(pattern) + "' " + std::string(why));
}

} // namespace

base::Result<Glob> Glob::compile(std::string_view pattern) {
  if (pattern.empty() || pattern.size() > maxPatternBytes || pattern.find('\0') != std::string_view::npos)
    return wrong(base::Code::invalid, cutTo(pattern, 80), "is empty, longer than 1024 bytes, or holds a zero byte");
  std::vector<std::string> written;
  if (!expand(pattern, written))
    return wrong(base::Code::invalid, pattern, "has a '{' that does not close, or more than 64 alternatives");
  Glob glob;
  for (const std::string &one : written) {
    Parts parts = partsOf(one);
    if (one.starts_with('/') || std::find(parts.begin(), parts.end(), "..") != parts.end())
      return wrong(base::Code::denied, pattern, "leads out of its root folder; patterns are relative to it");
    for (const std::string &part : parts)
      for (std::size_t i = part.find('['); i != std::string::npos; i = part.find('[', i)) {
        std::size_t size = setLength(std::string_view(part).substr(i));
        if (size == 0)
          return wrong(base::Code::invalid, pattern, "has a '[' that does not close");
        i += size;
      }
    glob.alternatives.push_back(std::move(parts));
  }
  return glob;
}

bool Glob::matches(std::string_view path) const {
  Parts names = partsOf(path);
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const Parts &parts) {
    Places places(parts);
    for (const std::string &name : names)
      places.take(name);
    return places.atEnd();
  });
}

bool Glob::mayMatchBelow(std::string_view folder) const {
  Parts names = partsOf(folder);
  return std::any_of(alternatives.begin(), alternatives.end(), [&](const Parts &parts) {
    Places places(parts);
    for (const std::string &name : names)
      places.take(name);
    return places.mayGoOn();
  });
}

} // namespace weft::value
