//===- PatternSearch.cpp - All parts of a text that fit a pattern ---------===//
//
// A search that tries and takes back reads a text as often as it has beginnings.
// Here the text is read twice, whatever the pattern is: from its end to its
// start, to write down which states lead to a fit from where, and from its start
// to its end along the first way that is written down.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Pattern.h"

#include "runtime/value/Utf8.h"

namespace weft::value {

class PatternSearch {
public:
  PatternSearch(const Pattern &pattern, std::string_view text) : pattern(pattern), program(pattern.program) {
    for (std::size_t place = 0; place < text.size();) {
      offsets.push_back(place);
      points.push_back(nextCodePoint(text, place));
    }
    offsets.push_back(text.size());
    marks.resize(program.size());
    from.resize(program.size());
    linkBackwards();
    lookBackwards();
  }

  std::vector<Pattern::Match> run(std::size_t most) {
    std::vector<Pattern::Match> found;
    for (std::size_t place = 0; place <= points.size() && found.size() < most;) {
      if (!begins[place]) {
        ++place;
        continue;
      }
      std::size_t end = walk(place, found.emplace_back(pattern.groups));
      place = end > place ? end : place + 1;
    }
    return found;
  }

private:
  using Kind = Pattern::Kind;
  using State = Pattern::State;

  /// For each state, those that go on to it without reading: `sources[heads[s]]` to `sources[heads[s + 1]]`.
  void linkBackwards() {
    auto forEachStep = [&](auto act) {
      for (std::uint32_t state = 0; state < program.size(); ++state) {
        const State &at = program[state];
        if (at.kind == Kind::split || at.kind == Kind::jump)
          act(state, at.first);
        if (at.kind == Kind::split || at.kind == Kind::save)
          act(state, at.second);
      }
    };
    heads.assign(program.size() + 1, 0);
    forEachStep([&](std::uint32_t, std::uint32_t to) { ++heads[to + 1]; });
    for (std::size_t i = 1; i < heads.size(); ++i)
      heads[i] += heads[i - 1];
    sources.resize(heads.back());
    std::vector<std::uint32_t> next(heads.begin(), heads.end() - 1);
    forEachStep([&](std::uint32_t state, std::uint32_t to) { sources[next[to]++] = state; });
  }

  /// Fills `fits` and `begins`.
  void lookBackwards() {
    std::size_t count = points.size();
    fits.assign((count + 1) * program.size(), false);
    begins.assign(count + 1, false);
    // marks[s] == place + 1: from state s, at `place`, the pattern can be brought to its end.
    for (std::size_t place = count + 1; place-- > 0;) {
      auto here = static_cast<std::uint32_t>(place + 1);
      pending.clear();
      for (std::uint32_t state = 0; state < program.size(); ++state) {
        const State &at = program[state];
        bool good = false;
        if (at.kind == Kind::accept)
          good = !pattern.toEnd || place == count;
        else if (at.kind == Kind::set && place < count)
          good = reads[at.second] && pattern.sets[at.first].has(points[place]);
        if (good) {
          fits[place * program.size() + state] = true;
          pending.push_back(state);
        }
      }
      for (std::uint32_t state : pending)
        marks[state] = here;
      while (!pending.empty()) {
        std::uint32_t state = pending.back();
        pending.pop_back();
        for (std::uint32_t i = heads[state]; i < heads[state + 1]; ++i)
          if (marks[sources[i]] != here) {
            marks[sources[i]] = here;
            pending.push_back(sources[i]);
          }
      }
      reads.resize(program.size());
      for (std::uint32_t state = 0; state < program.size(); ++state)
        reads[state] = marks[state] == here;
      begins[place] = reads[0] && (!pattern.fromStart || place == 0);
    }
  }

  /// The first state, in the order of preference, that reads on towards a fit or ends it; `from` is the way to it.
  std::uint32_t goOn(std::uint32_t start, std::size_t place) {
    ++mark;
    pending.assign(1, start);
    origins.assign(1, start);
    while (true) {
      std::uint32_t state = pending.back(), origin = origins.back();
      pending.pop_back();
      origins.pop_back();
      if (marks[state] == mark)
        continue;
      marks[state] = mark;
      from[state] = origin;
      if (fits[place * program.size() + state])
        return state;
      const State &at = program[state];
      auto push = [&](std::uint32_t next) {
        pending.push_back(next);
        origins.push_back(state);
      };
      if (at.kind == Kind::split || at.kind == Kind::save)
        push(at.second);
      if (at.kind == Kind::split || at.kind == Kind::jump)
        push(at.first);
    }
  }

  /// From a beginning to the end of its match, which is returned.
  std::size_t walk(std::size_t place, Pattern::Match &match) {
    if (mark == 0)
      mark = static_cast<std::uint32_t>(points.size() + 1);
    std::size_t begin = place;
    std::vector<std::size_t> starts(pattern.groups, none);
    for (std::uint32_t state = 0;; ++place) {
      std::uint32_t last = goOn(state, place);
      saves.clear();
      for (std::uint32_t at = last; at != state; at = from[at])
        if (program[from[at]].kind == Kind::save)
          saves.push_back(program[from[at]].first);
      for (auto save = saves.rbegin(); save != saves.rend(); ++save) {
        std::uint32_t group = *save / 2;
        if (*save % 2 == 0)
          starts[group] = offsets[place];
        else
          match[group] = Pattern::Part{starts[group], offsets[place]};
      }
      if (program[last].kind == Kind::accept)
        break;
      state = program[last].second;
    }
    match[0] = Pattern::Part{offsets[begin], offsets[place]};
    return place;
  }

  static constexpr std::size_t none = ~std::size_t{0};

  const Pattern &pattern;
  const std::vector<State> &program;
  std::vector<char32_t> points;
  std::vector<std::size_t> offsets; ///< Of each code point, and the end.
  std::vector<std::uint32_t> heads, sources;
  std::vector<bool> fits;   ///< At place * states + state: reads on towards a fit, or is its end.
  std::vector<bool> begins; ///< By place.
  std::vector<bool> reads;  ///< By state, at the place that was looked at last.
  std::vector<std::uint32_t> marks, from, pending, origins, saves;
  std::uint32_t mark = 0;
};

std::vector<Pattern::Match> Pattern::findAll(std::string_view text, std::size_t most) const {
  return PatternSearch(*this, text).run(most);
}

} // namespace weft::value
