//===- Optimizers.cpp - What is to become small, and who moves it ---------===//
//
// An optimizer is a tensor function over any record: parameter, gradient, states
// of the same type (which begin as zeros), the number of the step, settings. A
// training calls it with what is its own and takes the settings as written; each
// may be a function of the step.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

void Checker::checkLoss(const syntax::Expr *expr, TrainInfo &train) {
  const auto *lambda = as<syntax::LambdaExpr>(expr);
  if (!lambda) {
    infer(expr);
    error(Code::badTraining, expr->span, "the loss is a lambda of the parameters and a batch")
        .hint("`loss: |p, b| cross_entropy(forward(p, b.x), b.y)`");
    return;
  }
  Type found = seen(applied(lambda, {train.paramsType, train.batch}, nullptr, "`loss`"));
  if (found->is(TypeKind::error))
    return;
  bool number = found->is(TypeKind::tensor) && found->dims.empty() && found->elementType == ElementType::f32;
  if (!number)
    error(Code::badTraining, lambda->body->span, "the loss of a batch is one `f32`").mark(show(found));
  else
    train.loss = lambda;
}

void Checker::checkOptimizer(const syntax::Expr *expr, TrainInfo &train) {
  const auto *call = as<syntax::CallExpr>(expr);
  const auto *path = call ? as<syntax::MemberExpr>(call->callee) : nullptr;
  Symbol *symbol = call ? staticName(call->callee) : nullptr;
  note(expr);
  if (path) {
    Path found = pathOf(path);
    if (found.found && !found.symbol) {
      note(path);
      inferArguments(call);
      return;
    }
    symbol = found.symbol;
  }
  if (call)
    note(call->callee, symbol);
  auto refuse = [&](const std::string &why) {
    if (call)
      for (const syntax::Argument &argument : call->arguments)
        if (!info(argument.value).type)
          note(argument.value);
    Diagnostic &report = error(Code::badTraining, expr->span, why);
    if (symbol && symbol->span.end)
      report.note(symbol->span, "declared here");
    report.hint("`optimizer: std.optim.adamw(lr: 3e-4)`");
  };
  if (!symbol || symbol->kind != SymbolKind::fn || !symbol->fn->tensor)
    return refuse("an optimizer is a tensor function with its settings");
  info(call->callee).denotes = Denotes::callable;
  info(call->callee).symbol = symbol;
  const Callable &callable = *symbol->callable;
  const std::vector<Parameter> &parameters = callable.parameters;
  Type record = callable.typeParameters.size() == 1 ? callable.typeParameters.front() : nullptr;
  std::size_t records = 0;
  while (record && records < parameters.size() && parameters[records].type == record)
    ++records;
  std::vector<Type> results(records < 2 ? 0 : records - 1, record);
  bool gives = records >= 2 && callable.result &&
               (records == 2 ? callable.result == record : callable.result == program.types.tuple(results));
  if (!gives)
    return refuse("`" + symbol->name +
                  "` is no optimizer: that takes parameter, gradient and states of one type P, and gives the "
                  "parameter and the states");
  train.states = records - 2;
  train.settings.assign(parameters.size(), nullptr);
  std::size_t before = engine.errorCount();
  for (const syntax::Argument &argument : call->arguments) {
    auto at = std::find_if(parameters.begin(), parameters.end(),
                           [&](const Parameter &one) { return one.name == argument.name.text; });
    auto index = static_cast<std::size_t>(at - parameters.begin());
    if (argument.name.empty() || at == parameters.end() || index < records || at->name == "step") {
      infer(argument.value);
      std::vector<std::string> names;
      for (std::size_t i = records; i < parameters.size(); ++i)
        if (parameters[i].name != "step")
          names.push_back(parameters[i].name);
      Diagnostic &report =
          error(Code::unknownArgument, argument.span,
                argument.name.empty() ? "settings of an optimizer are given by name"
                                      : "`" + symbol->name + "` has no setting `" + argument.name.text + "`");
      report.note(symbol->span, "declared here");
      report.offer(argument.name.text, names);
      continue;
    }
    if (train.settings[index])
      error(Code::unknownArgument, argument.name.span, "`" + argument.name.text + "` already has a value")
          .note(train.settings[index]->span, "given here");
    train.settings[index] = argument.value;
    checkSchedule(argument.value, at->type);
  }
  std::string missing;
  for (std::size_t i = records; i < parameters.size(); ++i) {
    if (parameters[i].name == "step" || train.settings[i])
      continue;
    train.settings[i] = parameters[i].defaultValue;
    if (!parameters[i].defaultValue)
      missing += (missing.empty() ? "`" : ", `") + parameters[i].name + ": " + text(parameters[i].type) + "`";
  }
  if (!missing.empty())
    error(Code::wrongArguments, expr->span, "`" + symbol->name + "` needs " + missing)
        .note(symbol->span, "declared here");
  if (engine.errorCount() == before)
    train.optimizer = symbol;
}

void Checker::checkSchedule(const syntax::Expr *expr, Type wanted) {
  if (const auto *lambda = as<syntax::LambdaExpr>(expr)) {
    Type step = program.types.tensor(ElementType::f32, {});
    Type found = applied(lambda, {step}, wanted, "a setting");
    if (!found->is(TypeKind::error) && !convert(lambda->body, wanted))
      mismatch(lambda->body, wanted, found);
    return;
  }
  Type found = infer(expr, wanted);
  if (!convert(expr, wanted))
    mismatch(expr, wanted, found);
  else if (isNumber(seen(found)))
    isStatic(expr, "a setting");
}

} // namespace weft::sema
