//===- RandomPlan.h - Plans from a seed, and what they must give ----------===//
//
// A seed gives a small program as a tree; from the tree come the plan (through
// PlanBuilder) and its meaning (by walking the tree, one thing after another,
// without plan, frames, words or evaluator). Where timing may decide, the walk
// asks the journal what was decided and holds it against what was possible.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/simulation/frame/FrameWorld.h"

#include <memory>
#include <optional>
#include <string>

namespace weft::test {

struct RandomProgram;

class RandomPlan {
public:
  explicit RandomPlan(std::uint64_t seed);
  ~RandomPlan();

  std::shared_ptr<const plan::Plan> plan;

  /// The calls that the program makes answer the same whenever they are asked the same.
  void scripts(FrameWorld &world) const;
  std::vector<value::Value> args() const;
  /// What is wrong with this end, given what the journal of the world decided; nothing when it is right.
  std::optional<std::string> judge(const FrameWorld &world, const Ended &ended) const;

private:
  std::unique_ptr<RandomProgram> program;
};

} // namespace weft::test
