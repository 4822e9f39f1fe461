//===- Tests.cpp - Tests, mocks, and what tests may ask -------------------===//
//
// A mock answers as the call would: with a value of the call's result, or with a
// lambda of its arguments.
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
  Reason reason{"`" + target.symbol->name + "` gives " + text(target.result), target.symbol->span};
  if (name && !lookUp(name->name.text) && !builtins.find(name->name.text, BuiltinFamily::mock).empty()) {
    note(name);
    if (name->name.text == "failing") {
      checkFailing(call, target);
      return;
    }
    note(call);
    error(Code::testFormNotCarried, name->span, "`" + name->name.text + "` is not carried by this build")
        .hint("a value, a lambda of the arguments, or `failing(kind, \"why\")`");
    return;
  }
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

void Checker::checkFailing(const syntax::CallExpr *call, const Callable &target) {
  CallInfo entry;
  entry.kind = CalleeKind::mock;
  entry.builtin = BuiltinId::mockFailing;
  entry.result = target.result;
  info(call).type = target.result;
  if (call->arguments.empty() || call->arguments.size() > 2) {
    error(Code::wrongArguments, call->span, "`failing` takes a kind of failure and a reason")
        .hint("`failing(timeout, \"too slow\")`");
    return;
  }
  const auto *kind = as<syntax::NameExpr>(call->arguments[0].value);
  int index = kind ? program.types.failureKind()->caseIndex(kind->name.text) : -1;
  note(call->arguments[0].value);
  if (index < 0) {
    std::vector<std::string> kinds(std::begin(failureKinds), std::end(failureKinds));
    Diagnostic &report = error(Code::badMock, call->arguments[0].span, "this is not a kind of failure");
    if (kind)
      report.offer(kind->name.text, kinds);
    return;
  }
  entry.index = index;
  entry.arguments.push_back({call->arguments[0].value});
  if (call->arguments.size() == 2) {
    check(call->arguments[1].value, simple(TypeKind::string));
    entry.arguments.push_back({call->arguments[1].value});
  }
  module().calls[call->id] = std::move(entry);
  body.calls.push_back(call);
}

Type Checker::callTest(const syntax::CallExpr *expr, const std::string &name) {
  if (body.place != Place::test) {
    inferArguments(expr);
    error(Code::testOnly, expr->callee->span, "`" + name + "` stands in tests only");
    return fail();
  }
  if (name != "fails") {
    for (const syntax::Argument &argument : expr->arguments)
      note(argument.value);
    error(Code::testFormNotCarried, expr->callee->span, "`" + name + "` is not carried by this build")
        .hint("assert what the workflow gives, or `fails(…)`");
    return fail();
  }
  if (expr->arguments.size() != 1) {
    inferArguments(expr);
    error(Code::wrongArguments, expr->span, "`fails` takes the call that must fail");
    return fail();
  }
  infer(expr->arguments[0].value);
  CallInfo call;
  call.kind = CalleeKind::mock;
  call.builtin = BuiltinId::testFails;
  call.arguments.push_back({expr->arguments[0].value});
  call.result = program.types.failure();
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return program.types.failure();
}

} // namespace weft::sema
