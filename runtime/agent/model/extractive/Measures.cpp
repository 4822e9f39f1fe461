//===- Measures.cpp - Numbers about a text, and its summary ---------------===//

#include "runtime/agent/model/extractive/Slot.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Shortening.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <cmath>
#include <set>

namespace weft::extractive {

std::vector<std::string> datesIn(const Material &material) {
  std::vector<std::string> out;
  for (const Unit &unit : material.units)
    for (const Word &word : wordsOf(unit.text)) {
      std::string_view text = word.text;
      bool digits = std::all_of(text.begin(), text.end(),
                                [](char c) { return isDigit(static_cast<unsigned char>(c)) || c == '-'; });
      bool year = text.size() == 4 && (text.starts_with("19") || text.starts_with("20"));
      if (digits && (year || (text.size() == 10 && text[4] == '-' && text[7] == '-')))
        out.emplace_back(text);
    }
  return out;
}

std::string summaryOf(const Material &material, std::size_t sentences, std::size_t words) {
  auto chosen = material.choose(sentences);
  std::size_t count = 0, kept = 0;
  while (kept < chosen.size()) {
    count += wordsOf(material.units[chosen[kept]].text).size();
    if (kept > 0 && count > words)
      break;
    ++kept;
  }
  chosen.resize(kept);
  std::sort(chosen.begin(), chosen.end());
  std::string out;
  for (std::size_t i : chosen) {
    const Unit &unit = material.units[i];
    // Of a collection the reader must hear which document speaks.
    bool named =
        material.items.size() > 1 && unit.item < material.items.size() && !material.items[unit.item].title.empty();
    out += (out.empty() ? "" : " ") + (named ? material.items[unit.item].title + ": " : "") + unit.text;
  }
  return out;
}

double informativeness(const Material &material) {
  if (material.keywords.empty() || material.units.empty())
    return 0;
  std::string told = summaryOf(material, 6, 400);
  std::size_t asked = std::min<std::size_t>(10, material.keywords.size()), found = 0;
  for (std::size_t i = 0; i < asked; ++i)
    found += coverage(material.keywords[i].phrase, told) >= 0.99;
  double phrases = static_cast<double>(found) / static_cast<double>(asked);
  double enough = std::min(1.0, static_cast<double>(material.units.size()) / 40.0);
  return 0.55 * phrases + 0.45 * enough;
}

std::vector<double> numbersFor(const Slot &slot, const Material &material, bool whole) {
  std::vector<double> out;
  std::vector<double> named = numbersIn(slot.where);
  std::vector<std::string> words = wordsOfName(slot.name);
  auto says = [&](const char *word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  if (slot.role == Role::rank) {
    out.push_back(static_cast<double>(slot.index + 1));
  } else if (slot.role == Role::count) {
    double count = static_cast<double>(material.units.size());
    if (says("word") || says("words"))
      count = static_cast<double>(wordsOf(material.wholeText()).size());
    else if (says("document") || says("documents") || says("source") || says("sources"))
      count = static_cast<double>(std::max(material.items.size(), material.sources().size()));
    else if (says("section") || says("sections"))
      count = static_cast<double>(material.headings.size());
    else if (says("keyword") || says("keywords"))
      count = static_cast<double>(material.keywords.size());
    out.push_back(count);
  } else if (slot.role == Role::date) {
    for (const std::string &date : datesIn(material))
      out.push_back(std::stod(date.substr(0, 4)));
  } else {
    double share = slot.verdict     ? slot.verdict->score
                   : slot.unit      ? slot.unit->score
                   : slot.item      ? slot.item->score
                   : material.draft ? judge(material).score
                                    : informativeness(material);
    if (slot.role != Role::score)
      share = 0;
    if (named.size() >= 2) {
      auto [low, high] = std::minmax_element(named.begin(), named.end());
      out.push_back(*low + share * (*high - *low));
    }
    for (double scale : {1.0, 10.0, 5.0, 100.0})
      if (!whole || scale > 1)
        out.push_back(share * scale);
  }
  for (double number : named)
    out.insert(out.end(), {number, number + 1, number - 1});
  for (std::size_t i = 1; i < named.size(); ++i)
    out.push_back((named[i - 1] + named[i]) / 2);
  out.insert(out.end(), {0, 1, -1, 2, 5, 10, 100, 1000});
  for (double &number : out)
    number = whole ? std::round(number) : std::round(number * 100) / 100;
  // 1 is the end of a scale, and two places are enough for everybody.
  std::set<double> seen;
  std::erase_if(out, [&](double number) { return !seen.insert(number).second; });
  return out;
}

} // namespace weft::extractive
