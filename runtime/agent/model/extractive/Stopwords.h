//===- Stopwords.h - Words of grammar, which tell nothing of a subject ----===//
#pragma once

#include <string_view>

namespace weft::extractive {

/// Whether a lower-case word is one of English grammar (articles, pronouns,
/// prepositions, auxiliaries) or too common to tell one text from another.
bool isStopword(std::string_view word);

/// Words that every request to a model uses ("summarise", "please", "list"):
/// they say what to do, not what about.
bool isTaskWord(std::string_view word);

} // namespace weft::extractive
