//===- LspCommand.cpp - weft lsp, and the pages it leads to ---------------===//

#include "lang/tools/LspCommand.h"

#include "lang/diagnostics/Render.h"
#include "lang/server/Serve.h"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace weft::tools {
namespace fs = std::filesystem;

namespace {

const char *const helpText = R"(usage: weft lsp [--library=DIR]

Speaks the language server protocol over standard input and output: messages as one types, types, effects and costs of
names, completion, definitions, users, renaming, the one form, hints. Editors start it; see lang/editor.

  --library=DIR   the modules of `std`; without it those that were installed with this program
  --stdio         taken and ignored: there is no other way to speak
  --help
)";

/// `share/weft/NAME` beside the folder of this program; empty if there is none.
std::string shared(const std::string &name) {
  std::error_code error;
  fs::path self = fs::read_symlink("/proc/self/exe", error);
  fs::path folder = self.parent_path().parent_path() / "share" / "weft" / name;
  return !error && fs::is_directory(folder, error) ? folder.string() : "";
}

} // namespace

int runLsp(const std::vector<std::string> &words) {
  std::string library = shared("std");
  for (const std::string &word : words) {
    constexpr std::string_view given = "--library=";
    if (word.starts_with(given)) {
      library = word.substr(given.size());
    } else if (word == "--help" || word == "-h") {
      std::fputs(helpText, stdout);
      return 0;
    } else if (word != "--stdio") {
      std::fprintf(stderr, "weft lsp: there is no option '%s'; `weft lsp --help` lists them\n", word.c_str());
      return 2;
    }
  }
  std::signal(SIGPIPE, SIG_IGN); // A client that is gone is seen where it is written to.
  return server::serve(STDIN_FILENO, STDOUT_FILENO, {library, shared("codes"), {}});
}

int writePages(const std::vector<std::string> &words) {
  if (words.size() != 1) {
    std::fputs("usage: weft-lang pages FOLDER\n", stderr);
    return 2;
  }
  std::error_code error;
  fs::create_directories(words[0], error);
  for (const diagnostics::CodeInfo &info : diagnostics::allCodes()) {
    std::string path = words[0] + "/" + diagnostics::number(info.code) + ".md";
    std::ofstream out(path, std::ios::binary);
    out << "# " << diagnostics::explain(info.code);
    if (!out.flush()) {
      std::fprintf(stderr, "weft-lang pages: %s cannot be written\n", path.c_str());
      return 2;
    }
  }
  return 0;
}

} // namespace weft::tools
