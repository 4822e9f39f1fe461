//===- LspCommand.h - weft lsp, weft explain ------------------------------===//
#pragma once

#include <string>
#include <vector>

namespace weft::tools {

/// `weft lsp`: speaks the language server protocol over standard input and output until the client says `exit`. Exit
/// codes: 0 after `shutdown` and `exit`, 1 if the client went away without, 2 for a wrong command line.
int runLsp(const std::vector<std::string> &words);

/// `weft-lang pages FOLDER`: writes what `weftc --explain` tells of each code into FOLDER/CODE.md, where messages in
/// an editor lead to. Exit codes: 0, or 2 if a page cannot be written.
int writePages(const std::vector<std::string> &words);

} // namespace weft::tools
