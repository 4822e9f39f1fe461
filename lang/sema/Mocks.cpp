//===- Mocks.cpp - What stands for a call in a test -----------------------===//
//
// A mock answers as the call would: with a value of the call's result, with a
// lambda of its arguments, or with one of the forms around these that only mocks
// have.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

namespace {

/// Whether an `in_turn` stands in what a mock answers.
bool takesTurns(const syntax::Expr *value) {
  const auto *call = as<syntax::CallExpr>(value);
  const auto *name = call ? as<syntax::NameExpr>(call->callee) : nullptr;
  if (!name)
    return false;
  if (name->name.text == "in_turn")
    return true;
  bool isForm = name->name.text == "slow" || name->name.text == "costing";
  return isForm && std::any_of(call->arguments.begin(), call->arguments.end(),
                               [](const syntax::Argument &one) { return takesTurns(one.value); });
}

/// Whether the first arguments are there and have no names.
bool positional(const syntax::CallExpr *call, std::size_t count) {
  return call->arguments.size() >= count &&
         std::all_of(call->arguments.begin(), call->arguments.begin() + static_cast<std::ptrdiff_t>(count),
                     [](const syntax::Argument &one) { return one.name.empty(); });
}

} // namespace

void Checker::checkMock(const syntax::MockStmt *stmt, TestInfo &test) {
  Symbol *target = nullptr;
  if (const auto *member = as<syntax::MemberExpr>(stmt->target)) {
    Path path = pathOf(member);
    note(member, path.symbol);
    target = path.symbol;
    if (path.found && !target) {
      note(stmt->value);
      return;
    }
  } else if (const auto *name = as<syntax::NameExpr>(stmt->target)) {
    target = lookUp(name->name.text);
    note(name, target);
    if (!target && !builtins.isName(name->name.text)) {
      unknownName(name->name);
      return;
    }
  }
  if (target && target->kind == SymbolKind::refused)
    return;
  bool can = target && (target->model || target->agent || target->member || target->workflow);
  if (!can) {
    Diagnostic &report =
        error(Code::cannotMock, stmt->target->span,
              "this cannot be mocked: a mock replaces a model, an agent, a member of a tool or a workflow");
    if (target)
      report.note(target->span, "declared here");
    if (target && target->kind == SymbolKind::tool)
      report.hint("name a member: `" + target->name + ".…`");
    return;
  }
  for (const MockInfo &other : test.mocks)
    if (other.target == target)
      error(Code::duplicateKey, stmt->target->span, "this is mocked already, and a mock holds in the whole test")
          .note(other.stmt->target->span, "the first one")
          .hint("a lambda of the arguments can answer each call in its own way");
  body.inMock = true;
  checkMockValue(stmt->value, *target->callable);
  body.inMock = false;
  test.mocks.push_back({target, stmt->value, stmt});
}

void Checker::checkMockValue(const syntax::Expr *value, const Callable &target) {
  const auto *call = as<syntax::CallExpr>(value);
  const auto *name = call ? as<syntax::NameExpr>(call->callee) : nullptr;
  if (name && !lookUp(name->name.text) && !builtins.find(name->name.text, BuiltinFamily::mock).empty()) {
    note(name);
    checkMockForm(call, builtins.find(name->name.text, BuiltinFamily::mock).front()->id, target);
    return;
  }
  Reason reason{"`" + target.symbol->name + "` gives " + text(target.result), target.symbol->span};
  if (const auto *lambda = as<syntax::LambdaExpr>(value)) {
    if (lambda->parameters.size() != target.parameters.size()) {
      note(lambda);
      error(Code::badMock, lambda->span,
            "`" + target.symbol->name + "` takes " + std::to_string(target.parameters.size()) +
                " arguments, the lambda " + std::to_string(lambda->parameters.size()))
          .note(target.symbol->span, "declared here");
      return;
    }
    std::vector<Type> parameters;
    for (const Parameter &parameter : target.parameters)
      parameters.push_back(parameter.type);
    check(lambda, program.types.function(std::move(parameters), target.result), reason);
    return;
  }
  Type found = infer(value, target.result);
  if (!convert(value, target.result)) {
    const syntax::Expr *one = valueOf(value);
    error(Code::badMock, one->span, "expected " + show(target.result) + ", found " + show(found))
        .note(reason.span, reason.note);
  }
}

/// What a form answers with stands last among its arguments: any value that a mock may have, forms included.
void Checker::checkMockForm(const syntax::CallExpr *call, BuiltinId form, const Callable &target) {
  CallInfo entry;
  entry.kind = CalleeKind::mock;
  entry.builtin = form;
  entry.result = target.result;
  info(call).type = target.result;
  bool right = false;
  switch (form) {
  case BuiltinId::mockFailing:
    right = checkFailing(call, entry);
    break;
  case BuiltinId::mockInTurn:
    right = checkInTurn(call, target, entry);
    break;
  case BuiltinId::mockSlow:
    right = call->arguments.size() == 2 && positional(call, 2);
    if (!right) {
      error(Code::wrongArguments, call->span, "`slow` takes a duration, and what is answered after it")
          .hint("`slow(200ms, \"done\")`");
      break;
    }
    check(call->arguments[0].value, simple(TypeKind::duration));
    checkMockValue(call->arguments[1].value, target);
    entry.arguments = {{call->arguments[0].value}, {call->arguments[1].value}};
    break;
  case BuiltinId::mockCosting:
    right = checkCosting(call, target, entry);
    break;
  default:
    error(Code::badMock, call->callee->span, "this asks what was called, and answers nothing")
        .hint("it stands in the test, below the calls: `assert calls(x) == 2`");
  }
  if (!right) {
    for (const syntax::Argument &argument : call->arguments)
      note(argument.value);
    return;
  }
  module().calls[call->id] = std::move(entry);
  body.calls.push_back(call);
}

bool Checker::checkFailing(const syntax::CallExpr *call, CallInfo &entry) {
  if (call->arguments.empty() || call->arguments.size() > 2 || !positional(call, call->arguments.size())) {
    error(Code::wrongArguments, call->span, "`failing` takes a kind of failure and a reason")
        .hint("`failing(timeout, \"too slow\")`");
    return false;
  }
  const auto *kind = as<syntax::NameExpr>(call->arguments[0].value);
  int index = kind ? program.types.failureKind()->caseIndex(kind->name.text) : -1;
  if (index < 0) {
    std::vector<std::string> kinds(std::begin(failureKinds), std::end(failureKinds));
    Diagnostic &report = error(Code::badMock, call->arguments[0].span, "this is not a kind of failure");
    if (kind)
      report.offer(kind->name.text, kinds);
    return false;
  }
  note(kind);
  entry.index = index;
  entry.arguments.push_back({kind});
  if (call->arguments.size() == 2) {
    check(call->arguments[1].value, simple(TypeKind::string));
    entry.arguments.push_back({call->arguments[1].value});
  }
  return true;
}

bool Checker::checkInTurn(const syntax::CallExpr *call, const Callable &target, CallInfo &entry) {
  const auto *turns =
      call->arguments.size() == 1 && positional(call, 1) ? as<syntax::ListExpr>(call->arguments[0].value) : nullptr;
  if (!turns || turns->elements.empty()) {
    error(Code::wrongArguments, call->span, "`in_turn` takes a list of what is answered, one after the other")
        .hint("`in_turn([failing(timeout, \"slow\"), \"done\"])`; the last one stays");
    return false;
  }
  info(turns).type = program.types.list(target.result);
  for (const syntax::Expr *turn : turns->elements) {
    if (takesTurns(turn))
      error(Code::badMock, turn->span, "a turn cannot take turns itself")
          .hint("one `in_turn` with all of them, in their order");
    checkMockValue(turn, target);
    entry.arguments.push_back({turn});
  }
  return true;
}

bool Checker::checkCosting(const syntax::CallExpr *call, const Callable &target, CallInfo &entry) {
  const std::string names[] = {"input", "output"};
  for (const syntax::Argument &one : call->arguments)
    if (!one.name.empty() && std::find(std::begin(names), std::end(names), one.name.text) == std::end(names)) {
      error(Code::unknownArgument, one.name.span, "`costing` has no parameter `" + one.name.text + "`")
          .offer(one.name.text, names);
      return false;
    }
  BoundArgument amounts[2];
  bool fits = positional(call, 1) && call->arguments.size() >= 2;
  for (std::size_t i = 1; fits && i < call->arguments.size(); ++i) {
    const syntax::Argument &one = call->arguments[i];
    BoundArgument &amount = amounts[one.name.text == names[1]];
    fits = !one.name.empty() && !amount.value;
    amount.value = one.value;
  }
  if (!fits) {
    error(Code::wrongArguments, call->span,
          "`costing` takes what is answered, and how many tokens of input and of output that costs")
        .hint("`costing(\"done\", input: 900, output: 40)`");
    return false;
  }
  if (target.symbol->member || target.symbol->workflow)
    error(Code::badMock, call->callee->span, "`" + target.symbol->name + "` costs no tokens: a model or an agent does")
        .note(target.symbol->span, "declared here");
  for (const BoundArgument &amount : amounts) {
    if (amount.value) {
      check(amount.value, simple(TypeKind::integer));
      checkBound(amount.value, 0, "what a call costs");
    }
    entry.arguments.push_back(amount);
  }
  checkMockValue(call->arguments[0].value, target);
  entry.arguments.push_back({call->arguments[0].value});
  return true;
}

} // namespace weft::sema
