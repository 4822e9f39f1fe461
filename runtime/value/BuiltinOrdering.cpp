//===- BuiltinOrdering.cpp - Comparisons and `not` ------------------------===//

#include "runtime/value/BuiltinFamilies.h"

namespace weft::value::builtins::ordering {
namespace {

/// Work of comparing two values, in fuel; they share no more than the smaller has.
std::uint64_t workOf(Args args) { return std::min(args[0].deepBytes(), args[1].deepBytes()) / 64; }

bool equal(Args args, bool wanted, Value &result, Applier &applier) {
  if (!applier.spend(workOf(args)))
    return false;
  bool mixed = args[0].tag() != args[1].tag();
  bool same = mixed ? compare(args[0], args[1]) == 0 : args[0] == args[1];
  result = Value::boolean(same == wanted);
  return true;
}

bool ordered(Args args, Value &result, Applier &applier, auto &&holds) {
  if (!applier.spend(workOf(args)))
    return false;
  std::optional<int> order = compare(args[0], args[1]);
  if (!order)
    return applier.fail("a " + std::string(name(args[0].tag())) + " and a " + std::string(name(args[1].tag())) +
                        " have no order");
  result = Value::boolean(holds(*order));
  return true;
}

} // namespace

bool eq(Args args, Value &result, Applier &applier) { return equal(args, true, result, applier); }
bool ne(Args args, Value &result, Applier &applier) { return equal(args, false, result, applier); }

bool lt(Args args, Value &result, Applier &applier) {
  return ordered(args, result, applier, [](int order) { return order < 0; });
}
bool le(Args args, Value &result, Applier &applier) {
  return ordered(args, result, applier, [](int order) { return order <= 0; });
}
bool gt(Args args, Value &result, Applier &applier) {
  return ordered(args, result, applier, [](int order) { return order > 0; });
}
bool ge(Args args, Value &result, Applier &applier) {
  return ordered(args, result, applier, [](int order) { return order >= 0; });
}

bool not_(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::boolean))
    return wrongArgument(applier, Builtin::not_, args[0]);
  result = Value::boolean(!args[0].asBool());
  return true;
}

bool is_none(Args args, Value &result, Applier &) {
  result = Value::boolean(args[0].isNone());
  return true;
}

} // namespace weft::value::builtins::ordering
