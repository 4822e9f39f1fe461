//===- Inputs.h - What a run is given, from the command line --------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/io/Storage.h"
#include "runtime/plan/Plan.h"

#include <string>
#include <vector>

namespace weft::cli {

/// The arguments of `entry` in the order of its parameters. `given` holds `name=value` (a string as it is where the
/// parameter is a string, JSON elsewhere, `@path` the content of a file), `file` the path of a JSON object or nothing.
/// Where both name a parameter, `given` wins. Errors: invalid with the parameter, its type, what was found; notFound
/// for a file. A parameter that is missing and has no default is an error that lists all that are missing.
base::Result<std::vector<value::Value>> readInputs(const plan::Plan &plan, const plan::Entry &entry,
                                                   const std::vector<std::string> &given, const std::string &file,
                                                   io::Storage &storage);

/// One value from text as `--input` and `weft answer` take it.
base::Result<value::Value> readValue(const plan::Plan &plan, std::uint32_t type, const std::string &text);

} // namespace weft::cli
