//===- Coverage.cpp - What a brief of many records must speak of ----------===//

#include "runtime/agent/model/extractive/Coverage.h"

#include "runtime/agent/model/extractive/TermVectors.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <set>

namespace weft::extractive {
namespace {

using Terms = std::set<std::string>;

/// A statement of the draft is kept where another is not clearly better.
constexpr double draftedWorth = 0.5;
constexpr double leastWorth = 0.25;
constexpr double mostAlike = 0.6; ///< To one that is chosen; more alike says the same.
/// A second statement of the same record is worth less: a brief speaks of many.
constexpr double sameItemCost = 0.8;

Terms termSet(std::string_view text) {
  auto terms = termsOf(text);
  return {terms.begin(), terms.end()};
}

bool hasAll(const Terms &terms, const Terms &wanted) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string &term) { return terms.contains(term); });
}

} // namespace

bool says(std::string_view text, std::string_view phrase) { return hasAll(termSet(text), termSet(phrase)); }

std::vector<std::string> mainPhrases(const Material &material) {
  std::string told;
  for (const Unit &unit : material.units)
    told += unit.text + "\n";
  Terms terms = termSet(told);
  std::vector<std::string> out;
  for (const Keyword &keyword : material.keywords)
    if (out.size() < mainPhraseCount && hasAll(terms, termSet(keyword.phrase)))
      out.push_back(keyword.phrase);
  return out;
}

std::vector<std::size_t> coveringOrder(const Material &material) {
  std::vector<Terms> phrases;
  for (const std::string &phrase : mainPhrases(material))
    phrases.push_back(termSet(phrase));
  std::set<std::string_view> drafted;
  for (const Unit &unit : material.draftUnits)
    drafted.insert(unit.quote);
  std::vector<Terms> terms;
  Likeness likeness;
  for (const Unit &unit : material.units) {
    terms.push_back(termSet(unit.text));
    likeness.add(unit.text);
  }

  std::vector<std::size_t> chosen;
  std::vector<bool> told(phrases.size(), false);
  std::set<std::uint32_t> items;
  while (chosen.size() < coveringStatements) {
    std::size_t best = terms.size();
    double bestWorth = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (std::any_of(chosen.begin(), chosen.end(),
                      [&](std::size_t other) { return other == i || likeness.between(other, i) > mostAlike; }))
        continue;
      double fresh = 0;
      for (std::size_t p = 0; p < phrases.size(); ++p)
        fresh += !told[p] && hasAll(terms[i], phrases[p]);
      // A phrase counts by how well the statement reads that says it.
      double worth = fresh * (leastWorth + material.units[i].score) +
                     (drafted.contains(material.units[i].quote) ? draftedWorth : 0) -
                     (items.contains(material.units[i].item) ? sameItemCost : 0);
      if (fresh > 0 && (best == terms.size() || worth > bestWorth))
        best = i, bestWorth = worth;
    }
    if (best == terms.size())
      break;
    chosen.push_back(best);
    items.insert(material.units[best].item);
    for (std::size_t p = 0; p < phrases.size(); ++p)
      told[p] = told[p] || hasAll(terms[best], phrases[p]);
  }
  // Of a small collection every record is heard.
  for (std::uint32_t item = 0; item < material.items.size() && material.items.size() <= coveringStatements; ++item) {
    const std::vector<std::uint32_t> &units = material.items[item].units;
    auto best = std::max_element(units.begin(), units.end(),
                                 [&](auto a, auto b) { return material.units[a].score < material.units[b].score; });
    if (best != units.end() && !items.contains(item))
      chosen.push_back(*best);
  }
  // The rest as it was, without those that say what a chosen one says.
  for (std::size_t i : chooseSentences(material.ranking, mostChosen, chosen))
    chosen.push_back(i);
  return chosen;
}

} // namespace weft::extractive
