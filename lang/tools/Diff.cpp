//===- Diff.cpp - Two texts, line by line ---------------------------------===//
//
// Myers' greedy algorithm over the lines that are left when common ones at both
// ends are cut away. It keeps one row per step, so it is bounded: beyond the
// bound the middle is taken as changed as a whole.
//
//===----------------------------------------------------------------------===//

#include "lang/tools/Diff.h"

#include <algorithm>
#include <vector>

namespace weft::tools {
namespace {

constexpr int maxChanges = 4000; ///< 4000 rows of at most 8001 numbers: 64 MiB at the very worst.
constexpr int context = 3;

using Lines = std::vector<std::string_view>;

/// With their line breaks, so that a missing one at the end is a difference.
Lines linesOf(std::string_view text) {
  Lines lines;
  while (!text.empty()) {
    std::size_t newline = text.find('\n');
    std::size_t length = newline == std::string_view::npos ? text.size() : newline + 1;
    lines.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

/// ' ' stands in both, '-' only before, '+' only after.
struct Edit {
  char mark;
  int before, after; ///< Indices of lines; of the one that it stands at where it is not in that text.
};

/// Edits of before[from …] and after[from …], whose ends are unequal.
std::vector<Edit> shortest(const Lines &before, const Lines &after, int from, int beforeEnd, int afterEnd) {
  int n = beforeEnd - from, m = afterEnd - from;
  std::vector<Edit> edits;
  std::vector<std::vector<int>> rows;
  std::vector<int> reach(2 * static_cast<std::size_t>(std::min(n + m, maxChanges) + 1) + 1, 0);
  const int middle = std::min(n + m, maxChanges) + 1;
  int changes = 0;
  bool found = n == 0 && m == 0;
  for (; !found && changes <= std::min(n + m, maxChanges); ++changes) {
    rows.emplace_back(reach.begin() + (middle - changes - 1), reach.begin() + (middle + changes + 2));
    for (int k = -changes; k <= changes && !found; k += 2) {
      bool down = k == -changes || (k != changes && reach[middle + k - 1] < reach[middle + k + 1]);
      int x = down ? reach[middle + k + 1] : reach[middle + k - 1] + 1;
      int y = x - k;
      while (x < n && y < m && before[from + x] == after[from + y])
        ++x, ++y;
      reach[middle + k] = x;
      found = x >= n && y >= m;
    }
  }
  if (!found) {
    for (int x = 0; x < n; ++x)
      edits.push_back({'-', from + x, from});
    for (int y = 0; y < m; ++y)
      edits.push_back({'+', from + n, from + y});
    return edits;
  }
  // Back from the end: row d holds what could be reached with d - 1 changes.
  int x = n, y = m;
  for (int d = changes - 1; d >= 0; --d) {
    const std::vector<int> &row = rows[static_cast<std::size_t>(d)];
    auto at = [&](int k) { return row[static_cast<std::size_t>(k + d + 1)]; };
    int k = x - y;
    bool down = k == -d || (k != d && at(k - 1) < at(k + 1));
    int previousX = d == 0 ? 0 : down ? at(k + 1) : at(k - 1);
    int previousY = d == 0 ? 0 : previousX - (down ? k + 1 : k - 1);
    while (x > previousX && y > previousY) {
      --x, --y;
      edits.push_back({' ', from + x, from + y});
    }
    if (d == 0)
      break;
    if (down)
      edits.push_back({'+', from + x, from + --y});
    else
      edits.push_back({'-', from + --x, from + y});
  }
  std::reverse(edits.begin(), edits.end());
  return edits;
}

void addLine(std::string &out, char mark, std::string_view line) {
  out += mark;
  out += line;
  if (!line.ends_with('\n'))
    out += "\n\\ No newline at end of file\n";
}

std::string rangeText(int first, int count) {
  // An empty range names the line before it.
  return std::to_string(count == 0 ? first : first + 1) + (count == 1 ? "" : "," + std::to_string(count));
}

} // namespace

std::string unifiedDiff(std::string_view before, std::string_view after, const std::string &name) {
  if (before == after)
    return "";
  Lines left = linesOf(before), right = linesOf(after);
  int start = 0, leftEnd = static_cast<int>(left.size()), rightEnd = static_cast<int>(right.size());
  while (start < leftEnd && start < rightEnd && left[start] == right[start])
    ++start;
  while (leftEnd > start && rightEnd > start && left[leftEnd - 1] == right[rightEnd - 1])
    --leftEnd, --rightEnd;
  std::vector<Edit> edits;
  for (int at = std::max(0, start - context); at < start; ++at)
    edits.push_back({' ', at, at});
  for (const Edit &edit : shortest(left, right, start, leftEnd, rightEnd))
    edits.push_back(edit);
  for (int at = 0; at < context && leftEnd + at < static_cast<int>(left.size()); ++at)
    edits.push_back({' ', leftEnd + at, rightEnd + at});

  std::string out = "--- " + name + "\n+++ " + name + "\n";
  const int count = static_cast<int>(edits.size());
  for (int first = 0; first < count;) {
    while (first < count && edits[first].mark == ' ')
      ++first;
    if (first == count)
      break;
    // A hunk ends where more than twice the context is unchanged.
    int last = first;
    for (int at = first; at < count && at - last <= 2 * context; ++at)
      if (edits[at].mark != ' ')
        last = at;
    int begin = std::max(0, first - context), end = std::min(count, last + 1 + context);
    int leftCount = 0, rightCount = 0;
    std::string body;
    for (int at = begin; at < end; ++at) {
      leftCount += edits[at].mark != '+';
      rightCount += edits[at].mark != '-';
      addLine(body, edits[at].mark, edits[at].mark == '+' ? right[edits[at].after] : left[edits[at].before]);
    }
    out += "@@ -" + rangeText(edits[begin].before, leftCount) + " +" + rangeText(edits[begin].after, rightCount) +
           " @@\n" + body;
    first = end;
  }
  return out;
}

} // namespace weft::tools
