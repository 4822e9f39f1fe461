//===- ReplaceProgram.h - This process goes on as another program ---------===//
//
// For subcommands that live in a companion: descriptors, folder, environment and
// process id stay, so terminals, pipes and signals reach it as they are.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <string>
#include <vector>

namespace weft::io {

/// Comes back only if it failed: `notFound`, `denied`, `io`. `program` is a path; `arguments` are those behind its own
/// name. To be called before threads or children were started.
base::Error replaceProgram(const std::string &program, const std::vector<std::string> &arguments);

} // namespace weft::io
