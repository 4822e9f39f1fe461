//===- main.cpp - weft-lang: what needs the front end alone ---------------===//

#include "lang/tools/FormatCommand.h"

#include <cstdio>

namespace {

const char *const helpText =
    R"(weft-lang: what needs the front end of Weft alone; `weft fmt` is carried out here

usage: weft-lang COMMAND [arguments]

  fmt [FILE|FOLDER...]   lays specs out in their one form

`weft fmt --help` tells more.
)";

int dispatch(const std::vector<std::string> &words) {
  if (words.empty() || words[0] == "help" || words[0] == "--help" || words[0] == "-h") {
    std::fputs(helpText, words.empty() ? stderr : stdout);
    return words.empty() ? 2 : 0;
  }
  if (words[0] == "fmt")
    return weft::tools::runFormat({words.begin() + 1, words.end()});
  std::fprintf(stderr, "weft-lang: there is no command '%s'; there is fmt\n", words[0].c_str());
  return 2;
}

} // namespace

int main(int argc, char **argv) {
  int code = dispatch({argv + 1, argv + argc});
  // What the library had put aside and what it could not write are two questions.
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
    return code;
  std::fputs("weft fmt: standard output cannot be written\n", stderr);
  return 2;
}
