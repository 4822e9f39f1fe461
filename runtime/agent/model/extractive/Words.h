//===- Words.h - Words of a text and their stems --------------------------===//
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

/// A word as written. Inner apostrophes, hyphens, dots and underscores belong
/// to it ("don't", "open-source", "config.yaml", "snake_case").
struct Word {
  std::string_view text;
  std::size_t offsetBytes = 0;
  bool joined = false; ///< Only spaces stand between this word and the one before it.
};

std::vector<Word> wordsOf(std::string_view text);

/// A light stem of a lower-case English word: plurals, -ing, -ed, -ly and the
/// commonest derivations go, so that "licenses", "licensed" and "licensing" are
/// one. Words with digits or other letters than a-z are left as they are.
std::string stem(std::string_view word);

/// Stems of all words that are neither stopwords nor single letters, in order.
std::vector<std::string> termsOf(std::string_view text);

/// Tokens as budgets count them: one per word piece of at most four letters of a script with spaces, one per sign, one
/// per two letters of any other script, and never more than one per three bytes. The same everywhere and for ever.
std::size_t countTokens(std::string_view text);

} // namespace weft::extractive
