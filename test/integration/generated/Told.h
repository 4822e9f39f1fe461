//===- Told.h - What a program does, by the reference ---------------------===//
#pragma once

#include "test/integration/generated/Compile.h"
#include "test/reference/workflow/Interpreter.h"

namespace weft::generated {

namespace reference = weft::reference::workflow;

/// A write that the reference made, in its order.
struct Write {
  std::string call; ///< t1.w(["a",3])
  std::vector<reference::Step> steps;
  /// A failure ended what held it: time decides whether it is made.
  bool maybe = false;
};

/// Whether the language says that `first` is made before `second`, which the reference made later.
bool isBefore(const Write &first, const Write &second);

struct Told {
  std::string result;                        ///< What `probe.done` was handed; empty where the test failed.
  std::optional<reference::Failure> failure; ///< Of the test.
  std::vector<Write> writes;
  bool anyFailure = false; ///< One happened, caught or not.
  std::string unsupported; ///< What the reference does not carry; empty mostly.
};

/// Runs the test "generated".
Told tell(const Checked &checked);

} // namespace weft::generated
