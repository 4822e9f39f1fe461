//===- ParserFuzz.cpp - Any bytes as a program ----------------------------===//
//
// For libFuzzer: the parser must come back from any text, and say something if
// and only if it is not content. Seeds: test/data/grammar.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Render.h"
#include "lang/syntax/AstPrinter.h"
#include "lang/syntax/Parser.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  weft::source::Sources sources;
  weft::diagnostics::DiagnosticEngine engine;
  const auto &file = sources.add("fuzz.weft", std::string(reinterpret_cast<const char *>(bytes), size));
  auto result = weft::syntax::parse(file, engine);
  if (result.ok == engine.hasErrors())
    std::abort();
  weft::syntax::printAst(*result.module, file, {.places = true});
  weft::diagnostics::renderText(engine, sources);
  weft::diagnostics::renderJson(engine, sources);
  return 0;
}
