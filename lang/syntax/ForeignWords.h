//===- ForeignWords.h - Words and signs of other languages ----------------===//
#pragma once

#include <string_view>

namespace weft::syntax {

/// What to write in place of a word that other languages have and this one has not; empty for all other words.
std::string_view adviceOn(std::string_view word);

/// The same for a text that begins with a sign which means nothing here.
std::string_view strayHint(std::string_view rest);

} // namespace weft::syntax
