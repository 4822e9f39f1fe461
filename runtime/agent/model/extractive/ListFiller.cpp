//===- ListFiller.cpp - Lists and maps out of the material ----------------===//
//
// What a list is made of depends on what its elements are about: whole records
// of the material (a ranking), statements, or words. How long it is, its
// `where` decides: the number one would like first, then fewer, then more.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/model/extractive/Filler.h"
#include "runtime/value/Builders.h"

#include <algorithm>

namespace weft::extractive {

using value::Field;
using value::Type;
using value::TypeId;
using value::TypeKind;
using value::Value;

namespace {

// How many one would like, where no `where` asks for another number.
constexpr std::size_t likedPoints = 5, fewestLiked = 3, mostLiked = 8, likedKeywords = 6, likedQuestions = 3,
                      likedOthers = 12;
constexpr std::size_t mapEntries = 6;

} // namespace

bool Filler::offerList(const Type &type, const Slot &slot, const Accept &accept) {
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

bool Filler::offerMap(const Type &type, const Slot &slot, const Accept &accept) {
  auto element = static_cast<TypeId>(type.element);
  value::MapBuilder all, none;
  std::size_t index = 0;
  for (const Keyword &keyword : material.keywords) {
    if (index >= mapEntries || slot.depth >= maxFillDepth)
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

bool Filler::aboutItems(const Type &element, const Slot &slot) const {
  if ((material.items.size() < 2 && !material.listed) || material.items.empty() || slot.item || slot.unit)
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
    // The same text twice says nothing; the same number twice does.
    bool told = value.is(value::Tag::string) || value.is(value::Tag::record);
    if (told && std::find(out.begin(), out.end(), value) != out.end())
      return false;
    out.push_back(std::move(value));
    return true;
  });
}

std::vector<Value> Filler::elements(TypeId element, const Slot &slot, std::size_t &preferred) {
  const Type &type = types[element];
  Slot inner = slot;
  inner.depth = slot.depth + 1;
  inner.given = nullptr;
  inner.doc = type.doc;
  inner.where = "";
  // The top of an answer may itself be a list; then its elements' type says what it is about.
  if (inner.role == Role::other && type.kind == TypeKind::record)
    inner.role = roleOf(type.name, type.doc);
  bool statement =
      slot.role == Role::claim || slot.role == Role::quote || slot.role == Role::other || slot.role == Role::summary;
  std::string kept = fault;
  std::vector<Value> out;
  if (aboutItems(type, slot)) {
    out = fromItems(element, inner);
    preferred = out.size();
  } else if (type.kind == TypeKind::string && !statement) {
    out = fromTexts(element, inner);
    preferred = slot.role == Role::keyword ? likedKeywords : slot.role == Role::question ? likedQuestions : likedOthers;
  } else {
    if (type.kind == TypeKind::string && inner.role != Role::quote)
      inner.role = Role::claim;
    out = fromStatements(element, inner);
    preferred = brevity == Brevity::least   ? 1
                : brevity == Brevity::brief ? fewestLiked
                : material.items.size() > 1 ? std::clamp(material.items.size() + 2, likedPoints, mostLiked)
                                            : likedPoints;
  }
  // An element that could not be made is left out, and is no fault of the list.
  fault = std::move(kept);
  return out;
}

std::vector<Value> Filler::fromItems(TypeId element, Slot slot) {
  std::vector<const Item *> order;
  for (const Item &item : material.items)
    order.push_back(&item);
  std::stable_sort(order.begin(), order.end(), [](auto *a, auto *b) { return a->score > b->score; });
  std::vector<Value> out;
  std::string path = slot.path;
  for (const Item *item : order) {
    slot.index = out.size();
    slot.path = path + "[" + std::to_string(slot.index) + "]";
    slot.item = item;
    slot.given = types[element].kind == TypeKind::record ? item->record : nullptr;
    addElement(element, slot, out);
  }
  return out;
}

std::vector<Value> Filler::fromStatements(TypeId element, Slot slot) {
  std::vector<std::size_t> chosen;
  if (slot.unit)
    chosen = {static_cast<std::size_t>(slot.unit - material.units.data())};
  else if (slot.item)
    chosen.assign(slot.item->units.begin(), slot.item->units.end());
  else
    chosen = material.choose(maxListed);
  std::vector<Value> out;
  std::string path = slot.path;
  for (std::size_t unit : chosen) {
    slot.index = out.size();
    slot.path = path + "[" + std::to_string(slot.index) + "]";
    slot.unit = &material.units[unit];
    addElement(element, slot, out);
  }
  return out;
}

std::vector<Value> Filler::fromTexts(TypeId element, const Slot &slot) const {
  std::vector<std::string> texts = textsFor(slot, material, brevity);
  // Only what the role means: the texts behind it are for a single text that must not stay empty.
  std::size_t meant = slot.role == Role::keyword    ? material.keywords.size()
                      : slot.role == Role::section  ? material.headings.size()
                      : slot.role == Role::source   ? std::max<std::size_t>(1, material.sources().size())
                      : slot.role == Role::question ? likedQuestions + material.questions.size()
                      : slot.role == Role::reason   ? 1
                                                    : texts.size();
  std::vector<Value> out;
  std::int32_t check = types[element].check;
  for (std::size_t i = 0; i < std::min({texts.size(), meant, maxListed}); ++i)
    if (Value text = Value::text(texts[i]); check < 0 || holds(check, {&text, 1}))
      out.push_back(std::move(text));
  return out;
}

} // namespace weft::extractive
