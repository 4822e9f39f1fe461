//===- Trial.h - One program, run every way that there is -----------------===//
#pragma once

#include "runtime/cli/testing/TestLife.h"
#include "runtime/io/AsioRuntime.h"
#include "test/integration/generated/Compile.h"

#include <map>
#include <string>

namespace weft::generated {

struct Finding {
  /// What is wrong, in words that two programs with the same fault share: "the result differs with passes". Empty when
  /// all ways agree.
  std::string what;
  std::string details;
};

struct TrialOptions {
  /// Moments of death at most, spread over the run; all where there are fewer.
  std::uint64_t deaths = 40;
};

/// What a number of trials went through.
struct Tally {
  std::uint64_t programs = 0, kills = 0, calls = 0, callsWithPasses = 0, writes = 0, failures = 0, caught = 0;
  std::map<std::string, std::uint64_t> constructs; ///< Of how many programs each is a part.
};

class Laboratory {
public:
  /// The interpreter = without passes = with all passes = killed at each record and resumed; the same writes in the
  /// order that the language demands; passes make no call more.
  Finding judge(const std::string &text, const TrialOptions &options, Tally *tally = nullptr);

private:
  struct Way;
  cli::TestEnd live(const std::shared_ptr<const plan::Plan> &plan, std::optional<cli::Death> death);

  io::AsioRuntime runtime;
  std::unique_ptr<Compiler> compiler;
  unsigned compiled = 0;
};

} // namespace weft::generated
