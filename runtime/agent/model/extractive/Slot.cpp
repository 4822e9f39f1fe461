//===- Slot.cpp - What may stand in one place of an answer ----------------===//

#include "runtime/agent/model/extractive/Slot.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Shortening.h"
#include "runtime/agent/model/extractive/Stopwords.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace weft::extractive {
namespace {

constexpr std::size_t shownKeywords = 4; ///< In a reason.
constexpr std::size_t offeredUnits = 12; ///< Tried for one text.
constexpr std::size_t summarySentences = 3, summaryWords = 90;
constexpr std::size_t mostSummarySentences = 12; ///< For a `where` that asks for length.

std::string keywordsIn(std::string_view text, const Material &material, std::size_t count) {
  std::string out;
  for (const Keyword &keyword : material.keywords) {
    if (count == 0)
      break;
    if (coverage(keyword.phrase, text) < 0.99)
      continue;
    out += (out.empty() ? "" : ", ") + keyword.phrase;
    --count;
  }
  return out;
}

std::string itemText(const Item &item, const Material &material) {
  std::string out = item.title;
  for (std::uint32_t unit : item.units)
    out += " " + material.units[unit].text;
  return out;
}

/// The statements of an item, best first.
std::vector<std::uint32_t> bestOf(const Item &item, const Material &material) {
  std::vector<std::uint32_t> units = item.units;
  std::stable_sort(units.begin(), units.end(),
                   [&](auto a, auto b) { return material.units[a].score > material.units[b].score; });
  return units;
}

std::string nameOf(const Slot &slot) {
  std::string out;
  for (const std::string &word : wordsOfName(slot.name))
    out += word + " ";
  return out + std::string(slot.doc);
}

std::vector<std::string> linksIn(const Material &material) {
  std::vector<std::string> out;
  for (const Unit &unit : material.units)
    for (const char *scheme : {"https://", "http://"}) {
      std::size_t start = unit.text.find(scheme);
      if (start == std::string::npos)
        continue;
      std::size_t end = unit.text.find_first_of(" \"'<>)]}", start);
      std::string link = unit.text.substr(start, end == std::string::npos ? end : end - start);
      while (!link.empty() && std::string_view(".,;:").find(link.back()) != std::string_view::npos)
        link.pop_back();
      out.push_back(std::move(link));
    }
  return out;
}

void addUnits(std::vector<std::string> &out, const Slot &slot, const Material &material, bool quote) {
  auto text = [&](const Unit &unit) { return quote ? unit.quote : unit.text; };
  if (slot.unit)
    out.push_back(text(*slot.unit));
  if (slot.item)
    for (std::uint32_t unit : bestOf(*slot.item, material))
      out.push_back(text(material.units[unit]));
  auto chosen = material.choose(offeredUnits);
  for (std::size_t i = 0; i < chosen.size(); ++i)
    out.push_back(text(material.units[chosen[(i + slot.index) % chosen.size()]]));
}

void addSimilar(std::vector<std::string> &out, const Slot &slot, const Material &material) {
  std::string wanted = nameOf(slot);
  std::vector<std::pair<double, std::size_t>> scored;
  for (std::size_t i = 0; i < material.units.size(); ++i)
    if (double alike = similarity(wanted, material.units[i].text); alike > 0)
      scored.push_back({alike + 0.2 * material.units[i].score, i});
  std::stable_sort(scored.begin(), scored.end(), [](auto &a, auto &b) { return a.first > b.first; });
  for (std::size_t i = 0; i < std::min(offeredUnits, scored.size()); ++i)
    out.push_back(material.units[scored[i].second].text);
}

/// Keywords that a record lists itself.
std::string ownKeywords(const Item &item) {
  std::string out;
  std::size_t count = 0;
  auto add = [&](auto &self, const value::Value &value, Role role) -> void {
    if (value.is(value::Tag::map))
      for (const value::MapEntry &entry : value.entries())
        self(self, entry.value, roleOf(entry.key.asText(), ""));
    else if (value.is(value::Tag::list) && role == Role::keyword)
      for (const value::Value &word : value.items())
        if (word.is(value::Tag::string) && count++ < shownKeywords)
          out += (out.empty() ? "" : ", ") + std::string(word.asText());
  };
  add(add, *item.record, Role::other);
  return out;
}

std::string reasonFor(const Slot &slot, const Material &material) {
  if (slot.verdict)
    return slot.verdict->why();
  std::string own = slot.item ? ownKeywords(*slot.item) : "";
  std::string about = !own.empty() ? own
                      : slot.item  ? keywordsIn(itemText(*slot.item, material), material, shownKeywords)
                      : slot.unit  ? keywordsIn(slot.unit->text, material, shownKeywords)
                                   : "";
  if (!about.empty())
    return "it tells of " + about;
  if (material.draft)
    return judge(material).why();
  return keywordsIn(material.wholeText(), material, shownKeywords);
}

} // namespace

std::vector<std::string> textsFor(const Slot &slot, const Material &material, Brevity brevity) {
  std::vector<std::string> out;
  const Item *item = slot.item                                              ? slot.item
                     : slot.unit && slot.unit->item < material.items.size() ? &material.items[slot.unit->item]
                                                                            : nullptr;
  switch (slot.role) {
  case Role::title:
    if (item)
      out.insert(out.end(), {item->title, item->source});
    if (slot.unit)
      out.insert(out.end(), {keywordsIn(slot.unit->text, material, 1), slot.unit->section});
    // A title that is too long is still better cut than none.
    out.insert(out.end(),
               {material.title, shortened(material.title, 100), shortened(material.title, 60), material.source});
    break;
  case Role::summary: {
    if (slot.unit) {
      out.push_back(slot.unit->text);
    } else if (slot.item) {
      std::string two;
      auto best = bestOf(*slot.item, material);
      for (std::size_t i = 0; i < std::min<std::size_t>(2, best.size()); ++i)
        two += (two.empty() ? "" : " ") + material.units[best[i]].text;
      out.push_back(two);
    }
    std::size_t first = brevity == Brevity::full ? summarySentences : brevity == Brevity::brief ? 2 : 1;
    // A collection is told by one statement of each of its best documents.
    if (material.items.size() > 1 && brevity == Brevity::full)
      ++first;
    for (std::size_t sentences = first; sentences > 0; --sentences)
      out.push_back(summaryOf(material, sentences, summaryWords));
    for (std::size_t sentences = first + 1; sentences <= mostSummarySentences; ++sentences)
      out.push_back(summaryOf(material, sentences, sentences * summaryWords));
    break;
  }
  case Role::claim:
    addUnits(out, slot, material, false);
    break;
  case Role::quote:
    addUnits(out, slot, material, true);
    break;
  case Role::source:
    if (slot.unit)
      out.push_back(slot.unit->source);
    if (item)
      out.insert(out.end(), {item->source, item->title});
    out.push_back(material.source);
    for (const std::string &source : material.sources())
      out.push_back(source);
    out.push_back(material.title);
    break;
  case Role::section:
    if (slot.unit)
      out.push_back(slot.unit->section);
    for (std::size_t i = 0; i < material.headings.size(); ++i)
      out.push_back(material.headings[(i + slot.index) % material.headings.size()]);
    out.push_back(material.title);
    break;
  case Role::reason:
    out.push_back(reasonFor(slot, material));
    break;
  case Role::keyword:
    if (slot.unit)
      out.push_back(keywordsIn(slot.unit->text, material, 1));
    if (slot.item)
      out.push_back(keywordsIn(itemText(*slot.item, material), material, 1));
    for (std::size_t i = 0; i < material.keywords.size(); ++i)
      out.push_back(material.keywords[(i + slot.index) % material.keywords.size()].phrase);
    break;
  case Role::question:
    for (std::size_t i = 0; i < material.questions.size(); ++i)
      out.push_back(material.questions[(i + slot.index) % material.questions.size()]);
    for (std::size_t i = 0; i < material.keywords.size(); ++i)
      out.push_back("What is said about " + material.keywords[(i + slot.index) % material.keywords.size()].phrase +
                    "?");
    break;
  case Role::date:
    out = datesIn(material);
    break;
  case Role::url:
    out = linksIn(material);
    break;
  case Role::score:
  case Role::rank:
  case Role::count:
    for (double number : numbersFor(slot, material, slot.role != Role::score))
      out.push_back(number == std::floor(number) ? std::to_string(static_cast<long long>(number))
                                                 : std::to_string(number).substr(0, 4));
    break;
  case Role::verdict:
    out.push_back(judge(material).accepted ? "yes" : "no");
    break;
  case Role::other:
    if (slot.verdict)
      out.push_back(slot.verdict->why());
    addSimilar(out, slot, material);
    addUnits(out, slot, material, false);
    break;
  }
  // What the role asks for is not there: anything true about the material is better than nothing.
  if (slot.role != Role::date && slot.role != Role::url && slot.role != Role::other) {
    if (slot.role != Role::title && slot.role != Role::source && slot.role != Role::section)
      addUnits(out, slot, material, false);
    for (std::size_t i = 0; i < std::min<std::size_t>(3, material.keywords.size()); ++i)
      out.push_back(material.keywords[i].phrase);
    if (slot.role == Role::title || slot.role == Role::source || slot.role == Role::section)
      addUnits(out, slot, material, false);
  }
  std::set<std::string> seen;
  std::erase_if(out, [&](const std::string &text) { return text.empty() || !seen.insert(text).second; });
  return out;
}

} // namespace weft::extractive
