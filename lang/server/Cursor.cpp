//===- Cursor.cpp - What stands around a place that is being typed --------===//

#include "lang/server/Cursor.h"

#include <algorithm>

namespace weft::server {
namespace {

bool inWord(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Reads on from one place to the next that is code, keeping what is open: brackets, and strings by their quotes.
class Reader {
public:
  explicit Reader(std::string_view text) : text(text) {}

  /// Up to `end`.
  void read(std::size_t end) {
    while (at < end) {
      if (comment)
        comment = text[at++] != '\n';
      else if (!stack.empty() && (stack.back().mark == '"' || stack.back().mark == 'B'))
        string();
      else
        code();
    }
  }

  bool inText() const { return comment || (!stack.empty() && (stack.back().mark == '"' || stack.back().mark == 'B')); }

  /// Brackets that are open, those alone that were opened from `from` on.
  std::vector<char> open(std::size_t from) const {
    std::vector<char> marks;
    for (const Open &one : stack)
      if (one.at >= from && one.mark != '"' && one.mark != 'B')
        marks.push_back(one.mark);
    return marks;
  }

private:
  struct Open {
    char mark; ///< A bracket, $ for a hole, a quote for a string, B for one of three quotes.
    std::size_t at;
  };

  void push(char mark, std::size_t length) {
    stack.push_back({mark, at});
    at += length;
  }

  void pop() {
    if (!stack.empty())
      stack.pop_back();
    ++at;
  }

  void code() {
    std::string_view rest = text.substr(at);
    char c = text[at];
    if (rest.starts_with("//"))
      comment = true;
    else if (rest.starts_with("\"\"\""))
      push('B', 3);
    else if (c == '"')
      push('"', 1);
    else if (c == '(' || c == '[' || c == '{')
      push(c, 1);
    else if (c == ')' || c == ']' || c == '}')
      pop();
    else
      ++at;
  }

  void string() {
    std::string_view rest = text.substr(at);
    bool block = stack.back().mark == 'B';
    if (rest.starts_with("${"))
      push('$', 2);
    else if (rest[0] == '\\')
      at += 2;
    else if (block && rest.starts_with("\"\"\""))
      stack.pop_back(), at += 3;
    else if (!block && (rest[0] == '"' || rest[0] == '\n'))
      pop();
    else
      ++at;
  }

  std::string_view text;
  std::size_t at = 0;
  bool comment = false;
  std::vector<Open> stack;
};

} // namespace

Cursor cursorAt(std::string_view text, std::uint32_t offset) {
  Cursor cursor;
  std::size_t place = std::min<std::size_t>(offset, text.size());
  std::size_t begin = place, end = place;
  while (begin > 0 && inWord(text[begin - 1]))
    --begin;
  while (end < text.size() && inWord(text[end]))
    ++end;
  std::size_t line = begin;
  while (line > 0 && text[line - 1] != '\n')
    --line;
  Reader reader(text);
  reader.read(begin);
  cursor.inText = reader.inText();
  cursor.open = reader.open(0);
  cursor.openLine = reader.open(line);
  cursor.wordBegin = static_cast<std::uint32_t>(begin);
  cursor.wordEnd = static_cast<std::uint32_t>(end);
  cursor.line = text.substr(line, begin - line);
  std::size_t last = text.substr(0, begin).find_last_not_of(" \t\r\n");
  cursor.before = last == std::string_view::npos ? 0 : text[last];
  cursor.firstOfLine = last == std::string_view::npos || last < line;
  return cursor;
}

std::string closing(const std::vector<char> &open) {
  std::string out;
  for (auto one = open.rbegin(); one != open.rend(); ++one)
    out += *one == '(' ? ')' : *one == '[' ? ']' : '}';
  return out;
}

} // namespace weft::server
