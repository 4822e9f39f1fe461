//===- Bigrams.cpp - What the byte before alone says of the next ----------===//

#include "runtime/data/Bigrams.h"

#include <cmath>

namespace weft::data {

void Bigrams::learn(base::ConstBytes text) {
  all += text.size();
  for (std::byte one : text)
    ++seen[std::to_integer<std::size_t>(one)];
  for (std::size_t at = 1; at < text.size(); ++at) {
    auto before = std::to_integer<std::size_t>(text[at - 1]), next = std::to_integer<std::size_t>(text[at]);
    kinds[before] += pairs[before * byteValues + next]++ == 0;
    ++followed[before];
  }
}

double Bigrams::probability(std::byte before, std::byte next) const {
  auto x = std::to_integer<std::size_t>(before), y = std::to_integer<std::size_t>(next);
  double anywhere = static_cast<double>(seen[y] + 1) / static_cast<double>(all + byteValues);
  if (followed[x] == 0)
    return anywhere;
  auto given = static_cast<double>(kinds[x]);
  return (static_cast<double>(pairs[x * byteValues + y]) + given * anywhere) /
         (static_cast<double>(followed[x]) + given);
}

double Bigrams::nats(base::ConstBytes window) const {
  double sum = 0;
  for (std::size_t at = 1; at < window.size(); ++at)
    sum -= std::log(probability(window[at - 1], window[at]));
  return sum;
}

} // namespace weft::data
