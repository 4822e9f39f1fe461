//===- SentenceRanker.cpp - Which sentences tell most of a text -----------===//

#include "runtime/agent/model/extractive/SentenceRanker.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace weft::extractive {
namespace {

constexpr double damping = 0.85;          ///< The usual share of steps that follow an edge.
constexpr int walkRounds = 30;            ///< 0.85^30 < 1 %: later rounds change no order.
constexpr double edgeThreshold = 0.08;    ///< Below, two sentences share a common word and no more.
constexpr double sameThreshold = 0.6;     ///< Above, two sentences say the same.
constexpr double leadFactor = 1.5;        ///< A reader who knows nothing needs to hear first what the text is.
constexpr double otherSourceWorth = 0.35; ///< A collection is told by many of its documents.
constexpr std::size_t subjectTerms = 3;
constexpr double leastShare = 0.2; ///< Of the best score; below, a sentence is filler.
/// A term in more than this share of the sentences draws no edges: it would tie everything to everything.
constexpr double commonShare = 0.25;

std::vector<Edge> similarPairs(const TermVectors &vectors) {
  const auto &all = vectors.vectors();
  std::vector<std::vector<std::pair<std::uint32_t, double>>> postings(vectors.termCount());
  for (std::uint32_t i = 0; i < all.size(); ++i)
    for (auto [term, weight] : all[i])
      postings[term].push_back({i, weight});
  std::size_t most = std::max<std::size_t>(20, static_cast<std::size_t>(commonShare * static_cast<double>(all.size())));
  std::vector<double> sums(all.size(), 0);
  std::vector<std::uint32_t> touched;
  std::vector<Edge> edges;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    touched.clear();
    for (auto [term, weight] : all[i]) {
      if (postings[term].size() > most)
        continue;
      for (auto [other, otherWeight] : postings[term]) {
        if (other >= i)
          break;
        if (sums[other] == 0)
          touched.push_back(other);
        sums[other] += weight * otherWeight;
      }
    }
    std::sort(touched.begin(), touched.end());
    for (std::uint32_t other : touched) {
      // Copies of one sentence must not lift each other.
      if (sums[other] >= edgeThreshold && sums[other] < 0.95) {
        edges.push_back({i, other, sums[other]});
        edges.push_back({other, i, sums[other]});
      }
      sums[other] = 0;
    }
  }
  return edges;
}

/// With the share of the walk, 0-1, as scores.
Ranking ranked(const Document &document) {
  std::vector<std::string> texts;
  texts.reserve(document.sentences.size());
  for (const Sentence &sentence : document.sentences)
    texts.push_back(sentence.text);
  Ranking ranking{TermVectors(texts), {}, {}, 0.1};
  ranking.scores = randomWalk(texts.size(), similarPairs(ranking.vectors));
  std::vector<double> sorted = ranking.scores;
  std::sort(sorted.begin(), sorted.end());
  // Against the 95th percentile: one sentence that repeats everything must not flatten the rest.
  double high = sorted.empty() ? 1 : sorted[sorted.size() * 95 / 100], low = sorted.empty() ? 0 : sorted.front();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ranking.scores[i] = high > low ? std::min(1.0, (ranking.scores[i] - low) / (high - low)) : 0.5;
    ranking.sections.push_back(document.sentences[i].section);
  }
  return ranking;
}

/// The terms that most sentences share: what a text is about when its title does not say.
std::string commonTerms(const TermVectors &vectors) {
  std::vector<std::uint32_t> order(vectors.termCount());
  std::iota(order.begin(), order.end(), 0);
  std::size_t count = std::min<std::size_t>(subjectTerms, order.size());
  std::partial_sort(
      order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(), [&](auto a, auto b) {
        return vectors.textsWith(a) != vectors.textsWith(b) ? vectors.textsWith(a) > vectors.textsWith(b) : a < b;
      });
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += " " + vectors.name(order[i]);
  return out;
}

/// Lifts what is asked for and scales to 0-1.
void finish(Ranking &ranking, std::string_view focus) {
  const auto &vectors = ranking.vectors.vectors();
  TermVector wanted = ranking.vectors.vectorOf(focus);
  double best = 0;
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    if (!wanted.empty())
      ranking.scores[i] *= 0.45 + 1.4 * std::min(1.0, 2 * cosine(vectors[i], wanted));
    best = std::max(best, ranking.scores[i]);
  }
  for (double &score : ranking.scores)
    score = best > 0 ? score / best : 0;
}

} // namespace

std::vector<double> randomWalk(std::size_t nodeCount, const std::vector<Edge> &edges) {
  if (nodeCount == 0)
    return {};
  double even = 1.0 / static_cast<double>(nodeCount);
  std::vector<double> rank(nodeCount, even), next(nodeCount), out(nodeCount, 0);
  for (const Edge &edge : edges)
    out[edge.from] += edge.weight;
  for (int round = 0; round < walkRounds; ++round) {
    double stuck = 0;
    for (std::size_t i = 0; i < nodeCount; ++i)
      stuck += out[i] > 0 ? 0 : rank[i];
    std::fill(next.begin(), next.end(), (1 - damping) * even + damping * stuck * even);
    for (const Edge &edge : edges)
      next[edge.to] += damping * rank[edge.from] * edge.weight / out[edge.from];
    rank.swap(next);
  }
  return rank;
}

Ranking rankSentences(const Document &document, std::string_view focus) {
  Ranking ranking = ranked(document);
  const auto &vectors = ranking.vectors.vectors();
  TermVector title = ranking.vectors.vectorOf(document.title);
  std::string subject = document.title + commonTerms(ranking.vectors);
  for (std::size_t i = 0; i < vectors.size(); ++i) {
    double &score = ranking.scores[i];
    score = 0.42 * score + 0.33 * placeValue(document, i) + 0.10 * std::min(1.0, 2 * cosine(vectors[i], title)) +
            0.15 * std::min(1.0, static_cast<double>(vectors[i].size()) / 14.0);
    score *= standsAlone(document.sentences[i]);
    if (tellsWhatItIs(document, i, subject))
      score *= leadFactor;
  }
  finish(ranking, focus);
  return ranking;
}

Ranking rankUnits(const Document &units, std::string_view focus) {
  Ranking ranking = ranked(units);
  ranking.sectionCost = otherSourceWorth;
  for (std::size_t i = 0; i < units.sentences.size(); ++i) {
    double first = units.sentences[i].inBlock == 0 ? 1.0 : 1.0 / (1.0 + 0.3 * units.sentences[i].inBlock);
    double score = (0.55 * ranking.scores[i] + 0.45 * first) * standsAlone(units.sentences[i]);
    bool defines = definesSubject(units.sentences[i].text, units.sections[units.sentences[i].section].heading);
    ranking.scores[i] = score * (defines ? leadFactor : 1);
  }
  finish(ranking, focus);
  return ranking;
}

std::vector<std::size_t> chooseSentences(const Ranking &ranking, std::size_t count,
                                         const std::vector<std::size_t> &excluded, double repetitionWeight) {
  const auto &vectors = ranking.vectors.vectors();
  std::vector<double> nearest(vectors.size(), 0); // to what is chosen already
  std::vector<bool> gone(vectors.size(), false);
  std::map<std::uint32_t, int> fromSection;
  auto take = [&](std::size_t chosen) {
    gone[chosen] = true;
    ++fromSection[ranking.sections[chosen]];
    for (std::size_t i = 0; i < vectors.size(); ++i)
      if (!gone[i])
        nearest[i] = std::max(nearest[i], cosine(vectors[i], vectors[chosen]));
  };
  for (std::size_t i : excluded)
    take(i);
  double floor = 0;
  std::vector<std::size_t> chosen;
  while (chosen.size() < count) {
    std::size_t best = vectors.size();
    double bestValue = 0;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
      if (gone[i] || nearest[i] > sameThreshold || ranking.scores[i] <= floor)
        continue;
      double value = ranking.scores[i] - repetitionWeight * nearest[i];
      if (auto found = fromSection.find(ranking.sections[i]); found != fromSection.end())
        value -= ranking.sectionCost * found->second;
      if (best == vectors.size() || value > bestValue)
        best = i, bestValue = value;
    }
    if (best == vectors.size())
      break;
    if (chosen.empty())
      floor = leastShare * ranking.scores[best];
    chosen.push_back(best);
    take(best);
  }
  return chosen;
}

} // namespace weft::extractive
