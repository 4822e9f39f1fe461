//===- BuiltinHigher.cpp - Core functions that apply functions ------------===//
//
// In the order of the list, one call per item, stopping where the answer is
// known. Over a map the function takes key and value, keys ascending.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Builders.h"
#include "runtime/value/BuiltinFamilies.h"

#include <algorithm>
#include <bit>
#include <map>
#include <numeric>
#include <vector>

namespace weft::value::builtins::higher {
namespace {

/// Calls args[1] for each item of args[0] and gives item number and answer to `visit`, which returns false to stop.
/// False after a failure.
bool forEach(Args args, Builtin builtin, Applier &applier, auto &&visit) {
  Value answer;
  auto call = [&](std::size_t place, Args given) {
    return applier.spend(1) && applier.apply(args[1], given, answer) ? (visit(place, answer) ? 1 : 0) : -1;
  };
  if (args[0].is(Tag::map)) {
    auto entries = args[0].entries();
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Value *given[] = {&entries[i].key, &entries[i].value};
      if (int went = call(i, {given, 2}); went != 1)
        return went == 0;
    }
    return true;
  }
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, builtin, args[0]);
  auto items = args[0].items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    const Value *given[] = {&items[i]};
    if (int went = call(i, {given, 1}); went != 1)
      return went == 0;
  }
  return true;
}

/// forEach with a condition: an answer that is no bool fails.
bool forEachBool(Args args, Builtin builtin, Applier &applier, auto &&visit) {
  bool isBool = true;
  bool ok = forEach(args, builtin, applier, [&](std::size_t place, const Value &answer) {
    isBool = answer.is(Tag::boolean);
    return isBool && visit(place, answer.asBool());
  });
  if (!isBool)
    return applier.fail("the condition of " + std::string(builtinInfo(static_cast<std::uint32_t>(builtin))->name) +
                        " gives no bool");
  return ok;
}

std::size_t countOf(const Value &value) {
  return value.is(Tag::map) ? value.entries().size() : value.is(Tag::list) ? value.items().size() : 0;
}

/// Places in ascending order of their keys, equal ones as they stood. False where two keys have no order.
bool ordered(std::span<const Value> keys, std::vector<std::uint32_t> &places, Applier &applier) {
  places.resize(keys.size());
  std::iota(places.begin(), places.end(), 0u);
  if (!applier.spend(keys.size() * static_cast<std::uint64_t>(std::bit_width(keys.size()))))
    return false;
  const Value *first = nullptr, *second = nullptr;
  std::uint64_t work = 0;
  std::stable_sort(places.begin(), places.end(), [&](std::uint32_t left, std::uint32_t right) {
    work += std::min(keys[left].deepBytes(), keys[right].deepBytes()) / 64;
    // Past the fuel the rest of the sort compares nothing and ends soon.
    if (first || work > applier.fuelLeft)
      return false;
    std::optional<int> order = compare(keys[left], keys[right]);
    if (!order) {
      first = &keys[left];
      second = &keys[right];
    }
    return order && *order < 0;
  });
  if (first)
    return applier.fail("sort: a " + std::string(name(first->tag())) + " and a " + std::string(name(second->tag())) +
                        " have no order");
  return applier.spend(work);
}

bool sorted(std::span<const Value> items, std::span<const Value> keys, Value &result, Applier &applier) {
  std::vector<std::uint32_t> places;
  if (!ordered(keys, places, applier))
    return false;
  ArrayBuilder builder(items.size());
  for (std::uint32_t place : places)
    builder.add(items[place]);
  result = std::move(builder).list();
  return true;
}

} // namespace

bool map(Args args, Value &result, Applier &applier) {
  if (args[0].is(Tag::map)) {
    MapBuilder builder(countOf(args[0]));
    auto entries = args[0].entries();
    if (!forEach(args, Builtin::map, applier, [&](std::size_t place, Value &answer) {
          builder.add(entries[place].key, std::move(answer));
          return true;
        }))
      return false;
    result = std::move(builder).mapOfLast();
    return true;
  }
  ArrayBuilder builder(countOf(args[0]));
  if (!forEach(args, Builtin::map, applier, [&](std::size_t, Value &answer) {
        builder.add(std::move(answer));
        return true;
      }))
    return false;
  result = std::move(builder).list();
  return true;
}

bool filter(Args args, Value &result, Applier &applier) {
  if (args[0].is(Tag::map)) {
    MapBuilder builder;
    auto entries = args[0].entries();
    if (!forEachBool(args, Builtin::filter, applier, [&](std::size_t place, bool stays) {
          if (stays)
            builder.add(entries[place].key, entries[place].value);
          return true;
        }))
      return false;
    result = std::move(builder).mapOfLast();
    return true;
  }
  ArrayBuilder builder;
  if (!forEachBool(args, Builtin::filter, applier, [&](std::size_t place, bool stays) {
        if (stays)
          builder.add(args[0].items()[place]);
        return true;
      }))
    return false;
  result = std::move(builder).list();
  return true;
}

bool all(Args args, Value &result, Applier &applier) {
  bool every = true;
  if (!forEachBool(args, Builtin::all, applier, [&](std::size_t, bool holds) { return every = holds; }))
    return false;
  result = Value::boolean(every);
  return true;
}

bool any(Args args, Value &result, Applier &applier) {
  bool one = false;
  if (!forEachBool(args, Builtin::any, applier, [&](std::size_t, bool holds) { return !(one = holds); }))
    return false;
  result = Value::boolean(one);
  return true;
}

bool count(Args args, Value &result, Applier &applier) {
  std::int64_t found = 0;
  if (!forEachBool(args, Builtin::count, applier, [&](std::size_t, bool holds) {
        found += holds;
        return true;
      }))
    return false;
  result = Value::integer(found);
  return true;
}

bool find(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::find, args[0]);
  result = Value();
  return forEachBool(args, Builtin::find, applier, [&](std::size_t place, bool holds) {
    if (holds)
      result = args[0].items()[place];
    return !holds;
  });
}

bool sort(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::sort, args[0]);
  return sorted(args[0].items(), args[0].items(), result, applier);
}

bool sort_by(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::sort_by, args[0]);
  std::vector<Value> keys;
  keys.reserve(countOf(args[0]));
  if (!forEach(args, Builtin::sort_by, applier, [&](std::size_t, Value &answer) {
        keys.push_back(std::move(answer));
        return true;
      }))
    return false;
  return sorted(args[0].items(), keys, result, applier);
}

bool group_by(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::group_by, args[0]);
  std::map<std::string, ArrayBuilder, std::less<>> groups;
  bool isText = true;
  if (!forEach(args, Builtin::group_by, applier, [&](std::size_t place, const Value &key) {
        if (!(isText = key.is(Tag::string)))
          return false;
        auto group = groups.find(key.asText());
        if (group == groups.end())
          group = groups.emplace(key.asText(), ArrayBuilder()).first;
        group->second.add(args[0].items()[place]);
        return true;
      }))
    return false;
  if (!isText)
    return applier.fail("the key of group_by is no string");
  MapBuilder builder(groups.size());
  for (auto &[key, items] : groups)
    builder.add(Value::text(key), std::move(items).list());
  result = std::move(builder).mapOfLast();
  return true;
}

bool reduce(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::reduce, args[0]);
  Value carried = args[1];
  for (const Value &item : args[0].items()) {
    const Value *given[] = {&carried, &item};
    Value next;
    if (!applier.spend(1) || !applier.apply(args[2], {given, 2}, next))
      return false;
    carried = std::move(next);
  }
  result = std::move(carried);
  return true;
}

} // namespace weft::value::builtins::higher
