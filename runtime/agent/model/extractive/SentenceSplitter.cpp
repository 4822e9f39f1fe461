//===- SentenceSplitter.cpp - Where one sentence ends and the next begins -===//

#include "runtime/agent/model/extractive/SentenceSplitter.h"

#include "runtime/agent/model/extractive/Characters.h"

#include <algorithm>
#include <unordered_set>

namespace weft::extractive {
namespace {

/// A sentence beyond this is cut at semicolons before "(b)", "and", "or".
constexpr std::size_t longSentenceBytes = 420;
/// Brackets that stay open longer than this are taken for a misprint.
constexpr std::size_t maxBracketBytes = 500;
/// No abbreviation is longer; a line of dots is one "word".
constexpr std::size_t maxWordBytes = 40;

/// Words whose full stop never ends a sentence, lower case, without it.
bool isAbbreviation(std::string_view word) {
  static const std::unordered_set<std::string_view> words = {
      "e.g",  "i.e",  "eg",   "ie",   "cf",   "vs",   "viz",  "resp",  "mr",  "mrs",  "ms",   "dr",   "prof",   "rev",
      "gen",  "sen",  "rep",  "st",   "fig",  "figs", "eq",   "eqs",   "sec", "sect", "secs", "ch",   "chap",   "art",
      "arts", "para", "vol",  "vols", "no",   "nos",  "nr",   "p",     "pp",  "ed",   "eds",  "ca",   "approx", "est",
      "dept", "univ", "assn", "bros", "inc",  "ltd",  "corp", "jan",   "feb", "mar",  "apr",  "jun",  "jul",    "aug",
      "sep",  "sept", "oct",  "nov",  "dec",  "mon",  "tue",  "wed",   "thu", "fri",  "sat",  "sun",  "incl",   "excl",
      "max",  "min",  "ref",  "refs", "ver",  "v",    "al",   "a.k.a", "z.b", "d.h",  "bzw",  "vgl",  "ggf",    "u.a",
      "usw",  "nr",   "abs",  "hrsg", "p.ex", "op",   "loc",  "cit",   "tel", "ext",  "int",  "misc", "opt",    "def"};
  return words.contains(word);
}

/// Abbreviations that do end a sentence where a capital follows.
bool endsBeforeCapital(std::string_view word) {
  return word == "etc" || word == "inc" || word == "ltd" || word == "corp" || word == "co" || word == "jr" ||
         word == "sr" || word == "al" || word == "usw" || word == "u.s" || word == "no";
}

bool isTerminator(char32_t c) {
  return c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002 || c == 0xFF01 || c == 0xFF1F;
}

bool isClosing(char32_t c) {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == '`' || c == 0x201D || c == 0x2019 || c == 0xBB ||
         c == '*' || c == '_';
}

bool opensSentence(char32_t c) {
  return isUpper(c) || isDigit(c) || c == '"' || c == '\'' || c == '(' || c == '[' || c == '`' || c == 0x201C ||
         c == 0x2018 || c == 0xAB || c == '*' || c == '_' || c == '<' || c == '-' || c == '$' || c == '@' ||
         (c > 0x24F && isLetter(c) && lower(c) == upper(c));
}

/// The word that ends before `end`, lower case, brackets at its front removed; of a long one its end.
std::string wordBefore(std::string_view text, std::size_t end) {
  std::size_t start = end;
  while (start > 0 && end - start < maxWordBytes && !isSpace(decodeBefore(text, start).value))
    start -= decodeBefore(text, start).sizeBytes;
  std::string_view word = text.substr(start, end - start);
  while (!word.empty() && std::string_view("([\"'`<").find(word[0]) != std::string_view::npos)
    word.remove_prefix(1);
  return lowered(word);
}

bool isRomanOrNumber(std::string_view word) {
  return !word.empty() && (word.find_first_not_of("0123456789.") == std::string_view::npos ||
                           (word.size() <= 4 && word.find_first_not_of("ivx") == std::string_view::npos));
}

/// Whether the full stop at `dot` ends a sentence of which `next` is the first
/// byte behind it and `start` the first byte of the sentence so far.
bool stopEnds(std::string_view text, std::size_t start, std::size_t dot, std::size_t next) {
  std::string word = wordBefore(text, dot);
  if (next < text.size() && !opensSentence(decodeAt(text, next).value))
    return false;
  char32_t follows = next < text.size() ? decodeAt(text, next).value : U'A';
  if (endsBeforeCapital(word))
    return word == "no" ? !isDigit(follows) : isUpper(follows) || follows == '"' || follows == '(';
  if (isAbbreviation(word))
    return false;
  // "J. Smith" and "U.S. law", but "appendix A." ends; a sentence of its number alone does not.
  if (word.size() == 1 && isLetter(static_cast<unsigned char>(word[0])))
    return dot >= 1 && !isUpper(decodeBefore(text, dot).value);
  if (isRomanOrNumber(word) && dot - start <= word.size() + 1)
    return false;
  return true;
}

/// Cuts [start, end) at semicolons into parts that can be read.
void addClauses(std::string_view text, std::vector<std::string_view> &out) {
  while (text.size() > longSentenceBytes) {
    std::size_t cut = std::string_view::npos;
    for (std::size_t i = text.find("; "); i != std::string_view::npos; i = text.find("; ", i + 1)) {
      if (i < 60 || text.size() - i < 40)
        continue;
      cut = i;
      if (i > longSentenceBytes / 2)
        break;
    }
    if (cut == std::string_view::npos)
      break;
    out.push_back(text.substr(0, cut + 1));
    text = trimmed(text.substr(cut + 1));
  }
  if (!text.empty())
    out.push_back(text);
}

} // namespace

bool endsAsSentence(std::string_view text) {
  while (!text.empty() && isClosing(decodeBefore(text, text.size()).value))
    text.remove_suffix(decodeBefore(text, text.size()).sizeBytes);
  return !text.empty() && isTerminator(decodeBefore(text, text.size()).value);
}

std::vector<std::string_view> sentencesOf(std::string_view text) {
  std::vector<std::string_view> out;
  std::size_t start = 0, bracketStart = 0;
  int depth = 0;
  // The marks behind a terminator, and the brackets that they close. Each of a row of marks has the same end: a line of
  // dots is looked through once.
  std::size_t end = 0;
  int closed = 0;
  for (std::size_t i = 0; i < text.size();) {
    CodePoint point = decodeAt(text, i);
    std::size_t at = i;
    i += point.sizeBytes;
    if (point.value == '(' || point.value == '[') {
      bracketStart = depth++ == 0 ? at : bracketStart;
    } else if (point.value == ')' || point.value == ']') {
      depth = std::max(0, depth - 1);
      closed -= at < end;
    }
    if (!isTerminator(point.value))
      continue;
    bool wide = point.value == 0x3002 || point.value == 0xFF01 || point.value == 0xFF1F;
    if (at >= end) {
      end = i;
      closed = 0;
      while (end < text.size() && (isClosing(decodeAt(text, end).value) || isTerminator(decodeAt(text, end).value))) {
        closed += text[end] == ')' || text[end] == ']';
        end += decodeAt(text, end).sizeBytes;
      }
    }
    if (depth > closed && at - bracketStart < maxBracketBytes)
      continue;
    std::size_t next = end;
    while (next < text.size() && isSpace(decodeAt(text, next).value))
      next += decodeAt(text, next).sizeBytes;
    if (next == end && next < text.size() && !wide)
      continue; // "3.5", "file.txt"
    if (next < text.size() && !wide &&
        !(point.value == '.' ? stopEnds(text, start, at, next) : opensSentence(decodeAt(text, next).value)))
      continue;
    addClauses(trimmed(text.substr(start, end - start)), out);
    start = i = next;
    depth = 0;
  }
  if (auto rest = trimmed(text.substr(start)); !rest.empty())
    addClauses(rest, out);
  return out;
}

} // namespace weft::extractive
