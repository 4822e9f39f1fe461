//===- TestPool.h - Tests of many specs, side by side ---------------------===//
//
// A test runs on one thread and may fork workers, so tests run side by side in
// processes: children of this program, each with some tests of one spec. A
// child that dies takes only the test with it that it was at.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/cli/testing/TestReport.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/plan/Plan.h"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::cli {

/// A spec and those of its tests that are to be run.
struct TestSuite {
  std::string file, folder;
  std::shared_ptr<const plan::Plan> plan;
  std::vector<std::uint32_t> tests; ///< Entries of the plan, in the order of the report.
};

/// What the source calls it.
inline std::string_view titleOf(const plan::Entry &test) { return test.doc.empty() ? test.name : test.doc; }

/// Runs all tests, `jobs` at a time, and calls `tell` with each result in the order of the suites, as early as that
/// order allows; with one job in this process. `options` are what the specs are compiled with. False: interrupted.
bool runTests(io::AsioRuntime &runtime, const std::vector<TestSuite> &suites, std::size_t jobs,
              const std::vector<std::string> &options, const std::function<void(TestResult)> &tell);

} // namespace weft::cli
