//===- MockAnswer.cpp - What a mock of a test answers ---------------------===//

#include "runtime/plan/MockAnswer.h"

namespace weft::plan {
namespace {

using value::Tag;
using value::Value;

/// The places of the tuple.
enum Said : std::size_t { values, kind, why, delay, tokensIn, tokensOut, count };

bool isAnswer(const Value &said) {
  if (!said.is(Tag::list) || said.items().size() != count)
    return false;
  std::span<const Value> parts = said.items();
  if (!parts[values].is(Tag::list) || !parts[kind].is(Tag::integer) || !parts[why].is(Tag::string) ||
      !parts[delay].is(Tag::duration) || !parts[tokensIn].is(Tag::integer) || !parts[tokensOut].is(Tag::integer))
    return false;
  std::int64_t failure = parts[kind].asInt();
  return failure < 0 ? parts[values].items().size() == 1 : failure < base::failKindCount;
}

} // namespace

MockAnswer answerOf(const Plan &plan, const Mock &mock, std::vector<Value> arguments, std::int64_t turn,
                    value::Evaluator &evaluator, std::uint64_t fuel) {
  MockAnswer answer;
  bool isTold = plan.functions[mock.function].params > arguments.size();
  if (isTold)
    arguments.push_back(Value::integer(turn));
  Value said;
  if (auto failure = evaluator.call(mock.function, arguments, said, fuel)) {
    answer.failure = std::move(*failure);
    return answer;
  }
  if (!isTold) {
    answer.value = std::move(said);
    return answer;
  }
  if (!isAnswer(said)) {
    answer.failure = {base::FailKind::failed, "the plan's function of a mock gives no answer"};
    return answer;
  }
  std::span<const Value> parts = said.items();
  if (std::int64_t failure = parts[kind].asInt(); failure < 0)
    answer.value = parts[values].items()[0];
  else
    answer.failure = {static_cast<base::FailKind>(failure), std::string(parts[why].asText())};
  answer.delayNs = parts[delay].asDurationNs();
  answer.tokensIn = parts[tokensIn].asInt();
  answer.tokensOut = parts[tokensOut].asInt();
  if (answer.tokensIn < 0 || answer.tokensOut < 0)
    return {{}, {base::FailKind::failed, "a mock costs less than no tokens"}, 0, 0, 0};
  return answer;
}

} // namespace weft::plan
