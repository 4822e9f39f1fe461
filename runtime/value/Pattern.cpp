//===- Pattern.cpp - A text against the states of a pattern ---------------===//

#include "runtime/value/Pattern.h"

#include "runtime/value/Utf8.h"

#include <utility>

namespace weft::value {

bool Pattern::Set::has(char32_t point) const {
  for (const CodeRange &range : ranges)
    if (point >= range.low && point <= range.high)
      return !negated;
  return negated;
}

std::size_t Pattern::work() const {
  std::size_t steps = program.size();
  for (const State &state : program)
    steps += state.kind == Kind::set ? sets[state.first].ranges.size() : 0;
  return steps;
}

void Pattern::addState(std::uint32_t state, std::vector<std::uint32_t> &list, std::vector<std::uint32_t> &marks,
                       std::uint32_t mark, std::vector<std::uint32_t> &pending) const {
  pending.push_back(state);
  while (!pending.empty()) {
    std::uint32_t next = pending.back();
    pending.pop_back();
    if (marks[next] == mark)
      continue;
    marks[next] = mark;
    const State &at = program[next];
    if (at.kind == Kind::split)
      pending.push_back(at.second);
    if (at.kind == Kind::split || at.kind == Kind::jump)
      pending.push_back(at.first);
    else if (at.kind == Kind::save)
      pending.push_back(at.second);
    else
      list.push_back(next);
  }
}

bool Pattern::matches(std::string_view text) const {
  std::vector<std::uint32_t> current, next, marks(program.size(), 0), pending;
  std::uint32_t mark = 1;
  addState(0, current, marks, mark, pending);
  for (std::size_t place = 0; place < text.size() && !current.empty();) {
    char32_t point = nextCodePoint(text, place);
    next.clear();
    ++mark;
    for (std::uint32_t state : current)
      if (program[state].kind == Kind::set && sets[program[state].first].has(point))
        addState(program[state].second, next, marks, mark, pending);
    std::swap(current, next);
  }
  for (std::uint32_t state : current)
    if (program[state].kind == Kind::accept)
      return true;
  return false;
}

} // namespace weft::value
