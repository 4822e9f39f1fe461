//===- Learning.h - A training as people follow it ------------------------===//
//
// Of each gang that reports: where it is, its numbers, how fast it goes and when
// it will be done. Lines over time, so that a curve can be read off a terminal or
// a log; and a line of JSON for each step where somebody streams.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/gang/Message.h"
#include "runtime/plan/Plan.h"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace weft::cli {

class Learning {
public:
  explicit Learning(std::shared_ptr<const plan::Plan> plan) : plan(std::move(plan)) {}

  /// Takes what a gang told at steady time `nowNs` and gives the lines that are due: about twenty over all steps, and
  /// one for each evaluation. `id` tells one training of a gang from another.
  std::vector<std::string> told(std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports,
                                std::int64_t nowNs);
  /// "lm: step 120 of 2,000, loss 2.345, 51,200 tokens/s, 3m12s left", of the one that told last; empty: nobody has.
  std::string live() const;

  /// {"gang":"lm","step":120,"loss":2.345}
  static std::string jsonLine(const plan::Plan &plan, std::uint32_t gang, const gang::StepReport &report);

private:
  struct Course {
    std::uint32_t gang = 0;
    std::uint64_t firstStep = 0, step = 0,
                  shownStep = 0; ///< Steps that were done when it was first heard of; last heard of; last shown.
    std::int64_t firstNs = 0, nowNs = 0;
    std::string numbers; ///< Of the last step.
  };
  std::string line(const Course &course) const;

  std::shared_ptr<const plan::Plan> plan;
  std::map<std::uint64_t, Course> courses;
  std::uint64_t last = 0;
};

} // namespace weft::cli
