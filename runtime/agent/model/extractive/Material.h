//===- Material.h - What an answer can be made of -------------------------===//
//
// Text and JSON alike become units: one statement each, with the sentence, the
// section and the document that it comes from. Records among the JSON are kept
// as items, for answers that are about whole records (a ranking, a choice).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/model/extractive/KeywordExtractor.h"
#include "runtime/agent/model/extractive/Prompt.h"
#include "runtime/agent/model/extractive/SentenceRanker.h"

#include <optional>
#include <string>
#include <vector>

namespace weft::extractive {

inline constexpr std::size_t maxUnits = maxSentences;
inline constexpr std::size_t materialKeywords = 24;
inline constexpr std::size_t mostChosen = 48;

struct Unit {
  std::string text;    ///< The statement.
  std::string quote;   ///< The sentence as its source has it.
  std::string source;  ///< The document; empty when nothing names it.
  std::string section; ///< The heading above it, if any.
  double score = 0;    ///< 0-1 among all units.
  std::uint32_t item = noItem;
  const value::Value *record = nullptr; ///< The JSON object that it was read from.

  static constexpr std::uint32_t noItem = 0xffffffff;
};

/// One record of the JSON: a note, a draft.
struct Item {
  const value::Value *record = nullptr;
  std::string source, title;
  double score = 0; ///< 0-1 among all items: how much of the whole its units tell.
  std::vector<std::uint32_t> units;
};

class Material {
public:
  /// Any bytes. Cost: ranking of all sentences; 100 KB take about 40 ms.
  static Material read(std::string_view prompt);

  Prompt prompt;
  std::string title;  ///< Of the text, or a name made from what the records are about.
  std::string source; ///< The one document, if there is one.
  std::vector<Unit> units;
  std::vector<Item> items;       ///< Records of the longest list, or single records.
  bool listed = false;           ///< The records stood in a list, be it of one.
  std::optional<Item> draft;     ///< A single record beside a list of others, or alone.
  std::vector<Unit> draftUnits;  ///< What it states.
  std::vector<Keyword> keywords; ///< Best first.
  std::vector<std::string> headings;
  std::vector<std::string> questions;
  Ranking ranking; ///< Of `units`.

  bool structured() const { return !prompt.json.empty(); }
  /// Numbers of units, best first, no two alike, at most `mostChosen`; see chooseSentences. Chosen once, when read.
  std::vector<std::size_t> choose(std::size_t count) const;
  /// Everything that is stated, for similarity.
  std::string wholeText() const;
  /// Sources that units name, in order, each once.
  std::vector<std::string> sources() const;

private:
  Material() : ranking{TermVectors({}), {}, {}, 0} {}
  void readText();
  void readJson();
  std::string collectionTitle() const;
  double repetitionWeight = 0.4;
  std::vector<std::size_t> order; ///< A choice of fewer is the start of a choice of more.
};

} // namespace weft::extractive
