//===- Judge.h - Whether a draft will do, by what can be measured ---------===//
#pragma once

#include "runtime/agent/model/extractive/Material.h"

#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

// What a draft is held to.
inline constexpr std::size_t fewestPoints = 3;
inline constexpr std::size_t mostSummaryWords = 220; ///< A page's opening; beyond it nobody calls it a summary.
inline constexpr double sameShare = 0.75;            ///< Two points alike to this cosine say the same.
inline constexpr double leastCoverage = 0.8;         ///< Of the material's weightiest phrases.
inline constexpr std::size_t fewestSources = 5;      ///< Or all there are.

struct Verdict {
  bool accepted = false;
  double score = 0;                ///< Share of the measures that hold, 0-1.
  std::vector<std::string> faults; ///< One clause each, with what was found and what was wanted.

  /// The faults as one sentence; for an accepted draft what speaks for it.
  std::string why() const;
  std::string praise;
};

/// Judges the draft of the material (the record beside the notes, or the one record, or the text itself): enough
/// points, none said twice, of readable length, the notes' main phrases and sources covered, each point with its
/// source. What the draft has no field for is not asked.
Verdict judge(const Material &material);

/// Whether a case or field of this name says yes (accept, ok, good) or no (revise, reject, bad); 0 for neither.
int leaning(std::string_view name);

} // namespace weft::extractive
