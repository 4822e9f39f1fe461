//===- SumClassifier.h - Which case of a sum a text belongs to ------------===//
#pragma once

#include "runtime/agent/model/extractive/Material.h"
#include "runtime/value/Types.h"

#include <string_view>
#include <vector>

namespace weft::extractive {

/// Cases of `sum`, the likeliest first. A sum whose cases approve and disapprove (accept, revise, reject) is a verdict
/// on the draft: approving, then the mildest that disapproves. Any other sum goes by how much the words of a case - its
/// name, documentation and fields - occur in `text`; of equals the one declared first.
std::vector<std::size_t> rankCases(const value::Type &sum, const Material &material, std::string_view text);

/// Whether `sum` is a verdict.
bool isVerdict(const value::Type &sum);

} // namespace weft::extractive
