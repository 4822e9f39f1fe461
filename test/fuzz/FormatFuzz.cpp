//===- FormatFuzz.cpp - Any program, laid out -----------------------------===//
//
// For libFuzzer: a text that parses, laid out, parses to the same tree, and
// laying it out again changes nothing.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Formatter.h"
#include "lang/syntax/AstPrinter.h"

#include <cstdlib>
#include <sstream>

using namespace weft;

namespace {

struct LaidOut {
  bool parsed = false;
  std::string tree, text;
};

/// The tree without comments: they may come to stand elsewhere.
std::string bare(const std::string &tree) {
  std::string kept;
  std::istringstream lines(tree);
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("comment ") && !line.starts_with("trailing comment "))
      kept += line + "\n";
  return kept;
}

LaidOut layOut(std::string text) {
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  const auto &file = sources.add("fuzz.weft", std::move(text));
  auto parsed = syntax::parse(file, engine);
  auto formatted = format::format(parsed, file);
  if (formatted.has_value() != parsed.ok)
    std::abort();
  if (!formatted)
    return {};
  return {true, bare(syntax::printAst(*parsed.module, file)), *formatted};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  LaidOut once = layOut(std::string(reinterpret_cast<const char *>(bytes), size));
  if (!once.parsed)
    return 0;
  LaidOut twice = layOut(once.text);
  if (!twice.parsed || twice.tree != once.tree || twice.text != once.text)
    std::abort();
  return 0;
}
