//===- TestCommand.cpp - weft test ----------------------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/Output.h"
#include "runtime/cli/Project.h"
#include "runtime/cli/testing/TestRun.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <span>

namespace weft::cli {
namespace {

/// Of a line of what failed; values may be documents.
constexpr std::size_t maxLineBytes = 400;

const Usage &usage() {
  static const Usage text{
      "test",
      "FILE [NAME…]",
      "Runs the tests of a spec, or those named.",
      1,
      1000,
      {{"--dim", "NAME=SIZE", "size of a dimension, for the compiler", true}},
      "Each test has a journal in memory and a clock that jumps over waits. Calls are answered by its mocks, by "
      "`files`\n"
      "and by `extractive`; a call that nothing answers fails the test.\n\n"
      "Exit codes: 0 all passed, 1 a test failed, 2 the spec does not compile, or has no such test."};
  return text;
}

/// All tests in the order of the source, or those named.
base::Result<std::vector<std::uint32_t>> chooseTests(const plan::Plan &plan, std::span<const std::string> names) {
  std::vector<std::uint32_t> tests;
  std::vector<std::string_view> titles;
  for (std::uint32_t at = 0; at < plan.entries.size(); ++at)
    if (plan.entries[at].kind == plan::fb::EntryKind::test)
      tests.push_back(at);
  auto line = [&](std::uint32_t test) { return plan.at(plan.entries[test].span).line; };
  std::stable_sort(tests.begin(), tests.end(), [&](auto left, auto right) { return line(left) < line(right); });
  for (std::uint32_t test : tests)
    titles.push_back(plan.entries[test].name);
  if (tests.empty())
    return base::error(base::Code::notFound, "the spec has no test; one is `test \"what holds\" { … }`");
  std::vector<bool> wanted(tests.size(), names.empty());
  for (const std::string &name : names) {
    auto found = std::find(titles.begin(), titles.end(), name);
    if (found == titles.end()) {
      std::string_view meant = nearest(name, titles);
      std::string list;
      for (std::string_view title : titles)
        list += "\n      " + std::string(title);
      return base::error(base::Code::notFound,
                         "there is no test \"" + name + "\"" +
                             (meant.empty() ? "" : ", did you mean \"" + std::string(meant) + "\"?") +
                             "; there are:" + list);
    }
    wanted[found - titles.begin()] = true;
  }
  std::vector<std::uint32_t> chosen;
  for (std::size_t i = 0; i < tests.size(); ++i)
    if (wanted[i])
      chosen.push_back(tests[i]);
  return chosen;
}

std::string indented(const std::string &text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at), shown = value::cutTo(line, maxLineBytes);
    out += "        " + std::string(shown) + (shown.size() < line.size() ? "…" : "") + "\n";
    at = end + 1;
  }
  return out;
}

int run(const Arguments &arguments, io::AsioRuntime &runtime) {
  const std::string &file = arguments.words[0];
  auto plan = openPlan(runtime, file, arguments.all("--dim"), Keep::ifPossible);
  if (!plan)
    return say(plan.error().message);
  auto tests = chooseTests(**plan, std::span(arguments.words).subspan(1));
  if (!tests)
    return say(tests.error().message);
  std::size_t failed = 0;
  for (std::uint32_t test : *tests) {
    io::Instant begin = runtime.doors().clock.now();
    Verdict verdict = runTest(runtime, *plan, test, projectOf(file).folder);
    auto took = std::chrono::duration_cast<std::chrono::milliseconds>(runtime.doors().clock.now() - begin);
    failed += !verdict.passed;
    std::string kills = verdict.kills == 0 ? "" : ", killed " + std::to_string(verdict.kills) + " times";
    put((verdict.passed ? "ok      " : "FAILED  ") + std::string((*plan)->entries[test].name) + " (" +
        std::to_string(took.count()) + " ms" + kills + ")\n" + (verdict.passed ? "" : indented(verdict.why)));
    outputTrouble(); // Each verdict when it is known.
  }
  put(std::to_string(tests->size() - failed) + " passed, " + std::to_string(failed) + " failed\n");
  return failed > 0 ? runFailed : done;
}

} // namespace

const Command testCommand{usage, run};

} // namespace weft::cli
