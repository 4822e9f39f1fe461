//===- JsonReader.cpp - The tokens of one JSON text -----------------------===//

#include "runtime/value/JsonReader.h"

#include "runtime/base/Limits.h"
#include "runtime/value/Utf8.h"

#include <vector>

namespace weft::value {
namespace {

/// Of a text in a message.
constexpr std::size_t shownBytes = 40;

bool isDigit(char c) { return c >= '0' && c <= '9'; }

} // namespace

void JsonReader::spaces() {
  while (place < text.size() &&
         (text[place] == ' ' || text[place] == '\n' || text[place] == '\t' || text[place] == '\r'))
    ++place;
}

bool JsonReader::fail(const std::string &wanted) {
  if (hasFailed)
    return false;
  hasFailed = true;
  std::size_t line = 1, column = 1;
  for (std::size_t i = 0; i < place && i < text.size(); ++i) {
    column = text[i] == '\n' ? 1 : column + 1;
    line += text[i] == '\n';
  }
  std::string found = "the end of the text";
  if (place < text.size()) {
    std::size_t end = place;
    char32_t point = nextCodePoint(text, end);
    found = point < 0x20 ? "a control character" : "'" + std::string(text.substr(place, end - place)) + "'";
  }
  failure = base::error(base::Code::invalid, "line " + std::to_string(line) + ", column " + std::to_string(column) +
                                                 ": expected " + wanted + ", found " + found);
  return false;
}

JsonReader::Kind JsonReader::peek() {
  spaces();
  if (place >= text.size())
    return Kind::end;
  char c = text[place];
  switch (c) {
  case '{':
    return Kind::object;
  case '[':
    return Kind::array;
  case '"':
    return Kind::string;
  case 't':
    return Kind::true_;
  case 'f':
    return Kind::false_;
  case 'n':
    return Kind::null;
  default:
    return c == '-' || isDigit(c) ? Kind::number : Kind::other;
  }
}

bool JsonReader::open(char bracket) {
  spaces();
  if (place >= text.size() || text[place] != bracket)
    return fail(std::string("'") + bracket + "'");
  if (++depth > base::maxValueDepth)
    return fail("at most " + std::to_string(base::maxValueDepth) + " brackets inside each other");
  ++place;
  return true;
}

bool JsonReader::next(char bracket, bool first, bool &more) {
  spaces();
  if (place < text.size() && text[place] == bracket) {
    ++place;
    --depth;
    more = false;
    return true;
  }
  more = true;
  if (first)
    return true;
  if (place >= text.size() || text[place] != ',')
    return fail(std::string("',' or '") + bracket + "'");
  ++place;
  spaces();
  if (place < text.size() && text[place] == bracket)
    return fail(bracket == '}' ? "a key" : "a value");
  return true;
}

bool JsonReader::key(std::string &out) {
  spaces();
  if (place >= text.size() || text[place] != '"')
    return fail("a key in quotes");
  if (!string(out))
    return false;
  spaces();
  if (place >= text.size() || text[place] != ':')
    return fail("':'");
  ++place;
  return true;
}

bool JsonReader::hex4(std::uint32_t &value) {
  value = 0;
  for (int i = 0; i < 4; ++i, ++place) {
    char c = place < text.size() ? text[place] : ' ';
    int digit = isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0)
      return fail("four hexadecimal digits");
    value = value << 4 | static_cast<std::uint32_t>(digit);
  }
  return true;
}

bool JsonReader::escape(std::string &out) {
  char c = place < text.size() ? text[place] : ' ';
  constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
  if (std::size_t known = from.find(c); known != from.npos) {
    out += to[known];
    ++place;
    return true;
  }
  if (c != 'u')
    return fail("one of \"\\/bfnrtu behind '\\'");
  ++place;
  std::uint32_t point, low;
  if (!hex4(point))
    return false;
  if (point >= 0xd800 && point < 0xdc00) {
    if (text.substr(place, 2) != "\\u")
      return fail("the second half of a surrogate pair");
    place += 2;
    if (!hex4(low))
      return false;
    if (low < 0xdc00 || low > 0xdfff)
      return fail("the second half of a surrogate pair");
    point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
  } else if (point >= 0xdc00 && point < 0xe000) {
    return fail("the first half of a surrogate pair before the second");
  }
  appendCodePoint(out, point);
  return true;
}

bool JsonReader::string(std::string &out) {
  spaces();
  if (place >= text.size() || text[place] != '"')
    return fail("a string");
  ++place;
  out.clear();
  for (;;) {
    std::size_t start = place;
    while (place < text.size() && text[place] != '"' && text[place] != '\\' &&
           static_cast<unsigned char>(text[place]) >= 0x20)
      ++place;
    out.append(text, start, place - start);
    if (place >= text.size())
      return fail("'\"' at the end of the string");
    if (text[place] == '"') {
      ++place;
      return true;
    }
    if (text[place] != '\\')
      return fail("no control character inside a string (write \\n or \\u00XX)");
    ++place;
    if (!escape(out))
      return false;
  }
}

bool JsonReader::number(std::string_view &out) {
  spaces();
  std::size_t start = place;
  auto digits = [&] {
    std::size_t first = place;
    while (place < text.size() && isDigit(text[place]))
      ++place;
    return place > first;
  };
  if (place < text.size() && text[place] == '-')
    ++place;
  std::size_t whole = place;
  if (!digits())
    return fail("a digit");
  if (place - whole > 1 && text[whole] == '0') {
    place = whole + 1;
    return fail("no digit behind a leading 0");
  }
  if (place < text.size() && text[place] == '.') {
    ++place;
    if (!digits())
      return fail("a digit");
  }
  if (place < text.size() && (text[place] == 'e' || text[place] == 'E')) {
    ++place;
    if (place < text.size() && (text[place] == '+' || text[place] == '-'))
      ++place;
    if (!digits())
      return fail("a digit");
  }
  out = text.substr(start, place - start);
  return true;
}

bool JsonReader::word(std::string_view word) {
  spaces();
  if (text.substr(place, word.size()) != word)
    return fail(std::string(word));
  place += word.size();
  return true;
}

bool JsonReader::skip() {
  // Brackets are counted by `depth`, so that nesting costs no stack here.
  std::string scratch;
  std::string_view number;
  std::vector<char> closing;
  bool first = true;
  for (;;) {
    bool ok = true, opened = false;
    switch (peek()) {
    case Kind::object:
    case Kind::array:
      closing.push_back(text[place] == '{' ? '}' : ']');
      ok = open(text[place]);
      opened = true;
      break;
    case Kind::string:
      ok = string(scratch);
      break;
    case Kind::number:
      ok = this->number(number);
      break;
    case Kind::true_:
      ok = word("true");
      break;
    case Kind::false_:
      ok = word("false");
      break;
    case Kind::null:
      ok = word("null");
      break;
    default:
      return fail("a value");
    }
    if (!ok)
      return false;
    first = opened;
    for (bool more = false; !more; first = false) {
      if (closing.empty())
        return true;
      if (!next(closing.back(), first, more))
        return false;
      if (!more)
        closing.pop_back();
      else if (closing.back() == '}' && !key(scratch))
        return false;
    }
  }
}

bool JsonReader::finish() {
  spaces();
  return place == text.size() || fail("nothing more");
}

std::string JsonReader::shown() const {
  JsonReader copy = *this;
  std::string content;
  std::string_view number;
  switch (copy.peek()) {
  case Kind::object:
    return "an object";
  case Kind::array:
    return "a list";
  case Kind::string:
    if (!copy.string(content))
      return "a string";
    if (content.size() > shownBytes)
      content = std::string(cutTo(content, shownBytes)) + "…";
    return "\"" + content + "\"";
  case Kind::number:
    return copy.number(number) ? std::string(number.substr(0, shownBytes)) : "a number";
  case Kind::true_:
    return "true";
  case Kind::false_:
    return "false";
  case Kind::null:
    return "null";
  case Kind::end:
    return "nothing";
  case Kind::other:
    return "no JSON";
  }
  WEFT_UNREACHABLE();
}

} // namespace weft::value
