//===- Words.cpp - Words of a text and their stems ------------------------===//

#include "runtime/agent/model/extractive/Words.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Stopwords.h"

#include <algorithm>

namespace weft::extractive {
namespace {

/// What budgets reserve before a call is one token for so many bytes: what is charged stays below.
constexpr std::size_t bytesPerToken = 3;

bool isWordLetter(char32_t c) { return isLetter(c) || isDigit(c); }

/// Signs that belong to a word when letters stand on both sides.
bool joins(char32_t c) { return c == '\'' || c == 0x2019 || c == '-' || c == '.' || c == '_'; }

bool isVowel(char c) { return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'u' || c == 'y'; }

bool hasVowel(std::string_view text) { return std::any_of(text.begin(), text.end(), isVowel); }

/// "runn" -> "run", "defin" stays: what -ing and -ed leave behind.
void mendEnd(std::string &word) {
  std::size_t n = word.size();
  if (n >= 4 && word[n - 1] == word[n - 2] && !isVowel(word[n - 1]) && word[n - 1] != 'l' && word[n - 1] != 's' &&
      word[n - 1] != 'z')
    word.pop_back();
}

bool replaceEnd(std::string &word, std::string_view from, std::string_view to, std::size_t keep) {
  if (!std::string_view(word).ends_with(from) || word.size() < from.size() + keep)
    return false;
  word.replace(word.size() - from.size(), from.size(), to);
  return true;
}

} // namespace

std::vector<Word> wordsOf(std::string_view text) {
  std::vector<Word> words;
  bool onlySpaces = false;
  for (std::size_t i = 0; i < text.size();) {
    CodePoint point = decodeAt(text, i);
    if (!isWordLetter(point.value)) {
      onlySpaces = onlySpaces && isSpace(point.value);
      i += point.sizeBytes;
      continue;
    }
    std::size_t start = i;
    while (i < text.size()) {
      point = decodeAt(text, i);
      bool inside = isWordLetter(point.value);
      if (!inside && joins(point.value) && i + point.sizeBytes < text.size())
        inside = isWordLetter(decodeAt(text, i + point.sizeBytes).value);
      if (!inside)
        break;
      i += point.sizeBytes;
    }
    words.push_back({text.substr(start, i - start), start, onlySpaces});
    onlySpaces = true;
  }
  return words;
}

std::string stem(std::string_view text) {
  std::string word(text);
  if (word.size() <= 3 || !std::all_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
    if (word.ends_with("'s"))
      word.resize(word.size() - 2);
    return word;
  }
  if (replaceEnd(word, "sses", "ss", 2) || replaceEnd(word, "ies", "y", 2)) {
  } else if (word.ends_with("s") && !word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is")) {
    word.pop_back();
  }
  if (word.ends_with("eed")) {
    replaceEnd(word, "eed", "ee", 3);
  } else if (word.ends_with("ing") && word.size() > 5 && hasVowel(std::string_view(word).substr(0, word.size() - 3))) {
    word.resize(word.size() - 3);
    mendEnd(word);
  } else if (word.ends_with("ed") && word.size() > 4 && hasVowel(std::string_view(word).substr(0, word.size() - 2))) {
    word.resize(word.size() - 2);
    mendEnd(word);
  }
  static constexpr std::pair<std::string_view, std::string_view> derivations[] = {
      {"ization", "iz"}, {"isation", "iz"},  {"ational", "at"},  {"fulness", "ful"}, {"ousness", "ous"},
      {"iveness", "iv"}, {"ability", "abl"}, {"ibility", "ibl"}, {"ication", "ic"},  {"ation", "at"},
      {"ition", "it"},   {"ement", "e"},     {"ingly", ""},      {"ably", "abl"},    {"ibly", "ibl"},
      {"ally", "al"},    {"tion", "t"},      {"sion", "s"},      {"ment", ""},       {"ness", ""},
      {"ance", "an"},    {"ence", "en"},     {"ably", "abl"},    {"ise", "iz"},      {"ize", "iz"},
      {"ate", "at"},     {"ant", "an"},      {"ent", "en"},      {"ity", ""},        {"ive", "iv"},
      {"ful", ""},       {"est", "est"},     {"er", "er"},       {"ly", ""}};
  for (auto [from, to] : derivations)
    if (replaceEnd(word, from, to, 3))
      break;
  if (word.size() > 4 && word.ends_with('e'))
    word.pop_back();
  if (word.size() > 3 && word.ends_with('y'))
    word.back() = 'i';
  return word;
}

std::vector<std::string> termsOf(std::string_view text) {
  std::vector<std::string> terms;
  for (const Word &word : wordsOf(text)) {
    std::string low = lowered(word.text);
    if (low.size() > 1 && !isStopword(low))
      terms.push_back(stem(low));
  }
  return terms;
}

std::size_t countTokens(std::string_view text) {
  std::size_t tokens = 0, run = 0, wide = 0;
  auto endRun = [&] {
    tokens += (run + 3) / 4 + (wide + 1) / 2;
    run = wide = 0;
  };
  for (std::size_t i = 0; i < text.size();) {
    CodePoint point = decodeAt(text, i);
    i += point.sizeBytes;
    if (isLetter(point.value) || isDigit(point.value)) {
      ++(point.value < 0x250 ? run : wide);
      continue;
    }
    endRun();
    tokens += !isSpace(point.value);
  }
  endRun();
  return std::min(tokens, (text.size() + bytesPerToken - 1) / bytesPerToken);
}

} // namespace weft::extractive
