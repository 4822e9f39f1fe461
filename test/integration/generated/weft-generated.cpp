//===- weft-generated.cpp - Generated programs, each run every way --------===//
//
//   weft-generated FIRST COUNT [--deaths N] [--covered N]   the programs of these seeds
//   weft-generated --print SEED                             one of them
//   weft-generated --judge FILE                             any program with a test "generated" that calls probe.done
//
// Exit code 0 when all ways agree, 1 when not, 2 for a command line that is wrong. What differs is printed in its
// smallest form, with the command that shows it again.
//
//===----------------------------------------------------------------------===//

#include "test/integration/generated/Generator.h"
#include "test/integration/generated/Shrink.h"
#include "test/integration/generated/Trial.h"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>

using namespace weft::generated;

namespace {

/// What programs must be made of, lest the generator grow stale.
constexpr const char *wanted[] = {"assert",
                                  "budget",
                                  "cache none_",
                                  "cache run",
                                  "call of a fn",
                                  "call of a generic fn",
                                  "call of a tool",
                                  "call of a workflow",
                                  "call of an agent",
                                  "case with fields",
                                  "copy",
                                  "depth",
                                  "effect read",
                                  "effect write",
                                  "effect write idempotent",
                                  "fail",
                                  "for",
                                  "hedge",
                                  "if",
                                  "index",
                                  "lambda",
                                  "loop",
                                  "loop without else",
                                  "map",
                                  "match",
                                  "op branch",
                                  "op call",
                                  "op eval",
                                  "op fail",
                                  "op get",
                                  "op invoke",
                                  "op loop",
                                  "op map",
                                  "op once",
                                  "op once by key",
                                  "op race",
                                  "op try_",
                                  "op vote",
                                  "parallel",
                                  "pattern _",
                                  "pattern case",
                                  "pattern failure",
                                  "pattern failure kind",
                                  "pattern literal",
                                  "pattern name",
                                  "pattern none",
                                  "pattern record",
                                  "pattern some",
                                  "pattern tuple",
                                  "quantity",
                                  "race",
                                  "record",
                                  "retry",
                                  "retry_on",
                                  "timeout",
                                  "try",
                                  "tuple",
                                  "tuple index",
                                  "vote",
                                  "with",
                                  "`failing`",
                                  "`enumerate`",
                                  "`filter`",
                                  "`flatten`",
                                  "`map`",
                                  "`reduce`",
                                  "`sort`",
                                  "`to_json`",
                                  "`zip`"};

/// A run of many seeds tells of so many faults and no more.
constexpr int maxFaults = 5;

int judgeFile(const std::string &path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << "weft-generated: cannot read '" << path << "'\n";
    return 2;
  }
  std::stringstream text;
  text << file.rdbuf();
  Finding found = Laboratory().judge(text.str(), {.deaths = 1000});
  std::cout << (found.what.empty() ? "all ways agree" : found.what + "\n" + found.details) << "\n";
  return found.what.empty() ? 0 : 1;
}

void tell(std::uint64_t seed, const std::string &text, const Finding &found, const TrialOptions &options) {
  Laboratory laboratory;
  if (found.what == "the program is refused") { // whatever is left out of it
    std::cout << "seed " << seed << ": " << found.what << "\n" << found.details << std::flush;
    return;
  }
  std::string small = shrink(
      text, [&](const std::string &candidate) { return laboratory.judge(candidate, options).what == found.what; });
  Finding shown = laboratory.judge(small, options);
  std::cout << "seed " << seed << ": " << found.what << "\n"
            << shown.details << "\n----\n"
            << small << "----\nagain: weft-generated " << seed << " 1; whole: weft-generated --print " << seed << "\n"
            << std::flush;
}

int judgeSeeds(std::uint64_t first, std::uint64_t count, const TrialOptions &options, std::uint64_t covered) {
  auto begin = std::chrono::steady_clock::now();
  Laboratory laboratory;
  Tally tally;
  std::map<std::string, int> kinds;
  int faults = 0;
  for (std::uint64_t seed = first; seed < first + count && faults < maxFaults; ++seed) {
    std::string text = generate(seed);
    Finding found = laboratory.judge(text, options, &tally);
    if (found.what.empty())
      continue;
    ++faults;
    if (kinds[found.what]++ == 0)
      tell(seed, text, found, options);
    else
      std::cout << "seed " << seed << ": " << found.what << "\n";
  }
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  for (auto &[name, number] : tally.constructs)
    std::cout << name << " " << number << "; ";
  for (const char *name : wanted)
    if (std::uint64_t number = tally.constructs[name]; number < covered) {
      std::cout << "\ntoo few: " << name << " is part of " << number << " programs, wanted " << covered;
      ++faults;
    }
  std::printf("\n%llu programs, %llu kills, %llu calls without passes and %llu with them, %llu writes, %llu tests "
              "fail, in %llu "
              "something is caught; %.1f s\n",
              static_cast<unsigned long long>(tally.programs), static_cast<unsigned long long>(tally.kills),
              static_cast<unsigned long long>(tally.calls), static_cast<unsigned long long>(tally.callsWithPasses),
              static_cast<unsigned long long>(tally.writes), static_cast<unsigned long long>(tally.failures),
              static_cast<unsigned long long>(tally.caught), took.count());
  return faults > 0 ? 1 : 0;
}

} // namespace

int main(int argc, char **argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() == 2 && arguments[0] == "--judge")
    return judgeFile(arguments[1]);
  if (arguments.size() == 2 && arguments[0] == "--print") {
    std::cout << generate(std::strtoull(arguments[1].c_str(), nullptr, 10));
    return 0;
  }
  TrialOptions options;
  std::uint64_t covered = 0;
  std::vector<std::uint64_t> numbers;
  for (std::size_t at = 0; at < arguments.size(); ++at)
    if ((arguments[at] == "--deaths" || arguments[at] == "--covered") && at + 1 < arguments.size()) {
      std::uint64_t &option = arguments[at] == "--deaths" ? options.deaths : covered;
      option = std::strtoull(arguments[++at].c_str(), nullptr, 10);
    } else {
      numbers.push_back(std::strtoull(arguments[at].c_str(), nullptr, 10));
    }
  if (numbers.size() != 2) {
    std::cerr << "weft-generated: wanted FIRST COUNT [--deaths N] [--covered N], --print SEED or --judge FILE\n";
    return 2;
  }
  return judgeSeeds(numbers[0], numbers[1], options, covered);
}
