//===- CheckWalk.h - Every `where` of a type over one value ---------------===//
#pragma once

#include "runtime/value/Evaluator.h"
#include "runtime/value/JsonPlace.h"

namespace weft::value {

/// Visits what the type describes, inner values before the checks that see them. Subtrees of types without a `where`
/// are not entered.
class CheckWalk {
public:
  explicit CheckWalk(Evaluator &evaluator) : evaluator(evaluator), types(evaluator.program.types) {}

  /// False: the evaluator's failure says what does not hold, with kind `schema`, or that fuel ran out. `root` is what
  /// the value is called in it.
  bool holds(TypeId type, const Value &value, std::string_view root = "$") {
    return walk(type, value, {nullptr, root, 0});
  }

private:
  bool walk(TypeId type, const Value &value, const JsonPlace &place);
  bool walkFields(const std::vector<Field> &fields, std::span<const Value> values, const JsonPlace &place);
  bool ask(std::int32_t check, std::span<const Value> values, std::string_view text, TypeId shownType,
           const JsonPlace &place);
  bool misshapen(TypeId type, const Value &value, const JsonPlace &place);

  Evaluator &evaluator;
  const TypeTable *types;
};

} // namespace weft::value
