//===- RecordFiller.cpp - A value of the asked type out of the material ---===//
//
// A search without going back: fields are filled in their order, each with the
// first candidate for which its `where` holds, because a `where` sees its own
// field and those above it only.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/model/extractive/RecordFiller.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Shortening.h"
#include "runtime/agent/model/extractive/SumClassifier.h"
#include "runtime/agent/model/extractive/Words.h"
#include "runtime/value/Builders.h"
#include "runtime/value/Json.h"

#include <algorithm>
#include <cmath>

namespace weft::extractive {
namespace {

using value::Field;
using value::Type;
using value::TypeId;
using value::TypeKind;
using value::Value;

/// Takes a candidate; true ends the search.
using Accept = std::function<bool(Value)>;

class Filler {
public:
  Filler(const value::TypeTable &types, const Material &material, const Holds &holds, Brevity brevity)
      : types(types), material(material), holds(holds), brevity(brevity) {}

  base::Result<Value> fill(TypeId type) {
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

private:
  /// Offers candidates for `type` until one is accepted and the type's own `where` holds.
  bool offer(TypeId id, const Slot &slot, const Accept &accept) {
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
      return offerSum(type, inner, checked);
    default:
      unsupported = true;
      fault = slot.path + ": extractive fills no " + types.text(id) +
              "; it can give texts, numbers, bools, sums, records, lists and maps";
      return false;
    }
  }

  bool offerFields(const std::vector<Field> &fields, const Slot &slot, bool named,
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

  /// What the record that a slot is about has under the same name.
  const Value *givenFor(const Slot &slot, const std::string &name) const {
    for (const Value *record :
         {slot.unit ? slot.unit->record : nullptr, slot.item ? slot.item->record : nullptr, slot.given})
      if (record && record->is(value::Tag::map))
        if (const Value *found = record->find(name))
          return found;
    return nullptr;
  }

  std::optional<Value> copyOf(const Value &json, TypeId type) const {
    auto text = value::writeJson(json);
    if (!text)
      return std::nullopt;
    auto copy = value::fromJson(*text, type, types, {.dropUnknown = true});
    return copy ? std::optional<Value>(std::move(*copy)) : std::nullopt;
  }

  bool offerText(const Slot &slot, const Accept &accept) {
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

  bool offerNumber(const Slot &slot, bool whole, const Accept &accept) {
    for (double number : numbersFor(slot, material, whole))
      if (accept(whole ? Value::integer(static_cast<std::int64_t>(number)) : Value::real(number)))
        return true;
    return false;
  }

  bool offerUnits(const Slot &slot, TypeKind kind, const Accept &accept) {
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

  bool offerBool(const Slot &slot, const Accept &accept) {
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

  bool offerOptional(const Type &type, const Slot &slot, const Accept &accept) {
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

  /// Whether the material has what an optional field asks for.
  bool known(const Slot &slot, TypeKind kind) const {
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

  bool offerSum(const Type &type, const Slot &slot, const Accept &accept) {
    std::string text = slot.unit ? slot.unit->text : material.wholeText();
    std::optional<Verdict> verdict;
    if (isVerdict(type))
      verdict = judge(material);
    for (std::size_t index : rankCases(type, material, text)) {
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

  bool offerList(const Type &type, const Slot &slot, const Accept &accept) {
    auto element = static_cast<TypeId>(type.element);
    std::size_t preferred = 0;
    std::vector<Value> all = slot.depth >= maxFillDepth ? std::vector<Value>() : elements(element, slot, preferred);
    auto take = [&](std::size_t count) { return accept(Value::list(std::span(all).first(count))); };
    preferred = std::min(preferred, all.size());
    for (std::size_t count = preferred; count > 0; --count)
      if (take(count))
        return true;
    for (std::size_t count = preferred + 1; count <= all.size(); ++count)
      if (take(count))
        return true;
    return take(0);
  }

  /// Values for a list, best first, and how many of them one would like.
  std::vector<Value> elements(TypeId element, const Slot &slot, std::size_t &preferred);
  bool addElement(TypeId element, const Slot &slot, std::vector<Value> &out);
  bool aboutItems(const Type &element, const Slot &slot) const;

  bool offerMap(const Type &type, const Slot &slot, const Accept &accept) {
    auto element = static_cast<TypeId>(type.element);
    value::MapBuilder all, none;
    std::size_t index = 0;
    for (const Keyword &keyword : material.keywords) {
      if (index >= 6 || slot.depth >= maxFillDepth)
        break;
      const Unit *best = nullptr;
      for (const Unit &unit : material.units)
        if (coverage(keyword.phrase, unit.text) >= 0.99 && (!best || unit.score > best->score))
          best = &unit;
      Slot inner = slot;
      inner.unit = best;
      inner.index = index++;
      inner.depth = slot.depth + 1;
      inner.given = nullptr;
      inner.role = types[element].kind == TypeKind::string ? Role::claim : Role::score;
      inner.path = slot.path + "." + keyword.phrase;
      offer(element, inner, [&](Value value) {
        all.add(Value::text(keyword.phrase), std::move(value));
        return true;
      });
    }
    return accept(std::move(all).mapOfLast()) || accept(std::move(none).mapOfLast());
  }

  bool offerJson(const Accept &accept) {
    value::MapBuilder object;
    value::ListBuilder points;
    for (std::size_t unit : material.choose(5))
      points.add(Value::text(material.units[unit].text));
    object.add(Value::text("points"), std::move(points).list());
    object.add(Value::text("summary"), Value::text(summaryOf(material, 3, 90)));
    object.add(Value::text("title"), Value::text(material.title));
    return accept(std::move(object).mapOfLast()) || accept(Value::none());
  }

  std::string refusal(TypeId type, const Slot &slot, const std::string &where) const {
    const std::string &check = where.empty() ? types[type].checkText : where;
    std::string found = std::to_string(material.units.size()) + " sentences";
    if (tries > maxTries)
      return slot.path + ": " + std::to_string(maxTries) + " values tried, none satisfies " + check;
    return slot.path + ": nothing in the material (" + found + ") makes a " + types.text(type) +
           (check.empty() ? "" : " that satisfies " + check);
  }

  const value::TypeTable &types;
  const Material &material;
  const Holds &holds;
  Brevity brevity;
  std::size_t tries = 0;
  std::string fault;
  bool unsupported = false;
};

/// Whether the elements of a list are about whole records of the material (a ranking) and not about statements.
bool Filler::aboutItems(const Type &element, const Slot &slot) const {
  if (material.items.size() < 2 || slot.item || slot.unit)
    return false;
  if (element.kind != TypeKind::record)
    return slot.role == Role::title || slot.role == Role::source;
  bool statement = false, sameShape = false;
  for (const Field &field : element.fields) {
    Role role = roleOf(field.name, field.doc);
    statement |= (role == Role::claim || role == Role::quote) && types[field.type].kind == TypeKind::string;
    // A record that has the lists of the material's records is one of them again.
    const Value *same =
        material.items[0].record->is(value::Tag::map) ? material.items[0].record->find(field.name) : nullptr;
    sameShape |= same && same->is(value::Tag::list);
  }
  return sameShape || !statement;
}

bool Filler::addElement(TypeId element, const Slot &slot, std::vector<Value> &out) {
  return offer(element, slot, [&](Value value) {
    if (std::find(out.begin(), out.end(), value) != out.end())
      return false;
    out.push_back(std::move(value));
    return true;
  });
}

std::vector<Value> Filler::elements(TypeId element, const Slot &slot, std::size_t &preferred) {
  const Type &type = types[element];
  std::vector<Value> out;
  std::string kept = fault;
  Slot inner = slot;
  inner.depth = slot.depth + 1;
  inner.given = nullptr;
  inner.doc = type.doc;
  inner.where = "";
  auto at = [&](std::size_t index) {
    inner.index = index;
    inner.path = slot.path + "[" + std::to_string(index) + "]";
  };
  // The top of an answer may itself be a list; then its elements' type says what it is about.
  if (inner.role == Role::other && type.kind == TypeKind::record)
    inner.role = roleOf(type.name, type.doc);
  bool statements =
      slot.role == Role::claim || slot.role == Role::quote || slot.role == Role::other || slot.role == Role::summary;
  if (aboutItems(type, slot)) {
    std::vector<const Item *> order;
    for (const Item &item : material.items)
      order.push_back(&item);
    std::stable_sort(order.begin(), order.end(), [](auto *a, auto *b) { return a->score > b->score; });
    for (const Item *item : order) {
      at(out.size());
      inner.item = item;
      inner.given = type.kind == TypeKind::record ? item->record : nullptr;
      addElement(element, inner, out);
    }
    preferred = out.size();
  } else if (type.kind == TypeKind::record || type.kind == TypeKind::tuple ||
             (type.kind == TypeKind::string && statements)) {
    std::vector<std::size_t> chosen;
    if (slot.unit) {
      chosen = {static_cast<std::size_t>(slot.unit - material.units.data())};
    } else if (slot.item) {
      for (std::uint32_t unit : slot.item->units)
        chosen.push_back(unit);
    } else {
      chosen = material.choose(maxListed);
    }
    if (type.kind == TypeKind::string && inner.role != Role::quote)
      inner.role = Role::claim;
    for (std::size_t unit : chosen) {
      at(out.size());
      inner.unit = &material.units[unit];
      addElement(element, inner, out);
    }
    preferred = material.items.size() > 1 ? std::clamp<std::size_t>(material.items.size(), 3, 8) : 5;
    if (brevity != Brevity::full)
      preferred = brevity == Brevity::brief ? 3 : 1;
  } else if (type.kind == TypeKind::string) {
    std::vector<std::string> texts = textsFor(inner, material, brevity);
    // Only what the role means: the fallbacks behind it are for a single text.
    std::size_t real = slot.role == Role::keyword    ? material.keywords.size()
                       : slot.role == Role::section  ? material.headings.size()
                       : slot.role == Role::source   ? std::max<std::size_t>(1, material.sources().size())
                       : slot.role == Role::reason   ? 1
                       : slot.role == Role::question ? 5
                                                     : texts.size();
    for (std::size_t i = 0; i < std::min({texts.size(), real, maxListed}); ++i)
      if (Value text = Value::text(texts[i]); type.check < 0 || holds(type.check, {&text, 1}))
        out.push_back(std::move(text));
    preferred = slot.role == Role::keyword ? 6 : slot.role == Role::question ? 3 : 12;
  } else {
    // Numbers, bools, sums: one for each of the best statements.
    auto chosen = material.choose(5);
    for (std::size_t unit : chosen) {
      at(out.size());
      inner.unit = &material.units[unit];
      offer(element, inner, [&](Value value) {
        out.push_back(std::move(value));
        return true;
      });
    }
    preferred = out.size();
  }
  fault = std::move(kept);
  return out;
}

} // namespace

base::Result<Value> fillValue(TypeId type, const value::TypeTable &types, const Material &material, const Holds &holds,
                              Brevity brevity) {
  return Filler(types, material, holds, brevity).fill(type);
}

} // namespace weft::extractive
