//===- Blocks.cpp - The shape of a plain text: headings, paragraphs, lists ===//
//
// One pass over the lines with one open block. A line either closes the open
// block (blank, rule, heading, marker) or continues it; what a closed block is
// - prose, heading, code - is decided when all of it and what follows is known.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/model/extractive/Blocks.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Lines.h"

#include <algorithm>
#include <map>

namespace weft::extractive {
namespace {

constexpr std::size_t maxHeadingCodePoints = 80; ///< One line of the widest hard-wrapped texts.
constexpr std::size_t maxHeadingWords = 12;
constexpr int centredColumns = 10;         ///< Further right than this beyond the body is a centred line.
constexpr std::size_t titlePageBlocks = 8; ///< Where a title page may reach to.
constexpr std::size_t fewestCellWords = 7;
constexpr int codeColumns = 4; ///< Markdown's indented code.
constexpr double proseEnough = 0.45, indentedProseEnough = 0.7;

bool startsLower(std::string_view text) {
  char32_t first = text.empty() ? 0 : decodeAt(text, 0).value;
  return isLetter(first) && !isUpper(first);
}

std::size_t wordCount(std::string_view text) {
  return text.empty() ? 0 : 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), ' '));
}

/// A border of a table drawn with signs; rows that start with '|' are read by their cells.
bool isTableLine(std::string_view line) { return line.starts_with("+-") || line.starts_with("+="); }

/// "-o FILE", "--output=FILE": an option of a manual, not a list item.
bool isOptionLine(std::string_view line) {
  return line.size() > 1 && line[0] == '-' && (line[1] == '-' || isLetter(static_cast<unsigned char>(line[1])));
}

std::string withoutNumber(std::string_view text) {
  return std::string(trimmed(text.substr(sectionNumber(text).size())));
}

/// The indentation that most long lines share.
int bodyIndent(const std::vector<Line> &lines) {
  std::map<int, int> counts;
  for (const Line &line : lines)
    if (line.text.size() >= 40)
      ++counts[line.indentColumns];
  int best = 0, most = 0;
  for (auto [indent, count] : counts)
    if (count > most)
      best = indent, most = count;
  return best;
}

class BlockReader {
public:
  explicit BlockReader(std::string_view text) : lines(linesOf(text)), body(bodyIndent(lines)) {}

  std::vector<Block> read() {
    std::size_t i = frontMatterEnd();
    for (; i < lines.size(); ++i)
      i = takeLine(i);
    close(lines.size());
    return std::move(blocks);
  }

private:
  /// Handles line `i` and returns the last line that it used up.
  std::size_t takeLine(std::size_t i) {
    Line line = lines[i];
    if (inComment || line.text.starts_with("<!--")) {
      inComment = line.text.find("-->") == std::string_view::npos;
      return i;
    }
    if (line.text.starts_with("```") || line.text.starts_with("~~~~")) {
      close(i);
      return fenceEnd(i);
    }
    while (line.text.starts_with("> ") || line.text == ">")
      line.text = trimmed(line.text.substr(1));
    if (line.blank() || line.text.starts_with(".. ")) {
      close(i);
      return i;
    }
    if (isContentsEntry(line.text) || isRule(line.text)) {
      close(i);
      return i;
    }
    if (int level = markdownLevel(line.text)) {
      close(i);
      std::string_view title = line.text.substr(static_cast<std::size_t>(level));
      while (title.ends_with('#'))
        title.remove_suffix(1);
      push(BlockKind::heading, level, std::string(trimmed(title)), line.offsetBytes);
      return i;
    }
    if (!isOpen() && i + 1 < lines.size() && isUnderline(lines[i + 1].text) &&
        lines[i + 1].text.size() * 3 >= line.text.size() * 2) {
      char sign = lines[i + 1].text[0];
      push(BlockKind::heading, sign == '=' ? 1 : sign == '-' ? 2 : 3, std::string(line.text), line.offsetBytes);
      return i + 1;
    }
    if (line.text.starts_with("|")) {
      close(i);
      takeCells(line);
      return i;
    }
    std::string_view marker = listMarker(line.text);
    // A number inside a wrapped sentence ("under section\n4. Also") starts no item.
    bool wrapped = isOpen() && !marker.empty() && isDigit(static_cast<unsigned char>(marker[0])) && !lastEndsClause() &&
                   open.marker.empty();
    // Each line of a title page stands for itself.
    bool titleLine = isOpen() && openIndent >= body + centredColumns && blocks.size() < titlePageBlocks &&
                     line.indentColumns != openIndent && open.marker.empty();
    if ((!marker.empty() && !wrapped) || isTableLine(line.text) || isOptionLine(line.text) || titleLine)
      close(i);
    else if (isOpen() && line.indentColumns > lastIndent + 1 && openLines == 1 && open.marker.empty() &&
             !startsLower(line.text) && open.text.size() < 40)
      close(i); // a term and its explanation further right
    if (!isOpen())
      begin(line, wrapped ? std::string_view() : marker);
    else
      join(line.text);
    ++openLines;
    lastIndent = line.indentColumns;
    if (isTableLine(line.text) || isOptionLine(line.text))
      open.kind = BlockKind::verbatim;
    return i;
  }

  /// Long cells of a table are statements; short ones name things and are left.
  void takeCells(const Line &line) {
    for (std::size_t start = 1; start < line.text.size();) {
      std::size_t end = std::min(line.text.find('|', start), line.text.size());
      std::string text = withoutMarkup(trimmed(line.text.substr(start, end - start)));
      if (wordCount(text) >= fewestCellWords && proseShare(text) >= proseEnough)
        blocks.push_back({BlockKind::item, 0, std::move(text), "|", line.offsetBytes});
      start = end + 1;
    }
  }

  bool isOpen() const { return openLines > 0; }
  bool lastEndsClause() const {
    return !open.text.empty() && std::string_view(".:;").find(open.text.back()) != std::string_view::npos;
  }

  void begin(const Line &line, std::string_view marker) {
    open = Block{marker.empty() ? BlockKind::paragraph : BlockKind::item, 0, {}, std::string(marker), line.offsetBytes};
    openIndent = line.indentColumns;
    join(line.text.substr(marker.size()));
  }

  /// Adds a line with one space before it and none doubled.
  void join(std::string_view text) {
    text = trimmed(text);
    bool hyphen = open.text.size() > 1 && open.text.back() == '-' && open.text[open.text.size() - 2] != ' ' &&
                  open.text[open.text.size() - 2] != '-' && startsLower(text);
    if (!open.text.empty() && !hyphen)
      open.text += ' ';
    for (std::size_t i = 0; i < text.size();) {
      CodePoint point = decodeAt(text, i);
      if (!isSpace(point.value))
        open.text += text.substr(i, point.sizeBytes);
      else if (open.text.empty() || open.text.back() != ' ')
        open.text += ' ';
      i += point.sizeBytes;
    }
  }

  void push(BlockKind kind, int level, std::string text, std::size_t offset) {
    text = withoutNumber(withoutMarkup(text));
    if (!text.empty())
      blocks.push_back({kind, level, std::move(text), {}, offset});
  }

  /// Ends the open block; `next` is the line behind it.
  void close(std::size_t next) {
    if (!isOpen())
      return;
    std::size_t lineCount = openLines;
    openLines = 0;
    if (open.kind != BlockKind::verbatim && !becomesHeading(lineCount, next)) {
      bool asCode = openIndent >= body + codeColumns && open.kind == BlockKind::paragraph;
      if (proseShare(open.text) < (asCode ? indentedProseEnough : proseEnough))
        open.kind = BlockKind::verbatim;
    }
    if (open.kind == BlockKind::heading && !open.marker.empty())
      open.marker.clear();
    if (open.kind != BlockKind::verbatim)
      open.text = withoutMarkup(open.text);
    // "1.1. A contributor is …": a clause with a number of its own.
    if (open.kind == BlockKind::paragraph && sectionNumber(open.text).find('.') + 1 < sectionNumber(open.text).size()) {
      open.kind = BlockKind::item;
      open.marker = std::string(sectionNumber(open.text));
      open.text = withoutNumber(open.text);
    }
    if (!open.text.empty())
      blocks.push_back(std::move(open));
    open = {};
  }

  bool becomesHeading(std::size_t lineCount, std::size_t next) {
    std::string_view text = open.text;
    std::string_view number = sectionNumber(text);
    bool numbered = !number.empty() || (!open.marker.empty() && isDigit(static_cast<unsigned char>(open.marker[0])));
    bool centred = openIndent >= body + centredColumns && lineCount <= 3;
    bool alone = next >= lines.size() || lines[next].blank();
    alone = alone || (centred && blocks.size() < titlePageBlocks && capitalShare(text) >= 0.6);
    if (lineCount > 1 && !(centred && alone))
      return false;
    std::size_t longer = centred && isShouted(text) ? 2 : 1; // a title that takes two lines
    if (text.empty() || length(text) > longer * maxHeadingCodePoints || wordCount(text) > longer * maxHeadingWords)
      return false;
    bool stopped = std::string_view(".,;:!?").find(text.back()) != std::string_view::npos;
    bool hanging = hangsOver(next) && alone;
    bool heading = false;
    if (numbered)
      heading = alone && capitalShare(text) >= 0.5 && (!stopped || (text.back() == '.' && wordCount(text) <= 8));
    else if (open.kind == BlockKind::item || stopped || text.find(" http") != std::string_view::npos)
      heading = false;
    else
      heading = isShouted(text) || (centred && capitalShare(text) >= 0.5) ||
                (blocks.empty() && capitalShare(text) >= 0.6) || (hanging && !startsLower(text)) ||
                (alone && capitalShare(text) >= 0.7 && text.find(',') == std::string_view::npos);
    if (!heading)
      return false;
    open.kind = BlockKind::heading;
    open.level = !number.empty() ? 1 + static_cast<int>(std::count(number.begin(), number.end() - 1, '.'))
                 : numbered || isShouted(text) || blocks.empty() ? 1
                                                                 : 2;
    open.text = withoutNumber(open.text);
    if (open.text.ends_with('.'))
      open.text.pop_back();
    return !open.text.empty();
  }

  /// Whether the next text stands further right than the open block: the shape
  /// of headings in RFCs and manual pages.
  bool hangsOver(std::size_t next) const {
    while (next < lines.size() && lines[next].blank())
      ++next;
    return next < lines.size() && lines[next].indentColumns > openIndent && openIndent < body;
  }

  std::size_t fenceEnd(std::size_t i) const {
    std::string_view fence = lines[i].text.substr(0, 3);
    for (std::size_t j = i + 1; j < lines.size(); ++j)
      if (lines[j].text.starts_with(fence))
        return j;
    return i; // never closed: the fence is a line like any other
  }

  /// Skips Markdown's front matter, keeping its title.
  std::size_t frontMatterEnd() {
    if (lines.empty() || lines[0].text != "---")
      return 0;
    for (std::size_t j = 1; j < lines.size() && j < 64; ++j) {
      if (lines[j].text == "---" || lines[j].text == "...")
        return j + 1;
      if (lines[j].text.starts_with("title:")) {
        std::string_view title = trimmed(lines[j].text.substr(6));
        if (title.size() > 1 && (title[0] == '"' || title[0] == '\'') && title.back() == title[0])
          title = title.substr(1, title.size() - 2);
        push(BlockKind::heading, 1, std::string(title), lines[j].offsetBytes);
      }
    }
    blocks.clear();
    return 0;
  }

  std::vector<Line> lines;
  int body;
  std::vector<Block> blocks;
  Block open;
  int openIndent = 0, lastIndent = 0;
  std::size_t openLines = 0;
  bool inComment = false;
};

} // namespace

std::vector<Block> blocksOf(std::string_view text) { return BlockReader(text).read(); }

} // namespace weft::extractive
