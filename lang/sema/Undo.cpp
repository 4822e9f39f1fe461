//===- Undo.cpp - How a write is taken back -------------------------------===//
//
// `effect write undo t.m(args)`: one call of a tool's member that writes. Its
// arguments are made of the parameters and of `result`, what the write gave; an
// undo that names `result` can take back only a write that has answered.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"
#include "lang/sema/Walk.h"

namespace weft::sema {
using syntax::as;

namespace {

bool leavesProgram(CalleeKind kind) {
  switch (kind) {
  case CalleeKind::member:
  case CalleeKind::model:
  case CalleeKind::agent:
  case CalleeKind::agentValue:
  case CalleeKind::workflow:
  case CalleeKind::tensorFn:
  case CalleeKind::train:
  case CalleeKind::system:
    return true;
  default:
    return false;
  }
}

} // namespace

void Checker::checkUndo(Symbol *symbol) {
  const syntax::Expr *undo = symbol->member->undo;
  if (!undo)
    return;
  Callable &callable = *symbol->callable;
  std::size_t before = engine.errorCount();
  withBody(Place::workflow, symbol->module, symbol->callable, [&] {
    inScope([&] {
      for (const Parameter &parameter : callable.parameters) {
        if (parameter.name == "result")
          error(Code::duplicateName, parameter.span, "in an undo `result` is what the write gave")
              .note(undo->span, "the undo")
              .hint("give the parameter another name");
        body.scope->bind(parameter.symbol);
      }
      if (!callable.result->is(TypeKind::none)) {
        Symbol *result = make(SymbolKind::it, {"result", undo->span}, nullptr);
        result->type = callable.result;
        symbol->member->undoResult = result;
        body.scope->bind(result);
      }
      infer(undo);
    });
  });
  if (engine.errorCount() != before)
    return;
  const syntax::Expr *operand = undo;
  if (const auto *with = as<syntax::WithExpr>(undo))
    operand = with->operand;
  const CallInfo *call = program.call(operand);
  if (!call || call->kind != CalleeKind::member) {
    error(Code::badUndo, operand->span, "a write is taken back by one call of a tool's member")
        .hint("`effect write undo git.untag(name)`");
    return;
  }
  if (!writes(call->callee->callable->effect))
    error(Code::badUndo, operand->span,
          "`" + call->callee->member->tool->name + "." + call->callee->name + "` only reads, and takes nothing back")
        .note(call->callee->span, "declared here");
  forEachChild(operand, [&](const syntax::Expr *argument) {
    forEachExpr(argument, [&](const syntax::Expr *one) {
      const CallInfo *inner = program.call(one);
      if (inner && leavesProgram(inner->kind))
        error(Code::badUndo, one->span, "the arguments of an undo are computed, and may not call")
            .hint("they see the parameters, and what the write gave as `result`");
    });
  });
}

} // namespace weft::sema
