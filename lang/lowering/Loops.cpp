//===- Loops.cpp - loop, break and continue -------------------------------===//
//
// In a workflow a loop is a step whose rounds are journaled, in pure code words
// that jump. Both take the same bounds and fail with the same words.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/BodyEmitter.h"

#include <cstdint>
#include <utility>

using namespace mlir;

namespace weft::lowering {

using expr::Kind;

/// What `flow.loop` asks of its bound when it runs.
Value BodyEmitter::boundOf(source::Span span, Value max) {
  Type boolean = module.simple(Kind::boolean);
  Value tooSmall = builtin(span, "lt", {max, integer(span, 0)}, boolean);
  Value tooLarge = builtin(span, "gt", {max, integer(span, INT32_MAX)}, boolean);
  auto refuse = [&] {
    Value why = text(span, "the bound of a loop is a number from 0 to 2147483647");
    return fail(span, "failed", why, max.getType());
  };
  return choose(span, tooSmall, max.getType(),
                {refuse, [&] {
                   return choose(span, tooLarge, max.getType(), {refuse, [&] { return max; }});
                 }});
}

/// Nobody has said what a loop is worth that runs out.
Value BodyEmitter::ranOut(source::Span span, Value max, Type wanted) {
  Type string = module.simple(Kind::string);
  Value isOne = builtin(span, "eq", {max, integer(span, 1)}, module.simple(Kind::boolean));
  Value unit =
      choose(span, isOne, string, {[&] { return text(span, " round"); }, [&] { return text(span, " rounds"); }});
  ArrayAttr pieces = builder.getStrArrayAttr({"the loop ran out after ", "", ""});
  Value why = expr::FormatOp::create(builder, module.at(span), string, pieces, ValueRange{max, unit});
  return fail(span, "failed", why, wanted);
}

Value BodyEmitter::loop(const syntax::LoopExpr *expr, Type wanted) {
  source::Span span = expr->span;
  Type carried = typeOf(module.program.pattern(expr->pattern).type);
  Value init = emit(expr->init, carried), max = emit(expr->max);
  auto rounds = [&](Region &body) {
    auto outside = std::exchange(round, flow::StepType::get(builder.getContext(), carried, wanted));
    fill(body, carried, span, round, [&](ValueRange given) {
      bindPattern(expr->pattern, given[0]);
      return emit(expr->body, round);
    });
    round = outside;
  };
  auto otherwise = [&](ValueRange) { return emit(expr->otherwise, wanted); };
  if (pure) {
    auto op = expr::LoopOp::create(builder, module.at(span), wanted, init, boundOf(span, max));
    rounds(op.getBody());
    fill(op.getOtherwise(), {}, span, wanted,
         [&](ValueRange none) -> Value { return expr->otherwise ? otherwise(none) : ranOut(span, max, wanted); });
    return op.getResult();
  }
  auto op = flow::LoopOp::create(builder, module.at(span), wanted, init, max, ValueRange(), stepId("loop"));
  rounds(op.getBody());
  if (expr->otherwise)
    fill(op.getOtherwise(), {}, span, wanted, otherwise);
  return op.getResult();
}

/// `break v`, `continue v`: how the round ends, as a value.
Value BodyEmitter::endRound(const syntax::Expr *expr, const syntax::Expr *value, bool breaks) {
  Type type = breaks ? round.getBroken() : round.getCarried();
  flow::StepType step = round;
  round = {};
  Value ended = emit(value, type);
  round = step;
  return flow::MakeStepOp::create(builder, module.at(expr->span), step, breaks ? builder.getUnitAttr() : UnitAttr(),
                                  ended);
}

} // namespace weft::lowering
