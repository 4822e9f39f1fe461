//===- CoreLists.cpp - Core functions on lists and maps -------------------===//

#include "test/reference/workflow/Core.h"

#include <algorithm>

namespace weft::reference::workflow {

using sema::BuiltinId;

namespace {

Value absentOr(const Value *value) { return value ? *value : Value(); }

/// Items of a list, or entries of a map as (key, value).
std::vector<Values> applied(const Value &many) {
  std::vector<Values> out;
  if (many.is(Value::Kind::map))
    for (const auto &[key, item] : *many.entries)
      out.push_back({Value::string(key), item});
  else
    for (const Value &item : *many.items)
      out.push_back({item});
  return out;
}

Value sorted(const Values &items, const Values &keys) {
  std::vector<std::size_t> places(items.size());
  for (std::size_t i = 0; i < places.size(); ++i)
    places[i] = i;
  // Insertion keeps equals as they stood.
  for (std::size_t i = 1; i < places.size(); ++i)
    for (std::size_t k = i; k > 0 && compare(keys[places[k]], keys[places[k - 1]]) < 0; --k)
      std::swap(places[k], places[k - 1]);
  Values out;
  for (std::size_t place : places)
    out.push_back(items[place]);
  return Value::list(std::move(out));
}

std::size_t amount(const Value &value) {
  if (value.number < 0)
    failed("a negative number of items");
  return static_cast<std::size_t>(value.number);
}

Value cut(const Value &from, std::size_t first, std::size_t last) {
  if (from.is(Value::Kind::string)) {
    std::u32string all = points(from.text);
    first = std::min(first, all.size());
    return Value::string(utf8(all.substr(first, std::min(last, all.size()) - first)));
  }
  first = std::min(first, from.items->size());
  last = std::min(last, from.items->size());
  return Value::list(Values(from.items->begin() + static_cast<std::ptrdiff_t>(first),
                            from.items->begin() + static_cast<std::ptrdiff_t>(last)));
}

Value range(std::int64_t from, std::int64_t to) {
  constexpr std::int64_t most = 10'000'000;
  if (from<to &&static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from)> most)
    failed("a range too long to be held");
  Values out;
  for (; from < to; ++from)
    out.push_back(Value::integer(from));
  return Value::list(std::move(out));
}

} // namespace

Value listCore(BuiltinId id, const Values &a, const Apply &apply, bool &known) {
  known = true;
  auto holds = [&](const Values &item) { return apply(a[1], item).truth; };
  switch (id) {
  case BuiltinId::lenList:
    return Value::integer(static_cast<std::int64_t>(a[0].items->size()));
  case BuiltinId::lenMap:
    return Value::integer(static_cast<std::int64_t>(a[0].entries->size()));
  case BuiltinId::map: {
    Values out;
    for (const Values &item : applied(a[0]))
      out.push_back(apply(a[1], item));
    return Value::list(std::move(out));
  }
  case BuiltinId::mapMap: {
    std::map<std::string, Value> out;
    for (const Values &item : applied(a[0]))
      out[item[0].text] = apply(a[1], item);
    return Value::map(std::move(out));
  }
  case BuiltinId::filter: {
    Values out;
    for (const Values &item : applied(a[0]))
      if (holds(item))
        out.push_back(item[0]);
    return Value::list(std::move(out));
  }
  case BuiltinId::filterMap: {
    std::map<std::string, Value> out;
    for (const Values &item : applied(a[0]))
      if (holds(item))
        out[item[0].text] = item[1];
    return Value::map(std::move(out));
  }
  case BuiltinId::all:
  case BuiltinId::allMap:
    for (const Values &item : applied(a[0]))
      if (!holds(item))
        return Value::boolean(false);
    return Value::boolean(true);
  case BuiltinId::any:
  case BuiltinId::anyMap:
    for (const Values &item : applied(a[0]))
      if (holds(item))
        return Value::boolean(true);
    return Value::boolean(false);
  case BuiltinId::count:
  case BuiltinId::countMap: {
    std::int64_t found = 0;
    for (const Values &item : applied(a[0]))
      found += holds(item);
    return Value::integer(found);
  }
  case BuiltinId::find:
    for (const Values &item : applied(a[0]))
      if (holds(item))
        return item[0];
    return {};
  case BuiltinId::sort:
    return sorted(*a[0].items, *a[0].items);
  case BuiltinId::sortBy: {
    Values keys;
    for (const Value &item : *a[0].items)
      keys.push_back(apply(a[1], {item}));
    return sorted(*a[0].items, keys);
  }
  case BuiltinId::take:
  case BuiltinId::takeString:
    return cut(a[0], 0, amount(a[1]));
  case BuiltinId::skip:
  case BuiltinId::skipString:
    return cut(a[0], amount(a[1]), static_cast<std::size_t>(-1));
  case BuiltinId::first:
    return absentOr(a[0].items->empty() ? nullptr : &a[0].items->front());
  case BuiltinId::last:
    return absentOr(a[0].items->empty() ? nullptr : &a[0].items->back());
  case BuiltinId::reverse:
    return Value::list(Values(a[0].items->rbegin(), a[0].items->rend()));
  case BuiltinId::unique: {
    Values out;
    for (const Value &item : *a[0].items)
      if (std::none_of(out.begin(), out.end(), [&](const Value &other) { return equal(item, other); }))
        out.push_back(item);
    return Value::list(std::move(out));
  }
  case BuiltinId::flatten: {
    Values out;
    for (const Value &inner : *a[0].items)
      out.insert(out.end(), inner.items->begin(), inner.items->end());
    return Value::list(std::move(out));
  }
  case BuiltinId::present: {
    Values out;
    for (const Value &item : *a[0].items)
      if (!item.isNone())
        out.push_back(item);
    return Value::list(std::move(out));
  }
  case BuiltinId::zip: {
    Values out;
    for (std::size_t i = 0; i < a[0].items->size() && i < a[1].items->size(); ++i)
      out.push_back(Value::list({(*a[0].items)[i], (*a[1].items)[i]}));
    return Value::list(std::move(out));
  }
  case BuiltinId::enumerate: {
    Values out;
    for (const Value &item : *a[0].items)
      out.push_back(Value::list({Value::integer(static_cast<std::int64_t>(out.size())), item}));
    return Value::list(std::move(out));
  }
  case BuiltinId::groupBy: {
    std::map<std::string, Values> groups;
    for (const Value &item : *a[0].items)
      groups[apply(a[1], {item}).text].push_back(item);
    std::map<std::string, Value> out;
    for (auto &[key, items] : groups)
      out[key] = Value::list(std::move(items));
    return Value::map(std::move(out));
  }
  case BuiltinId::rangeTo:
    return range(0, a[0].number);
  case BuiltinId::range:
    return range(a[0].number, a[1].number);
  case BuiltinId::containsList:
    return Value::boolean(
        std::any_of(a[0].items->begin(), a[0].items->end(), [&](const Value &item) { return equal(item, a[1]); }));
  case BuiltinId::containsMap:
    return Value::boolean(a[0].entries->contains(a[1].text));
  case BuiltinId::keys: {
    Values out;
    for (const auto &[key, item] : *a[0].entries)
      out.push_back(Value::string(key));
    return Value::list(std::move(out));
  }
  case BuiltinId::values: {
    Values out;
    for (const auto &[key, item] : *a[0].entries)
      out.push_back(item);
    return Value::list(std::move(out));
  }
  case BuiltinId::put: {
    std::map<std::string, Value> out = *a[0].entries;
    out[a[1].text] = a[2];
    return Value::map(std::move(out));
  }
  case BuiltinId::reduce: {
    Value carried = a[1];
    for (const Value &item : *a[0].items)
      carried = apply(a[2], {carried, item});
    return carried;
  }
  default:
    known = false;
    return {};
  }
}

} // namespace weft::reference::workflow
