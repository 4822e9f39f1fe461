//===- Learning.h - A training as people follow it ------------------------===//
//
// Of each gang that reports: where it is, its numbers, how fast it goes and when
// it will be done. Lines over time, so that a curve can be read off a terminal or
// a log; and a line of JSON for each step where somebody streams.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/gang/GangRunner.h"
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

  /// A gang is about to begin, at steady time `nowNs`: lines that name what it learns from, and where it goes on.
  std::vector<std::string> begun(std::uint64_t id, std::uint32_t gang, const gang::GangBegin &begin,
                                 std::int64_t nowNs);
  /// Takes what a gang told at steady time `nowNs` and gives the lines that are due: about twenty over all steps, and
  /// one for each evaluation. `id` tells one training of a gang from another.
  std::vector<std::string> told(std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports,
                                std::int64_t nowNs);
  /// "lm: step 120 of 2,000, loss 2.345, 51,200 tokens/s, 3m12s left", of the one that told last; empty: nobody has.
  std::string live() const;

  /// A gang has given its results: a line of what came of it, where its steps were told.
  std::vector<std::string> ended(std::uint32_t gang, std::int64_t nowNs);

  /// {"gang":"lm","step":120,"loss":2.345}, and {"gang":"lm","step":120,"held_out":2.5,"bigram":2.75}.
  std::string jsonLine(std::uint64_t id, std::uint32_t gang, const gang::StepReport &report) const;
  /// {"gang":"lm","text":"data/*.txt","files":3,"bytes":1000,"held_out_bytes":100}, for each text, and
  /// {"gang":"lm","from_step":120,"steps":2000,"bigram":2.75}.
  std::vector<std::string> jsonLines(std::uint32_t gang, const gang::GangBegin &begin) const;

private:
  struct Course {
    std::uint32_t gang = 0;
    std::uint64_t beganStep = 0;           ///< Steps that were done when it began in this process.
    std::uint64_t firstStep = 0, step = 0; ///< Done when it first told, and when it last did.
    std::uint64_t shownStep = 0;           ///< Of the last line.
    std::int64_t beganNs = 0, firstNs = 0, nowNs = 0;
    std::string numbers;                   ///< Of the last step; empty: it has told nothing.
    std::optional<double> bigram, heldOut; ///< Nats per byte; the last evaluation's first number.
    bool ended = false;
  };
  std::string line(const Course &course) const;

  std::shared_ptr<const plan::Plan> plan;
  std::map<std::uint64_t, Course> courses;
  std::uint64_t last = 0;
};

} // namespace weft::cli
