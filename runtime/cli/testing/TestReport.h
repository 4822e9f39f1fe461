//===- TestReport.h - Verdicts for people, scripts and build servers ------===//
#pragma once

#include "runtime/base/Result.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace weft::cli {

/// What became of one test.
struct TestResult {
  std::string file; ///< As it was named on the command line, or below the folder that was.
  std::string test; ///< Its title.
  bool passed = false;
  std::uint64_t milliseconds = 0;
  std::uint64_t kills = 0; ///< Lives that `crash everywhere` cut short.
  std::string why;         ///< What failed, for people; empty when it passed.
};

/// "ok      a name (3 ms)" and, below a failure, why it failed. Ends with a newline.
std::string textOf(const TestResult &result);

/// One line of JSON: an object of the fields above, in their order.
std::string jsonLineOf(const TestResult &result);
/// Reads what `jsonLineOf` gave. Errors: `invalid`, with the place.
base::Result<TestResult> readJsonLine(std::string_view line);

/// A document that build servers read: a `testsuite` for each file with a `testcase` for each test, as Ant's JUnit task
/// writes it. `results` of one file stand together. What XML cannot hold is written as U+FFFD.
std::string junitOf(std::span<const TestResult> results);

} // namespace weft::cli
