//===- Forms.cpp - if, match, for, loop, race, vote, try, patterns --------===//

#include "test/reference/workflow/Core.h"
#include "test/reference/workflow/Interpreter.h"

namespace weft::reference::workflow {

using syntax::as;
using syntax::ExprKind;

Value Interpreter::form(const syntax::Expr *expr, const ScopePtr &scope) {
  switch (expr->kind) {
  case ExprKind::ifElse: {
    const auto *branch = as<syntax::IfExpr>(expr);
    if (eval(branch->condition, scope).truth) {
      Value value = eval(branch->thenBlock, scope);
      return branch->otherwise ? value : Value();
    }
    return branch->otherwise ? eval(branch->otherwise, scope) : Value();
  }
  case ExprKind::match: {
    const auto *match = as<syntax::MatchExpr>(expr);
    Value subject = eval(match->subject, scope);
    for (const syntax::Arm *arm : match->arms) {
      ScopePtr inside = inner(scope);
      if (matches(arm->pattern, subject, inside))
        return eval(arm->body, inside);
    }
    throw Unsupported{"a match that no arm takes", expr->span};
  }
  case ExprKind::forEach:
    return forEach(as<syntax::ForExpr>(expr), scope);
  case ExprKind::loop:
    return loop(as<syntax::LoopExpr>(expr), scope);
  case ExprKind::race:
    return race(as<syntax::RaceExpr>(expr), scope);
  case ExprKind::vote:
    return vote(as<syntax::VoteExpr>(expr), scope);
  case ExprKind::tryCatch:
    return tryCatch(as<syntax::TryExpr>(expr), scope);
  case ExprKind::breakLoop:
    throw RoundEnd{true, eval(as<syntax::BreakExpr>(expr)->value, scope)};
  case ExprKind::continueLoop:
    throw RoundEnd{false, eval(as<syntax::ContinueExpr>(expr)->value, scope)};
  default:
    throw Unsupported{"this form", expr->span};
  }
}

Value Interpreter::forEach(const syntax::ForExpr *expr, const ScopePtr &scope) {
  Value items = eval(expr->items, scope);
  std::int64_t atOnce = expr->parallel ? eval(expr->parallel, scope).number : 0;
  if (expr->parallel && atOnce < 1)
    failed("`parallel` of less than 1");
  Values each;
  if (items.is(Value::Kind::map))
    for (const auto &[key, item] : *items.entries)
      each.push_back(Value::list({Value::string(key), item}));
  else
    each = *items.items;
  Values out;
  std::optional<Failure> first;
  for (const Value &item : each) {
    std::size_t open = steps.size();
    unsigned before = depth;
    try {
      Inside step(*this, {Step::Kind::forEach, at(expr), static_cast<std::uint32_t>(out.size()), atOnce == 1});
      ScopePtr inside = inner(scope);
      bind(expr->pattern, item, inside);
      out.push_back(eval(expr->body, inside));
    } catch (const Failure &failure) {
      // The others may be under way, and what they do is something that may be done.
      if (!world.looksAside() || atOnce == 1)
        throw first ? *first : failure;
      first = first ? first : failure;
      steps.resize(open);
      depth = before;
      out.emplace_back();
    }
  }
  if (first)
    throw Failure(*first);
  return Value::list(std::move(out));
}

Value Interpreter::loop(const syntax::LoopExpr *expr, const ScopePtr &scope) {
  Value carried = eval(expr->init, scope);
  std::int64_t most = eval(expr->max, scope).number;
  if (most < 0 || most > INT32_MAX)
    failed("a loop of " + std::to_string(most) + " rounds");
  for (std::int64_t round = 0; round < most; ++round) {
    Inside step(*this, {Step::Kind::loop, at(expr), static_cast<std::uint32_t>(round)});
    ScopePtr inside = inner(scope);
    bind(expr->pattern, carried, inside);
    unsigned before = depth;
    try {
      eval(expr->body, inside);
    } catch (RoundEnd &end) {
      depth = before;
      if (end.isBreak)
        return end.value;
      carried = end.value;
      continue;
    }
    throw Unsupported{"a round that ends in neither break nor continue", expr->span};
  }
  if (!expr->otherwise)
    failed("the loop ran out of rounds");
  return eval(expr->otherwise, scope);
}

/// `reduce`. Of a tree, each level is combined before the next one; which pair is made first shows nowhere.
Value Interpreter::fold(const syntax::Expr *expr, const sema::CallInfo &info, const ScopePtr &scope) {
  const syntax::Expr *written = info.arguments[2].value;
  const sema::CallInfo *named = program.call(written);
  Values items = *eval(info.arguments[0].value, scope).items;
  Value carried = eval(info.arguments[1].value, scope), function = named ? Value() : eval(written, scope);
  auto combine = [&](std::size_t index, Value left, Value right) {
    Inside step(*this, {Step::Kind::forEach, at(expr), static_cast<std::uint32_t>(index)});
    if (!named)
      return apply(function, {std::move(left), std::move(right)});
    Inside inner(*this, {Step::Kind::call, at(written), 0});
    return callNamed(named->callee, {std::move(left), std::move(right)}, written, named->callee->callable->result);
  };
  if (!program.foldsAsTree(written)) {
    for (std::size_t i = 0; i < items.size(); ++i)
      carried = combine(i, std::move(carried), items[i]);
    return carried;
  }
  Values level{carried};
  level.insert(level.end(), items.begin(), items.end());
  for (std::size_t number = 0; level.size() > 1;) {
    number += level.size();
    Values next;
    for (std::size_t i = 0; i < level.size(); i += 2)
      next.push_back(i + 1 < level.size() ? combine(number + i / 2, level[i], level[i + 1]) : level[i]);
    level = std::move(next);
  }
  return level[0];
}

Value Interpreter::race(const syntax::RaceExpr *expr, const ScopePtr &scope) {
  auto arm = [&](std::uint32_t index) {
    Inside step(*this, {Step::Kind::race, at(expr), index});
    return eval(expr->alternatives.at(index), scope);
  };
  auto count = static_cast<std::uint32_t>(expr->alternatives.size());
  if (!world.firstArmWins()) {
    Inside step(*this, {Step::Kind::race, at(expr), 0});
    if (std::optional<std::uint32_t> winner = world.raceWinner(here(), count)) {
      steps.back().iteration = *winner;
      return eval(expr->alternatives.at(*winner), scope);
    }
  }
  // Nobody won: all fail, the last one's failure is the race's.
  std::size_t open = steps.size();
  unsigned before = depth;
  for (std::uint32_t index = 0;; ++index)
    try {
      Value value = arm(index);
      if (world.firstArmWins())
        return value;
      throw Unsupported{"a race that the run lost and an arm of which succeeds", expr->span};
    } catch (Failure &) {
      steps.resize(open);
      depth = before;
      if (index + 1 == count)
        throw;
    }
}

Value Interpreter::vote(const syntax::VoteExpr *expr, const ScopePtr &scope) {
  std::int64_t keep = eval(expr->keep, scope).number;
  std::int64_t samples = expr->samples ? eval(expr->samples, scope).number : keep;
  Values answers;
  {
    Inside step(*this, {Step::Kind::vote, at(expr), 0});
    for (std::uint32_t sample : world.voteKept(here(), keep, samples)) {
      steps.back().iteration = sample;
      answers.push_back(eval(expr->body, scope));
    }
  }
  Value all = Value::list(std::move(answers));
  const sema::CallInfo *judge = program.call(expr);
  return judge ? call(expr, *judge, scope, &all) : all;
}

Value Interpreter::tryCatch(const syntax::TryExpr *expr, const ScopePtr &scope) {
  std::size_t open = steps.size();
  unsigned before = depth;
  std::optional<Failure> won = world.failureThatWon(here(), at(expr));
  std::size_t made = world.mark();
  try {
    try {
      return eval(expr->body, scope);
    } catch (const Failure &) {
      if (!won)
        throw;
    } catch (const Unsupported &) {
      if (!won) // what was cancelled for this failure has no answer
        throw;
    }
    throw Failure(*won);
  } catch (const Failure &failure) {
    steps.resize(open);
    depth = before;
    world.cutShort(made);
    for (const syntax::Arm *arm : expr->arms) {
      const sema::PatternInfo &info = program.pattern(arm->pattern);
      if (info.match == sema::Match::failureKind && info.index != static_cast<std::int32_t>(failure.kind))
        continue;
      ScopePtr inside = inner(scope);
      if (info.match == sema::Match::failure)
        inside->values[info.symbol] = Value::record({Value::sum(static_cast<std::int64_t>(failure.kind), {}),
                                                     Value::string(failure.why), Value::string(failure.step)});
      return eval(arm->body, inside);
    }
    throw;
  }
}

//===----------------------------------------------------------------------===//
// Patterns
//===----------------------------------------------------------------------===//

void Interpreter::bind(const syntax::Pattern *pattern, const Value &value, const ScopePtr &scope) {
  if (!matches(pattern, value, scope))
    throw Unsupported{"a binding that does not fit", pattern->span};
}

bool Interpreter::matches(const syntax::Pattern *pattern, const Value &value, const ScopePtr &scope) {
  const sema::PatternInfo &info = program.pattern(pattern);
  switch (info.match) {
  case sema::Match::any:
    return true;
  case sema::Match::bind:
    scope->values[info.symbol] = value;
    return true;
  case sema::Match::literal:
    return equal(eval(as<syntax::LiteralPattern>(pattern)->value, scope), value);
  case sema::Match::none:
    return value.isNone();
  case sema::Match::some:
    return !value.isNone() && matches(as<syntax::CasePattern>(pattern)->arguments[0], value, scope);
  case sema::Match::caseOf: {
    if (value.number != info.index)
      return false;
    if (const auto *one = as<syntax::CasePattern>(pattern))
      for (std::size_t i = 0; i < one->arguments.size(); ++i)
        if (!matches(one->arguments[i], value.items->at(i), scope))
          return false;
    return true;
  }
  case sema::Match::tuple: {
    const auto *tuple = as<syntax::TuplePattern>(pattern);
    for (std::size_t i = 0; i < tuple->elements.size(); ++i)
      if (!matches(tuple->elements[i], value.items->at(i), scope))
        return false;
    return true;
  }
  case sema::Match::record: {
    const auto *record = as<syntax::RecordPattern>(pattern);
    for (std::size_t i = 0; i < record->fields.size(); ++i)
      scope->values[program.pattern(record->fields[i]).symbol] =
          value.items->at(static_cast<std::size_t>(info.fields[i]));
    return true;
  }
  default:
    throw Unsupported{"a pattern of catch outside of it", pattern->span};
  }
}

} // namespace weft::reference::workflow
