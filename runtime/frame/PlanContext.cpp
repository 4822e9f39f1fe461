//===- PlanContext.cpp - What all runs of one plan share ------------------===//

#include "runtime/frame/Run.h"

#include "runtime/base/Limits.h"

#include <algorithm>

namespace weft::frame {
namespace {

// Where a plan sets no limit. Frames and depth bound memory: a frame of a large block is a few KiB.
constexpr std::uint64_t defaultFrames = 1'000'000;
constexpr std::uint64_t defaultDepth = 10'000;
// A run of a year at one step a second is 31 million steps.
constexpr std::uint64_t defaultSteps = 100'000'000;
constexpr std::uint64_t defaultJournalBytes = 16ull << 30;

std::uint64_t limitOr(std::uint64_t limit, std::uint64_t otherwise) { return limit > 0 ? limit : otherwise; }

} // namespace

PlanContext::PlanContext(std::shared_ptr<const plan::Plan> shared, bool unordered)
    : plan(std::move(shared)), evaluator(plan->program()), permits(plan->bindings.size()),
      maxFrames(limitOr(plan->limits.frames, defaultFrames)),
      maxDepth(std::min<std::uint64_t>(limitOr(plan->limits.depth, defaultDepth), UINT16_MAX)),
      maxSteps(limitOr(plan->limits.steps, defaultSteps)),
      maxJournalBytes(limitOr(plan->limits.journalBytes, defaultJournalBytes)),
      maxValueBytes(std::min(limitOr(plan->limits.valueBytes, base::maxDocumentBytes), base::maxDocumentBytes)),
      fuel(limitOr(plan->limits.fuel, base::defaultFuel)), unordered(unordered) {
  for (std::size_t i = 0; i < permits.size(); ++i) {
    permits[i].concurrency = plan->bindings[i].concurrency;
    permits[i].ratePerMin = plan->bindings[i].ratePerMin;
  }
  for (const plan::Member &member : plan->members)
    undoes |= member.undo != plan::noIndex;
  for (const plan::Block &block : plan->blocks) {
    auto start = static_cast<std::uint32_t>(first.size());
    std::uint32_t index = 0;
    for (const plan::Node &node : plan->nodesOf(block)) {
      if (missing(node) == 0)
        first.push_back(index);
      ++index;
    }
    firstNodes.emplace_back(start, static_cast<std::uint32_t>(first.size()) - start);
  }
}

} // namespace weft::frame
