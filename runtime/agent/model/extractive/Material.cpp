//===- Material.cpp - What an answer can be made of -----------------------===//

#include "runtime/agent/model/extractive/Material.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Coverage.h"
#include "runtime/agent/model/extractive/Records.h"
#include "runtime/agent/model/extractive/SentenceSplitter.h"
#include "runtime/agent/model/extractive/Shortening.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <map>
#include <set>

namespace weft::extractive {
namespace {

using value::Tag;
using value::Value;

constexpr double leastTitleScore = 0.5;        ///< Of the best keyword, to stand in a title.
constexpr std::size_t titleCodePoints = 70;    ///< Of titles that stand for a collection.
constexpr std::size_t titleKeywords = 3;       ///< In a title made for a collection.
constexpr double strongRepetitionWeight = 0.9; ///< Where the instruction complains of repetition.

bool complainsOfRepetition(std::string_view instruction) {
  std::string low = lowered(instruction);
  for (const char *sign : {"say the same", "repeat", "redundan", "duplicate", "twice"})
    if (low.find(sign) != std::string::npos)
      return true;
  return false;
}

} // namespace

Material Material::read(std::string_view bytes) {
  Material material;
  material.prompt = readPrompt(repaired(bytes.substr(0, maxDocumentBytes)));
  for (const char *name : {"document", "source", "file", "filename", "path", "name"})
    if (auto label = material.prompt.labels.find(name);
        label != material.prompt.labels.end() && material.source.empty())
      material.source = label->second;
  if (complainsOfRepetition(material.prompt.instruction))
    material.repetitionWeight = strongRepetitionWeight;
  material.structured() ? material.readJson() : material.readText();
  material.order = material.listed && material.draft
                       ? coveringOrder(material)
                       : chooseSentences(material.ranking, mostChosen, {}, material.repetitionWeight);
  for (const char *name : {"title", "topic", "subject"})
    if (auto label = material.prompt.labels.find(name); label != material.prompt.labels.end())
      material.title = label->second;
  return material;
}

void Material::readText() {
  Document document = readDocument(prompt.text);
  title = document.title;
  if (source.empty())
    source = title;
  for (const Sentence &sentence : document.sentences)
    if (sentence.text.ends_with('?'))
      questions.push_back(sentence.text);
  for (const Section &section : document.sections)
    if (!section.heading.empty() && section.sentenceCount > 0)
      headings.push_back(section.heading);
  ranking = rankSentences(document, prompt.focus());
  keywords = keywordsOf(document, materialKeywords);
  for (std::size_t i = 0; i < document.sentences.size(); ++i) {
    const Sentence &sentence = document.sentences[i];
    units.push_back({statementOf(sentence.text), sentence.text, source, document.sections[sentence.section].heading,
                     ranking.scores[i], Unit::noItem, nullptr});
  }
}

void Material::readJson() {
  // The longest list of records is what is worked on; a record beside it is a draft of the answer.
  const Value *list = nullptr;
  for (const Value &value : prompt.json)
    if (value.is(Tag::list) && (!list || value.items().size() > list->items().size()))
      list = &value;
  std::map<std::string, int> given;
  auto addItem = [&](const Value &value) {
    Item item{&value, {}, {}, 0, {}};
    if (value.is(Tag::map)) {
      item.source = textField(value, {Role::source});
      item.title = textField(value, {Role::title});
    }
    std::size_t before = units.size();
    readStatements(value, {item.source, item.title, "", static_cast<std::uint32_t>(items.size())}, units, given);
    for (std::size_t i = before; i < units.size(); ++i)
      item.units.push_back(static_cast<std::uint32_t>(i));
    if (item.source.empty())
      item.source = item.title;
    items.push_back(std::move(item));
  };
  for (const Value &value : prompt.json) {
    bool isDraft = list && value.is(Tag::map);
    if (isDraft) {
      readStatements(value, {}, draftUnits, given);
      draft = Item{&value, textField(value, {Role::source}), textField(value, {Role::title}), 0, {}};
    } else if (value.is(Tag::list) && &value == list && !value.items().empty() && value.items()[0].is(Tag::map)) {
      listed = true;
      for (const Value &item : value.items())
        addItem(item);
    } else {
      addItem(value);
    }
  }
  if (!draft && !listed && items.size() == 1) {
    draft = items[0];
    draftUnits = units;
  }

  // Rank the units as one text whose sections are the items.
  Document document;
  std::map<std::uint32_t, std::uint32_t> sections;
  document.sections.push_back({});
  std::uint32_t inItem = 0, last = Unit::noItem - 1;
  for (const Unit &unit : units) {
    auto [entry, fresh] = sections.try_emplace(unit.item, static_cast<std::uint32_t>(document.sections.size()));
    if (fresh)
      document.sections.push_back({unit.item < items.size() ? items[unit.item].title : unit.source, 1, 0});
    inItem = unit.item == last ? inItem + 1 : 0;
    last = unit.item;
    document.sentences.push_back({unit.text, entry->second, unit.item, inItem, false, endsAsSentence(unit.text)});
    ++document.sections[entry->second].sentenceCount;
  }
  ranking = rankUnits(document, prompt.focus());
  double highest = 0;
  for (const Unit &unit : units)
    highest = std::max(highest, unit.record ? givenScore(*unit.record) : 0);
  double best = 0;
  for (std::size_t i = 0; i < units.size(); ++i) {
    double own = units[i].record && highest > 0 ? std::max(0.0, givenScore(*units[i].record)) / highest : 1;
    ranking.scores[i] *= 0.6 + 0.4 * own;
    best = std::max(best, ranking.scores[i]);
  }
  for (std::size_t i = 0; i < units.size(); ++i)
    units[i].score = ranking.scores[i] = best > 0 ? ranking.scores[i] / best : 0;

  // An item is worth its best statements and, where somebody graded it, its grade.
  double highestItem = 0, bestItem = 0;
  for (const Item &item : items)
    highestItem = std::max(highestItem, givenScore(*item.record));
  for (Item &item : items) {
    std::vector<double> scores;
    for (std::uint32_t unit : item.units)
      scores.push_back(units[unit].score);
    std::sort(scores.rbegin(), scores.rend());
    double sum = 0, weight = 1;
    for (double score : scores) {
      sum += score * weight;
      weight *= 0.7;
    }
    double own = givenScore(*item.record);
    item.score = own >= 0 && highestItem > 0 ? 0.4 * sum + own / highestItem : sum;
    bestItem = std::max(bestItem, item.score);
  }
  for (Item &item : items)
    item.score = bestItem > 0 ? item.score / bestItem : 0;

  keywords = keywordsOf(document, materialKeywords);
  // What several records name is what they have in common.
  for (Keyword &keyword : keywords)
    if (auto found = given.find(keyword.phrase); found != given.end())
      keyword.score *= 1.2 + 0.1 * std::min(10, found->second);
  std::stable_sort(keywords.begin(), keywords.end(), [](auto &a, auto &b) { return a.score > b.score; });
  if (items.size() == 1) {
    title = items[0].title;
    source = source.empty() ? items[0].source : source;
  } else if (!keywords.empty()) {
    title = collectionTitle();
  }
  for (const Item &item : items)
    if (!item.title.empty())
      headings.push_back(item.title);
}

std::string Material::collectionTitle() const {
  // Phrases and names say what a collection is about; "file" and "version" do not, and then some titles stand for all.
  std::vector<std::string> named;
  for (const Keyword &keyword : keywords)
    if (bool says = keyword.phrase.find(' ') != std::string::npos || isUpper(decodeAt(keyword.phrase, 0).value);
        says && keyword.score >= leastTitleScore * keywords[0].score && named.size() < titleKeywords)
      named.push_back(keyword.phrase);
  bool byKeywords = named.size() >= 2;
  if (!byKeywords) {
    named.clear();
    std::vector<const Item *> best;
    for (const Item &item : items)
      if (!item.title.empty())
        best.push_back(&item);
    std::stable_sort(best.begin(), best.end(), [](auto *a, auto *b) { return a->score > b->score; });
    std::size_t room = titleCodePoints;
    for (std::size_t i = 0; i < std::min(titleKeywords, best.size()); ++i)
      if (std::size_t size = length(best[i]->title); size < room) {
        named.push_back(best[i]->title);
        room -= size;
      }
    if (named.size() < items.size())
      named.push_back("others");
  }
  std::string about;
  for (std::size_t i = 0; i < named.size(); ++i)
    about += (i == 0 ? "" : i + 1 == named.size() ? " and " : ", ") + named[i];
  return std::to_string(items.size()) + " documents" + (byKeywords ? " on " : ": ") + about;
}

std::vector<std::size_t> Material::choose(std::size_t count) const {
  return {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(std::min(count, order.size()))};
}

std::string Material::wholeText() const {
  std::string out = title;
  for (const Unit &unit : units)
    out += " " + unit.text;
  return out;
}

std::vector<std::string> Material::sources() const {
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  for (const Unit &unit : units)
    if (!unit.source.empty() && seen.insert(unit.source).second)
      out.push_back(unit.source);
  return out;
}

} // namespace weft::extractive
