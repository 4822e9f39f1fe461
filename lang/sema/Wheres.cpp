//===- Wheres.cpp - Conditions on types, and constants that break them ----===//
//
// A where is pure and sees its own name and those before it. A constant that
// becomes such a type is judged at once, by the evaluator that limits use; what
// is not known now is checked when the value enters.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/Evaluate.h"

#include <cmath>
#include <limits>

namespace weft::sema {
using syntax::as;
using syntax::BinaryOp;

namespace {

/// What is left of the values of one thing.
struct Range {
  double least = -std::numeric_limits<double>::infinity(), most = std::numeric_limits<double>::infinity();
  bool aboveLeast = false, belowMost = false; ///< The bound itself is excluded.

  bool empty() const { return least > most || (least == most && (aboveLeast || belowMost)); }
};

/// Bounds that comparisons with constants, joined by `and`, put on what is compared. Things are the same if they are
/// written with the same words; what is no such comparison excludes nothing.
class Bounds {
public:
  Bounds(const CheckedProgram &program, const source::Sources &sources) : program(program), sources(sources) {}

  /// Whether the conditions seen so far exclude each other.
  bool exclude(const syntax::Expr *where) {
    const auto *both = as<syntax::BinaryExpr>(where);
    if (!both)
      return false;
    if (both->op == BinaryOp::logicalAnd)
      return exclude(both->left) || exclude(both->right);
    std::optional<double> left = amount(both->left), right = amount(both->right);
    if (left.has_value() == right.has_value())
      return false;
    return right ? narrow(both->left, both->op, *right) : narrow(both->right, mirrored(both->op), *left);
  }

private:
  std::optional<double> amount(const syntax::Expr *expr) const {
    std::optional<Constant> value = evaluate(program, expr);
    if (value && value->quantity())
      return static_cast<double>(value->quantity()->amount);
    return value ? value->number() : std::nullopt;
  }

  static BinaryOp mirrored(BinaryOp op) {
    switch (op) {
    case BinaryOp::less:
      return BinaryOp::greater;
    case BinaryOp::lessEqual:
      return BinaryOp::greaterEqual;
    case BinaryOp::greater:
      return BinaryOp::less;
    case BinaryOp::greaterEqual:
      return BinaryOp::lessEqual;
    default:
      return op;
    }
  }

  bool narrow(const syntax::Expr *thing, BinaryOp op, double bound) {
    auto [at, fresh] = ranges.try_emplace(std::string(sources.file(thing->span.file).text(thing->span)));
    Range &range = at->second;
    Type type = program.of(thing).type;
    bool whole = type && base(type)->is(TypeKind::integer);
    const CallInfo *call = program.call(thing);
    if (fresh && whole && call && call->kind == CalleeKind::core && nameOf(call->builtin) == "len")
      range.least = 0;
    // Beyond 2^53 the next whole number is not told from this one.
    double step = whole && std::abs(bound) < 9e15 ? 1 : 0;
    if (op == BinaryOp::greater || op == BinaryOp::greaterEqual || op == BinaryOp::equal) {
      bool above = op == BinaryOp::greater;
      double least = above && step > 0 ? std::floor(bound) + 1 : bound;
      if (least > range.least || (least == range.least && above))
        range.least = least, range.aboveLeast = above && step == 0;
    }
    if (op == BinaryOp::less || op == BinaryOp::lessEqual || op == BinaryOp::equal) {
      bool below = op == BinaryOp::less;
      double most = below && step > 0 ? std::ceil(bound) - 1 : bound;
      if (most < range.most || (most == range.most && below))
        range.most = most, range.belowMost = below && step == 0;
    }
    return range.empty();
  }

  const CheckedProgram &program;
  const source::Sources &sources;
  std::map<std::string, Range> ranges;
};

} // namespace

void Checker::checkWhere(const syntax::Expr *where, const std::vector<Symbol *> &sees) {
  withBody(Place::where, body.module, nullptr, [&] {
    inScope([&] {
      for (Symbol *symbol : sees) {
        body.scope->bind(symbol);
        symbol->used = true;
      }
      check(where, simple(TypeKind::boolean), {"a where is a condition", where->span});
      std::optional<Constant> value = evaluate(program, where);
      bool never = value ? value->boolean() && !*value->boolean() : Bounds(program, sources).exclude(where);
      if (never)
        error(Code::emptyWhere, where->span, "no value can hold this where");
    });
  });
}

void Checker::checkWheres(std::uint32_t index) {
  body = Body{};
  body.module = index;
  auto fields = [&](const std::vector<Field> &list) {
    for (const Field &field : list)
      if (field.check) {
        std::vector<Symbol *> sees;
        for (const Symbol *symbol : field.checkSees)
          sees.push_back(const_cast<Symbol *>(symbol));
        checkWhere(field.check, sees);
      }
  };
  for (const syntax::Decl *decl : program.modules[index]->tree->decls) {
    auto found = module().symbols.find(decl->id);
    if (found == module().symbols.end())
      continue;
    Symbol *symbol = found->second;
    if (symbol->kind == SymbolKind::type && namedTypes.contains(symbol)) {
      TypeInfo *type = namedTypes[symbol];
      fields(type->fields);
      for (const Case &one : type->cases)
        fields(one.fields);
      if (type->check)
        checkWhere(type->check, {const_cast<Symbol *>(type->checkIt)});
    } else if (symbol->callable) {
      checkParameters(*symbol->callable);
    } else if (symbol->tool) {
      for (Symbol *member : symbol->tool->members)
        checkParameters(*member->callable);
    }
  }
}

void Checker::checkParameters(Callable &callable) {
  std::vector<Symbol *> sees;
  bool hadDefault = false;
  Known defaults;
  for (const Parameter &parameter : callable.parameters) {
    if (parameter.symbol)
      sees.push_back(parameter.symbol);
    if (parameter.check)
      checkWhere(parameter.check, sees);
    if (parameter.defaultValue) {
      withBody(Place::constant, body.module, nullptr, [&] {
        check(parameter.defaultValue, parameter.type, {"the default of `" + parameter.name + "`", parameter.span});
      });
      if (parameter.symbol)
        if (std::optional<Constant> value = evaluate(program, parameter.defaultValue))
          defaults[parameter.symbol] = *value;
      std::optional<Constant> held = parameter.check ? evaluate(program, parameter.check, defaults) : std::nullopt;
      if (held && held->boolean() && !*held->boolean())
        error(Code::brokenWhere, parameter.defaultValue->span,
              "the default of `" + parameter.name + "` must hold: " + parameter.checkText)
            .note(parameter.check->span, "declared here");
    } else if (hadDefault) {
      error(Code::wrongArguments, parameter.span,
            "`" + parameter.name + "` has no default and stands after one that has")
          .hint("parameters with defaults come last");
    }
    hadDefault |= parameter.defaultValue != nullptr;
  }
}

void Checker::checkConstant(const syntax::Expr *expr, Type to) {
  to = inference.settle(to);
  while (to->is(TypeKind::optional))
    to = to->element;
  if (!to->is(TypeKind::alias) || !to->check || Inference::open(to))
    return;
  std::optional<Constant> value = evaluate(program, expr);
  if (!value || std::holds_alternative<std::monostate>(value->value))
    return;
  std::optional<Constant> held = evaluate(program, to->check, {{to->checkIt, *value}});
  if (held && held->boolean() && !*held->boolean())
    error(Code::brokenWhere, expr->span, written(expr, *value) + " is no " + to->name + ": " + to->checkText)
        .note(to->check->span, "`it` must hold this");
}

std::string Checker::written(const syntax::Expr *expr, const Constant &value) const {
  std::string text(sources.file(expr->span.file).text(expr->span));
  bool plain = !as<syntax::NameExpr>(expr) && !as<syntax::BinaryExpr>(expr) && !as<syntax::CallExpr>(expr);
  return plain ? text : "`" + text + "`, which is " + value.text() + ",";
}

void Checker::checkFieldConstants(const std::vector<Field> &fields, const std::vector<const syntax::Expr *> &values) {
  Known known;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!values[i])
      continue;
    std::optional<Constant> value = evaluate(program, values[i]);
    if (!value)
      continue;
    known[fields[i].checkSees.empty() ? nullptr : fields[i].checkSees.back()] = *value;
    if (!fields[i].check)
      continue;
    std::optional<Constant> held = evaluate(program, fields[i].check, known);
    if (held && held->boolean() && !*held->boolean())
      error(Code::brokenWhere, values[i]->span,
            "`" + fields[i].name + "` is " + value->text() + ", and must hold: " + fields[i].checkText)
          .note(fields[i].check->span, "declared here");
  }
}

void Checker::checkArgumentConstants(const Callable &callable, const std::vector<BoundArgument> &arguments) {
  Known known;
  for (std::size_t i = 0; i < arguments.size() && i < callable.parameters.size(); ++i) {
    const Parameter &parameter = callable.parameters[i];
    if (!arguments[i].value || arguments[i].isDefault)
      continue;
    std::optional<Constant> value = evaluate(program, arguments[i].value);
    if (!value)
      continue;
    known[parameter.symbol] = *value;
    if (!parameter.check)
      continue;
    std::optional<Constant> held = evaluate(program, parameter.check, known);
    if (held && held->boolean() && !*held->boolean())
      error(Code::brokenWhere, arguments[i].value->span,
            "`" + parameter.name + "` is " + value->text() + ", and must hold: " + parameter.checkText)
          .note(parameter.check->span, "declared here");
  }
}

} // namespace weft::sema
