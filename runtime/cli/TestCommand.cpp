//===- TestCommand.cpp - weft test ----------------------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/Output.h"
#include "runtime/cli/Project.h"
#include "runtime/cli/TestPool.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

namespace weft::cli {
namespace {

const Usage &usage() {
  static const Usage text{
      "test",
      "[FILE|FOLDER] [NAME…]",
      "Runs the tests of a spec, or of all specs below a folder, or those named.",
      0,
      100'000,
      {{"--filter", "TEXT", "only tests in whose name the text stands"},
       {"--jobs", "N", "tests at a time; as many as there are processors without it"},
       {"--list", "", "only say which tests there are"},
       {"--json", "", "a line of JSON for each test, in place of text"},
       {"--junit", "REPORT", "also write the verdicts into this file, as build servers read them (JUnit XML)"},
       dimFlag,
       passesFlag},
      "Without FILE the current folder is meant. Each test has a journal in memory and a clock that jumps over waits. "
      "Calls\nare answered by its mocks, by `files` and by `extractive`; a call that nothing answers fails the "
      "test.\n\n"
      "Exit codes: 0 all passed, 1 a test failed, 2 a spec does not compile, or there is no such test, 3 interrupted."};
  return text;
}

/// Entries that are tests, in the order of the source.
std::vector<std::uint32_t> testsOf(const plan::Plan &plan) {
  std::vector<std::uint32_t> tests;
  for (std::uint32_t at = 0; at < plan.entries.size(); ++at)
    if (plan.entries[at].kind == plan::fb::EntryKind::test)
      tests.push_back(at);
  std::ranges::stable_sort(tests, {}, [&](std::uint32_t test) { return plan.at(plan.entries[test].span).line; });
  return tests;
}

/// All specs below the folder, sorted; what begins with a dot is not looked into.
base::Result<> specsBelow(io::Storage &storage, const std::string &folder, std::vector<std::string> &specs) {
  auto entries = storage.list(folder);
  if (!entries)
    return std::move(entries).error();
  for (const io::Entry &entry : *entries) {
    std::string path = folder == "." ? entry.name : folder + "/" + entry.name;
    if (entry.name.starts_with("."))
      continue;
    if (entry.kind == io::Entry::Kind::file && entry.name.ends_with(".weft"))
      specs.push_back(path);
    else if (entry.kind == io::Entry::Kind::folder)
      if (auto found = specsBelow(storage, path, specs); !found)
        return found;
  }
  return {};
}

/// Tests that a command line means.
class Choice {
public:
  Choice(const Arguments &arguments, bool many) : filter(arguments.value("--filter")), many(many) {
    for (std::size_t at = 1; at < arguments.words.size(); ++at)
      names[arguments.words[at]] = false;
  }

  void add(TestSuite suite) {
    for (const plan::Entry &entry : suite.plan->entries)
      if (entry.kind == plan::fb::EntryKind::workflow)
        workflows.insert(std::string(entry.name));
    std::vector<std::uint32_t> chosen;
    for (std::uint32_t test : testsOf(*suite.plan)) {
      std::string title(titleOf(suite.plan->entries[test]));
      titles.push_back(title);
      auto named = names.find(title);
      if (named != names.end())
        named->second = true;
      if ((names.empty() || named != names.end()) && title.find(filter) != std::string::npos)
        chosen.push_back(test);
    }
    suite.tests = std::move(chosen);
    if (!suite.tests.empty())
      suites.push_back(std::move(suite));
  }

  /// Errors: notFound, with what there is, where a name fits no test, or nothing is left.
  base::Result<std::vector<TestSuite>> take() {
    std::string list;
    for (const std::string &title : titles)
      list += "\n      " + title;
    for (auto &[name, found] : names)
      if (!found) {
        std::string_view meant = nearest(name, {titles.begin(), titles.end()});
        return base::error(base::Code::notFound,
                           "there is no test \"" + name + "\"" +
                               (workflows.contains(name) ? ": it is a workflow, which `weft run` runs"
                                : meant.empty()          ? ""
                                                         : ", did you mean \"" + std::string(meant) + "\"?") +
                               (list.empty() ? "" : "; there are:" + list));
      }
    if (titles.empty())
      return base::error(base::Code::notFound, std::string(many ? "no spec has a test" : "the spec has no test") +
                                                   "; one is `test \"what holds\" { … }`");
    if (suites.empty())
      return base::error(base::Code::notFound, "no test has '" + filter + "' in its name; there are:" + list);
    return std::move(suites);
  }

private:
  std::string filter;
  bool many;                         ///< Specs of a folder.
  std::map<std::string, bool> names; ///< Whether some test is called so.
  std::vector<std::string> titles;
  std::set<std::string> workflows;
  std::vector<TestSuite> suites;
};

base::Result<std::size_t> jobsOf(const Arguments &arguments, std::size_t tests, std::size_t processors) {
  std::size_t jobs = processors;
  if (arguments.has("--jobs")) {
    std::string text = arguments.value("--jobs");
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), jobs);
    if (failure != std::errc() || end != text.data() + text.size() || jobs == 0 || jobs > 1000)
      return base::error(base::Code::invalid, "--jobs: expected a number from 1 to 1000, found '" + text + "'");
  }
  // A process for a handful of tests takes longer than the tests.
  constexpr std::size_t fewTests = 8;
  return tests <= fewTests && !arguments.has("--jobs") ? 1 : std::min(jobs, tests);
}

int run(const Arguments &arguments, io::AsioRuntime &runtime) {
  io::Storage &storage = runtime.doors().storage;
  std::string where = arguments.words.empty() ? "." : arguments.words[0];
  auto entry = storage.stat(where);
  bool folder = entry && entry->kind == io::Entry::Kind::folder;
  std::vector<std::string> specs{where};
  if (folder) {
    specs.clear();
    if (auto found = specsBelow(storage, where, specs); !found)
      return say(found.error().message);
    if (specs.empty())
      return say("there is no spec (.weft) below '" + where + "'");
  }
  Choice choice(arguments, folder);
  bool compiled = true;
  for (const std::string &spec : specs) {
    auto plan = openPlan(runtime, spec, compilerOptions(arguments), Keep::ifPossible);
    if (plan)
      choice.add({spec, projectOf(spec).folder, *std::move(plan), {}});
    else if (say(plan.error().message); !folder)
      return refused;
    else
      compiled = false;
  }
  auto suites = choice.take();
  if (!suites)
    return say(suites.error().message);
  std::size_t tests = 0, failed = 0;
  for (const TestSuite &suite : *suites)
    tests += suite.tests.size();
  bool json = arguments.has("--json");
  if (arguments.has("--list")) {
    for (const TestSuite &suite : *suites)
      for (std::uint32_t test : suite.tests)
        put((folder ? suite.file + ": " : "") + std::string(titleOf(suite.plan->entries[test])) + "\n");
    return compiled ? done : refused;
  }
  auto jobs = jobsOf(arguments, tests, runtime.doors().process.processors());
  if (!jobs)
    return say(jobs.error().message);
  std::vector<TestResult> results;
  bool whole = runTests(runtime, *suites, *jobs, compilerOptions(arguments), [&](TestResult result) {
    if (!json && folder && (results.empty() || results.back().file != result.file))
      put(result.file + "\n");
    put(json ? jsonLineOf(result) : textOf(result));
    outputTrouble(); // Each verdict when it is known.
    failed += !result.passed;
    results.push_back(std::move(result));
  });
  if (arguments.has("--junit"))
    if (auto written = io::writeWhole(storage, arguments.value("--junit"), base::bytesOf(junitOf(results))); !written)
      return say(std::move(written).error().in("--junit").message);
  if (!whole)
    return say("interrupted after " + std::to_string(results.size()) + " of " + std::to_string(tests) + " tests",
               interrupted);
  if (!json)
    put(std::to_string(tests - failed) + " passed, " + std::to_string(failed) + " failed\n");
  return !compiled ? refused : failed > 0 ? runFailed : done;
}

} // namespace

const Command testCommand{usage, run};

} // namespace weft::cli
