//===- Arguments.cpp - Which argument is which parameter ------------------===//
//
// Positional ones first, then named ones, then defaults. Lambdas are looked at
// last: what their parameters are is often said by the other arguments.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

std::optional<std::vector<BoundArgument>> Checker::bindArguments(const syntax::CallExpr *expr,
                                                                 const syntax::Expr *receiver,
                                                                 const std::vector<Slot> &slots,
                                                                 const std::string &what, Span declared) {
  std::vector<BoundArgument> bound(slots.size());
  std::size_t next = 0;
  bool sound = true;
  if (receiver) {
    if (slots.empty()) {
      error(Code::wrongArguments, expr->callee->span, what + " takes no arguments, so it cannot be called on a value")
          .note(declared, "declared here");
      return std::nullopt;
    }
    bound[next++].value = receiver;
  }
  std::size_t given = expr->arguments.size() + next;
  for (const syntax::Argument &argument : expr->arguments) {
    if (argument.name.empty()) {
      if (next < slots.size()) {
        bound[next++].value = argument.value;
        continue;
      }
      error(Code::wrongArguments, argument.span,
            what + " takes " + std::to_string(slots.size()) + (slots.size() == 1 ? " argument" : " arguments") +
                ", here are " + std::to_string(given))
          .note(declared, "declared here");
      return std::nullopt;
    }
    std::size_t at = 0;
    while (at < slots.size() && slots[at].name != argument.name.text)
      ++at;
    if (at == slots.size()) {
      std::vector<std::string> names;
      for (const Slot &slot : slots)
        if (!slot.name.empty())
          names.push_back(slot.name);
      Diagnostic &report =
          error(Code::unknownArgument, argument.name.span, what + " has no parameter `" + argument.name.text + "`");
      report.note(declared, "declared here");
      report.offer(argument.name.text, names);
      sound = false;
    } else if (bound[at].value) {
      error(Code::unknownArgument, argument.name.span, "`" + argument.name.text + "` already has a value")
          .note(bound[at].value->span, "given here");
      sound = false;
    } else {
      bound[at].value = argument.value;
    }
  }
  if (!sound)
    return std::nullopt;
  std::string missing;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (bound[i].value)
      continue;
    if (slots[i].defaultValue) {
      bound[i].value = slots[i].defaultValue;
      bound[i].isDefault = true;
      continue;
    }
    missing += missing.empty() ? "" : ", ";
    bool open = Inference::open(inference.settle(slots[i].type)); // Of a generic function: its signature says it.
    missing += slots[i].name.empty() ? show(slots[i].type)
                                     : "`" + slots[i].name + (open ? "" : ": " + show(slots[i].type)) + "`";
  }
  if (missing.empty())
    return bound;
  error(Code::wrongArguments, expr->span, what + " needs " + missing).note(declared, "declared here");
  return std::nullopt;
}

void Checker::checkArguments(const std::vector<BoundArgument> &arguments, const std::vector<Slot> &slots) {
  auto one = [&](std::size_t i) {
    const BoundArgument &argument = arguments[i];
    Reason reason;
    if (!slots[i].name.empty() && slots[i].span.end)
      reason = {"`" + slots[i].name + ": " + show(slots[i].type) + "` is declared here", slots[i].span};
    if (argument.isDefault || !argument.value)
      return;
    // A receiver has been looked at already, to find out who is called.
    if (info(argument.value).type) {
      if (!convert(argument.value, slots[i].type))
        mismatch(argument.value, slots[i].type, info(argument.value).type, reason);
    } else {
      check(argument.value, slots[i].type, reason);
    }
  };
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (!as<syntax::LambdaExpr>(arguments[i].value))
      one(i);
  for (std::size_t i = 0; i < arguments.size(); ++i)
    if (as<syntax::LambdaExpr>(arguments[i].value))
      one(i);
}

} // namespace weft::sema
