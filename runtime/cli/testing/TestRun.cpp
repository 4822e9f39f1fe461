//===- TestRun.cpp - One test of a spec, from its start to its verdict ----===//

#include "runtime/cli/testing/TestRun.h"

#include "runtime/cli/testing/CrashRules.h"
#include "runtime/cli/testing/TestLife.h"

namespace weft::cli {
namespace {

std::string placeOf(const plan::Plan &plan, const plan::Entry &entry) {
  plan::SourceSpan place = plan.at(entry.span);
  return place.file.empty() ? std::string() : std::string(place.file) + ":" + std::to_string(place.line) + ": ";
}

/// Empty when the test passed. An assert of the test itself says where it stands; anything else is told with the place
/// of the test and the step that failed.
std::string whyOf(const plan::Plan &plan, const plan::Entry &entry, const TestEnd &end) {
  if (!end.unanswered.empty())
    return placeOf(plan, entry) + end.unanswered;
  if (!end.stuck.empty())
    return placeOf(plan, entry) + end.stuck;
  if (end.run.state == frame::EndState::succeeded)
    return "";
  const std::string &why = end.run.failure.why;
  if (end.run.step == entry.name && why.find(": assert") != std::string::npos)
    return why;
  return placeOf(plan, entry) + end.run.step + " failed: " + base::name(end.run.failure.kind) + ": " + why;
}

} // namespace

Verdict runTest(io::AsioRuntime &runtime, std::shared_ptr<const plan::Plan> plan, std::uint32_t index,
                const std::string &folder) {
  const plan::Entry &entry = plan->entries[index];
  TestWorld world(runtime, plan, index, folder);
  TestEnd whole = world.live({});
  Verdict verdict;
  verdict.why = whyOf(*plan, entry, whole);
  if (verdict.why.empty() && entry.crashEverywhere) {
    for (std::uint64_t records = 1; records <= whole.records && verdict.why.empty(); ++records)
      for (bool atNext : {false, true}) {
        // Behind the last record there is nothing more to write.
        if (atNext && records == whole.records)
          continue;
        TestWorld again(runtime, plan, index, folder);
        TestEnd end = again.live(Death{records, atNext});
        ++verdict.kills;
        std::string broken = brokenCrashRule(*plan, whole, end);
        if (!broken.empty()) {
          verdict.why = placeOf(*plan, entry) + "killed " + (atNext ? "before record " : "after record ") +
                        std::to_string(atNext ? records + 1 : records) + " of " + std::to_string(whole.records) +
                        " and resumed: " + broken;
          break;
        }
      }
  }
  verdict.passed = verdict.why.empty();
  return verdict;
}

} // namespace weft::cli
