//===- TestPool.cpp - Tests of many specs, side by side -------------------===//

#include "runtime/cli/TestPool.h"

#include "runtime/cli/Companion.h"
#include "runtime/cli/testing/TestRun.h"
#include "runtime/frame/RunLoop.h"
#include "runtime/io/Command.h"

#include <algorithm>
#include <deque>
#include <optional>

namespace weft::cli {
namespace {

/// Children for each job, so that a long one does not leave the others idle.
constexpr std::size_t sharesPerJob = 4;
/// A child tells at most so much, and lives at most so long.
constexpr std::uint64_t maxOutputBytes = 256 << 20;
constexpr io::Duration timeout = std::chrono::hours(6);

std::string nameOf(const TestSuite &suite, std::size_t at) {
  return std::string(titleOf(suite.plan->entries[suite.tests[at]]));
}

bool runHere(io::AsioRuntime &runtime, const std::vector<TestSuite> &suites,
             const std::function<void(TestResult)> &tell) {
  for (const TestSuite &suite : suites)
    for (std::size_t at = 0; at < suite.tests.size(); ++at) {
      io::Instant begin = runtime.doors().clock.now();
      Verdict verdict = runTest(runtime, suite.plan, suite.tests[at], suite.folder);
      auto took = std::chrono::duration_cast<std::chrono::milliseconds>(runtime.doors().clock.now() - begin);
      tell({suite.file, nameOf(suite, at), verdict.passed, static_cast<std::uint64_t>(took.count()), verdict.kills,
            std::move(verdict.why)});
    }
  return true;
}

/// Some tests of one spec in a child of this program.
struct Share {
  const TestSuite *suite;
  std::size_t first, count;
  std::unique_ptr<io::Command> child;
  std::optional<io::CommandResult> ended;
};

class Pool {
public:
  Pool(io::AsioRuntime &runtime, const std::vector<std::string> &options) : runtime(runtime), options(options) {}

  bool run(const std::vector<TestSuite> &suites, std::size_t jobs, const std::function<void(TestResult)> &tell) {
    std::size_t tests = 0;
    for (const TestSuite &suite : suites)
      tests += suite.tests.size();
    std::size_t most = std::max<std::size_t>(1, tests / (jobs * sharesPerJob));
    for (const TestSuite &suite : suites)
      for (std::size_t first = 0; first < suite.tests.size(); first += most)
        shares.push_back({&suite, first, std::min(most, suite.tests.size() - first), nullptr, {}});
    std::size_t begun = 0;
    for (std::size_t told = 0; told < shares.size(); ++told) {
      runtime.runUntil([&] {
        while (begun < shares.size() && running < jobs)
          begin(shares[begun++]);
        return shares[told].ended.has_value();
      });
      if (!shares[told].ended)
        return false;
      for (TestResult &result : resultsOf(shares[told]))
        tell(std::move(result));
      shares[told].ended.reset();
    }
    return true;
  }

private:
  void begin(Share &share) {
    io::CommandSpec spec;
    spec.program.program = runtime.doors().process.programFolder() + "/weft";
    spec.program.arguments = {"test", "--json", "--jobs", "1"};
    spec.program.arguments.insert(spec.program.arguments.end(), options.begin(), options.end());
    spec.program.arguments.insert(spec.program.arguments.end(), {"--", share.suite->file});
    for (std::size_t at = 0; at < share.count; ++at)
      spec.program.arguments.push_back(nameOf(*share.suite, share.first + at));
    spec.program.environment = inherited(runtime.doors(), frame::environmentNames(*share.suite->plan));
    spec.timeout = timeout;
    spec.maxOutputBytes = maxOutputBytes;
    ++running;
    auto child = io::startCommand(runtime.doors(), std::move(spec), [this, &share](io::CommandResult result) {
      --running;
      share.ended = std::move(result);
    });
    if (child) {
      share.child = *std::move(child);
      return;
    }
    --running;
    share.ended.emplace();
    auto words = base::bytesOf(child.error().message);
    share.ended->errors.assign(words.begin(), words.end());
  }

  /// One for each test, whatever became of the child.
  std::vector<TestResult> resultsOf(const Share &share) {
    std::vector<TestResult> results;
    std::string_view lines = base::textOf(share.ended->output);
    while (results.size() < share.count && !lines.empty()) {
      std::string_view line = lines.substr(0, lines.find('\n'));
      lines.remove_prefix(std::min(lines.size(), line.size() + 1));
      auto read = readJsonLine(line);
      if (!read)
        break;
      results.push_back(*std::move(read));
    }
    while (results.size() < share.count)
      results.push_back({share.suite->file, nameOf(*share.suite, share.first + results.size()), false, 0, 0,
                         whyWithout(*share.ended)});
    return results;
  }

  static std::string whyWithout(const io::CommandResult &result) {
    std::string words(base::textOf(result.errors));
    while (words.ends_with('\n'))
      words.pop_back();
    std::string how = result.timedOut           ? "took more than 6 hours"
                      : result.exit.signal != 0 ? "was ended by signal " + std::to_string(result.exit.signal)
                                                : "ended with code " + std::to_string(result.exit.code);
    return "the process of the test " + how + " before it gave a verdict" + (words.empty() ? "" : "\n" + words);
  }

  io::AsioRuntime &runtime;
  const std::vector<std::string> &options;
  std::deque<Share> shares;
  std::size_t running = 0;
};

} // namespace

bool runTests(io::AsioRuntime &runtime, const std::vector<TestSuite> &suites, std::size_t jobs,
              const std::vector<std::string> &options, const std::function<void(TestResult)> &tell) {
  return jobs <= 1 ? runHere(runtime, suites, tell) : Pool(runtime, options).run(suites, jobs, tell);
}

} // namespace weft::cli
