//===- Lines.cpp - What one line of a text looks like ---------------------===//

#include "runtime/agent/model/extractive/Lines.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Stopwords.h"

#include <algorithm>

namespace weft::extractive {
namespace {

bool isPageFooter(std::string_view line) {
  auto open = line.rfind("[Page ");
  return open != std::string_view::npos && line.ends_with("]") && line.size() - open < 14;
}

bool endsSentence(std::string_view line) {
  return !line.empty() && std::string_view(".:;!?").find(line.back()) != std::string_view::npos;
}

bool startsLower(std::string_view line) {
  return !line.empty() && isLetter(decodeAt(line, 0).value) && !isUpper(decodeAt(line, 0).value);
}

std::vector<Line> rawLines(std::string_view text) {
  std::vector<Line> lines;
  bool pageBreak = false;
  for (std::size_t start = 0; start <= text.size();) {
    std::size_t end = std::min(text.find('\n', start), text.size());
    std::string_view whole = text.substr(start, end - start);
    Line line{trimmed(whole), start, 0, false};
    for (char c : whole) {
      if (c == '\f')
        pageBreak = true, line.indentColumns = 0;
      else if (c == ' ')
        ++line.indentColumns;
      else if (c == '\t')
        line.indentColumns = (line.indentColumns / 8 + 1) * 8;
      else
        break;
    }
    if (!line.blank()) {
      line.afterPageBreak = pageBreak;
      pageBreak = false;
    }
    // The sides of a box drawn with stars.
    if (line.text.size() > 4 && line.text.starts_with("* ") && line.text.ends_with(" *") && !isRule(line.text))
      line.text = trimmed(line.text.substr(1, line.text.size() - 2));
    lines.push_back(line);
    start = end + 1;
  }
  return lines;
}

/// Calls `visit(word)` for each run between spaces.
template <typename Visit> void forWords(std::string_view text, Visit visit) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = std::min(text.find(' ', i), text.size());
    if (end > i)
      visit(text.substr(i, end - i));
    i = end + 1;
  }
}

} // namespace

std::vector<Line> linesOf(std::string_view text) {
  std::vector<Line> kept;
  bool paged = text.find('\f') != std::string_view::npos;
  bool cut = false; // between the footer of one page and the first text of the next
  std::size_t footers = 0;
  for (const Line &line : rawLines(text)) {
    if (isPageFooter(line.text)) {
      cut = true;
      ++footers;
      continue;
    }
    // A running header is known by the footer that stands before it.
    if (paged && line.afterPageBreak && footers > 0 && cut && line.indentColumns == 0)
      continue;
    if (cut && line.blank())
      continue;
    if (cut) {
      while (!kept.empty() && kept.back().blank())
        kept.pop_back();
      bool sameParagraph = !kept.empty() && !endsSentence(kept.back().text) && startsLower(line.text);
      if (!sameParagraph)
        kept.push_back(Line{{}, line.offsetBytes, 0, false});
      cut = false;
    }
    kept.push_back(line);
  }
  return kept;
}

std::string_view listMarker(std::string_view line) {
  auto spaceAt = [&](std::size_t i) { return i < line.size() && line[i] == ' '; };
  for (std::string_view bullet : {"-", "*", "+", "o", "•", "–", "·", "‣"})
    if (line.starts_with(bullet) && spaceAt(bullet.size()) && (bullet != "o" || line.substr(1).starts_with("  ")))
      return bullet;
  std::size_t i = line.starts_with("(") || line.starts_with("[") ? 1 : 0;
  char open = i == 1 ? line[0] : ' ';
  std::size_t start = i;
  while (i < line.size() && isDigit(static_cast<unsigned char>(line[i])) && i - start < 3)
    ++i;
  bool number = i > start && i - start <= 2;
  if (!number) {
    i = start;
    while (i < line.size() && i - start < 5 && std::string_view("ivxIVX").find(line[i]) != std::string_view::npos)
      ++i;
    if (i == start && i < line.size() && isLetter(static_cast<unsigned char>(line[i])))
      ++i;
    // "A. Smith" is no marker: a capital alone needs a bracket.
    bool capital = i > start && isUpper(static_cast<unsigned char>(line[start]));
    if (i == start || (capital && open == ' ' && !(i < line.size() && line[i] == ')')))
      return {};
  }
  if (i >= line.size())
    return {};
  bool closes = open == '(' ? line[i] == ')' : open == '[' ? line[i] == ']' : line[i] == ')' || line[i] == '.';
  return closes && spaceAt(i + 1) ? line.substr(0, i + 1) : std::string_view();
}

std::string_view sectionNumber(std::string_view line) {
  std::size_t i = 0;
  if (!line.empty() && line[0] >= 'A' && line[0] <= 'Z' && line.size() > 1 && line[1] == '.')
    i = 1;
  else
    while (i < line.size() && isDigit(static_cast<unsigned char>(line[i])) && i < 3)
      ++i;
  if (i == 0 || i >= line.size())
    return {};
  while (i + 1 < line.size() && line[i] == '.' && isDigit(static_cast<unsigned char>(line[i + 1]))) {
    ++i;
    while (i < line.size() && isDigit(static_cast<unsigned char>(line[i])))
      ++i;
  }
  if (i < line.size() && (line[i] == '.' || line[i] == ')'))
    ++i;
  return i < line.size() && line[i] == ' ' ? line.substr(0, i) : std::string_view();
}

int markdownLevel(std::string_view line) {
  std::size_t level = 0;
  while (level < line.size() && line[level] == '#')
    ++level;
  return level >= 1 && level <= 6 && level < line.size() && line[level] == ' ' ? static_cast<int>(level) : 0;
}

bool isUnderline(std::string_view line) {
  return line.size() >= 3 && std::string_view("=-~^\"'`*+").find(line[0]) != std::string_view::npos &&
         line.find_first_not_of(line[0]) == std::string_view::npos;
}

bool isRule(std::string_view line) {
  std::size_t signs = 0;
  for (std::size_t i = 0; i < line.size();) {
    CodePoint point = decodeAt(line, i);
    if (isLetter(point.value) || isDigit(point.value))
      return false;
    signs += !isSpace(point.value);
    i += point.sizeBytes;
  }
  return signs >= 3;
}

bool isContentsEntry(std::string_view line) {
  if (line.find(" . . .") != std::string_view::npos || line.find(".....") != std::string_view::npos)
    return !line.empty() && (isDigit(static_cast<unsigned char>(line.back())) || line.back() == '.');
  return false;
}

double proseShare(std::string_view text) {
  std::size_t letters = 0, signs = 0, words = 0, grammar = 0, odd = 0;
  for (std::size_t i = 0; i < text.size();) {
    CodePoint point = decodeAt(text, i);
    i += point.sizeBytes;
    letters += isLetter(point.value);
    signs += point.value < 0x80 &&
             std::string_view("{}[]<>=|\\/_#$%^&*+~@;").find(static_cast<char>(point.value)) != std::string_view::npos;
  }
  forWords(text, [&](std::string_view word) {
    ++words;
    grammar += isStopword(lowered(word));
    odd += word.find("::") != std::string_view::npos || word.find("()") != std::string_view::npos ||
           word.find("--") == 0 || word.find('_') != std::string_view::npos;
  });
  if (words == 0 || letters == 0)
    return 0;
  double share = 1.0 - 4.0 * static_cast<double>(signs) / static_cast<double>(letters + signs);
  share -= static_cast<double>(odd) / static_cast<double>(words);
  if (words >= 6 && grammar == 0)
    share -= 0.4;
  return std::clamp(share, 0.0, 1.0);
}

double capitalShare(std::string_view text) {
  std::size_t capital = 0, counted = 0;
  forWords(text, [&](std::string_view word) {
    while (!word.empty() && !isLetter(decodeAt(word, 0).value) && !isDigit(decodeAt(word, 0).value))
      word.remove_prefix(1);
    if (word.empty() || (word.size() <= 4 && isStopword(word)))
      return;
    ++counted;
    char32_t first = decodeAt(word, 0).value;
    capital += isUpper(first) || isDigit(first);
  });
  return counted == 0 ? 0 : static_cast<double>(capital) / static_cast<double>(counted);
}

bool isShouted(std::string_view text) {
  std::size_t upperCount = 0;
  for (std::size_t i = 0; i < text.size();) {
    CodePoint point = decodeAt(text, i);
    i += point.sizeBytes;
    if (isLetter(point.value) && upper(point.value) != point.value)
      return false;
    upperCount += isUpper(point.value);
  }
  return upperCount >= 3;
}

} // namespace weft::extractive
