//===- FormatCommand.cpp - weft fmt ---------------------------------------===//
//
// One file after the other. A spec with errors of form is left as it is, with
// the messages of weftc; the others are formatted all the same.
//
//===----------------------------------------------------------------------===//

#include "lang/tools/FormatCommand.h"

#include "lang/diagnostics/Nearest.h"
#include "lang/diagnostics/Render.h"
#include "lang/format/Formatter.h"
#include "lang/tools/Diff.h"
#include "lang/tools/Files.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <unistd.h>

namespace weft::tools {
namespace {

const char *const helpText = R"(usage: weft fmt [FILE|FOLDER...] [options]

Lays specs out in their one form: two blanks a level, lines of at most 120, comments where they were. Meaning does not change, and formatting
twice changes nothing. Without a path, the folder in which it is called; of a folder all .weft files below it, but for folders whose
names begin with a dot.

  --check    change nothing, list the files that are not in their form
  --diff     change nothing, print what would change, as `patch` takes it
  --stdin    format standard input to standard output
  --help

A spec with errors of form is left as it is, and the errors are told. A file has its new text or its old one, never a part.
Exit codes: 0 all are in their form now, 1 (with --check or --diff) some are not, 2 something was refused.
)";

constexpr int done = 0, differs = 1, refused = 2;

struct Options {
  bool check = false, diff = false, fromStdin = false, help = false;
  std::vector<std::string> paths;
};

int say(const std::string &message) {
  std::fprintf(stderr, "weft fmt: %s\n", message.c_str());
  return refused;
}

/// The options, or what is wrong with the words.
Or<Options> parse(const std::vector<std::string> &words) {
  Options options;
  bool onlyPaths = false;
  for (const std::string &word : words) {
    if (onlyPaths || word.empty() || word[0] != '-') {
      options.paths.push_back(word);
    } else if (word == "--") {
      onlyPaths = true;
    } else if (word == "--check") {
      options.check = true;
    } else if (word == "--diff") {
      options.diff = true;
    } else if (word == "--stdin" || word == "-") {
      options.fromStdin = true;
    } else if (word == "--help" || word == "-h") {
      options.help = true;
    } else {
      const std::vector<std::string> known{"--check", "--diff", "--stdin", "--help"};
      std::optional<std::string> meant = diagnostics::nearest(word, known);
      return Fault{"there is no option '" + word + "'" + (meant ? ", did you mean '" + *meant + "'?" : "") +
                   "; `weft fmt --help` lists them"};
    }
  }
  if (options.fromStdin && !options.paths.empty())
    return Fault{"--stdin and '" + options.paths[0] + "' are given; wanted one of them"};
  return options;
}

/// The text in its form; nothing if it has errors, which were told.
std::optional<std::string> formatted(const std::string &name, const std::string &text) {
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  const source::SourceFile &file = sources.add(name, text);
  syntax::ParseResult parsed = syntax::parse(file, engine);
  std::optional<std::string> made = format::format(parsed, file);
  if (!made)
    std::fputs(diagnostics::renderText(engine, sources, {::isatty(STDERR_FILENO) == 1}).c_str(), stderr);
  return made;
}

/// What --check and --diff say of one text.
int report(const Options &options, const std::string &name, const std::string &before, const std::string &after) {
  if (before == after)
    return done;
  if (options.diff)
    std::fputs(unifiedDiff(before, after, name).c_str(), stdout);
  else
    std::printf("%s\n", name.c_str());
  return differs;
}

int formatStandardInput(const Options &options) {
  Or<std::string> text = readStandardInput();
  if (auto *fault = std::get_if<Fault>(&text))
    return say(fault->message);
  const std::string &before = std::get<std::string>(text);
  std::optional<std::string> after = formatted("<stdin>", before);
  if (!after)
    return refused;
  if (options.check || options.diff)
    return report(options, "<stdin>", before, *after);
  std::fwrite(after->data(), 1, after->size(), stdout);
  return done;
}

int formatFile(const Options &options, const std::string &path) {
  Or<std::string> text = readFile(path);
  if (auto *fault = std::get_if<Fault>(&text))
    return say(fault->message);
  const std::string &before = std::get<std::string>(text);
  std::optional<std::string> after = formatted(path, before);
  if (!after)
    return refused;
  if (options.check || options.diff)
    return report(options, path, before, *after);
  if (before == *after)
    return done;
  std::string fault = replaceFile(path, *after);
  if (!fault.empty())
    return say(fault);
  std::fprintf(stderr, "formatted %s\n", path.c_str());
  return done;
}

} // namespace

int runFormat(const std::vector<std::string> &words) {
  Or<Options> parsed = parse(words);
  if (auto *fault = std::get_if<Fault>(&parsed))
    return say(fault->message);
  Options &options = std::get<Options>(parsed);
  if (options.help) {
    std::fputs(helpText, stdout);
    return done;
  }
  if (options.fromStdin)
    return formatStandardInput(options);
  if (options.paths.empty())
    options.paths.push_back(".");
  int worst = done;
  for (const std::string &path : options.paths) {
    Or<std::vector<std::string>> files = specsAt(path);
    if (auto *fault = std::get_if<Fault>(&files)) {
      worst = say(fault->message);
      continue;
    }
    for (const std::string &file : std::get<std::vector<std::string>>(files))
      worst = std::max(worst, formatFile(options, file));
  }
  return worst;
}

} // namespace weft::tools
