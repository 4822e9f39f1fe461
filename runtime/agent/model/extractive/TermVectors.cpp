//===- TermVectors.cpp - Texts as weighted terms, and how alike they are --===//

#include "runtime/agent/model/extractive/TermVectors.h"

#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace weft::extractive {

double cosine(const TermVector &a, const TermVector &b) {
  double sum = 0;
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (i->term == j->term)
      sum += i++->weight * j++->weight;
    else
      i->term < j->term ? void(++i) : void(++j);
  }
  return sum;
}

TermVectors::TermVectors(std::span<const std::string> texts) {
  std::vector<std::vector<std::string>> terms;
  terms.reserve(texts.size());
  for (const std::string &text : texts) {
    terms.push_back(termsOf(text));
    std::set<std::uint32_t> seen;
    for (const std::string &term : terms.back()) {
      auto [entry, fresh] = numbers.try_emplace(term, static_cast<std::uint32_t>(names.size()));
      if (fresh) {
        names.push_back(term);
        counts.push_back(0);
      }
      if (seen.insert(entry->second).second)
        ++counts[entry->second];
    }
  }
  rarities.resize(names.size());
  for (std::size_t i = 0; i < names.size(); ++i)
    rarities[i] = 1.0 + std::log(static_cast<double>(texts.size() + 1) / static_cast<double>(counts[i] + 1));
  all.reserve(texts.size());
  for (const auto &list : terms)
    all.push_back(weigh(list));
}

TermVector TermVectors::vectorOf(std::string_view text) const { return weigh(termsOf(text)); }

TermVector TermVectors::weigh(const std::vector<std::string> &terms) const {
  std::map<std::uint32_t, int> frequency;
  for (const std::string &term : terms)
    if (auto found = numbers.find(term); found != numbers.end())
      ++frequency[found->second];
  TermVector vector;
  vector.reserve(frequency.size());
  double squares = 0;
  for (auto [term, count] : frequency) {
    double weight = (1.0 + std::log(static_cast<double>(count))) * rarities[term];
    squares += weight * weight;
    vector.push_back({term, weight});
  }
  if (squares > 0)
    for (Weighted &entry : vector)
      entry.weight /= std::sqrt(squares);
  return vector;
}

double coverage(std::string_view asked, std::string_view text) {
  auto wanted = termsOf(asked), present = termsOf(text);
  std::set<std::string> unique(wanted.begin(), wanted.end()), have(present.begin(), present.end());
  if (unique.empty())
    return 0;
  auto found = std::count_if(unique.begin(), unique.end(), [&](const std::string &t) { return have.contains(t); });
  return static_cast<double>(found) / static_cast<double>(unique.size());
}

double similarity(std::string_view a, std::string_view b) {
  Likeness both;
  both.add(a);
  both.add(b);
  return both.between(0, 1);
}

void Likeness::add(std::string_view text) {
  std::map<std::uint32_t, int> frequency;
  for (const std::string &term : termsOf(text))
    ++frequency[numbers.try_emplace(term, static_cast<std::uint32_t>(numbers.size())).first->second];
  TermVector vector;
  double square = 0;
  for (auto [term, count] : frequency) {
    vector.push_back({term, static_cast<double>(count)});
    square += static_cast<double>(count) * count;
  }
  counts.push_back(std::move(vector));
  squares.push_back(square);
}

double Likeness::between(std::size_t a, std::size_t b) const {
  double product = cosine(counts[a], counts[b]);
  return product == 0 ? 0 : product / std::sqrt(squares[a] * squares[b]);
}

} // namespace weft::extractive
