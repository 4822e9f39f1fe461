//===- Document.cpp - A text as sentences in sections ---------------------===//

#include "runtime/agent/model/extractive/Document.h"

#include "runtime/agent/model/extractive/Blocks.h"
#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Lines.h"
#include "runtime/agent/model/extractive/SentenceSplitter.h"
#include "runtime/agent/model/extractive/Stopwords.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace weft::extractive {
namespace {

constexpr std::size_t titleBlocks = 6;   ///< A title stands at the top or nowhere.
constexpr std::size_t maxRunInWords = 7; ///< "Grant of Patent License." before a clause.
constexpr std::size_t maxTitleCodePoints = 100;

bool saysLittle(std::string_view heading) {
  static constexpr std::string_view names[] = {"name",
                                               "contents",
                                               "table of contents",
                                               "abstract",
                                               "introduction",
                                               "overview",
                                               "preamble",
                                               "readme",
                                               "copying",
                                               "license",
                                               "synopsis",
                                               "summary",
                                               "about",
                                               "description",
                                               "changelog",
                                               "news",
                                               "status of this memo",
                                               "copyright notice"};
  std::string low = lowered(heading);
  return std::find(std::begin(names), std::end(names), low) != std::end(names);
}

/// The first heading of the first blocks that names the text. Two lines of a
/// title page ("Mozilla Public License" / "Version 2.0") are read as one.
std::string titleOf(const std::vector<Block> &blocks, std::string_view text) {
  for (std::size_t i = 0; i < blocks.size() && i < titleBlocks; ++i) {
    const Block &block = blocks[i];
    if (block.kind != BlockKind::heading || lowered(block.text).starts_with("version ") || saysLittle(block.text) ||
        length(block.text) > maxTitleCodePoints)
      continue;
    bool version = i + 1 < blocks.size() && lowered(blocks[i + 1].text).starts_with("version ");
    std::string next = version ? std::string(firstCodePoints(blocks[i + 1].text, 40)) : "";
    if (auto comma = next.find(','); comma != std::string::npos)
      next.resize(comma);
    if (version && next.find_first_of(".(:") == next.find('.') &&
        lowered(block.text).find("version") == std::string::npos && wordsOf(next).size() <= 3)
      return readableTitle(block.text, text) + ", " + next;
    return readableTitle(block.text, text);
  }
  return {};
}

/// Halves a document that is too long by keeping the openings of paragraphs.
void thinned(std::vector<Sentence> &sentences) {
  for (std::uint32_t keep = 3; sentences.size() > maxSentences && keep > 0; --keep)
    std::erase_if(sentences, [&](const Sentence &s) { return s.inBlock >= keep; });
  if (sentences.size() <= maxSentences)
    return;
  std::size_t step = (sentences.size() + maxSentences - 1) / maxSentences, index = 0;
  std::erase_if(sentences, [&](const Sentence &) { return index++ % step != 0; });
}

} // namespace

std::string readableTitle(std::string_view title, std::string_view text) {
  if (!isShouted(title))
    return std::string(title);
  std::map<std::string, std::map<std::string, int>> forms;
  for (const Word &word : wordsOf(title))
    forms[lowered(word.text)];
  for (const Word &word : wordsOf(text)) {
    if (word.text.size() > 40)
      continue;
    auto found = forms.find(lowered(word.text));
    if (found != forms.end())
      ++found->second[std::string(word.text)];
  }
  std::string out;
  std::size_t copied = 0;
  for (const Word &word : wordsOf(title)) {
    std::string low = lowered(word.text), best;
    int most = 0, shouted = 0;
    for (const auto &[form, count] : forms[low]) {
      if (isShouted(form) || (form.size() < 3 && form != low))
        shouted += count;
      else if (isUpper(decodeAt(form, 0).value) ? count * 3 > most : count > most * 3)
        best = form, most = count;
    }
    // Never seen otherwise than shouted: an acronym, or a word of titles alone.
    if (best.empty() || shouted > 12 * most) {
      best = std::string(word.text);
      if (word.text.size() > 4 || isStopword(low))
        best =
            isStopword(low) ? low : std::string(firstCodePoints(word.text, 1)) + low.substr(decodeAt(low, 0).sizeBytes);
    } else if (!isStopword(low) && !isUpper(decodeAt(best, 0).value)) {
      std::string capital;
      append(capital, upper(decodeAt(best, 0).value));
      best.replace(0, decodeAt(best, 0).sizeBytes, capital);
    }
    if (out.empty() && !best.empty() && word.offsetBytes == 0 && isStopword(best)) {
      std::string capital;
      append(capital, upper(decodeAt(best, 0).value));
      best.replace(0, decodeAt(best, 0).sizeBytes, capital);
    }
    out += title.substr(copied, word.offsetBytes - copied);
    out += best;
    copied = word.offsetBytes + word.text.size();
  }
  return out + std::string(title.substr(copied));
}

Document readDocument(std::string_view bytes) {
  std::string text = repaired(bytes.substr(0, maxDocumentBytes));
  std::vector<Block> blocks = blocksOf(text);
  Document document;
  document.title = titleOf(blocks, text);
  document.sections.push_back({});
  std::uint32_t number = 0;
  for (const Block &block : blocks) {
    if (block.kind == BlockKind::verbatim)
      continue;
    if (block.kind == BlockKind::heading) {
      document.sections.push_back({readableTitle(block.text, text), block.level, 0});
      continue;
    }
    ++number;
    std::vector<std::string_view> parts = sentencesOf(block.text);
    // "Grant of Copyright License. Subject to …": the clause carries its own heading.
    if (parts.size() > 1 && parts[0].ends_with('.') && capitalShare(parts[0]) >= 0.7 &&
        wordsOf(parts[0]).size() <= maxRunInWords && proseShare(parts[0]) > 0.8) {
      document.sections.push_back({std::string(parts[0].substr(0, parts[0].size() - 1)), 3, 0});
      parts.erase(parts.begin());
    }
    std::uint32_t inBlock = 0;
    for (std::string_view part : parts) {
      document.sentences.push_back({std::string(part), static_cast<std::uint32_t>(document.sections.size() - 1), number,
                                    inBlock++, block.kind == BlockKind::item, endsAsSentence(part)});
      ++document.sections.back().sentenceCount;
    }
  }
  thinned(document.sentences);
  return document;
}

} // namespace weft::extractive
