//===- CheckWalk.cpp - Every `where` of a type over one value -------------===//

#include "runtime/value/CheckWalk.h"

#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

namespace weft::value {
namespace {

/// Of a value in a message; the rest is cut.
constexpr std::size_t shownBytes = 120;

} // namespace

bool CheckWalk::misshapen(TypeId type, const Value &value, const JsonPlace &place) {
  return evaluator.fail(place.text() + ": expected " + types->text(type) + ", found a " +
                            std::string(name(value.tag())),
                        FailKind::schema);
}

bool CheckWalk::ask(std::int32_t check, std::span<const Value> values, std::string_view text, TypeId shownType,
                    const JsonPlace &place) {
  if (check < 0)
    return true;
  std::vector<const Value *> args;
  for (const Value &value : values)
    args.push_back(&value);
  Value answer;
  if (!evaluator.enter(static_cast<std::uint32_t>(check), {args.data(), args.size()}, {}, answer)) {
    if (evaluator.fuelLeft == 0)
      return false;
    // The condition could not be computed, so it does not hold: what failed inside is the reason.
    return evaluator.fail(place.text() + ": " + std::string(text) + ": " + evaluator.failure.why, FailKind::schema);
  }
  if (answer.is(Tag::boolean) && answer.asBool())
    return true;
  std::string shown;
  if (!toJson(values.back(), shownType, *types, shown))
    shown = name(values.back().tag());
  if (shown.size() > shownBytes)
    shown = std::string(cutTo(shown, shownBytes)) + "…";
  return evaluator.fail(place.text() + ": " + shown + " does not satisfy " + std::string(text), FailKind::schema);
}

bool CheckWalk::walkFields(const std::vector<Field> &fields, std::span<const Value> values, const JsonPlace &place) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    JsonPlace inner{&place, fields[i].name, 0};
    if (!walk(fields[i].type, values[i], inner) ||
        !ask(fields[i].check, values.first(i + 1), fields[i].checkText, fields[i].type, inner))
      return false;
  }
  return true;
}

bool CheckWalk::walk(TypeId id, const Value &value, const JsonPlace &place) {
  if (!types->hasChecks(id))
    return true;
  if (!evaluator.spend(1))
    return false;
  const Type &type = (*types)[id];
  auto element = static_cast<TypeId>(type.element);
  bool ok = true;
  switch (type.kind) {
  case TypeKind::list:
    if (!value.is(Tag::list))
      return misshapen(id, value, place);
    for (std::size_t i = 0; ok && i < value.items().size(); ++i)
      ok = walk(element, value.items()[i], {&place, {}, i});
    break;
  case TypeKind::map:
    if (!value.is(Tag::map))
      return misshapen(id, value, place);
    for (const MapEntry &entry : value.entries())
      if (!(ok = walk(element, entry.value, {&place, entry.key.asText(), 0})))
        break;
    break;
  case TypeKind::optional:
    ok = value.isNone() || walk(element, value, place);
    break;
  case TypeKind::record:
  case TypeKind::tuple:
    if (!value.is(type.kind == TypeKind::record ? Tag::record : Tag::list) ||
        value.items().size() != type.fields.size())
      return misshapen(id, value, place);
    ok = walkFields(type.fields, value.items(), place);
    break;
  case TypeKind::sum: {
    if (!value.is(Tag::variant) || value.caseIndex() >= type.cases.size())
      return misshapen(id, value, place);
    const Case &chosen = type.cases[value.caseIndex()];
    if (value.items().size() != chosen.fields.size())
      return misshapen(id, value, place);
    ok = walkFields(chosen.fields, value.items(), place);
    break;
  }
  default:
    break;
  }
  return ok && ask(type.check, {&value, 1}, type.checkText, id, place);
}

} // namespace weft::value
