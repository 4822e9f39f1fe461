//===- PatternParser.cpp - From the text of a pattern to states -----------===//

#include "runtime/value/Pattern.h"

#include "runtime/value/Utf8.h"

#include <string>

namespace weft::value {

/// Recursive descent; a fragment is a run of states that ends where the next one starts.
class PatternParser {
public:
  PatternParser(std::string_view text, Pattern::Groups groups, Pattern &out) : text(text), groups(groups), out(out) {}

  base::Result<void> run() {
    out.fromStart = text.starts_with('^');
    place = out.fromStart;
    out.toEnd = text.size() > place && text.ends_with('$') && !escapedEnd();
    end = text.size() - out.toEnd;
    if (!alternatives(0))
      return failure;
    if (place < end)
      return wrong("found ')' without '('"), failure;
    emit({Pattern::Kind::accept, 0, 0});
    return limited();
  }

private:
  using Kind = Pattern::Kind;
  using State = Pattern::State;

  /// Nesting of groups; a pattern in use has fewer than ten.
  static constexpr int maxDepth = 100;

  bool wrong(const std::string &what) {
    failure = base::error(base::Code::invalid, what + " at offset " + std::to_string(place));
    return false;
  }
  base::Result<void> limited() {
    if (out.program.size() <= Pattern::maxStates)
      return {};
    return base::error(base::Code::limit, "a pattern of more than " + std::to_string(Pattern::maxStates) +
                                              " states; shorten its counted repetitions");
  }
  bool escapedEnd() const {
    std::size_t slashes = 0;
    for (std::size_t i = text.size() - 1; i > 0 && text[i - 1] == '\\'; --i)
      ++slashes;
    return slashes % 2;
  }
  bool at(char c) const { return place < end && text[place] == c; }
  std::uint32_t here() const { return static_cast<std::uint32_t>(out.program.size()); }
  void emit(State state) { out.program.push_back(state); }

  /// Moves the states from `from` on by one and puts `state` before them.
  void insert(std::uint32_t from, State state) {
    out.program.insert(out.program.begin() + from, state);
    for (std::uint32_t i = from + 1; i < here(); ++i)
      shift(out.program[i], from, 1);
  }
  static void shift(State &state, std::uint32_t from, std::uint32_t by) {
    if (state.kind == Kind::split || state.kind == Kind::jump) {
      state.first += state.first >= from ? by : 0;
      state.second += state.kind == Kind::split && state.second >= from ? by : 0;
    } else if (state.kind == Kind::set || state.kind == Kind::save) {
      state.second += state.second >= from ? by : 0;
    }
  }

  bool alternatives(int depth) {
    if (depth > maxDepth)
      return wrong("groups nest deeper than " + std::to_string(maxDepth));
    std::uint32_t start = here();
    if (!sequence(depth))
      return false;
    std::vector<std::uint32_t> exits;
    while (at('|')) {
      ++place;
      insert(start, {Kind::split, start + 1, 0});
      exits.push_back(here());
      emit({Kind::jump, 0, 0});
      out.program[start].second = here();
      start = here();
      if (!sequence(depth))
        return false;
    }
    for (std::uint32_t exit : exits)
      out.program[exit].first = here();
    return true;
  }

  bool sequence(int depth) {
    while (place < end && !at('|') && !at(')')) {
      std::uint32_t start = here();
      if (!atom(depth) || !repetition(start))
        return false;
      if (out.program.size() > Pattern::maxStates) {
        failure = limited().error();
        return false;
      }
    }
    return true;
  }

  bool atom(int depth) {
    if (at('(')) {
      ++place;
      std::uint32_t group = 0; // The whole pattern; stands for none here.
      if (text.substr(place, end - place).starts_with("?:"))
        place += 2;
      else if (at('?'))
        return wrong("found \"(?\", only \"(?:\" is known");
      else if (groups == Pattern::Groups::kept)
        group = out.groups++;
      if (group)
        emit({Kind::save, 2 * group, here() + 1});
      if (!alternatives(depth + 1))
        return false;
      if (!at(')'))
        return wrong("expected ')'");
      ++place;
      if (group)
        emit({Kind::save, 2 * group + 1, here() + 1});
      return true;
    }
    if (at('*') || at('+') || at('?') || at('{'))
      return wrong("found a repetition of nothing");
    Pattern::Set set;
    if (at('[')) {
      if (!bracket(set))
        return false;
    } else if (at('.')) {
      ++place;
      set = {{{'\n', '\n'}}, true};
    } else if (at('\\')) {
      if (!escape(set))
        return false;
    } else {
      char32_t point = nextCodePoint(text, place);
      set.ranges = {{point, point}};
    }
    out.sets.push_back(std::move(set));
    emit({Kind::set, static_cast<std::uint32_t>(out.sets.size() - 1), here() + 1});
    return true;
  }

  bool escape(Pattern::Set &set) {
    if (++place >= end)
      return wrong("found '\\' at the end");
    char32_t point = nextCodePoint(text, place);
    switch (point) {
    case 'd':
    case 'D':
      set.ranges = {{'0', '9'}};
      break;
    case 'w':
    case 'W':
      set.ranges = {{'a', 'z'}, {'A', 'Z'}, {'0', '9'}, {'_', '_'}};
      break;
    case 's':
    case 'S':
      set.ranges = {{'\t', '\r'}, {' ', ' '}};
      break;
    case 'n':
      set.ranges = {{'\n', '\n'}};
      return true;
    case 't':
      set.ranges = {{'\t', '\t'}};
      return true;
    default:
      if ((point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z') || (point >= '0' && point <= '9'))
        return wrong(std::string("found \\") + static_cast<char>(point) + ", which has no meaning");
      set.ranges = {{point, point}};
      return true;
    }
    set.negated = point < 'a';
    return true;
  }

  bool bracket(Pattern::Set &set) {
    ++place;
    if (at('^')) {
      set.negated = true;
      ++place;
    }
    for (bool first = true; !at(']') || first; first = false) {
      if (place >= end)
        return wrong("expected ']'");
      char32_t low = noPoint;
      if (!member(set, low))
        return false;
      if (low == noPoint)
        continue;
      char32_t high = low;
      if (at('-') && place + 1 < end && text[place + 1] != ']') {
        ++place;
        if (!member(set, high))
          return false;
        if (high == noPoint || high < low)
          return wrong("found a range that ends before it starts");
      }
      set.ranges.push_back({low, high});
    }
    ++place;
    return true;
  }

  /// One code point of a bracket, or noPoint after a class like \d was added to `set`.
  bool member(Pattern::Set &set, char32_t &point) {
    if (!at('\\')) {
      point = nextCodePoint(text, place);
      return true;
    }
    Pattern::Set inner;
    if (!escape(inner))
      return false;
    if (inner.ranges.size() == 1 && inner.ranges[0].low == inner.ranges[0].high) {
      point = inner.ranges[0].low;
      return true;
    }
    if (inner.negated)
      return wrong("found a negated class inside brackets");
    set.ranges.insert(set.ranges.end(), inner.ranges.begin(), inner.ranges.end());
    point = noPoint;
    return true;
  }

  bool number(std::uint32_t &value) {
    std::size_t start = place;
    for (value = 0; place < end && text[place] >= '0' && text[place] <= '9'; ++place)
      if ((value = value * 10 + static_cast<std::uint32_t>(text[place] - '0')) > Pattern::maxStates)
        return wrong("found a count above " + std::to_string(Pattern::maxStates));
    return place > start || wrong("expected a count");
  }

  bool repetition(std::uint32_t start) {
    while (at('*') || at('+') || at('?') || at('{')) {
      char sign = text[place++];
      std::uint32_t least = sign == '+' ? 1 : 0, most = sign == '?' ? 1 : unbounded;
      if (sign == '{') {
        if (!number(least))
          return false;
        most = least;
        if (at(',')) {
          ++place;
          most = unbounded;
          if (!at('}') && !number(most))
            return false;
        }
        if (!at('}'))
          return wrong("expected '}'");
        ++place;
        if (most < least)
          return wrong("found a repetition of at least " + std::to_string(least) + " and at most " +
                       std::to_string(most));
      }
      bool few = at('?');
      place += few;
      if (!repeat(start, least, most, few))
        return false;
    }
    return true;
  }

  /// The fragment from `start` to the end, `least` to `most` times; as few of them as fit, or as many.
  bool repeat(std::uint32_t start, std::uint32_t least, std::uint32_t most, bool few) {
    std::vector<State> body(out.program.begin() + start, out.program.end());
    std::uint64_t copies = most == unbounded ? std::max(least, 1u) : most;
    if (start + copies * (body.size() + 1) + 2 > Pattern::maxStates) {
      failure = base::error(base::Code::limit, "a pattern of more than " + std::to_string(Pattern::maxStates) +
                                                   " states; shorten its counted repetitions");
      return false;
    }
    out.program.resize(start);
    auto copy = [&] {
      std::uint32_t base = here();
      for (State state : body) {
        shift(state, start, base - start);
        emit(state);
      }
    };
    auto leave = [&](std::uint32_t split, std::uint32_t exit) {
      State &state = out.program[split];
      state.second = exit;
      if (few)
        std::swap(state.first, state.second);
    };
    if (most == unbounded) {
      for (std::uint32_t i = 1; i < least; ++i)
        copy();
      std::uint32_t loop = here();
      if (least == 0) {
        emit({Kind::split, loop + 1, 0});
        copy();
        emit({Kind::jump, loop, 0});
        leave(loop, here());
      } else {
        copy();
        emit({Kind::split, loop, 0});
        leave(here() - 1, here());
      }
      return true;
    }
    for (std::uint32_t i = 0; i < least; ++i)
      copy();
    std::vector<std::uint32_t> splits;
    for (std::uint32_t i = least; i < most; ++i) {
      splits.push_back(here());
      emit({Kind::split, here() + 1, 0});
      copy();
    }
    for (std::uint32_t split : splits)
      leave(split, here());
    return true;
  }

  static constexpr char32_t noPoint = 0x110000;
  static constexpr std::uint32_t unbounded = ~0u;

  std::string_view text;
  Pattern::Groups groups;
  Pattern &out;
  std::size_t place = 0, end = 0;
  base::Error failure;
};

base::Result<Pattern> Pattern::parse(std::string_view text, Groups groups) {
  if (text.size() > maxTextBytes)
    return base::error(base::Code::limit, "a pattern of " + std::to_string(text.size()) + " bytes, the limit is " +
                                              std::to_string(maxTextBytes));
  Pattern pattern;
  if (auto ok = PatternParser(text, groups, pattern).run(); !ok)
    return ok.error();
  return pattern;
}

} // namespace weft::value
