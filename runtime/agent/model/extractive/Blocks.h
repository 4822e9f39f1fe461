//===- Blocks.h - The shape of a plain text: headings, paragraphs, lists --===//
//
// People write texts in many hands: Markdown, reStructuredText, hard-wrapped
// licences with centred titles, RFCs with page breaks, manual pages. This file
// finds the running prose in all of them, by layout alone.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

enum class BlockKind : std::uint8_t {
  heading,   ///< `level` from 1; the text without its number signs.
  paragraph, ///< Lines joined, one space between.
  item,      ///< One entry of a list, or a numbered clause; the marker is in `marker`.
  verbatim,  ///< Code, tables, diagrams, option lists: never quoted as prose.
};

struct Block {
  BlockKind kind = BlockKind::paragraph;
  int level = 0;
  std::string text;
  std::string marker;          ///< "-", "3.", "(b)"; empty elsewhere.
  std::size_t offsetBytes = 0; ///< Where its first line starts in the text.
};

/// Splits valid UTF-8 (see `repaired`) into blocks in order. Dropped: page
/// headers and footers, tables of contents, horizontal rules, comments, the
/// front matter of Markdown (its title becomes a heading). Cost: linear.
std::vector<Block> blocksOf(std::string_view text);

/// `text` without the marks of Markdown and HTML inside a line: links keep
/// their words, emphasis loses its stars, images and tags go.
std::string withoutMarkup(std::string_view text);

} // namespace weft::extractive
