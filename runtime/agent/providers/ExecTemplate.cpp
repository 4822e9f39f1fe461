//===- ExecTemplate.cpp - Arguments of a program from the plan's functions ===//

#include "runtime/agent/providers/ExecTemplate.h"

#include "runtime/agent/PoolDriver.h"
#include "runtime/base/Limits.h"

namespace weft::agent {

using value::Value;

base::Result<std::vector<std::string>> ExecTemplate::render(const CallRequest &request) {
  std::vector<std::string> arguments;
  for (std::uint32_t function : plan->members[request.member].templates) {
    Value piece;
    std::uint64_t fuel = base::defaultFuel;
    if (auto failure = evaluator.call(function, request.args, piece, fuel))
      return base::error(base::Code::invalid, "argument " + std::to_string(arguments.size()) + ": " + failure->why);
    if (piece.is(value::Tag::string)) {
      arguments.emplace_back(piece.asText());
      continue;
    }
    bool strings = piece.is(value::Tag::list);
    for (std::size_t i = 0; strings && i < piece.items().size(); ++i)
      strings = piece.items()[i].is(value::Tag::string);
    if (!strings)
      return base::error(base::Code::invalid,
                         "argument " + std::to_string(arguments.size()) + ": wanted a string or a list of strings");
    for (const Value &item : piece.items())
      arguments.emplace_back(item.asText());
  }
  return arguments;
}

CallOutcome ExecTemplate::answer(const CallRequest &request, std::string_view output) {
  CallOutcome outcome;
  value::TypeKind kind = plan->types[request.resultType].kind;
  if (kind == value::TypeKind::string) {
    outcome.value = Value::text(output);
    return outcome;
  }
  if (kind == value::TypeKind::none) {
    outcome.value = Value::none();
    return outcome;
  }
  Value parsed;
  std::uint64_t fuel = base::defaultFuel;
  if (auto failure = evaluator.parse(request.resultType, output, true, parsed, fuel))
    return failed(failure->kind, "its output: " + failure->why);
  outcome.value = std::move(parsed);
  return outcome;
}

} // namespace weft::agent
