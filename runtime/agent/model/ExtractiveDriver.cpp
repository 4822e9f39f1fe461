//===- ExtractiveDriver.cpp - The built-in model behind a binding ---------===//

#include "runtime/agent/model/ExtractiveDriver.h"

#include "runtime/agent/model/Prices.h"
#include "runtime/agent/model/extractive/Extractive.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Schema.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace weft::agent {
namespace {

using base::FailKind;
using value::Value;

/// Of one `where` on one candidate; candidates are texts of some kilobytes and short lists.
constexpr std::uint64_t checkFuel = 10'000'000;

/// One evaluator for a whole call: it keeps its memory between checks.
extractive::Holds holdsOver(value::Evaluator &evaluator) {
  return [&evaluator](std::int32_t function, std::span<const Value> values) {
    Value result;
    std::uint64_t fuel = checkFuel;
    auto failure = evaluator.call(static_cast<std::uint32_t>(function), values, result, fuel);
    return !failure && result.is(value::Tag::boolean) && result.asBool();
  };
}

class ExtractiveWork final : public PoolDriver::Work {
public:
  ExtractiveWork(std::shared_ptr<const plan::Plan> plan, std::uint32_t binding)
      : plan(std::move(plan)), binding(binding) {
    for (value::TypeId type = 0; type < this->plan->types.size(); ++type)
      if (auto schema = value::schemaOf(type, this->plan->types))
        bySchema.emplace(std::move(*schema), type);
  }

  CallOutcome perform(const CallRequest &request, const std::atomic<bool> &) override {
    const auto &args = request.args;
    if (args.size() != 3 || !args[0].is(value::Tag::string) || !args[1].is(value::Tag::string) ||
        !args[2].is(value::Tag::string))
      return failed(FailKind::schema, "extractive: wants system, prompt and schema as strings");
    value::Evaluator evaluator(plan->program());
    extractive::Question question{args[0].asText(), args[1].asText(),     &plan->types,
                                  std::nullopt,     holdsOver(evaluator), request.maxTokensOut};
    if (std::string schema(args[2].asText()); !schema.empty()) {
      auto type = bySchema.find(schema);
      if (type == bySchema.end())
        return failed(FailKind::refused,
                      "extractive: the schema is of no type of this plan: " + std::string(value::cutTo(schema, 200)));
      question.type = type->second;
    }
    auto answer = extractive::answer(question);
    if (!answer) {
      const base::Error &error = answer.error();
      return failed(error.code == base::Code::limit         ? FailKind::budget
                    : error.code == base::Code::unsupported ? FailKind::refused
                                                            : FailKind::schema,
                    "extractive: " + error.message);
    }
    CallOutcome outcome;
    outcome.value = Value::text(answer->text);
    outcome.tokensIn = answer->tokensIn;
    outcome.tokensOut = answer->tokensOut;
    outcome.costNano = cost(answer->tokensIn, answer->tokensOut);
    return outcome;
  }

private:
  /// Nothing, unless the binding declares a price: tests of budgets do.
  std::int64_t cost(std::int64_t tokensIn, std::int64_t tokensOut) const {
    const plan::Binding &model = plan->bindings[binding];
    return costOf(tokensIn, model.priceInputNano) + costOf(tokensOut, model.priceOutputNano);
  }

  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t binding;
  std::unordered_map<std::string, value::TypeId> bySchema;
};

class ExtractiveDriver final : public PoolDriver {
public:
  ExtractiveDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, std::uint32_t binding)
      : PoolDriver(doors), model(std::make_shared<ExtractiveWork>(std::move(plan), binding)) {}

private:
  std::shared_ptr<Work> work() override { return model; }
  std::shared_ptr<ExtractiveWork> model;
};

} // namespace

std::unique_ptr<Driver> makeExtractiveDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan,
                                             std::uint32_t binding) {
  return std::make_unique<ExtractiveDriver>(doors, std::move(plan), binding);
}

} // namespace weft::agent
