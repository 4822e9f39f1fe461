//===- MockAnswer.h - What a mock of a test answers -----------------------===//
//
// A mock is a function of the plan over the arguments of the call that it stands
// for. One that takes an argument more is told its turn, how often the same thing
// was called before, and gives more than a value: a tuple of
//
//   list<T>   the value, or nothing where it fails
//   int       -1, or the kind of failure
//   string    why it fails
//   duration  how long the answer takes
//   int, int  tokens of input and of output
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/plan/Plan.h"
#include "runtime/value/Evaluator.h"

#include <optional>
#include <string_view>
#include <vector>

namespace weft::plan {

/// Provider of bindings whose members stand for agents and workflows of the program.
inline constexpr std::string_view mockProvider = "mock";
/// Of a binding whose member is what a test asks about its calls, "calls docs.read".
inline constexpr std::string_view asksProvider = "asks";

struct MockAnswer {
  std::optional<value::Value> value; ///< Nothing where it fails.
  base::Failure failure;
  std::int64_t delayNs = 0, tokensIn = 0, tokensOut = 0;
};

/// What the mock says to a call with these arguments. A function that cannot be evaluated, or gives something else than
/// the above, answers with that failure.
MockAnswer answerOf(const Plan &plan, const Mock &mock, std::vector<value::Value> arguments, std::int64_t turn,
                    value::Evaluator &evaluator, std::uint64_t fuel);

} // namespace weft::plan
