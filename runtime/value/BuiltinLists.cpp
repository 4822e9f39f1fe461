//===- BuiltinLists.cpp - Lists, without functions over them --------------===//

#include "runtime/base/Limits.h"
#include "runtime/value/Builders.h"
#include "runtime/value/BuiltinFamilies.h"
#include "runtime/value/Utf8.h"

#include <unordered_set>

namespace weft::value::builtins::lists {
namespace {

/// The items of a list argument, each paid for; nullopt after failing.
std::optional<std::span<const Value>> itemsOf(Args args, Builtin builtin, Applier &applier) {
  if (!args[0].is(Tag::list)) {
    wrongArgument(applier, builtin, args[0]);
    return std::nullopt;
  }
  if (!applier.spend(args[0].items().size()))
    return std::nullopt;
  return args[0].items();
}

Value listOf(std::span<const Value> items) { return Value::list(items); }

/// `take` and `skip`: how many, cut to what is there.
bool amountOf(Args args, Builtin builtin, std::int64_t &amount, Applier &applier) {
  if (!args[1].is(Tag::integer))
    return wrongArgument(applier, builtin, args[1]);
  amount = args[1].asInt();
  return amount >= 0 || applier.fail(std::string(builtinInfo(static_cast<std::uint32_t>(builtin))->name) + " of " +
                                     std::to_string(amount) + " items, at least 0 is expected");
}

struct ByValue {
  std::size_t operator()(const Value *value) const { return hashOf(*value); }
  bool operator()(const Value *left, const Value *right) const { return *left == *right; }
};

} // namespace

bool len(Args args, Value &result, Applier &applier) {
  std::size_t count = 0;
  switch (args[0].tag()) {
  case Tag::list:
    count = args[0].items().size();
    break;
  case Tag::map:
    count = args[0].entries().size();
    break;
  case Tag::bytes:
    count = args[0].asBytes().size();
    break;
  case Tag::string:
    if (!applier.spend(args[0].asText().size() / 64))
      return false;
    count = codePoints(args[0].asText());
    break;
  default:
    return wrongArgument(applier, Builtin::len, args[0]);
  }
  result = Value::integer(static_cast<std::int64_t>(count));
  return true;
}

bool index(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::index, args[0]);
  if (!args[1].is(Tag::integer))
    return wrongArgument(applier, Builtin::index, args[1]);
  auto items = args[0].items();
  std::int64_t place = args[1].asInt();
  if (place < 0 || static_cast<std::uint64_t>(place) >= items.size())
    return applier.fail("index " + std::to_string(place) + " of a list of " + std::to_string(items.size()) +
                        (items.size() == 1 ? " item" : " items"));
  result = items[static_cast<std::size_t>(place)];
  return true;
}

bool take(Args args, Value &result, Applier &applier) {
  std::int64_t amount;
  if (!amountOf(args, Builtin::take, amount, applier))
    return false;
  auto most = static_cast<std::size_t>(amount);
  if (args[0].is(Tag::string)) {
    std::string_view text = args[0].asText();
    if (!applier.spend(text.size() / 64))
      return false;
    result = Value::text(text.substr(0, offsetOf(text, most)));
    return true;
  }
  auto items = itemsOf(args, Builtin::take, applier);
  if (!items)
    return false;
  result = most >= items->size() ? args[0] : listOf(items->first(most));
  return true;
}

bool skip(Args args, Value &result, Applier &applier) {
  std::int64_t amount;
  if (!amountOf(args, Builtin::skip, amount, applier))
    return false;
  auto most = static_cast<std::size_t>(amount);
  if (args[0].is(Tag::string)) {
    std::string_view text = args[0].asText();
    if (!applier.spend(text.size() / 64))
      return false;
    result = Value::text(text.substr(offsetOf(text, most)));
    return true;
  }
  auto items = itemsOf(args, Builtin::skip, applier);
  if (!items)
    return false;
  result = most == 0 ? args[0] : listOf(items->subspan(std::min(most, items->size())));
  return true;
}

bool first(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::first, args[0]);
  result = args[0].items().empty() ? Value() : args[0].items().front();
  return true;
}

bool last(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::last, args[0]);
  result = args[0].items().empty() ? Value() : args[0].items().back();
  return true;
}

bool reverse(Args args, Value &result, Applier &applier) {
  auto items = itemsOf(args, Builtin::reverse, applier);
  if (!items)
    return false;
  ArrayBuilder builder(items->size());
  for (std::size_t i = items->size(); i-- > 0;)
    builder.add((*items)[i]);
  result = std::move(builder).list();
  return true;
}

bool unique(Args args, Value &result, Applier &applier) {
  auto items = itemsOf(args, Builtin::unique, applier);
  if (!items || !applier.spend(args[0].deepBytes() / 64))
    return false;
  std::unordered_set<const Value *, ByValue, ByValue> seen;
  ArrayBuilder builder;
  for (const Value &item : *items)
    if (seen.insert(&item).second)
      builder.add(item);
  result = std::move(builder).list();
  return true;
}

bool flatten(Args args, Value &result, Applier &applier) {
  auto items = itemsOf(args, Builtin::flatten, applier);
  if (!items)
    return false;
  std::uint64_t count = 0;
  for (const Value &inner : *items) {
    if (!inner.is(Tag::list))
      return wrongArgument(applier, Builtin::flatten, inner);
    count += inner.items().size();
  }
  if (count > base::maxListItems)
    return applier.fail("a list of " + std::to_string(count) + " items, at most " + std::to_string(base::maxListItems) +
                        " can be held");
  if (!applier.spend(count))
    return false;
  ArrayBuilder builder(count);
  for (const Value &inner : *items)
    for (const Value &item : inner.items())
      builder.add(item);
  result = std::move(builder).list();
  return true;
}

bool present(Args args, Value &result, Applier &applier) {
  auto items = itemsOf(args, Builtin::present, applier);
  if (!items)
    return false;
  ArrayBuilder builder;
  for (const Value &item : *items)
    if (!item.isNone())
      builder.add(item);
  result = std::move(builder).list();
  return true;
}

bool zip(Args args, Value &result, Applier &applier) {
  auto items = itemsOf(args, Builtin::zip, applier);
  if (!items)
    return false;
  if (!args[1].is(Tag::list))
    return wrongArgument(applier, Builtin::zip, args[1]);
  std::size_t count = std::min(items->size(), args[1].items().size());
  ArrayBuilder builder(count);
  for (std::size_t i = 0; i < count; ++i)
    builder.add(Value::list({(*items)[i], args[1].items()[i]}));
  result = std::move(builder).list();
  return true;
}

bool enumerate(Args args, Value &result, Applier &applier) {
  auto items = itemsOf(args, Builtin::enumerate, applier);
  if (!items)
    return false;
  ArrayBuilder builder(items->size());
  for (std::size_t i = 0; i < items->size(); ++i)
    builder.add(Value::list({Value::integer(static_cast<std::int64_t>(i)), (*items)[i]}));
  result = std::move(builder).list();
  return true;
}

bool range(Args args, Value &result, Applier &applier) {
  for (std::size_t i = 0; i < args.size(); ++i)
    if (!args[i].is(Tag::integer))
      return wrongArgument(applier, Builtin::range, args[i]);
  std::int64_t from = args.size() == 2 ? args[0].asInt() : 0;
  std::int64_t to = args[args.size() - 1].asInt();
  std::uint64_t count = from < to ? static_cast<std::uint64_t>(to) - static_cast<std::uint64_t>(from) : 0;
  if (count > base::maxListItems)
    return applier.fail("a range of " + std::to_string(count) + " items, at most " +
                        std::to_string(base::maxListItems) + " can be held");
  if (!applier.spend(count))
    return false;
  ArrayBuilder builder(count);
  for (std::uint64_t i = 0; i < count; ++i)
    builder.add(Value::integer(from + static_cast<std::int64_t>(i)));
  result = std::move(builder).list();
  return true;
}

bool contains(Args args, Value &result, Applier &applier) {
  const Value &in = args[0], &wanted = args[1];
  if (in.is(Tag::list)) {
    if (!applier.spend(in.items().size() + in.deepBytes() / 64))
      return false;
    bool found = false;
    for (const Value &item : in.items())
      if ((found = item == wanted || (item.tag() != wanted.tag() && compare(item, wanted) == 0)))
        break;
    result = Value::boolean(found);
    return true;
  }
  if (!wanted.is(Tag::string))
    return wrongArgument(applier, Builtin::contains, wanted);
  if (in.is(Tag::map)) {
    result = Value::boolean(in.find(wanted.asText()) != nullptr);
    return true;
  }
  if (!in.is(Tag::string))
    return wrongArgument(applier, Builtin::contains, in);
  if (!applier.spend(in.asText().size() / 16))
    return false;
  // memmem is linear; a search that is quadratic on repetition would let one call hold a thread.
  std::string_view text = in.asText(), part = wanted.asText();
  result = Value::boolean(part.empty() || memmem(text.data(), text.size(), part.data(), part.size()));
  return true;
}

} // namespace weft::value::builtins::lists
