//===- Calls.cpp - Calls of everything that can be called -----------------===//

#include "test/reference/workflow/Core.h"
#include "test/reference/workflow/Interpreter.h"
#include "test/reference/workflow/TypedJson.h"

namespace weft::reference::workflow {

using sema::CalleeKind;
using sema::SymbolKind;
using sema::TypeKind;
using syntax::as;

/// `given`, where it is set, is the only argument: what `vote … by f` hands to f.
Value Interpreter::call(const syntax::Expr *expr, const sema::CallInfo &info, const ScopePtr &scope,
                        const Value *given) {
  if (info.kind == CalleeKind::core && info.builtin == sema::BuiltinId::reduce)
    return fold(expr, info, scope);
  if (info.kind == CalleeKind::mock)
    return testCall(expr, info, scope);
  std::uint32_t mine = std::exchange(attempt, 0); // Of this call, not of those among its arguments.
  bool twice = std::exchange(hedged, false);
  Values arguments;
  for (const sema::BoundArgument &argument : info.arguments) {
    if (given && arguments.empty())
      arguments.push_back(*given);
    else if (argument.isDefault)
      arguments.push_back(eval(argument.value, std::make_shared<Scope>()));
    else if (argument.value)
      arguments.push_back(eval(argument.value, scope));
  }
  Value function;
  if (info.kind == CalleeKind::closure || info.kind == CalleeKind::agentValue) {
    const auto *vote = as<syntax::VoteExpr>(expr);
    function = eval(vote ? vote->judge : as<syntax::CallExpr>(expr)->callee, scope);
  }
  // A retried agent or workflow is a new activation, a retried call of a tool another attempt of the same step.
  bool activation = info.kind == CalleeKind::agent || info.kind == CalleeKind::workflow ||
                    (info.kind == CalleeKind::agentValue && function.symbol->kind != SymbolKind::model);
  hedged = twice;
  Inside step(*this, {Step::Kind::call, at(expr), activation ? activationOf(at(expr), mine) : 0});
  attempt = activation ? 0 : mine;
  switch (info.kind) {
  case CalleeKind::fn:
    return callFn(info.callee, std::move(arguments), info.typeArguments, scope);
  case CalleeKind::tensorFn:
    return world.tensor(here(), info.callee, arguments);
  case CalleeKind::workflow:
  case CalleeKind::agent:
  case CalleeKind::model:
  case CalleeKind::member:
    return callNamed(info.callee, std::move(arguments), expr, info.callee->callable->result);
  case CalleeKind::core:
    return callCore(info, arguments, scope);
  case CalleeKind::system:
    switch (info.builtin) {
    case sema::BuiltinId::now:
      return Value::string(world.now(here()));
    case sema::BuiltinId::random:
      return Value::floating(world.random(here()));
    case sema::BuiltinId::uuid:
      return Value::string(world.uuid(here()));
    default:
      return Value::string(world.environment(arguments[0].text));
    }
  case CalleeKind::closure:
    return apply(function, std::move(arguments));
  case CalleeKind::agentValue:
    return callNamed(function.symbol, std::move(arguments), expr, function.symbol->callable->result);
  case CalleeKind::caseOf: {
    checkFields(sema::base(info.result)->cases.at(static_cast<std::size_t>(info.index)).fields, arguments);
    return Value::sum(info.index, std::move(arguments));
  }
  case CalleeKind::copy: {
    Values fields = *arguments[0].items;
    for (std::size_t i = 0; i < info.fields.size(); ++i)
      fields.at(static_cast<std::size_t>(info.fields[i])) = arguments[i + 1];
    checkFields(sema::base(info.result)->fields, fields);
    return Value::record(std::move(fields));
  }
  case CalleeKind::mock:
  case CalleeKind::tensorCore:
    break;
  }
  throw Unsupported{"this call", expr->span};
}

/// Under a hedge each attempt has two activations, of which the world knows whose end counts.
std::uint32_t Interpreter::activationOf(source::Location at, std::uint32_t mine) {
  if (!std::exchange(hedged, false))
    return mine;
  Place first = here();
  first.attempt = 0;
  first.steps.push_back({Step::Kind::call, at, 2 * mine});
  return 2 * mine + (world.secondCounts(first) ? 1 : 0);
}

Value Interpreter::callCore(const sema::CallInfo &info, const Values &arguments, const ScopePtr &scope) {
  auto argumentType = [&] { return program.of(info.arguments[0].value).finalType(); };
  if (info.builtin == sema::BuiltinId::toJson)
    return Value::string(text(toJson(arguments[0], argumentType(), scope.get())));
  if (info.builtin == sema::BuiltinId::text)
    return Value::string(textOf(arguments[0], argumentType(), scope.get()));
  return core(info.builtin, arguments, info.result,
              [this](const Value &function, Values values) { return apply(function, std::move(values)); });
}

Value Interpreter::apply(const Value &function, Values arguments) {
  const Function &callee = *function.function;
  if (callee.fn)
    return callFn(callee.fn, std::move(arguments), {}, nullptr);
  if (!callee.lambda)
    return core(callee.core, arguments, callee.result,
                [this](const Value &inner, Values values) { return apply(inner, std::move(values)); });
  auto scope = std::make_shared<Scope>();
  scope->outer = callee.scope;
  for (std::size_t i = 0; i < arguments.size(); ++i)
    scope->values[program.symbol(callee.lambda->parameters[i])] = arguments[i];
  return eval(callee.lambda->body, scope);
}

Value Interpreter::callFn(const sema::Symbol *fn, Values arguments, const std::vector<sema::Type> &types,
                          const ScopePtr &caller) {
  ScopePtr scope = entered(*fn->callable, std::move(arguments));
  for (std::size_t i = 0; i < types.size(); ++i) {
    // A type parameter handed on is what it is in the caller.
    sema::Type actual = types[i]->is(TypeKind::parameter) && caller ? caller->actual(types[i]) : types[i];
    scope->types[fn->callable->typeParameters[i]] = actual ? actual : types[i];
  }
  return eval(fn->fn->decl->body, scope);
}

Value Interpreter::callNamed(const sema::Symbol *callee, Values arguments, const syntax::Expr *, sema::Type answer) {
  if (callee->kind != SymbolKind::model)
    count(callee, arguments);
  if (const syntax::Expr *mock = callee->kind == SymbolKind::model ? nullptr : mockOf(callee)) {
    if (callee->kind == SymbolKind::member)
      entered(*callee->callable, arguments);
    Value given = mocked(callee, mock, std::move(arguments));
    return callee->kind == SymbolKind::agent && answer != callee->callable->result ? parsed(given.text, answer) : given;
  }
  switch (callee->kind) {
  case SymbolKind::workflow: {
    attempt = 0;
    struct Activation {
      explicit Activation(std::int64_t &count) : count(++count) {}
      ~Activation() { --count; }
      std::int64_t &count;
    } open(activations[callee]);
    if (callee->workflow->depth && open.count > *callee->workflow->depth)
      failed("the workflow " + callee->name + " is called deeper than its depth");
    Value value = eval(callee->workflow->decl->body, entered(*callee->callable, std::move(arguments)));
    return callee->workflow->decl->result ? value : Value();
  }
  case SymbolKind::agent:
    if (!callee->agent->prompt) // `agent chat { model: fast }`
      return ask(callee->agent->model, "", arguments[0].text, answer);
    return callAgent(callee, entered(*callee->callable, std::move(arguments)), answer);
  case SymbolKind::model:
    return ask(callee, "", arguments[0].text, answer);
  case SymbolKind::member:
    entered(*callee->callable, arguments);
    return callMember(callee, arguments);
  default:
    throw Unsupported{"a call of " + callee->name, callee->span};
  }
}

Value Interpreter::callAgent(const sema::Symbol *symbol, const ScopePtr &parameters, sema::Type answer) {
  const sema::AgentInfo &agent = *symbol->agent;
  std::uint32_t mine = std::exchange(attempt, 0);
  std::string system = agent.system ? eval(agent.system, parameters).text : "";
  std::string prompt = eval(agent.prompt, parameters).text;
  attempt = mine;
  if (agent.human) {
    Value value = fromJson(world.person(here(), symbol->name, prompt), answer);
    checkAll(value, answer);
    return value;
  }
  if (!agent.tools.empty())
    throw Unsupported{"an agent with tools", symbol->span};
  return ask(agent.model, system, prompt, answer, symbol);
}

namespace {

/// Without the spaces around it and one Markdown fence.
std::string unfenced(std::string answer) {
  constexpr const char *spaces = " \t\r\n";
  auto trim = [&](std::string &text) {
    text.erase(0, std::min(text.find_first_not_of(spaces), text.size()));
    text.erase(text.find_last_not_of(spaces) + 1);
  };
  trim(answer);
  std::size_t line = answer.find('\n');
  if (answer.starts_with("```") && answer.ends_with("```") && line != std::string::npos && answer.size() >= line + 4) {
    answer = answer.substr(line + 1, answer.size() - 3 - (line + 1));
    trim(answer);
  }
  return answer;
}

} // namespace

Value Interpreter::parsed(const std::string &raw, sema::Type answer) {
  std::string error;
  std::optional<Json> json = parseJson(unfenced(raw), &error);
  if (!json)
    throw Failure{FailKind::schema, error, "", false};
  Value value = fromJson(*json, answer);
  checkAll(value, answer);
  return value;
}

Value Interpreter::ask(const sema::Symbol *model, const std::string &system, const std::string &prompt,
                       sema::Type answer, const sema::Symbol *agent) {
  const syntax::Expr *mock = mockOf(model);
  auto answered = [&](const std::string &asked) {
    count(model, {Value::string(asked)});
    if (mock)
      return mocked(model, mock, {Value::string(asked)}).text;
    Place place = here();
    if (agent)
      place.agent = sources.file(agent->span.file).location(agent->span.begin);
    return world.model(place, model->name, system, asked);
  };
  if (sema::base(answer)->is(TypeKind::string) && !sema::hasChecks(answer))
    return Value::string(answered(prompt));
  constexpr std::uint32_t repairs = 2;
  std::string said = prompt; // With what was wrong with the answer before, in words that the language leaves open.
  for (std::uint32_t round = 0;; ++round) {
    Inside step(*this, {Step::Kind::repair, steps.back().at, round});
    std::string raw = answered(said);
    try {
      return parsed(raw, answer);
    } catch (Failure &failure) {
      failure.step = model->name;
      if (round == repairs)
        throw;
      if (mock)
        said += "\n\nYour last answer was refused: ";
    }
  }
}

Value Interpreter::callMember(const sema::Symbol *symbol, const Values &arguments) {
  Json rendered = Json::list();
  for (std::size_t i = 0; i < arguments.size(); ++i)
    rendered.items.push_back(toJson(arguments[i], symbol->callable->parameters[i].type));
  std::string name = symbol->member->tool->name + "." + symbol->name;
  Value value = fromJson(world.member(here(), name, rendered), symbol->callable->result, true);
  checkAll(value, symbol->callable->result);
  return value;
}

Value Interpreter::asType(const syntax::AsExpr *expr, const ScopePtr &scope) {
  sema::Type wanted = program.typeOf(expr->type);
  if (program.answer(expr) == sema::AsKind::answer) {
    const sema::CallInfo &info = *program.call(expr->operand);
    std::uint32_t mine = std::exchange(attempt, 0);
    bool twice = std::exchange(hedged, false);
    Values arguments;
    for (const sema::BoundArgument &argument : info.arguments)
      arguments.push_back(eval(argument.value, scope));
    hedged = twice;
    Inside step(*this, {Step::Kind::call, at(expr->operand), activationOf(at(expr->operand), mine)});
    return callNamed(info.callee, std::move(arguments), expr, wanted);
  }
  Value given = eval(expr->operand, scope);
  Json json = jsonOf(given);
  if (program.answer(expr) == sema::AsKind::text) {
    std::string error;
    std::optional<Json> parsed = parseJson(unfenced(given.text), &error);
    if (!parsed)
      throw Failure{FailKind::schema, error, "", false};
    json = *parsed;
  }
  Value value = fromJson(json, wanted, true);
  checkAll(value, wanted);
  return value;
}

/// Fails where the answer of a mock took longer than its call may.
void Interpreter::inTime(const sema::Policy &policy, const syntax::Expr *call, std::int64_t tookNs) {
  if (!policy.timeoutNs || tookNs == 0)
    return;
  const sema::CallInfo *info = program.call(call);
  if (!info || !info->callee || !mockOf(info->callee))
    throw Unsupported{"a timeout around answers that take time", call->span};
  if (tookNs >= *policy.timeoutNs)
    throw Failure{FailKind::timeout, "no answer within its timeout", "", false};
}

Value Interpreter::with(const syntax::WithExpr *expr, const ScopePtr &scope) {
  const sema::Policy &policy = program.policy(expr);
  const syntax::Expr *operand = expr->operand;
  if (const auto *as = syntax::as<syntax::AsExpr>(operand))
    operand = as->operand;
  bool isCall = operand->kind == syntax::ExprKind::call;
  std::int64_t retries = policy.retry.value_or(0);
  if (!isCall && retries)
    throw Unsupported{"a retry of a form", expr->span};
  std::uint16_t retried = policy.retryOn.value_or(sema::retryOnDefault);
  std::size_t open = steps.size();
  unsigned before = depth;
  for (std::uint32_t round = 0;; ++round)
    try {
      attempt = round;
      std::int64_t began = waitedNs;
      hedged = isCall && policy.hedgeNs.has_value();
      Value value;
      try {
        value = eval(expr->operand, scope);
      } catch (const Failure &) {
        inTime(policy, operand, waitedNs - began);
        throw;
      }
      inTime(policy, operand, waitedNs - began);
      attempt = 0;
      hedged = false;
      return value;
    } catch (const Failure &failure) {
      attempt = 0;
      hedged = false;
      if (round >= retries || !(retried >> static_cast<unsigned>(failure.kind) & 1))
        throw;
      steps.resize(open);
      depth = before;
    }
}

} // namespace weft::reference::workflow
