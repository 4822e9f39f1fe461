//===- ChildSetup.h - From fork to the other program ----------------------===//
//
// A process with several threads may call little after fork: all memory is
// allocated in `prepare`, in the parent.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Process.h"

#include <string>
#include <vector>

namespace weft::io {

/// What the child tells its parent when it could not become the program.
struct ChildFailure {
  enum class Step : int { group, folder, limits, program };
  Step step;
  int number; ///< errno
};

class ChildSetup {
public:
  /// Finds the program. Errors: `notFound`, `denied`.
  static base::Result<ChildSetup> prepare(const SpawnSpec &spec);

  /// In the child. `failure` is a pipe that exec closes.
  [[noreturn]] void become(int input, int output, int errors, int failure, int parent) const;

  /// In the parent.
  base::Error explain(ChildFailure why) const;

private:
  int step(ChildFailure::Step &at, int parent) const;

  SpawnSpec spec;
  std::string path;
  std::vector<std::string> variables;
};

/// In the child: a process group of its own; dies with `parent`; signals as at the start of a program.
void enterOwnGroup(int parent);

/// Closes all descriptors but 0, 1, 2 and `keep`; returns `keep`'s new number.
int closeAllBut(int keep);

} // namespace weft::io
