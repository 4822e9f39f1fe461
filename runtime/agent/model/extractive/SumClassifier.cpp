//===- SumClassifier.cpp - Which case of a sum a text belongs to ----------===//

#include "runtime/agent/model/extractive/SumClassifier.h"

#include "runtime/agent/model/extractive/FieldRoles.h"
#include "runtime/agent/model/extractive/Judge.h"
#include "runtime/agent/model/extractive/TermVectors.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace weft::extractive {
namespace {

/// The words of a name count double: documentation explains, a name says.
constexpr double nameWeight = 2;

std::string spelled(std::string_view name) {
  std::string out;
  for (const std::string &word : wordsOfName(name))
    out += (out.empty() ? "" : " ") + word;
  return out;
}

double occurrence(std::string_view words, const std::map<std::string, int> &frequency) {
  double sum = 0;
  auto terms = termsOf(words);
  for (const std::string &term : terms)
    if (auto found = frequency.find(term); found != frequency.end())
      sum += 1 + std::log(static_cast<double>(found->second));
  return terms.empty() ? 0 : sum / std::sqrt(static_cast<double>(terms.size()));
}

} // namespace

bool isVerdict(const value::Type &sum) {
  bool approves = false, disapproves = false;
  for (const value::Case &one : sum.cases) {
    approves |= leaning(one.name) > 0;
    disapproves |= leaning(one.name) < 0;
  }
  return approves && disapproves;
}

std::vector<std::size_t> rankCases(const value::Type &sum, const Material &material, std::string_view text) {
  std::vector<double> scores(sum.cases.size(), 0);
  if (isVerdict(sum)) {
    Verdict verdict = judge(material);
    for (std::size_t i = 0; i < sum.cases.size(); ++i)
      scores[i] = leaning(sum.cases[i].name) * (verdict.accepted ? 1 : -1);
    // Hardly anything holds: rather "reject" than "revise", if there is such a case.
    bool hopeless = !verdict.accepted && verdict.score < 0.2;
    for (std::size_t i = 0; i < sum.cases.size(); ++i)
      if (hopeless && sum.cases[i].name.starts_with("reject"))
        scores[i] += 0.5;
  } else {
    std::map<std::string, int> frequency;
    for (const std::string &term : termsOf(text))
      ++frequency[term];
    for (std::size_t i = 0; i < sum.cases.size(); ++i) {
      const value::Case &one = sum.cases[i];
      std::string fields;
      for (const value::Field &field : one.fields)
        fields += spelled(field.name) + " " + field.doc + " ";
      scores[i] = nameWeight * occurrence(spelled(one.name), frequency) + occurrence(one.doc, frequency) +
                  0.5 * occurrence(fields, frequency);
    }
  }
  std::vector<std::size_t> order(sum.cases.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return scores[a] > scores[b]; });
  return order;
}

} // namespace weft::extractive
