//===- AnswerFuzz.cpp - Any text as a person's answer ---------------------===//
//
// For libFuzzer: the first byte chooses the type of the answer, the rest is what
// was typed. What is taken is a value of the type; what is refused says how to
// answer. Any text can stand in a question.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/human/Question.h"
#include "runtime/value/Json.h"
#include "test/fuzz/InputTypes.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using namespace weft;
  static const auto plan = test::planOfInputs();
  static const value::Program program = plan->program();
  if (size < 1)
    return 0;
  const auto &params = plan->entries[0].params;
  value::TypeId type = params[bytes[0] % params.size()].type;
  std::string_view typed{reinterpret_cast<const char *>(bytes) + 1, size - 1};
  if (agent::renderQuestion(typed, type, plan->types).empty())
    std::abort();
  value::Evaluator evaluator(program);
  auto answer = agent::parseAnswer(typed, type, plan->types, evaluator);
  if (!answer)
    return answer.error().message.empty() ? std::abort(), 0 : 0;
  if (!value::toJson(*answer, type, plan->types))
    std::abort();
  return 0;
}
