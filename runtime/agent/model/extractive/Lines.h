//===- Lines.h - What one line of a text looks like -----------------------===//
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

/// A line without its line feed and its white space at the ends.
struct Line {
  std::string_view text;
  std::size_t offsetBytes = 0;
  int indentColumns = 0;       ///< Tabs reach to multiples of 8.
  bool afterPageBreak = false; ///< The first line with text behind a page break.

  bool blank() const { return text.empty(); }
};

/// All lines, without those that belong to a page and not to the text: "[Page
/// 7]" footers, and the running header behind each page break. A paragraph
/// that a page break cut in two is joined again.
std::vector<Line> linesOf(std::string_view text);

/// The marker at the start of a list item ("-", "3.", "(b)"), or empty. A
/// number of more than two digits is a year or a code, not a marker.
std::string_view listMarker(std::string_view line);

/// The number of a numbered heading, "4", "4.2.1", "A.1", with its dot; or empty.
std::string_view sectionNumber(std::string_view line);

/// 1-6 for "# …" headings of Markdown, else 0.
int markdownLevel(std::string_view line);

/// A line that only underlines the one above it: "=====", "-----", "~~~~".
bool isUnderline(std::string_view line);

/// A line of signs without any word: rules, box borders, "* * *".
bool isRule(std::string_view line);

/// A line of a table of contents: a dot leader or a page number far to the right.
bool isContentsEntry(std::string_view line);

/// How much of `text` looks like running prose, 0-1: letters, spaces and
/// ordinary punctuation against symbols, and words of ordinary length.
double proseShare(std::string_view text);

/// Words that start with a capital or a digit, of all words; short words of
/// grammar ("of", "the") count for neither.
double capitalShare(std::string_view text);

/// No lower-case letter and at least three letters.
bool isShouted(std::string_view text);

} // namespace weft::extractive
