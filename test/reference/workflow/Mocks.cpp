//===- Mocks.cpp - Tests, and what answers in them ------------------------===//

#include "test/reference/workflow/Interpreter.h"
#include "test/reference/workflow/TypedJson.h"

namespace weft::reference::workflow {

using syntax::as;

Outcome Interpreter::runTest(const std::string &title) {
  for (const sema::TestInfo &one : program.tests)
    if (one.decl->title->plainText() == title)
      test = &one;
  sent.clear();
  if (!test)
    throw Unsupported{"there is no test \"" + title + "\"", {}};
  try {
    eval(test->decl->body, std::make_shared<Scope>());
    return {Json(), std::nullopt};
  } catch (const Failure &failure) {
    world.cutShort(0);
    return {std::nullopt, failure};
  }
}

const syntax::Expr *Interpreter::mockOf(const sema::Symbol *symbol) const {
  if (test)
    for (const sema::MockInfo &mock : test->mocks)
      if (mock.target == symbol)
        return mock.value;
  return nullptr;
}

void Interpreter::count(const sema::Symbol *symbol, const Values &arguments) {
  if (test)
    sent[symbol].push_back(arguments.size() == 1 ? arguments[0] : arguments.empty() ? Value() : Value::list(arguments));
}

Value Interpreter::mocked(const sema::Symbol *symbol, const syntax::Expr *answer, Values arguments) {
  Json told = Json::list();
  for (std::size_t i = 0; i < arguments.size(); ++i)
    told.items.push_back(toJson(arguments[i], symbol->callable->parameters[i].type));
  world.mocked(here(), symbol, told);
  return mockAnswer(answer, sent.at(symbol).size() - 1, arguments);
}

Value Interpreter::mockAnswer(const syntax::Expr *answer, std::size_t turn, const Values &arguments) {
  const auto *call = as<syntax::CallExpr>(answer);
  const sema::CallInfo *info = call ? program.call(call) : nullptr;
  if (info && info->kind == sema::CalleeKind::mock)
    switch (info->builtin) {
    case sema::BuiltinId::mockInTurn:
      return mockAnswer(info->arguments[std::min(turn, info->arguments.size() - 1)].value, turn, arguments);
    case sema::BuiltinId::mockSlow:
      wait(eval(info->arguments[0].value, std::make_shared<Scope>()).number, answer);
      return mockAnswer(info->arguments[1].value, turn, arguments);
    case sema::BuiltinId::mockCosting:
      for (const auto &[workflow, open] : activations)
        if (open > 0 && workflow->workflow && !workflow->workflow->budget.empty())
          throw Unsupported{"an answer that costs something, under a budget", answer->span};
      return mockAnswer(info->arguments[2].value, turn, arguments);
    default:
      return testCall(answer, *info, std::make_shared<Scope>());
    }
  if (const auto *lambda = as<syntax::LambdaExpr>(answer)) {
    Function function;
    function.lambda = lambda;
    function.scope = std::make_shared<Scope>();
    return apply(Value::of(std::move(function)), arguments);
  }
  return eval(answer, std::make_shared<Scope>());
}

/// Time shows nowhere but in a timeout of the call itself: what else may depend on it is not said.
void Interpreter::wait(std::int64_t ns, const syntax::Expr *at) {
  for (const Step &step : steps)
    if (step.kind == Step::Kind::race || step.kind == Step::Kind::vote)
      throw Unsupported{"an answer that takes time, in a race or a vote", at->span};
  waitedNs += ns;
}

Value Interpreter::testCall(const syntax::Expr *expr, const sema::CallInfo &info, const ScopePtr &scope) {
  const syntax::Expr *asked = info.arguments.empty() ? nullptr : info.arguments[0].value;
  switch (info.builtin) {
  case sema::BuiltinId::mockFailing:
    throw Failure{static_cast<FailKind>(info.index),
                  info.arguments.size() > 1 ? eval(info.arguments[1].value, scope).text : "the mock fails", "",
                  info.arguments.size() > 1};
  case sema::BuiltinId::testCalls:
    return Value::integer(static_cast<std::int64_t>(sent[program.of(asked).symbol].size()));
  case sema::BuiltinId::testArguments:
    return Value::list(sent[program.of(asked).symbol]);
  case sema::BuiltinId::testEmitted: {
    kept.emplace_back();
    try {
      eval(asked, scope);
    } catch (const Failure &) {
      kept.pop_back();
      throw;
    }
    Value all = Value::list(std::move(kept.back()));
    kept.pop_back();
    return all;
  }
  case sema::BuiltinId::testFails: {
    std::size_t open = steps.size();
    unsigned before = depth;
    std::size_t made = world.mark();
    try {
      eval(asked, scope);
    } catch (const Failure &failure) {
      steps.resize(open);
      depth = before;
      world.cutShort(made);
      return Value::record({Value::sum(static_cast<std::int64_t>(failure.kind), {}), Value::string(failure.why),
                            Value::string(failure.step)});
    }
    throw Failure{FailKind::failed, "the call succeeded", "", false};
  }
  default:
    throw Unsupported{"this form of a test", expr->span};
  }
}

} // namespace weft::reference::workflow
