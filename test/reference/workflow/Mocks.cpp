//===- Mocks.cpp - Tests, and what answers in them ------------------------===//

#include "test/reference/workflow/Interpreter.h"
#include "test/reference/workflow/TypedJson.h"

namespace weft::reference::workflow {

using syntax::as;

Outcome Interpreter::runTest(const std::string &title) {
  for (const sema::TestInfo &one : program.tests)
    if (one.decl->title->plainText() == title)
      test = &one;
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

Value Interpreter::mocked(const sema::Symbol *symbol, const syntax::Expr *answer, Values arguments) {
  Json sent = Json::list();
  for (std::size_t i = 0; i < arguments.size(); ++i)
    sent.items.push_back(toJson(arguments[i], symbol->callable->parameters[i].type));
  world.mocked(here(), symbol, sent);
  if (const auto *lambda = as<syntax::LambdaExpr>(answer)) {
    Function function;
    function.lambda = lambda;
    function.scope = std::make_shared<Scope>();
    return apply(Value::of(std::move(function)), std::move(arguments));
  }
  if (const auto *call = as<syntax::CallExpr>(answer))
    if (const sema::CallInfo *info = program.call(call); info && info->kind == sema::CalleeKind::mock)
      return testCall(call, *info, std::make_shared<Scope>());
  return eval(answer, std::make_shared<Scope>());
}

Value Interpreter::testCall(const syntax::Expr *expr, const sema::CallInfo &info, const ScopePtr &scope) {
  switch (info.builtin) {
  case sema::BuiltinId::mockFailing:
    throw Failure{static_cast<FailKind>(info.index),
                  info.arguments.size() > 1 ? eval(info.arguments[1].value, scope).text : "the mock fails", "",
                  info.arguments.size() > 1};
  case sema::BuiltinId::testFails: {
    std::size_t open = steps.size();
    unsigned before = depth;
    std::size_t made = world.mark();
    try {
      eval(info.arguments[0].value, scope);
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
