//===- Shortening.h - Less of a text, and texts that a `where` names ------===//
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

/// At most `codePoints` of `text`, cut where a reader stops anyway: behind a sentence, else at a comma or semicolon,
/// else between words; "…" stands for what is missing unless whole sentences are left.
std::string shortened(std::string_view text, std::size_t codePoints);

/// A sentence as a statement of its own: an opening that points back ("However, ", "In addition, ") goes, asides in
/// brackets go, shouting becomes speech, and what is longer than a reader holds is cut at a clause. The sentence itself
/// is what is quoted.
std::string statementOf(std::string_view sentence);

/// The text in ever shorter forms, and in lower case, as one word, as a name: what a `where` on a string may ask for.
/// `text` itself is not among them.
std::vector<std::string> variantsOf(std::string_view text);

/// Texts in quotes and numbers that stand in a `where` as written: `lang == "en" or lang == "de"`, `1 <= len(x)`.
std::vector<std::string> textsIn(std::string_view where);
std::vector<double> numbersIn(std::string_view where);

} // namespace weft::extractive
