//===- ExtractiveFuzz.cpp - Any bytes as a prompt of the built-in model ---===//
//
// For libFuzzer: an answer is valid JSON of its type, and the same twice.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/model/extractive/Extractive.h"
#include "runtime/value/Json.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using namespace weft;
  value::TypeTable types;
  value::TypeId text = types.simple(value::TypeKind::string), real = types.simple(value::TypeKind::real);
  value::TypeId point = types.record("Point", {{"claim", text, -1, "", ""}, {"sentence", text, -1, "", ""}});
  value::TypeId verdict = types.sum("Verdict", {{"accept", {}, ""}, {"revise", {{"why", text, -1, "", ""}}, ""}});
  value::TypeId note = types.record("Note", {{"title", text, -1, "", ""},
                                             {"summary", text, -1, "", ""},
                                             {"points", types.list(point), -1, "", ""},
                                             {"keywords", types.list(text), -1, "", ""},
                                             {"score", real, -1, "", ""},
                                             {"verdict", verdict, -1, "", ""}});
  extractive::Question question{"", {reinterpret_cast<const char *>(bytes), size}, &types, note, {}, 0};
  auto first = extractive::answer(question), second = extractive::answer(question);
  if (!first || !second || first->text != second->text || !value::fromJson(first->text, note, types))
    std::abort();
  return 0;
}
