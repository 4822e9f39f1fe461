//===- Tests.cpp - Tests, and what they ask -------------------------------===//
//
// `fails`, `emitted`, `calls` and `arguments` stand among the calls that they ask
// about. What is mocked is in Mocks.cpp.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

void Checker::checkTest(std::uint32_t index, const syntax::TestDecl *decl) {
  TestInfo test;
  test.decl = decl;
  test.module = index;
  for (const TestInfo &other : program.tests)
    if (index == 0 && other.decl->title->plainText() == decl->title->plainText())
      error(Code::duplicateName, decl->title->span, "two tests are called \"" + decl->title->plainText() + "\"")
          .note(other.decl->title->span, "the first one");
  withBody(Place::test, index, nullptr, [&] {
    body.test = &test;
    inScope([&] {
      discard = false;
      dropped = true;
      info(decl->body).type = inferBlock(decl->body, simple(TypeKind::none));
    });
  });
  // Tests of used modules run where those modules are the root.
  if (index == 0)
    program.tests.push_back(std::move(test));
}

Type Checker::callTest(const syntax::CallExpr *expr, const std::string &name) {
  if (body.place != Place::test) {
    inferArguments(expr);
    error(Code::testOnly, expr->callee->span, "`" + name + "` stands in tests only");
    return fail();
  }
  CallInfo call;
  call.kind = CalleeKind::mock;
  call.builtin = builtins.find(name, BuiltinFamily::mock).front()->id;
  // A lambda that answers fails as the form alone would.
  if (call.builtin == BuiltinId::mockFailing && body.inMock) {
    call.result = simple(TypeKind::never);
    if (!checkFailing(expr, call)) {
      for (const syntax::Argument &argument : expr->arguments)
        note(argument.value);
      return fail();
    }
  } else if (call.builtin == BuiltinId::testCalls || call.builtin == BuiltinId::testArguments) {
    call.result = askCounted(expr, name, call.builtin == BuiltinId::testArguments);
  } else if (call.builtin == BuiltinId::testFails || call.builtin == BuiltinId::testEmitted) {
    call.result = askEnd(expr, call.builtin == BuiltinId::testEmitted);
  } else {
    for (const syntax::Argument &argument : expr->arguments)
      note(argument.value);
    error(Code::badMock, expr->callee->span, "`" + name + "` stands in mocks, around what they answer")
        .hint("`mock x => " + name + "(…)`; a lambda of the arguments stands inside it");
    return fail();
  }
  if (call.result->is(TypeKind::error))
    return call.result;
  if (call.arguments.empty())
    call.arguments.push_back({expr->arguments[0].value});
  Type result = call.result;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return result;
}

/// `fails(e)`, `emitted(e)`.
Type Checker::askEnd(const syntax::CallExpr *expr, bool emitted) {
  if (expr->arguments.size() != 1 || !expr->arguments[0].name.empty()) {
    inferArguments(expr);
    error(Code::wrongArguments, expr->span,
          emitted ? "`emitted` takes the call that emits" : "`fails` takes the call that must fail");
    return fail();
  }
  const syntax::Expr *asked = expr->arguments[0].value;
  Type given = infer(asked);
  if (!emitted)
    return program.types.failure();
  const CallInfo *made = as<syntax::CallExpr>(asked) ? program.call(asked) : nullptr;
  const Symbol *callee = made ? made->callee : nullptr;
  if (callee && callee->workflow && callee->workflow->emits)
    return program.types.list(callee->workflow->emits);
  if (given->is(TypeKind::error))
    return fail();
  Diagnostic &report =
      error(Code::badMock, asked->span, "nothing is emitted here: `emitted` takes a call of a workflow that `emits`");
  if (callee && callee->workflow)
    report.note(callee->span, "`" + callee->name + "` is declared without `emits`");
  return fail();
}

/// `calls(x)`, `arguments(x)`: a number, and what was sent at each attempt.
Type Checker::askCounted(const syntax::CallExpr *expr, const std::string &name, bool arguments) {
  Symbol *target = nullptr;
  bool found = false;
  if (expr->arguments.size() != 1 || !expr->arguments[0].name.empty()) {
    inferArguments(expr);
    error(Code::wrongArguments, expr->span,
          "`" + name + "` takes the model, agent, tool member or workflow that is called");
    return fail();
  }
  const syntax::Expr *asked = expr->arguments[0].value;
  if (const auto *member = as<syntax::MemberExpr>(asked)) {
    Path path = pathOf(member);
    target = path.symbol;
    found = path.found;
    note(member, target);
  } else if (const auto *one = as<syntax::NameExpr>(asked)) {
    target = lookUp(one->name.text);
    note(one, target);
    if (!target && !builtins.isName(one->name.text)) {
      unknownName(one->name);
      return fail();
    }
  } else {
    note(asked);
  }
  if ((found && !target) || (target && target->kind == SymbolKind::refused))
    return fail(); // told already
  if (!target || !(target->model || target->agent || target->member || target->workflow)) {
    Diagnostic &report = error(Code::cannotMock, asked->span,
                               "calls of this are not counted: a model, an agent, a member of a tool or a workflow "
                               "stands here");
    if (target)
      report.note(target->span, "declared here");
    return fail();
  }
  if (!hasSteps()) {
    error(Code::notPureHere, expr->span,
          "`" + name + "` stands among the calls of the test, outside of lambdas and mocks");
    return fail();
  }
  std::vector<const Symbol *> &counted = body.test->counted;
  if ((target->agent || target->workflow) && std::find(counted.begin(), counted.end(), target) == counted.end())
    counted.push_back(target);
  if (!arguments)
    return simple(TypeKind::integer);
  std::vector<Type> sent;
  for (const Parameter &parameter : target->callable->parameters)
    sent.push_back(parameter.type);
  return program.types.list(sent.empty()       ? simple(TypeKind::none)
                            : sent.size() == 1 ? sent[0]
                                               : program.types.tuple(std::move(sent)));
}

} // namespace weft::sema
