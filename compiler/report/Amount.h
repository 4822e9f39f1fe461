//===- Amount.h - How often, where it is known and where it is not --------===//
//
// What a plan does may depend on its input: once for each item of a list that
// nobody has seen yet. An amount keeps that apart: a sum of numbers, each times
// what it is multiplied by. Nothing is guessed; what no sum can say is `open`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace weft::report {

/// Numbers stop here: a loop in a loop in a loop is not worth more.
inline constexpr std::uint64_t mostCounted = 1'000'000'000'000'000;

/// A size that only a run knows, and where it comes from.
struct Factor {
  enum class Kind : std::uint8_t { items, rounds, samples, window } kind;
  std::uint32_t span; ///< Of the map, loop or vote: index of the plan's spans.
  auto operator<=>(const Factor &) const = default;
};

/// Outermost first.
using Factors = std::vector<Factor>;

/// A sum over products of factors; O(terms) for everything.
class Amount {
public:
  Amount() = default;
  Amount(std::uint64_t number) {
    if (number)
      sums[{}] = number;
  }
  /// Without a bound that the plan shows.
  static Amount open();

  const std::map<Factors, std::uint64_t> &terms() const { return sums; }
  bool isOpen() const { return noBound; }
  bool zero() const { return sums.empty() && !noBound; }
  /// A number and nothing else.
  bool exact() const { return !noBound && (sums.empty() || (sums.size() == 1 && sums.begin()->first.empty())); }
  /// The part that does not depend on the input.
  std::uint64_t number() const { return of({}); }
  std::uint64_t of(const Factors &factors) const;

  Amount &operator+=(const Amount &other);
  Amount times(std::uint64_t number) const;
  Amount times(Factor factor) const;
  void add(const Factors &factors, std::uint64_t number);

  bool operator==(const Amount &) const = default;

private:
  std::map<Factors, std::uint64_t> sums;
  bool noBound = false;
};

/// At least the larger and at most the smaller of two, term by term.
Amount upper(const Amount &left, const Amount &right);
Amount lower(const Amount &left, const Amount &right);
/// Which of two is taken for the longer: what has no bound, then what depends on the input, then the number.
bool shorter(const Amount &left, const Amount &right);

/// How often something happens in a run.
struct Times {
  Amount least, most;
};

} // namespace weft::report
