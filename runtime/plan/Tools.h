//===- Tools.h - Members that a model may have called first ---------------===//
//
// A member of a model may have other members called before it answers. Which ones
// stands in the settings of its binding: `tools.` and the member's name, a list of
// numbers of members. A plan that holds such a setting names feature `tools`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <vector>

namespace weft::plan {

inline constexpr std::string_view toolsSetting = "tools.";
inline constexpr std::string_view toolsFeature = "tools";

/// Of a member; empty for all that are no models' or have none.
std::vector<std::uint32_t> toolsOf(const Plan &plan, std::uint32_t member);

/// What is wrong with the tools of a binding; empty: nothing.
std::string wrongTools(const Plan &plan, const Binding &binding);

} // namespace weft::plan
