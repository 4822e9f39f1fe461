//===- Snapshot.cpp - Snapshots as values ---------------------------------===//

#include "runtime/frame/Snapshot.h"

#include <span>

namespace weft::frame {

using base::Result;
using value::Tag;
using value::Value;

namespace {

Value whole(std::uint64_t number) { return Value::integer(static_cast<std::int64_t>(number)); }

/// Takes the items of a list one after the other; a wrong one makes the whole wrong, and the rest none.
class Items {
public:
  Items(const Value &list, bool &wrong) : wrong(wrong) {
    if (list.is(Tag::list))
      left = list.items();
    else
      wrong = true;
  }

  const Value &next() {
    static const Value none;
    if (left.empty()) {
      wrong = true;
      return none;
    }
    const Value &item = left.front();
    left = left.subspan(1);
    return item;
  }
  std::int64_t number() {
    const Value &item = next();
    if (!item.is(Tag::integer))
      wrong = true;
    return item.is(Tag::integer) ? item.asInt() : 0;
  }
  std::uint32_t number32() {
    std::int64_t number = this->number();
    if (number < 0 || number > UINT32_MAX)
      wrong = true;
    return static_cast<std::uint32_t>(number);
  }
  base::Hash128 hash() {
    auto high = static_cast<std::uint64_t>(number());
    return {high, static_cast<std::uint64_t>(number())};
  }
  std::string text() {
    const Value &item = next();
    if (!item.is(Tag::string))
      wrong = true;
    return item.is(Tag::string) ? std::string(item.asText()) : std::string();
  }
  Items list() { return Items(next(), wrong); }
  bool empty() const { return left.empty() || wrong; }
  std::span<const Value> rest() { return wrong ? std::span<const Value>() : std::exchange(left, {}); }

private:
  std::span<const Value> left;
  bool &wrong;
};

Value valueOf(const SnapshotFrame &frame) {
  std::vector<Value> missing;
  for (std::uint32_t count : frame.missing)
    missing.push_back(whole(count));
  std::vector<Value> cells;
  for (const SnapshotCell &cell : frame.cells)
    cells.push_back(Value::list({whole(cell.node), whole(cell.number), whole(cell.known), cell.value,
                                 whole(cell.hasKey), whole(cell.key.high), whole(cell.key.low)}));
  return Value::list({whole(frame.index), whole(frame.body), whole(frame.open), Value::list(frame.registers),
                      Value::list(missing), whole(frame.node), whole(frame.next), whole(frame.total), frame.input,
                      Value::list(cells)});
}

SnapshotFrame frameOf(Items items) {
  SnapshotFrame frame;
  frame.index = items.number32();
  frame.body = items.number32();
  frame.open = items.number32();
  std::span<const Value> registers = items.list().rest();
  frame.registers.assign(registers.begin(), registers.end());
  for (Items missing = items.list(); !missing.empty();)
    frame.missing.push_back(missing.number32());
  frame.node = items.number32();
  frame.next = items.number32();
  frame.total = items.number32();
  frame.input = items.next();
  for (Items cells = items.list(); !cells.empty();) {
    Items one = cells.list();
    SnapshotCell cell;
    cell.node = one.number32();
    cell.number = one.number32();
    cell.known = one.number() != 0;
    cell.value = one.next();
    cell.hasKey = one.number() != 0;
    cell.key = one.hash();
    frame.cells.push_back(std::move(cell));
  }
  return frame;
}

} // namespace

Value Snapshot::value() const {
  std::vector<Value> variables, charged, known, line;
  for (const auto &[name, text] : environment)
    variables.push_back(Value::list({Value::text(name), Value::text(text)}));
  for (const SnapshotAccount &one : accounts)
    charged.push_back(Value::list({whole(one.path.high), whole(one.path.low), Value::integer(one.spent.costNano),
                                   Value::integer(one.spent.tokens), Value::integer(one.spent.turns),
                                   Value::integer(one.timeSpentNs)}));
  for (const auto &[key, answer] : answers)
    known.push_back(Value::list({whole(key.high), whole(key.low), answer}));
  for (const SnapshotFrame &frame : frames)
    line.push_back(valueOf(frame));
  return Value::list({Value::text(entry), whole(seed), whole(steps), Value::list(variables), Value::list(charged),
                      Value::list(known), Value::list(line), carried});
}

Result<Snapshot> Snapshot::read(const Value &value) {
  bool wrong = false;
  Items items(value, wrong);
  Snapshot snapshot;
  snapshot.entry = items.text();
  snapshot.seed = static_cast<std::uint64_t>(items.number());
  snapshot.steps = static_cast<std::uint64_t>(items.number());
  for (Items variables = items.list(); !variables.empty();) {
    Items one = variables.list();
    std::string name = one.text();
    snapshot.environment.emplace_back(std::move(name), one.text());
  }
  for (Items charged = items.list(); !charged.empty();) {
    Items one = charged.list();
    SnapshotAccount account;
    account.path = one.hash();
    account.spent.costNano = one.number();
    account.spent.tokens = one.number();
    account.spent.turns = static_cast<std::int32_t>(one.number());
    account.timeSpentNs = one.number();
    snapshot.accounts.push_back(account);
  }
  for (Items known = items.list(); !known.empty();) {
    Items one = known.list();
    base::Hash128 key = one.hash();
    snapshot.answers.emplace_back(key, one.next());
  }
  for (Items line = items.list(); !line.empty();)
    snapshot.frames.push_back(frameOf(line.list()));
  snapshot.carried = items.next();
  if (wrong || snapshot.frames.empty())
    return base::error(base::Code::corrupt, "a snapshot does not have the form of one");
  return snapshot;
}

} // namespace weft::frame
