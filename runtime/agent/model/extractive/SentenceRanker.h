//===- SentenceRanker.h - Which sentences tell most of a text -------------===//
//
// Three things are weighed: how much a sentence says what the others say too
// (LexRank: a random walk over their similarities), where it stands (openings
// of the text and its sections), and how well it reads alone. A choice of
// several then trades value against repetition (maximal marginal relevance).
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/model/extractive/Document.h"
#include "runtime/agent/model/extractive/TermVectors.h"

#include <string_view>
#include <vector>

namespace weft::extractive {

/// Scores by position of the sentence; the best is 1, all are in 0-1.
struct Ranking {
  TermVectors vectors;
  std::vector<double> scores;
  std::vector<std::uint32_t> sections; ///< Of each sentence: a choice spreads over them.
  double sectionCost = 0.1;            ///< Taken off for each sentence that a section has given already.
};

/// `focus` is what the reader asked for; sentences about it rise. Cost: about
/// the square of the sentences that share terms; 100 KB take some 30 ms.
Ranking rankSentences(const Document &document, std::string_view focus);

/// The same for statements that stand for themselves: sections are their sources, and no place is better than another
/// but the first of each source.
Ranking rankUnits(const Document &units, std::string_view focus);

/// Random walk over `similarities` with restart, by power iteration; sums to 1.
/// Given to tests and to the keyword graph.
struct Edge {
  std::uint32_t from = 0, to = 0;
  double weight = 0;
};
std::vector<double> randomWalk(std::size_t nodeCount, const std::vector<Edge> &edges);

/// Up to `count` sentences, best first, no two of which say the same, none of
/// `excluded` or like one of them, and none worth less than a fifth of the best.
std::vector<std::size_t> chooseSentences(const Ranking &ranking, std::size_t count,
                                         const std::vector<std::size_t> &excluded = {}, double repetitionWeight = 0.4);

/// How well a sentence reads without its neighbours, 0-1: whole, of ordinary
/// length, no "This …" that points back, no addresses, dates, mere legal notice.
double standsAlone(const Sentence &sentence);

/// Whether a sentence near the top says what the text or its subject is: "Git is a …", "This document describes …".
/// `subject` names it.
bool tellsWhatItIs(const Document &document, std::size_t index, std::string_view subject);

/// Whether a sentence says what `subject`, a title, is, or what "this document" does.
bool definesSubject(std::string_view text, std::string_view subject);

/// How much its place promises, 0-1: openings of the text and of sections, and
/// sections that introduce; least for references, addresses and appendices.
double placeValue(const Document &document, std::size_t index);

} // namespace weft::extractive
