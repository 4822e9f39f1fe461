//===- CommandLine.cpp - What weftc was asked for -------------------------===//

#include "compiler/driver/CommandLine.h"

#include <charconv>
#include <string_view>

namespace weft::driver {

const char *const helpText = R"(weftc: compiles a Weft program to a plan file

usage: weftc FILE [options]

  -o FILE              where the plan goes, - for standard output; without it, FILE with the ending .plan
  --emit=KIND          print instead of writing a plan:
                         ast      the program as the parser understood it
                         flow     workflows after the flow phase, as IR
                         dist     tensor functions on their slots, as IR
                         plan     the plan, readably
                         schema   the JSON Schema of every named type and workflow
  --dim NAME=SIZE      another size for `dim NAME`; may stand several times
  --memory=SIZE        what a slot has, as in 512MiB, where its cluster declares no less: derivatives that would keep more
                       compute it again, and what still does not fit is refused
  --report[=json]      print what a run will do before it does: calls (least..most), width, critical path, tokens and
                       money by the budgets, memory, gangs; writes a plan only with -o
  --passes=LIST        which passes over workflows run, from the left: all (as without it), none, -NAME one less, NAME
                       one more, as in --passes=-fold or --passes=none,drop-unused; the same program results
  --remarks[=PASS]     what passes over workflows did, what they did not do and why: a line for each place
  --explain CODE       what a message means, with an example: weftc --explain W0203
  --json-diagnostics   messages as JSON, one object per line
  --dump-phases=DIR    numbered IR after each phase
  --from=mlir          FILE is IR of the dialects flow, expr, nn and topo (also if it ends in .mlir)
  --help, --version

FILE may be - for standard input. Messages go to standard error.
Exit codes: 0 done, 2 refused.
)";

namespace {

/// The value of `--name=value`; nothing for another option.
bool takes(std::string_view argument, std::string_view name, std::string &value) {
  if (!argument.starts_with(name) || argument.size() <= name.size() || argument[name.size()] != '=')
    return false;
  value = argument.substr(name.size() + 1);
  return true;
}

bool emitOf(std::string_view text, Emit &emit) {
  static constexpr std::pair<std::string_view, Emit> kinds[] = {
      {"ast", Emit::ast}, {"flow", Emit::flow}, {"dist", Emit::dist}, {"plan", Emit::plan}, {"schema", Emit::schema}};
  for (auto [name, kind] : kinds)
    if (text == name) {
      emit = kind;
      return true;
    }
  return false;
}

/// `D=64`; what is wrong otherwise.
std::string addDim(const std::string &text, std::map<std::string, std::int64_t> &dims) {
  std::size_t equals = text.find('=');
  std::int64_t size = 0;
  if (equals != std::string::npos) {
    const char *begin = text.data() + equals + 1, *end = text.data() + text.size();
    auto [rest, error] = std::from_chars(begin, end, size);
    if (error == std::errc() && rest == end && size > 0 && equals > 0) {
      dims[text.substr(0, equals)] = size;
      return {};
    }
  }
  return "--dim is given '" + text + "'; wanted a name and a size of at least 1, as in --dim D=64";
}

/// `512MiB`, or bytes; nothing where it is none or more than 64 bits.
std::optional<std::uint64_t> sizeOf(std::string_view text) {
  static constexpr std::pair<std::string_view, unsigned> units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}};
  unsigned shift = 0;
  for (auto [name, bits] : units)
    if (text.ends_with(name)) {
      shift = bits;
      text.remove_suffix(name.size());
      break;
    }
  std::uint64_t number = 0;
  auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || rest != text.data() + text.size() || number == 0 || number > UINT64_MAX >> shift)
    return std::nullopt;
  return number << shift;
}

} // namespace

std::variant<CommandLine, std::string> parseCommandLine(int argc, char **argv) {
  CommandLine line;
  std::string value;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    auto next = [&](std::string &into) {
      if (i + 1 >= argc)
        return false;
      into = argv[++i];
      return true;
    };
    if (argument == "--help" || argument == "-h")
      line.help = true;
    else if (argument == "--version")
      line.version = true;
    else if (argument == "--report")
      line.report = ReportForm::text;
    else if (argument == "--remarks")
      line.remarks = "";
    else if (argument == "--json-diagnostics")
      line.jsonDiagnostics = true;
    else if (argument == "-o") {
      if (!next(line.output))
        return "-o needs a file";
    } else if (argument == "--explain") {
      if (!next(line.explain))
        return "--explain needs a code, as in --explain W0203";
    } else if (takes(argument, "--explain", line.explain) || takes(argument, "--dump-phases", line.dumpFolder)) {
      continue;
    } else if (takes(argument, "--emit", value)) {
      if (!emitOf(value, line.emit))
        return "--emit is given '" + value + "'; wanted ast, flow, dist, plan or schema";
    } else if (takes(argument, "--report", value)) {
      if (value != "json")
        return "--report is given '" + value + "'; wanted json, or --report alone for people";
      line.report = ReportForm::json;
    } else if (takes(argument, "--passes", value)) {
      if (std::string wrong = line.passes.parse(value); !wrong.empty())
        return "--passes: " + wrong;
    } else if (takes(argument, "--remarks", value)) {
      if (std::string wrong = pipelines::PassSwitches::unknown(value); !wrong.empty())
        return "--remarks: " + wrong;
      line.remarks = llvm::StringRef(value).starts_with("weft-") ? value.substr(5) : value;
    } else if (takes(argument, "--memory", value)) {
      line.slotBytes = sizeOf(value);
      if (!line.slotBytes)
        return "--memory is given '" + value + "'; wanted a size of at least a byte, as in --memory=512MiB";
    } else if (takes(argument, "--from", value)) {
      if (value != "mlir")
        return "--from is given '" + value + "'; wanted mlir";
      line.fromMlir = true;
    } else if (argument == "--dim" || takes(argument, "--dim", value)) {
      if (argument == "--dim" && !next(value))
        return "--dim needs a name and a size, as in --dim D=64";
      if (std::string wrong = addDim(value, line.dims); !wrong.empty())
        return wrong;
    } else if (argument.size() > 1 && argument[0] == '-') {
      return "there is no option '" + argument + "'; weftc --help lists them";
    } else if (!line.input.empty()) {
      return "two files are given, '" + line.input + "' and '" + argument + "'; wanted one";
    } else {
      line.input = argument;
    }
  }
  if (line.input.empty() && !line.help && !line.version && line.explain.empty())
    return "no file is given; weftc --help tells more";
  if (line.emit == Emit::ast && !line.dims.empty())
    return "--dim sizes what is compiled, and --emit=ast prints a file as it is parsed; leave one of them out";
  if (line.input.ends_with(".mlir"))
    line.fromMlir = true;
  return line;
}

} // namespace weft::driver
