//===- HistoryChecker.h - Does a journal tell what really happened? -------===//
//
// A run may end with the right value and still have broken a promise on the
// way: paid twice, acted before it had decided. This judges the records that
// all lives of a journal left against the calls and effects that the outside
// world saw. For simulations and real processes alike.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/Record.h"

#include <string>
#include <vector>

namespace weft::simulation {

/// A call as its driver saw it leave.
struct ObservedCall {
  journal::RunId run;
  journal::StepKey key;
  std::uint64_t epoch = 0;      ///< Of the owner that made it.
  std::uint64_t durableLsn = 0; ///< The last lsn known to be durable when it left.
  bool needsIntent = true;      ///< A write, or a paid call.
  bool tookEffect = false;      ///< The other side did it, and had not done it before for `idempotencyKey`.
  std::string idempotencyKey;   ///< Empty for calls without one.
  std::uint32_t taking = 0;     ///< How often this owner had stopped the run before, and taken it up again.
};

/// Something that is only right because of a decision: a loser cancelled, a winner's value shown.
struct ObservedEffect {
  journal::RunId run;
  journal::StepKey decision; ///< Whose record has to be durable first.
  std::uint64_t durableLsn = 0;
  std::string what; ///< For the message.
};

struct History {
  std::vector<journal::Record> records; ///< Of all runs, in order of lsn.
  std::vector<ObservedCall> calls;      ///< In the order in which they left, over all lives.
  std::vector<ObservedEffect> effects;
};

/// A sentence for each promise that is broken; empty when all are kept:
///
///   H1  lsns have no gaps, and `prev` leads through each run.
///   H2  epochs never go down.
///   H3  a run starts once, with its first record, and ends at most once.
///   H4  a write or a paid call leaves after its intent is durable.
///   H5  a call whose outcome is durable is not made again.
///   H6  one owner makes a call once, and once more when it had stopped the run: another attempt has another key.
///   H7  no effect is taken twice for one idempotency key.
///   H8  what follows from a decision happens after the decision is durable.
///   H9  a call is made by the owner of its time: its epoch is that of the last durable record, or a later one.
///   H10 views of a gang are numbered upwards, over all its lives.
///   H11 a gang never goes back behind its last checkpoint, and checkpoints go forward.
std::vector<std::string> checkHistory(const History &history);

} // namespace weft::simulation
