//===- Extractive.h - The model that needs nothing ------------------------===//
#pragma once

#include "runtime/agent/model/extractive/RecordFiller.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::extractive {

struct Question {
  std::string_view system, prompt;
  const value::TypeTable *types = nullptr;
  std::optional<value::TypeId> type; ///< What to answer with; without it a text.
  Holds holds;                       ///< Answers for the `where`s of `type`.
  std::int64_t maxTokensOut = 0;     ///< 0: no limit.
};

struct Answer {
  std::string text; ///< JSON of the type, or the text.
  std::int64_t tokensIn = 0, tokensOut = 0;
};

/// Pure: the same question has the same answer, on every machine. Errors: as fillValue; `limit` when even the shortest
/// answer is longer than `maxTokensOut`. Cost: some 40 ms for 100 KB of prompt.
base::Result<Answer> answer(const Question &question);

} // namespace weft::extractive
