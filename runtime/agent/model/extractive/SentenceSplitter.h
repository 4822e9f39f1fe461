//===- SentenceSplitter.h - Where one sentence ends and the next begins ---===//
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

/// Splits one paragraph (lines joined) into sentences, in order, without white
/// space at their ends. A full stop ends a sentence unless it belongs to an
/// abbreviation, an initial, a number, or stands inside brackets; clauses of a
/// legal text longer than a reader can hold are cut at their semicolons. Joined
/// with single spaces the sentences give the paragraph again. Cost: linear.
std::vector<std::string_view> sentencesOf(std::string_view paragraph);

/// Whether `text` ends as a sentence does: . ! ? … with quotes or brackets behind.
bool endsAsSentence(std::string_view text);

} // namespace weft::extractive
