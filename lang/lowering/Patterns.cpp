//===- Patterns.cpp - Which arm fits, and what it binds -------------------===//
//
// Tests come first and give the number of the arm; binding happens in the chosen
// arm, where looking into the case is known to be right.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;
using sema::Match;

namespace {

/// How the parts of a pattern match, but for those that take anything. Nothing is looked into: the value may be another
/// case.
SmallVector<Match> partMatches(const ModuleEmitter &module, const syntax::Pattern *pattern) {
  SmallVector<Match> matches;
  auto add = [&](const auto &parts) {
    for (const syntax::Pattern *part : parts)
      if (Match match = module.program.pattern(part).match; match != Match::any)
        matches.push_back(match);
  };
  if (auto *one = syntax::as<syntax::CasePattern>(pattern))
    add(one->arguments);
  else if (auto *tuple = syntax::as<syntax::TuplePattern>(pattern))
    add(tuple->elements);
  else if (auto *record = syntax::as<syntax::RecordPattern>(pattern))
    add(record->fields);
  return matches;
}

} // namespace

SmallVector<std::pair<const syntax::Pattern *, Value>> BodyEmitter::parts(const syntax::Pattern *pattern, Value value) {
  const sema::PatternInfo &info = module.program.pattern(pattern);
  Location at = module.at(pattern->span);
  SmallVector<std::pair<const syntax::Pattern *, Value>> parts;
  auto add = [&](const syntax::Pattern *part, auto make) {
    if (module.program.pattern(part).match != Match::any)
      parts.push_back({part, make(typeOf(module.program.pattern(part).type))});
  };
  if (auto *one = syntax::as<syntax::CasePattern>(pattern)) {
    for (auto [index, argument] : llvm::enumerate(one->arguments))
      add(argument, [&](Type type) -> Value { return expr::CaseFieldOp::create(builder, at, type, value, index); });
  } else if (auto *tuple = syntax::as<syntax::TuplePattern>(pattern)) {
    for (auto [index, element] : llvm::enumerate(tuple->elements))
      add(element, [&](Type type) -> Value { return expr::FieldOp::create(builder, at, type, value, index); });
  } else if (auto *record = syntax::as<syntax::RecordPattern>(pattern)) {
    for (auto [field, index] : llvm::zip(record->fields, info.fields))
      add(field, [&, index = index](Type type) -> Value {
        return expr::FieldOp::create(builder, at, type, value, static_cast<std::uint32_t>(index));
      });
  }
  return parts;
}

void BodyEmitter::bindPattern(const syntax::Pattern *pattern, Value value) {
  const sema::PatternInfo &info = module.program.pattern(pattern);
  if (info.match == Match::bind || info.match == Match::failure) {
    bind(info.symbol, info.type ? as(pattern->span, value, typeOf(info.type)) : value);
    return;
  }
  if (info.match == Match::failureKind)
    return;
  for (auto [part, inner] : parts(pattern, value))
    bindPattern(part, inner);
}

Value BodyEmitter::test(const syntax::Pattern *pattern, Value value) {
  const sema::PatternInfo &info = module.program.pattern(pattern);
  source::Span span = pattern->span;
  Type boolean = module.simple(Kind::boolean), whole = module.simple(Kind::integer);
  auto isCase = [&](std::int64_t index) {
    Value found = expr::CaseIndexOp::create(builder, module.at(span), whole, value);
    return builtin(span, "eq", {found, integer(span, index)}, boolean);
  };
  Value fits;
  switch (info.match) {
  case Match::any:
  case Match::bind:
  case Match::failure:
    return {};
  case Match::literal: {
    auto *literal = syntax::as<syntax::LiteralPattern>(pattern);
    return builtin(span, "eq", {value, emit(literal->value)}, boolean);
  }
  case Match::none:
    return isCase(0);
  case Match::some:
    fits = isCase(1);
    break;
  case Match::caseOf:
    fits = isCase(info.index);
    break;
  case Match::failureKind:
    llvm_unreachable("only in catch");
  case Match::tuple:
  case Match::record:
    break;
  }
  // The inner tests look into the case: only where the outer one held.
  auto inner = [&]() -> Value {
    Value all;
    for (auto [part, looked] : parts(pattern, value))
      if (Value one = test(part, looked))
        all = all ? choose(span, all, boolean,
                           {[one = one] { return one; },
                            [&] { return constant(span, builder.getBoolAttr(false), boolean); }})
                  : one;
    return all ? all : constant(span, builder.getBoolAttr(true), boolean);
  };
  bool deep = llvm::any_of(partMatches(module, pattern), [](Match match) { return match != Match::bind; });
  if (!fits)
    return deep ? inner() : Value();
  return deep
             ? choose(span, fits, boolean, {inner, [&] { return constant(span, builder.getBoolAttr(false), boolean); }})
             : fits;
}

Value BodyEmitter::selectArm(const syntax::Expr *expr, ArrayRef<syntax::Arm *> arms, Value subject, std::size_t from) {
  Type whole = module.simple(Kind::integer);
  source::Span span = expr->span;
  // The cases in their order, each looked at no further: the case's index is the arm's.
  bool inOrder = from == 0 && llvm::all_of(llvm::enumerate(arms), [&](auto arm) {
                   const sema::PatternInfo &info = module.program.pattern(arm.value()->pattern);
                   bool shallow = llvm::all_of(partMatches(module, arm.value()->pattern),
                                               [](Match match) { return match == Match::bind; });
                   std::int64_t index = info.match == Match::none     ? 0
                                        : info.match == Match::some   ? 1
                                        : info.match == Match::caseOf ? info.index
                                                                      : -1;
                   return shallow && index == static_cast<std::int64_t>(arm.index());
                 });
  if (inOrder)
    return expr::CaseIndexOp::create(builder, module.at(span), whole, subject);
  auto number = [&] { return integer(span, static_cast<std::int64_t>(from)); };
  if (from + 1 == arms.size()) // A match is exhaustive: what is left fits.
    return number();
  Value fits = test(arms[from]->pattern, subject);
  if (!fits)
    return number();
  return choose(span, fits, whole, {number, [&] { return selectArm(expr, arms, subject, from + 1); }});
}

Value BodyEmitter::selectFailure(ArrayRef<syntax::Arm *> arms, Value error, std::size_t from) {
  source::Span span = arms[0]->span;
  Type whole = module.simple(Kind::integer);
  auto number = [&] { return integer(span, static_cast<std::int64_t>(from)); };
  if (from == arms.size())
    return number();
  const sema::PatternInfo &info = module.program.pattern(arms[from]->pattern);
  if (info.match != Match::failureKind)
    return number();
  Value kind = expr::FieldOp::create(builder, module.at(span), typeOf(module.program.types.failureKind()), error, 0);
  Value index = expr::CaseIndexOp::create(builder, module.at(span), whole, kind);
  Value fits = builtin(span, "eq", {index, integer(span, info.index)}, module.simple(Kind::boolean));
  return choose(span, fits, whole, {number, [&] { return selectFailure(arms, error, from + 1); }});
}

} // namespace weft::lowering
