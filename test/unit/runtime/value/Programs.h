//===- Programs.h - Small programs for tests of words ---------------------===//
#pragma once

#include "runtime/value/Evaluator.h"
#include "runtime/value/WordsBuilder.h"

#include <deque>
#include <string>
#include <vector>

namespace weft::value {

/// Constants, functions and types that words of a test refer to.
class TestProgram {
public:
  Operand constant(Value value) {
    consts.push_back(std::move(value));
    return value::constant(static_cast<std::uint32_t>(consts.size() - 1));
  }
  Operand integer(std::int64_t value) { return constant(Value::integer(value)); }
  Operand text(std::string_view value) { return constant(Value::text(value)); }

  std::uint32_t function(std::string_view name, std::uint32_t params, std::uint32_t captures, std::uint32_t registers,
                         WordsBuilder &words) {
    codes.push_back(words.finish());
    functions.push_back({name, params, captures, registers, codes.back()});
    return static_cast<std::uint32_t>(functions.size() - 1);
  }

  Program program() const { return {consts, functions, &types}; }

  std::vector<Value> consts;
  std::vector<Function> functions;
  std::deque<std::vector<std::uint32_t>> codes;
  TypeTable types;
};

/// Runs words over `count` registers after the checker has accepted them; gives register `result`, or fails the test.
inline Value runWords(const TestProgram &program, WordsBuilder &words, std::uint32_t result, std::vector<Value> start,
                      std::uint32_t count = 16) {
  std::vector<std::uint32_t> code = words.finish();
  auto checked = checkWords(code, count, program.program(), false);
  if (!checked)
    return Value::text("refused: " + checked.error().message);
  start.resize(count);
  std::uint64_t fuel = 1'000'000;
  auto failure = Evaluator(program.program()).run(code, start, fuel);
  return failure ? Value::text(std::string(name(failure->kind)) + ": " + failure->why) : start[result];
}

} // namespace weft::value
