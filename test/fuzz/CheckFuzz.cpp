//===- CheckFuzz.cpp - Any bytes as a program to be checked ---------------===//
//
// For libFuzzer: checking ends, and its messages can be shown. Modules of the
// library are not there, so that a change of theirs changes no input's meaning.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Render.h"
#include "lang/sema/Check.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using namespace weft;
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  auto root = sources.add("fuzz.weft", std::string(reinterpret_cast<const char *>(bytes), size)).id();
  auto program = sema::check(sources, root, engine, [](const std::string &) { return std::nullopt; });
  if (!program || (engine.hasErrors() && diagnostics::renderText(engine, sources).empty()))
    std::abort();
  diagnostics::renderJson(engine, sources);
  return 0;
}
