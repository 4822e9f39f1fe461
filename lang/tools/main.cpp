//===- main.cpp - weft-lang: what needs the front end alone ---------------===//

#include "lang/tools/FormatCommand.h"
#include "lang/tools/LspCommand.h"

#include <cstdio>

namespace {

const char *const helpText =
    R"(weft-lang: what needs the front end of Weft alone; `weft fmt` and `weft lsp` are carried out here

usage: weft-lang COMMAND [arguments]

  fmt [FILE|FOLDER...]   lays specs out in their one form
  lsp                    the language server, for editors
  pages FOLDER           writes the explanation of each message into a file of its own

`weft fmt --help` and `weft lsp --help` tell more.
)";

int dispatch(const std::vector<std::string> &words) {
  if (words.empty() || words[0] == "help" || words[0] == "--help" || words[0] == "-h") {
    std::fputs(helpText, words.empty() ? stderr : stdout);
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "fmt")
    return weft::tools::runFormat({words.begin() + 1, words.end()});
  if (words[0] == "lsp")
    return weft::tools::runLsp({words.begin() + 1, words.end()});
  if (words[0] == "pages")
    return weft::tools::writePages({words.begin() + 1, words.end()});
  std::fprintf(stderr, "weft-lang: there is no command '%s'; there are fmt, lsp and pages\n", words[0].c_str());
  return 2;
}

} // namespace

int main(int argc, char **argv) {
  int code = dispatch({argv + 1, argv + argc});
  // What the library had put aside and what it could not write are two questions.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
    return code;
  std::fputs("weft-lang: standard output cannot be written\n", stderr);
  return 2;
}
