//===- Companion.h - Programs that stand beside weft ----------------------===//
//
// weft itself links neither compiler nor front end: `weftc` compiles, and what
// only needs the front end is in `weft-lang`. Both are looked for beside weft
// and then in PATH.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/io/Doors.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::cli {

struct Companion {
  std::string path;
  std::string identity; ///< Size and time of the file: changes when the program does.
};

/// Errors: `unavailable`, if there is no such program; `why` says what it is needed for.
base::Result<Companion> findCompanion(io::Doors &doors, const std::string &name, const std::string &why);

/// What programs of this tool need of the environment, and `names` besides; children inherit nothing by themselves.
std::vector<std::pair<std::string, std::string>> inherited(io::Doors &doors, std::span<const std::string> names = {});

/// A subcommand of weft that its companion carries out.
struct Delegated {
  std::string_view command, words, summary;
};

/// Those of `weft-lang`, in the order of the help text.
std::span<const Delegated> delegated();

/// Goes on as `weft-lang WORDS`; comes back, with the exit code, only if that cannot be started.
int delegate(const std::vector<std::string> &words);

} // namespace weft::cli
