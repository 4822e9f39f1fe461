//===- Bookings.h - Writes that can be taken back, and who keeps the books -===//
#pragma once

#include "test/simulation/frame/Everywhere.h"
#include "test/unit/runtime/frame/Plans.h"

#include <set>

namespace weft::test {

/// `book(x)` is taken back by `cancel(x)`, `open(x)` by `close` of what it gave.
struct Bookings : Tools {
  std::uint32_t cancel = member(tool, "cancel", {integer}, integer, Effect::write_idempotent);
  std::uint32_t close = member(tool, "close", {integer}, integer, Effect::write);
  std::uint32_t book = undone("book", "unbook", 1, cancel);
  std::uint32_t open = undone("open", "unopen", 2, close);

  /// By a call of `by` with the last of `takes` values.
  std::uint32_t undone(const std::string &name, const std::string &block, std::uint32_t takes, std::uint32_t by) {
    std::uint32_t made = member(tool, name, {integer}, integer, Effect::write_undo);
    auto &back = this->block(block, takes);
    back.call(by, {back.param(takes - 1)});
    draft.members[made]->undo = static_cast<std::int32_t>(back.index());
    return made;
  }
  /// A block of one parameter that makes the calls one after the other, each with what the one before gave.
  BlockBuilder &chain(const std::string &name, std::initializer_list<std::uint32_t> members) {
    auto &made = block(name, 1);
    Reg value = made.param(0);
    for (std::uint32_t one : members)
      value = made.call(one, {value});
    made.result(value);
    return made;
  }
  Reg plusOne(BlockBuilder &block, Reg value) { return block.builtin(Builtin::add, {value, constant_(1)}); }

private:
  value::Operand constant_(std::int64_t number) { return value::constant(lit(number)); }
};

/// What stands on the other side: `book` and `cancel` by number, `open` and `close` by what was given out.
struct Ledger {
  std::multiset<std::int64_t> booked;

  /// Keeps the books of `world`.
  void keep(FrameWorld &world, const Bookings &plan) {
    auto shared = this;
    world.effect = [shared, book = plan.book, cancel = plan.cancel](const CallSeen &call) {
      std::int64_t number = call.args[0].asInt();
      if (call.member == book)
        shared->booked.insert(number);
      else if (call.member == cancel)
        shared->booked.erase(number); // harmless where nothing was booked
    };
  }
};

/// Arguments of the calls of `member`, in order.
inline std::vector<std::int64_t> askedOf(const FrameWorld &world, std::uint32_t member) {
  std::vector<std::int64_t> asked;
  for (const CallSeen &call : world.calls)
    if (call.member == member)
      asked.push_back(call.args[0].asInt());
  return asked;
}

} // namespace weft::test
