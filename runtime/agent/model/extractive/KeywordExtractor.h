//===- KeywordExtractor.h - The words and phrases that name a subject -----===//
#pragma once

#include "runtime/agent/model/extractive/Document.h"

#include <cstddef>
#include <string>
#include <vector>

namespace weft::extractive {

struct Keyword {
  std::string phrase; ///< As the text writes it most often.
  double score = 0;   ///< 1 for the best.
  std::size_t count = 0;
};

/// Up to `count` phrases of one to five words, best first; none is part of
/// another that is listed. Words are ranked by a walk over what stands beside
/// what (TextRank), phrases by their words and by how often they are used as
/// one. Words of headings and the title count more. Cost: linear in words.
std::vector<Keyword> keywordsOf(const Document &document, std::size_t count);

} // namespace weft::extractive
