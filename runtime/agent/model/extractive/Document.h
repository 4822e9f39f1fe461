//===- Document.h - A text as sentences in sections -----------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

/// Text beyond this is not read: 4 MiB is a book of 700,000 words, and the
/// answer about it comes in seconds, not minutes.
inline constexpr std::size_t maxDocumentBytes = 4u << 20;

/// Sentences beyond this are not ranked: similarities grow with the square.
/// Of a longer text every n-th section-opening sentence is kept, see `thinned`.
inline constexpr std::size_t maxSentences = 3000;

struct Section {
  std::string heading; ///< Empty for what stands before the first heading.
  int level = 0;
  std::size_t sentenceCount = 0;
};

struct Sentence {
  std::string text;
  std::uint32_t section = 0; ///< Index into `Document::sections`.
  std::uint32_t block = 0;   ///< Number of its paragraph.
  std::uint32_t inBlock = 0; ///< 0 for the first sentence of its paragraph.
  bool item = false;         ///< From a list or a numbered clause.
  bool complete = false;     ///< Ends as a sentence does.
};

struct Document {
  std::string title; ///< Empty when the text names itself nowhere.
  std::vector<Section> sections;
  std::vector<Sentence> sentences;
};

/// Reads any bytes. Cost: linear, about 10 ms per megabyte.
Document readDocument(std::string_view bytes);

/// "GNU GENERAL PUBLIC LICENSE" as the text itself writes those words in
/// running prose: "GNU General Public License". Other titles stay.
std::string readableTitle(std::string_view title, std::string_view text);

} // namespace weft::extractive
