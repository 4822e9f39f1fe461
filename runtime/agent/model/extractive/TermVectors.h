//===- TermVectors.h - Texts as weighted terms, and how alike they are ----===//
//
// tf-idf over one collection: a term that few texts have says more about those
// that have it. Vectors have length 1, so that their product is the cosine.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace weft::extractive {

struct Weighted {
  std::uint32_t term = 0;
  double weight = 0;
};

/// Sorted by term; of length 1, or empty.
using TermVector = std::vector<Weighted>;

double cosine(const TermVector &a, const TermVector &b);

/// The vectors of a collection of texts, in their order.
class TermVectors {
public:
  explicit TermVectors(std::span<const std::string> texts);

  const std::vector<TermVector> &vectors() const { return all; }
  std::size_t termCount() const { return names.size(); }
  const std::string &name(std::uint32_t term) const { return names[term]; }
  /// 1 for a term of every text, more for a rare one.
  double rarity(std::uint32_t term) const { return rarities[term]; }
  std::uint32_t textsWith(std::uint32_t term) const { return counts[term]; }

  /// The vector of a further text; terms that the collection lacks are left out.
  TermVector vectorOf(std::string_view text) const;

private:
  TermVector weigh(const std::vector<std::string> &terms) const;

  std::vector<TermVector> all;
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<std::string> names;
  std::vector<std::uint32_t> counts;
  std::vector<double> rarities;
};

/// Share of the distinct terms of `asked` that occur in `text`, 0-1.
double coverage(std::string_view asked, std::string_view text);

/// How alike two texts are by their terms alone (no collection), 0-1.
double similarity(std::string_view a, std::string_view b);

/// The same between texts that are compared many times: each is read once.
class Likeness {
public:
  /// Numbered from 0 in the order of the calls.
  void add(std::string_view text);
  double between(std::size_t a, std::size_t b) const;

private:
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<TermVector> counts; ///< As often as each has a term; of no unit length.
  std::vector<double> squares;
};

} // namespace weft::extractive
