//===- FormatCommand.h - weft fmt -----------------------------------------===//
#pragma once

#include <string>
#include <vector>

namespace weft::tools {

/// `weft fmt`: brings specs into their one form. Exit codes: 0 all are in it now; 1 (with --check or --diff) some are
/// not; 2 something was refused: the command line, a file that cannot be read or written, a spec with errors of form.
int runFormat(const std::vector<std::string> &words);

} // namespace weft::tools
