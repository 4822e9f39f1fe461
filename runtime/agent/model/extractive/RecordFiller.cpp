//===- RecordFiller.cpp - A value of the asked type out of the material ---===//
//
// Candidates for one place after another, until every `where` holds. Lists and
// maps are ListFiller.cpp's.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/model/extractive/RecordFiller.h"

#include "runtime/agent/model/extractive/Filler.h"
#include "runtime/agent/model/extractive/Shortening.h"
#include "runtime/agent/model/extractive/SumClassifier.h"
#include "runtime/value/Builders.h"
#include "runtime/value/Json.h"

#include <algorithm>
#include <cmath>

namespace weft::extractive {

using value::Field;
using value::Type;
using value::TypeId;
using value::TypeKind;
using value::Value;

namespace {

/// Records around a sum that may have itself inside: deeper, cases that end are tried first, or a text that speaks of
/// branches alone would be answered by more of them than there are tries.
constexpr std::size_t deepEnough = 3;

/// Whether a value of one of `fields` may hold one of type `wanted`.
bool leadsTo(const std::vector<Field> &fields, TypeId wanted, const value::TypeTable &types, std::vector<bool> &seen) {
  auto reaches = [&](auto &self, TypeId at) -> bool {
    if (at == wanted)
      return true;
    if (seen[at])
      return false;
    seen[at] = true;
    const Type &type = types[at];
    bool holdsOne = type.kind == TypeKind::list || type.kind == TypeKind::map || type.kind == TypeKind::optional;
    auto inside = [&](const Field &field) { return self(self, field.type); };
    return (holdsOne && self(self, static_cast<TypeId>(type.element))) ||
           std::any_of(type.fields.begin(), type.fields.end(), inside) ||
           std::any_of(type.cases.begin(), type.cases.end(), [&](const value::Case &one) {
             return std::any_of(one.fields.begin(), one.fields.end(), inside);
           });
  };
  return std::any_of(fields.begin(), fields.end(), [&](const Field &field) { return reaches(reaches, field.type); });
}

} // namespace

base::Result<Value> Filler::fill(TypeId type) {
  Slot slot;
  slot.doc = types[type].doc;
  std::optional<Value> result;
  bool found = offer(type, slot, [&](Value value) {
    result = std::move(value);
    return true;
  });
  if (found)
    return std::move(*result);
  if (unsupported)
    return base::error(base::Code::unsupported, fault);
  if (fault.empty())
    fault = refusal(type, slot, types[type].checkText);
  return base::error(base::Code::invalid, fault);
}

bool Filler::offer(TypeId id, const Slot &slot, const Accept &accept) {
  const Type &type = types[id];
  Slot inner = slot;
  if (!type.checkText.empty())
    inner.where += " " + type.checkText;
  Accept checked = [&](Value value) {
    if (++tries > maxTries)
      return false;
    return (type.check < 0 || holds(type.check, {&value, 1})) && accept(std::move(value));
  };
  if (slot.given)
    if (auto copy = copyOf(*slot.given, id); copy && checked(std::move(*copy)))
      return true;
  switch (type.kind) {
  case TypeKind::none:
    return checked(Value::none());
  case TypeKind::boolean:
    return offerBool(inner, checked);
  case TypeKind::integer:
  case TypeKind::real:
    return offerNumber(inner, type.kind == TypeKind::integer, checked);
  case TypeKind::string:
    return offerText(inner, checked);
  case TypeKind::json:
    return offerJson(checked);
  case TypeKind::duration:
  case TypeKind::size:
  case TypeKind::money:
    return offerUnits(inner, type.kind, checked);
  case TypeKind::list:
    return offerList(type, inner, checked);
  case TypeKind::map:
    return offerMap(type, inner, checked);
  case TypeKind::optional:
    return offerOptional(type, inner, checked);
  case TypeKind::tuple:
  case TypeKind::record:
    return offerFields(type.fields, inner, true,
                       [&](std::span<const Value> values) { return checked(Value::record(values)); });
  case TypeKind::sum:
    return offerSum(id, inner, checked);
  default:
    unsupported = true;
    fault = slot.path + ": extractive fills no " + types.text(id) +
            "; it can give texts, numbers, bools, sums, records, lists and maps";
    return false;
  }
}

bool Filler::offerFields(const std::vector<Field> &fields, const Slot &slot, bool named,
                         const std::function<bool(std::span<const Value>)> &accept) {
  if (slot.depth >= maxFillDepth)
    return false;
  std::vector<Value> values(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const Field &field = fields[i];
    Slot inner = slot;
    inner.name = field.name;
    inner.doc = field.doc;
    inner.where = field.checkText;
    inner.role = roleOf(field.name, field.doc);
    inner.depth = slot.depth + 1;
    inner.path = slot.path + "." + field.name;
    inner.given = named ? givenFor(slot, field.name) : nullptr;
    bool found = offer(field.type, inner, [&](Value value) {
      values[i] = std::move(value);
      return field.check < 0 || holds(field.check, std::span(values).first(i + 1));
    });
    if (!found) {
      if (fault.empty())
        fault = refusal(field.type, inner, field.checkText);
      return false;
    }
  }
  return accept(values);
}

const Value *Filler::givenFor(const Slot &slot, const std::string &name) const {
  for (const Value *record :
       {slot.unit ? slot.unit->record : nullptr, slot.item ? slot.item->record : nullptr, slot.given})
    if (record && record->is(value::Tag::map))
      if (const Value *found = record->find(name))
        return found;
  return nullptr;
}

std::optional<Value> Filler::copyOf(const Value &json, TypeId type) const {
  auto text = value::writeJson(json);
  if (!text)
    return std::nullopt;
  auto copy = value::fromJson(*text, type, types, {.dropUnknown = true});
  return copy ? std::optional<Value>(std::move(*copy)) : std::nullopt;
}

bool Filler::offerText(const Slot &slot, const Accept &accept) {
  std::vector<std::string> texts = textsFor(slot, material, brevity), named = textsIn(slot.where);
  for (const std::string &text : texts)
    if (accept(Value::text(text)))
      return true;
  for (const std::string &text : named)
    if (accept(Value::text(text)))
      return true;
  for (const std::string &text : texts) {
    for (const std::string &variant : variantsOf(text))
      if (accept(Value::text(variant)))
        return true;
    for (const std::string &part : named)
      if (accept(Value::text(part + text)) || accept(Value::text(text + part)))
        return true;
  }
  return accept(Value::text(""));
}

bool Filler::offerNumber(const Slot &slot, bool whole, const Accept &accept) {
  for (double number : numbersFor(slot, material, whole))
    if (accept(whole ? Value::integer(static_cast<std::int64_t>(number)) : Value::real(number)))
      return true;
  return false;
}

bool Filler::offerUnits(const Slot &slot, TypeKind kind, const Accept &accept) {
  auto make = [&](double number) {
    auto units = static_cast<std::int64_t>(number * (kind == TypeKind::size ? 1 : 1e9));
    return kind == TypeKind::duration ? Value::duration(units)
           : kind == TypeKind::size   ? Value::size(units)
                                      : Value::money(units);
  };
  for (double number : numbersFor(slot, material, false))
    if (std::abs(number) < 1e9 && accept(make(number)))
      return true;
  return false;
}

bool Filler::offerBool(const Slot &slot, const Accept &accept) {
  bool likely;
  if (slot.role == Role::verdict || leaning(slot.name) != 0) {
    likely = judge(material).accepted == (leaning(slot.name) >= 0);
  } else {
    std::string asked(slot.name);
    std::replace(asked.begin(), asked.end(), '_', ' ');
    for (const char *start : {"is ", "has ", "mentions ", "contains ", "allows ", "requires ", "needs "})
      if (asked.starts_with(start))
        asked = asked.substr(std::string_view(start).size());
    std::string text = slot.unit ? slot.unit->text : material.wholeText();
    likely = coverage(asked, text) >= 0.6 || (!slot.doc.empty() && coverage(slot.doc, text) >= 0.8);
  }
  return accept(Value::boolean(likely)) || accept(Value::boolean(!likely));
}

bool Filler::offerOptional(const Type &type, const Slot &slot, const Accept &accept) {
  auto inside = static_cast<TypeId>(type.element);
  bool fillable =
      slot.depth < maxFillDepth && types[inside].kind != TypeKind::bytes && types[inside].kind != TypeKind::file;
  std::string kept = fault;
  if (fillable && known(slot, types[inside].kind) && offer(inside, slot, accept))
    return true;
  fault = std::move(kept);
  unsupported = false;
  return accept(Value::none());
}

bool Filler::known(const Slot &slot, TypeKind kind) const {
  if (slot.role == Role::source || slot.role == Role::section || slot.role == Role::date || slot.role == Role::url) {
    auto texts = textsFor(slot, material, brevity);
    bool named = slot.role == Role::source    ? !material.sources().empty() || !material.source.empty()
                 : slot.role == Role::section ? (slot.unit ? !slot.unit->section.empty() : !material.headings.empty())
                                              : !texts.empty();
    return named;
  }
  if (slot.role != Role::other || kind == TypeKind::list || kind == TypeKind::record)
    return true;
  std::string asked(slot.name);
  std::replace(asked.begin(), asked.end(), '_', ' ');
  return coverage(asked, slot.unit ? slot.unit->text : material.wholeText()) >= 0.99;
}

bool Filler::offerSum(TypeId id, const Slot &slot, const Accept &accept) {
  const Type &type = types[id];
  std::string text = slot.unit ? slot.unit->text : material.wholeText();
  std::optional<Verdict> verdict;
  if (isVerdict(type))
    verdict = judge(material);
  std::vector<std::size_t> order = rankCases(type, material, text);
  if (slot.depth >= deepEnough)
    std::stable_partition(order.begin(), order.end(), [&](std::size_t index) {
      std::vector<bool> seen(types.size());
      return !leadsTo(type.cases[index].fields, id, types, seen);
    });
  for (std::size_t index : order) {
    Slot inner = slot;
    inner.verdict = verdict ? &*verdict : nullptr;
    inner.given = nullptr;
    bool taken = offerFields(type.cases[index].fields, inner, false, [&](std::span<const Value> values) {
      return accept(Value::variant(static_cast<std::uint32_t>(index), values));
    });
    if (taken)
      return true;
  }
  return false;
}

bool Filler::offerJson(const Accept &accept) {
  value::MapBuilder object;
  value::ListBuilder points;
  for (std::size_t unit : material.choose(5))
    points.add(Value::text(material.units[unit].text));
  object.add(Value::text("points"), std::move(points).list());
  object.add(Value::text("summary"), Value::text(summaryOf(material, 3, 90)));
  object.add(Value::text("title"), Value::text(material.title));
  return accept(std::move(object).mapOfLast()) || accept(Value::none());
}

std::string Filler::refusal(TypeId type, const Slot &slot, const std::string &where) const {
  const std::string &check = where.empty() ? types[type].checkText : where;
  std::string found = std::to_string(material.units.size()) + " sentences";
  if (tries > maxTries)
    return slot.path + ": " + std::to_string(maxTries) + " values tried, none satisfies " + check;
  return slot.path + ": nothing in the material (" + found + ") makes a " + types.text(type) +
         (check.empty() ? "" : " that satisfies " + check);
}

base::Result<Value> fillValue(TypeId type, const value::TypeTable &types, const Material &material, const Holds &holds,
                              Brevity brevity) {
  return Filler(types, material, holds, brevity).fill(type);
}

} // namespace weft::extractive
