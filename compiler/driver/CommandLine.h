//===- CommandLine.h - What weftc was asked for ---------------------------===//
#pragma once

#include "compiler/pipelines/PassSwitches.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>

namespace weft::driver {

enum class Emit : std::uint8_t { planFile, ast, flow, dist, plan, schema };
/// `--report`, `--report=json`
enum class ReportForm : std::uint8_t { none, text, json };

struct CommandLine {
  std::string input;  ///< Path; "-" is standard input.
  std::string output; ///< Of the plan file; empty: the input's name with `.plan`.
  Emit emit = Emit::planFile;
  bool fromMlir = false;              ///< The input is IR and not a program.
  std::string dumpFolder;             ///< `--dump-phases`
  std::string explain;                ///< `--explain W0203`
  pipelines::PassSwitches passes;     ///< `--passes=-fold`
  std::optional<std::string> remarks; ///< `--remarks`; empty: of all passes, else of this one.
  ReportForm report = ReportForm::none;
  bool jsonDiagnostics = false;
  bool help = false, version = false;
  std::map<std::string, std::int64_t> dims; ///< `--dim D=64`
  std::optional<std::uint64_t> slotBytes;   ///< `--memory=512MiB`
};

/// What `weftc --help` prints.
extern const char *const helpText;

/// The command line, or what is wrong with it and what was wanted.
std::variant<CommandLine, std::string> parseCommandLine(int argc, char **argv);

} // namespace weft::driver
