//===- Amount.cpp - How often, where it is known and where it is not ------===//

#include "compiler/report/Amount.h"

#include <algorithm>
#include <tuple>

namespace weft::report {
namespace {

/// More terms than this tell a reader nothing: recursion through a map makes one for each level.
constexpr std::size_t mostTerms = 16;

std::uint64_t sum(std::uint64_t left, std::uint64_t right) { return std::min(mostCounted, left + right); }

std::uint64_t product(std::uint64_t left, std::uint64_t right) {
  return left != 0 && right > mostCounted / left ? mostCounted : left * right;
}

} // namespace

Amount Amount::open() {
  Amount amount;
  amount.noBound = true;
  return amount;
}

std::uint64_t Amount::of(const Factors &factors) const {
  auto found = sums.find(factors);
  return found == sums.end() ? 0 : found->second;
}

void Amount::add(const Factors &factors, std::uint64_t number) {
  if (number == 0)
    return;
  std::uint64_t &into = sums[factors];
  into = sum(into, number);
  if (sums.size() > mostTerms)
    noBound = true;
  // An amount without a bound keeps its number, as what it comes to at least.
  if (noBound)
    std::erase_if(sums, [](const auto &term) { return !term.first.empty(); });
}

Amount &Amount::operator+=(const Amount &other) {
  noBound |= other.noBound;
  for (const auto &[factors, number] : std::map(other.sums))
    add(factors, number);
  if (noBound)
    std::erase_if(sums, [](const auto &term) { return !term.first.empty(); });
  return *this;
}

Amount Amount::times(std::uint64_t number) const {
  Amount amount;
  amount.noBound = noBound && number > 0;
  for (const auto &[factors, count] : sums)
    amount.add(factors, product(count, number));
  return amount;
}

Amount Amount::times(Factor factor) const {
  Amount amount;
  amount.noBound = noBound;
  for (const auto &[factors, count] : sums) {
    Factors all{factor};
    all.insert(all.end(), factors.begin(), factors.end());
    amount.add(all, count);
  }
  return amount;
}

Amount upper(const Amount &left, const Amount &right) {
  Amount amount = left.isOpen() || right.isOpen() ? Amount::open() : Amount();
  for (const auto &[factors, number] : left.terms())
    amount.add(factors, std::max(number, right.of(factors)));
  for (const auto &[factors, number] : right.terms())
    if (left.of(factors) == 0)
      amount.add(factors, number);
  return amount;
}

Amount lower(const Amount &left, const Amount &right) {
  Amount amount;
  for (const auto &[factors, number] : left.terms())
    amount.add(factors, std::min(number, right.of(factors)));
  return amount;
}

bool shorter(const Amount &left, const Amount &right) {
  auto key = [](const Amount &amount) {
    std::uint64_t unknown = 0;
    for (const auto &[factors, number] : amount.terms())
      unknown = sum(unknown, factors.empty() ? 0 : number);
    return std::tuple(amount.isOpen(), unknown, amount.number());
  };
  return key(left) < key(right);
}

} // namespace weft::report
