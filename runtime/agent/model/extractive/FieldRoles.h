//===- FieldRoles.h - What a field wants, by its name and words -----------===//
//
// A model is told what to answer by names and documentation alone. The names
// that people give to such fields are few; this table knows them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

enum class Role : std::uint8_t {
  other,    ///< Nothing known: found by similarity.
  title,    ///< The name of the whole.
  summary,  ///< Several sentences.
  claim,    ///< One sentence in answer.
  quote,    ///< The sentence in the source, word for word.
  source,   ///< The document it comes from.
  section,  ///< The heading it stands under.
  reason,   ///< Why a value was given.
  keyword,  ///< A word or phrase.
  question, ///< A sentence that asks.
  score,    ///< How good, how relevant.
  rank,     ///< The place in an order, from 1.
  count,    ///< How many.
  date,
  url,
  verdict, ///< Whether a draft will do.
};

/// By the whole name, then by its last word, then by the documentation's first words. "points_of_interest" and
/// "keyPoints" are read as words; a plural has the role of its singular.
Role roleOf(std::string_view name, std::string_view doc);

/// "reader_score" -> {"reader", "score"}; "keyPoints" -> {"key", "points"}; lower case.
std::vector<std::string> wordsOfName(std::string_view name);

} // namespace weft::extractive
