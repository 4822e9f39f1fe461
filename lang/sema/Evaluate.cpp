//===- Evaluate.cpp - What an expression is, if it is known ---------------===//
//
// Ints are checked for overflow, as at run time: an overflow is not known. The
// core functions here are those that wheres and limits are made of.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Evaluate.h"

#include <algorithm>
#include <cmath>

namespace weft::sema {
using syntax::as;
using syntax::BinaryOp;

namespace {

using Result = std::optional<Constant>;

std::size_t codePoints(const std::string &text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

class Evaluator {
public:
  Evaluator(const CheckedProgram &program, const Known &known) : program(program), known(known) {}

  Result run(const syntax::Expr *expr) {
    if (++steps > maxSteps)
      return std::nullopt;
    Result value = plain(expr);
    if (value && program.of(expr).conversion.intToFloat && value->integer())
      return Constant{static_cast<double>(*value->integer())};
    return value;
  }

private:
  /// A limit for lambdas over long lists; what is slower is left to the run.
  static constexpr unsigned maxSteps = 20'000;

  Result plain(const syntax::Expr *expr) {
    if (as<syntax::NoneExpr>(expr))
      return Constant{};
    if (const auto *e = as<syntax::BoolExpr>(expr))
      return Constant{e->value};
    if (const auto *e = as<syntax::IntExpr>(expr))
      return Constant{e->value};
    if (const auto *e = as<syntax::FloatExpr>(expr))
      return Constant{e->value};
    if (const auto *e = as<syntax::QuantityExpr>(expr))
      return Constant{QuantityValue{e->quantity, e->amount}};
    if (const auto *e = as<syntax::StringExpr>(expr))
      return e->isPlain() ? Result(Constant{e->plainText()}) : std::nullopt;
    if (const auto *e = as<syntax::ListExpr>(expr)) {
      std::vector<Constant> elements;
      for (const syntax::Expr *element : e->elements) {
        Result value = run(element);
        if (!value)
          return std::nullopt;
        elements.push_back(std::move(*value));
      }
      return Constant{std::move(elements)};
    }
    if (const auto *e = as<syntax::UnaryExpr>(expr))
      return unary(e);
    if (const auto *e = as<syntax::BinaryExpr>(expr))
      return binary(e);
    if (const auto *e = as<syntax::IfExpr>(expr); e && e->otherwise) {
      Result condition = run(e->condition);
      if (!condition || !condition->boolean())
        return std::nullopt;
      return run(*condition->boolean() ? e->thenBlock : e->otherwise);
    }
    if (const auto *e = as<syntax::BlockExpr>(expr)) {
      const auto *only = e->statements.size() == 1 ? as<syntax::ExprStmt>(e->statements[0]) : nullptr;
      return only ? run(only->expr) : std::nullopt;
    }
    if (as<syntax::CallExpr>(expr))
      return call(expr);
    const Symbol *symbol = program.of(expr).symbol;
    if (!symbol)
      return std::nullopt;
    if (auto found = known.find(symbol); found != known.end())
      return found->second;
    return symbol->constant;
  }

  Result unary(const syntax::UnaryExpr *expr) {
    Result value = run(expr->operand);
    if (!value)
      return std::nullopt;
    if (expr->op == syntax::UnaryOp::logicalNot)
      return value->boolean() ? Result(Constant{!*value->boolean()}) : std::nullopt;
    if (const std::int64_t *whole = value->integer())
      return integers(BinaryOp::subtract, 0, *whole);
    if (const QuantityValue *amount = value->quantity())
      return Constant{QuantityValue{amount->quantity, -amount->amount}};
    std::optional<double> number = value->number();
    return number ? Result(Constant{-*number}) : std::nullopt;
  }

  Result binary(const syntax::BinaryExpr *expr) {
    Result left = run(expr->left);
    if (!left)
      return std::nullopt;
    // The lazy ones: the right side need not be known.
    if (expr->op == BinaryOp::orElse)
      return std::holds_alternative<std::monostate>(left->value) ? run(expr->right) : left;
    if (expr->op == BinaryOp::logicalAnd || expr->op == BinaryOp::logicalOr) {
      if (!left->boolean())
        return std::nullopt;
      return *left->boolean() == (expr->op == BinaryOp::logicalOr) ? left : run(expr->right);
    }
    Result right = run(expr->right);
    if (!right)
      return std::nullopt;
    if (expr->op >= BinaryOp::equal && expr->op <= BinaryOp::greaterEqual)
      return compare(expr->op, *left, *right);
    return arithmetic(expr->op, *left, *right);
  }

  static Result compare(BinaryOp op, const Constant &left, const Constant &right) {
    if (op == BinaryOp::equal || op == BinaryOp::notEqual) {
      bool equal = left.number() && right.number() ? *left.number() == *right.number() : left == right;
      return Constant{equal == (op == BinaryOp::equal)};
    }
    auto by = [&](const auto &a, const auto &b) {
      return Constant{op == BinaryOp::less        ? a < b
                      : op == BinaryOp::lessEqual ? a <= b
                      : op == BinaryOp::greater   ? a > b
                                                  : a >= b};
    };
    if (left.integer() && right.integer())
      return by(*left.integer(), *right.integer());
    if (left.number() && right.number())
      return by(*left.number(), *right.number());
    if (left.string() && right.string())
      return by(*left.string(), *right.string());
    if (left.quantity() && right.quantity() && left.quantity()->quantity == right.quantity()->quantity)
      return by(left.quantity()->amount, right.quantity()->amount);
    return std::nullopt;
  }

  static Result arithmetic(BinaryOp op, const Constant &left, const Constant &right) {
    if (left.string() && right.string() && op == BinaryOp::add)
      return Constant{*left.string() + *right.string()};
    if (left.list() && right.list() && op == BinaryOp::add) {
      std::vector<Constant> all = *left.list();
      all.insert(all.end(), right.list()->begin(), right.list()->end());
      return Constant{std::move(all)};
    }
    if (left.integer() && right.integer() && op != BinaryOp::divide) {
      Result whole = integers(op, *left.integer(), *right.integer());
      return whole;
    }
    if (left.quantity() || right.quantity())
      return quantities(op, left, right);
    std::optional<double> a = left.number(), b = right.number();
    if (!a || !b)
      return std::nullopt;
    switch (op) {
    case BinaryOp::add:
      return Constant{*a + *b};
    case BinaryOp::subtract:
      return Constant{*a - *b};
    case BinaryOp::multiply:
      return Constant{*a * *b};
    case BinaryOp::divide:
      return *b != 0 ? Result(Constant{*a / *b}) : std::nullopt;
    default:
      return std::nullopt;
    }
  }

  static Result integers(BinaryOp op, std::int64_t left, std::int64_t right) {
    std::int64_t out = 0;
    bool overflow = false;
    switch (op) {
    case BinaryOp::add:
      overflow = __builtin_add_overflow(left, right, &out);
      break;
    case BinaryOp::subtract:
      overflow = __builtin_sub_overflow(left, right, &out);
      break;
    case BinaryOp::multiply:
      overflow = __builtin_mul_overflow(left, right, &out);
      break;
    case BinaryOp::remainder:
      if (right == 0 || right == -1)
        return std::nullopt;
      out = left % right;
      break;
    default:
      return std::nullopt;
    }
    return overflow ? std::nullopt : Result(Constant{out});
  }

  static Result quantities(BinaryOp op, const Constant &left, const Constant &right) {
    const QuantityValue *a = left.quantity(), *b = right.quantity();
    if (a && b) {
      if (a->quantity != b->quantity)
        return std::nullopt;
      if (op == BinaryOp::divide)
        return b->amount ? Result(Constant{static_cast<double>(a->amount) / static_cast<double>(b->amount)})
                         : std::nullopt;
      if (op != BinaryOp::add && op != BinaryOp::subtract)
        return std::nullopt;
      Result sum = integers(op, a->amount, b->amount);
      return sum ? Result(Constant{QuantityValue{a->quantity, *sum->integer()}}) : std::nullopt;
    }
    std::optional<double> factor = a ? right.number() : left.number();
    const QuantityValue *amount = a ? a : b;
    if (!factor || (op != BinaryOp::multiply && !(op == BinaryOp::divide && a)))
      return std::nullopt;
    double product = op == BinaryOp::multiply ? static_cast<double>(amount->amount) * *factor
                                              : static_cast<double>(amount->amount) / *factor;
    if (!(std::fabs(product) < 9e18))
      return std::nullopt;
    return Constant{QuantityValue{amount->quantity, static_cast<std::int64_t>(std::llround(product))}};
  }

  Result call(const syntax::Expr *expr) {
    const CallInfo *info = program.call(expr);
    if (!info || info->kind != CalleeKind::core || info->arguments.empty())
      return std::nullopt;
    Result first = run(info->arguments[0].value);
    if (!first)
      return std::nullopt;
    switch (info->builtin) {
    case BuiltinId::lenList:
      return first->list() ? Result(Constant{static_cast<std::int64_t>(first->list()->size())}) : std::nullopt;
    case BuiltinId::lenString:
      return first->string() ? Result(Constant{static_cast<std::int64_t>(codePoints(*first->string()))}) : std::nullopt;
    case BuiltinId::all:
    case BuiltinId::any:
    case BuiltinId::count:
      return overList(info->builtin, *first, info->arguments[1].value);
    default:
      break;
    }
    if (info->arguments.size() != 2)
      return std::nullopt;
    Result second = run(info->arguments[1].value);
    if (!second)
      return std::nullopt;
    if (first->string() && second->string()) {
      const std::string &text = *first->string(), &part = *second->string();
      switch (info->builtin) {
      case BuiltinId::startsWith:
        return Constant{text.starts_with(part)};
      case BuiltinId::endsWith:
        return Constant{text.ends_with(part)};
      case BuiltinId::containsString:
        return Constant{text.find(part) != std::string::npos};
      default:
        return std::nullopt;
      }
    }
    if (info->builtin == BuiltinId::containsList && first->list())
      return Constant{std::find(first->list()->begin(), first->list()->end(), *second) != first->list()->end()};
    if (info->builtin == BuiltinId::min || info->builtin == BuiltinId::max) {
      Result less = compare(BinaryOp::less, *first, *second);
      if (less)
        return *less->boolean() == (info->builtin == BuiltinId::min) ? first : second;
    }
    return std::nullopt;
  }

  Result overList(BuiltinId which, const Constant &list, const syntax::Expr *function) {
    const auto *lambda = as<syntax::LambdaExpr>(function);
    if (!list.list() || !lambda || lambda->parameters.size() != 1)
      return std::nullopt;
    const Symbol *parameter = program.symbol(lambda->parameters[0]);
    std::int64_t held = 0;
    for (const Constant &element : *list.list()) {
      known[parameter] = element;
      Result value = run(lambda->body);
      if (!value || !value->boolean())
        return std::nullopt;
      held += *value->boolean();
    }
    if (which == BuiltinId::count)
      return Constant{held};
    return Constant{which == BuiltinId::any ? held > 0 : held == static_cast<std::int64_t>(list.list()->size())};
  }

  const CheckedProgram &program;
  Known known;
  unsigned steps = 0;
};
} // namespace

Result evaluate(const CheckedProgram &program, const syntax::Expr *expr, const Known &known) {
  return Evaluator(program, known).run(expr);
}

} // namespace weft::sema
