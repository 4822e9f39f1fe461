//===- TensorGenerics.cpp - What a signature leaves open ------------------===//
//
// A tensor function is one body for many sizes, and with type parameters for many
// records: a call says what they are. The first argument that names an open size
// decides it; those behind it are held to that.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"
#include "lang/sema/Walk.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

void Checker::bindOpen(Type wanted, Type found, const Callable &callable, const syntax::Expr *from,
                       TensorBinding &binding) {
  wanted = base(wanted);
  found = seen(found);
  if (wanted->is(TypeKind::parameter)) {
    if (!found->is(TypeKind::error))
      binding.types.emplace(wanted, found);
    return;
  }
  if (wanted->kind != found->kind)
    return;
  auto sizes = [&](const std::vector<Dim> &names, const std::vector<Dim> &values) {
    for (std::size_t i = 0; names.size() == values.size() && i < names.size(); ++i) {
      const DimSymbol *name = names[i].symbol();
      bool open = name && std::find(callable.dimParameters.begin(), callable.dimParameters.end(), name) !=
                              callable.dimParameters.end();
      if (open && binding.sizes.emplace(name, values[i]).second)
        binding.origin[name] = from;
    }
  };
  sizes(wanted->dims, found->dims);
  if (wanted->is(TypeKind::record) && wanted->declared() == found->declared())
    sizes(wanted->sizes, found->sizes);
  for (std::size_t i = 0; wanted->elements.size() == found->elements.size() && i < wanted->elements.size(); ++i)
    bindOpen(wanted->elements[i], found->elements[i], callable, from, binding);
}

Type Checker::bound(Type type, const TensorBinding &binding) {
  return inference.substituteDims(inference.substitute(type, binding.types), binding.sizes);
}

/// A hint with nothing in it that only this call decides: null where something is left.
Type Checker::boundAsOpen(Type type, const Callable &callable) {
  bool open = false;
  auto look = [&](const std::vector<Dim> &dims) {
    for (const Dim &dim : dims)
      for (const DimSymbol *factor : dim.factors)
        open |= std::find(callable.dimParameters.begin(), callable.dimParameters.end(), factor) !=
                callable.dimParameters.end();
  };
  walk(type, [&](Type part) {
    open |= std::find(callable.typeParameters.begin(), callable.typeParameters.end(), part) !=
            callable.typeParameters.end();
    look(part->dims);
    look(part->sizes);
  });
  return open ? nullptr : type;
}

bool Checker::noteBinding(Span span, const Symbol *symbol, const TensorBinding &binding, bool outside, CallInfo &call) {
  for (const DimSymbol *name : symbol->callable->dimParameters) {
    auto found = binding.sizes.find(name);
    if (found == binding.sizes.end()) {
      error(Code::badSize, span, "the size " + name->name + " of `" + symbol->name + "` is not said by any argument")
          .note(name->span, "named here");
      return false;
    }
    if (outside && !found->second.value()) {
      error(Code::badSize, span, "the size " + found->second.text() + " is not known when the plan is made")
          .note(name->span, name->name + " of `" + symbol->name + "`")
          .hint("declare it: `dim " + found->second.text() + " = …`");
      return false;
    }
    call.dimArguments.emplace_back(name, found->second);
  }
  for (Type parameter : symbol->callable->typeParameters) {
    auto found = binding.types.find(parameter);
    if (found == binding.types.end()) {
      error(Code::typeNotKnown, span, "what " + parameter->name + " of `" + symbol->name + "` is, no argument says")
          .note(symbol->span, "declared here");
      return false;
    }
    if (!found->second->is(TypeKind::parameter) && !isTensors(found->second)) {
      error(Code::tensorOperands, span,
            "`" + parameter->name + "` of `" + symbol->name + "` stands for a tensor or a record of tensors, not for " +
                a(found->second))
          .note(symbol->span, "declared here");
      return false;
    }
    call.typeArguments.push_back(found->second);
  }
  return true;
}

Type Checker::applied(const syntax::Expr *function, const std::vector<Type> &given, Type hint,
                      const std::string &what) {
  if (const auto *lambda = as<syntax::LambdaExpr>(function))
    return appliedLambda(lambda, given, hint, what);
  Symbol *symbol = staticName(function);
  if (const auto *member = as<syntax::MemberExpr>(function); member && !symbol)
    if (Path path = pathOf(member); path.found) {
      symbol = path.symbol;
      if (!symbol)
        return fail();
    }
  note(function, symbol);
  if (!symbol || symbol->kind != SymbolKind::fn || !symbol->fn->tensor) {
    Diagnostic &report =
        error(Code::tensorOperands, function->span, what + " takes a tensor function by its name, or a lambda");
    if (symbol && symbol->span.end)
      report.note(symbol->span, "this is none");
    return fail();
  }
  Callable &callable = *symbol->callable;
  info(function).denotes = Denotes::callable;
  info(function).symbol = symbol;
  TensorBinding binding;
  bool sound = callable.parameters.size() >= given.size();
  for (std::size_t i = given.size(); i < callable.parameters.size(); ++i)
    sound &= callable.parameters[i].defaultValue != nullptr;
  if (!sound) {
    error(Code::wrongArguments, function->span,
          what + " hands " + std::to_string(given.size()) + " values to `" + symbol->name + "`, which takes " +
              std::to_string(callable.parameters.size()))
        .note(symbol->span, "declared here");
    return fail();
  }
  for (std::size_t i = 0; i < given.size(); ++i) {
    const Parameter &parameter = callable.parameters[i];
    bindOpen(parameter.type, given[i], callable, nullptr, binding);
    Type wanted = bound(parameter.type, binding);
    if (inference.fits(given[i], wanted))
      continue;
    error(Code::shapeMismatch, function->span,
          "`" + symbol->name + "` takes " + text(wanted) + " as its " +
              (i == 0   ? "first"
               : i == 1 ? "second"
                        : "next") +
              " argument, and " + what + " hands it " + show(given[i]))
        .note(parameter.span, "declared here");
    return fail();
  }
  CallInfo call;
  call.kind = CalleeKind::tensorFn;
  call.callee = symbol;
  if (!noteBinding(function->span, symbol, binding, false, call))
    return fail();
  call.result = bound(callable.result, binding);
  Type result = call.result;
  info(function).type = result;
  module().calls[function->id] = std::move(call);
  body.calls.push_back(function);
  return result;
}

Type Checker::appliedLambda(const syntax::LambdaExpr *lambda, const std::vector<Type> &given, Type hint,
                            const std::string &what) {
  info(lambda).type = simple(TypeKind::none);
  if (lambda->parameters.size() != given.size()) {
    error(Code::wrongArguments, lambda->span,
          what + " hands " + std::to_string(given.size()) + " values to the lambda, which takes " +
              std::to_string(lambda->parameters.size()));
    return fail();
  }
  std::vector<const Symbol *> captures;
  Type result = inScope(
      [&] {
        for (std::size_t i = 0; i < given.size(); ++i) {
          const syntax::LambdaParam *parameter = lambda->parameters[i];
          if (parameter->name.text == "_")
            continue;
          if (Symbol *symbol = bindLocal(parameter, parameter->name, given[i]))
            symbol->used = true;
        }
        return infer(lambda->body, hint);
      },
      &captures);
  std::erase_if(captures, [](const Symbol *symbol) {
    return symbol->kind < SymbolKind::parameter || symbol->kind > SymbolKind::it;
  });
  module().captures[lambda->id] = std::move(captures);
  return result;
}

namespace {
/// Whether a parameter that is a number decides what this is.
bool hangsOnParameter(const CheckedProgram &program, const syntax::Expr *expr) {
  bool found = false;
  forEachExpr(expr, [&](const syntax::Expr *one) {
    const Symbol *symbol = program.of(one).symbol;
    found |= symbol && symbol->kind == SymbolKind::parameter && symbol->type && isNumber(symbol->type);
  });
  return found;
}
} // namespace

bool Checker::isStatic(const syntax::Expr *expr, const std::string &what) {
  if (known(expr) || (body.place == Place::tensorFn && hangsOnParameter(program, expr)))
    return true;
  if (!resolved(info(expr).type)->is(TypeKind::error)) {
    bool whole = seen(info(expr).finalType())->is(TypeKind::integer);
    error(Code::notConstant, expr->span, what + " is a number that must be known when the plan is made")
        .hint(std::string("one that a run computes is a tensor of rank 0: declare the parameter as `") +
              (whole ? "i64" : "f32") + "`");
  }
  return false;
}

std::optional<std::int64_t> Checker::staticAmount(const syntax::Expr *expr, const std::string &what) {
  std::size_t before = engine.errorCount();
  check(expr, simple(TypeKind::integer), {});
  if (engine.errorCount() != before || !isStatic(expr, what))
    return std::nullopt;
  std::optional<Constant> value = known(expr);
  return value && value->integer() ? std::optional(*value->integer()) : std::nullopt;
}

} // namespace weft::sema
