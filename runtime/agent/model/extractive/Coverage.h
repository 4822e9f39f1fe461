//===- Coverage.h - What a brief of many records must speak of ------------===//
#pragma once

#include "runtime/agent/model/extractive/Material.h"

#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

/// As many of the weightiest phrases are asked of a brief.
inline constexpr std::size_t mainPhraseCount = 10;
/// Statements that a revised brief is chosen to have; see `coveringOrder`.
inline constexpr std::size_t coveringStatements = 8;

/// The weightiest phrases that statements of the material say; a phrase of titles alone is none of them.
std::vector<std::string> mainPhrases(const Material &material);

/// Whether all words of `phrase` occur in `text`, by their stems.
bool says(std::string_view text, std::string_view phrase);

/// The material's order with statements first that together say the main phrases: what a draft that left some of them
/// out is revised to. Those of the draft come before others that say as much.
std::vector<std::size_t> coveringOrder(const Material &material);

} // namespace weft::extractive
