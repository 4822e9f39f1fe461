//===- Example.h - A compiled program with what it is run on --------------===//
//
// A folder with `main.weft`, its files, and `crash.json` as for the sweep of
// real processes (test/integration/crash): inputs, answers, environment. The
// plan is what weftc made of it when the tests were built.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace weft::test {

/// Where the project lies on the simulated disk.
inline constexpr const char *projectFolder = "/project";

struct Example {
  std::string name;
  std::string spec; ///< Path of the source on the real disk.
  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t entry = 0;
  std::vector<value::Value> args;
  std::vector<std::string> answers; ///< As a person types them, in the order of the questions.
  std::vector<std::pair<std::string, std::string>> environment;
  std::map<std::string, std::string> files; ///< By path on the simulated disk.

  /// "docs.read".
  std::string nameOf(std::uint32_t member) const;
};

/// The examples by name, each loaded once: "00-spine", "01-brief", "writes". Asserts that they are there and whole.
const Example &example(const std::string &name);

} // namespace weft::test
