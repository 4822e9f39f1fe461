//===- WordsFuzz.cpp - Any words as code ----------------------------------===//
//
// For libFuzzer: the input is 32-bit words, the first few of which are the body
// of a function and the rest code that may call it. What the checker accepts
// ends within its fuel; what it refuses can still be printed.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Builders.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/WordsPrinter.h"

#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using namespace weft::value;
  if (size < 4)
    return 0;
  std::vector<std::uint32_t> words(size / 4);
  std::memcpy(words.data(), bytes, words.size() * 4);
  std::size_t split = std::min<std::size_t>(words[0] % 16, words.size() - 1);
  std::span<const std::uint32_t> body(words.data() + 1, split),
      code(words.data() + 1 + split, words.size() - 1 - split);

  std::vector<Value> consts{Value::integer(3), Value::text("a text of more than twelve bytes"), Value::real(0.5),
                            Value::list({Value::integer(1), Value::text("x")}), Value::text("(a|b)*c")};
  TypeTable types;
  TypeId integer = types.simple(TypeKind::integer);
  types.record("R", {{"n", integer, 0, "n", ""}});
  types.list(1);
  constexpr std::uint32_t registers = 6;
  std::vector<Function> functions{{"f", 1, 0, registers, body}};
  Program program{consts, functions, &types};
  printWords(code, program);
  if (!types.seal(1) || !checkProgram(program) || !checkWords(code, registers, program, false))
    return 0;
  std::vector<Value> start{Value::integer(1),  consts[3], Value::text("{\"n\":1}"),
                           Value::function(0), Value(),   Value::record({Value::integer(1)})};
  std::uint64_t fuel = 10'000;
  auto failure = Evaluator(program).run(code, start, fuel);
  if (fuel > 10'000 || (failure && failure->why.empty()))
    std::abort();
  return 0;
}
