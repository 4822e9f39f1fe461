//===- Folds.cpp - `reduce` over calls ------------------------------------===//
//
// In a workflow the function that `reduce` is handed may call: a lambda with steps
// in it, or an agent, a workflow or a tool's member by its name. What is declared
// `associative` may be grouped as a tree, so it combines values of one type.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

/// What the program names as a function, if that reaches outside.
Symbol *Checker::calledByName(const syntax::Expr *function) {
  Symbol *symbol = nullptr;
  if (const auto *member = as<syntax::MemberExpr>(function)) {
    Path path = pathOf(member);
    symbol = path.found ? path.symbol : nullptr;
  } else {
    symbol = staticName(function);
  }
  return symbol && symbol->callable && (symbol->workflow || symbol->agent || symbol->member) ? symbol : nullptr;
}

void Checker::checkFold(const std::vector<BoundArgument> &arguments, const std::vector<Slot> &slots) {
  const syntax::Expr *function = arguments[2].value;
  Symbol *symbol = calledByName(function);
  if (!symbol) {
    body.stepping = as<syntax::LambdaExpr>(function);
    checkArguments(arguments, slots);
    body.stepping = nullptr;
    return;
  }
  checkArguments({arguments[0], arguments[1]}, {slots[0], slots[1]});
  const std::string name = (symbol->member ? symbol->member->tool->name + "." : "") + symbol->name;
  const Callable &callable = *symbol->callable;
  note(function, symbol);
  info(function).denotes = Denotes::callable;
  Type carried = slots[1].type, item = inference.settle(slots[0].type)->element;
  bool fits = callable.parameters.size() == 2 && inference.fits(carried, callable.parameters[0].type) &&
              inference.fits(item, callable.parameters[1].type) && inference.fits(callable.result, carried);
  if (!fits) {
    error(Code::typeMismatch, function->span,
          "`reduce` hands on " + show(carried) + " and an item, " + show(item) + ", and asks for " + show(carried) +
              ": `" + name + "` is " + show(program.types.agent(parameterTypes(callable), callable.result)))
        .note(symbol->span, "declared here")
        .hint("write what is handed on: `|so_far, item| " + name + "(…)`");
    return;
  }
  CallInfo call;
  call.callee = symbol;
  call.kind = symbol->workflow ? CalleeKind::workflow : symbol->member ? CalleeKind::member : CalleeKind::agent;
  call.arguments.assign(2, {nullptr});
  call.result = callable.result;
  module().calls[function->id] = std::move(call);
  body.calls.push_back(function);
}

std::vector<Type> Checker::parameterTypes(const Callable &callable) {
  std::vector<Type> types;
  for (const Parameter &parameter : callable.parameters)
    types.push_back(parameter.type);
  return types;
}

void Checker::checkAssociative() {
  for (const Symbol &symbol : program.symbols) {
    if (!symbol.callable || !symbol.callable->associative || !symbol.callable->result)
      continue;
    const Callable &callable = *symbol.callable;
    bool combines = callable.parameters.size() == 2 && callable.parameters[0].type == callable.result &&
                    callable.parameters[1].type == callable.result;
    if (!combines)
      error(Code::notAssociative, symbol.span,
            "`" + symbol.name + "` cannot be associative: it does not make one value of two values of its type")
          .hint("two parameters of the type that it gives, `" + symbol.name + "(left: T, right: T) -> T`");
  }
}

} // namespace weft::sema
