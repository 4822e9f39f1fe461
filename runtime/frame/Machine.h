//===- Machine.h - Workflows as frames, stepped by events -----------------===//
//
// One per thread, many runs. `step` takes one event and gives the actions that
// follow from it; the machine does no I/O, reads no clock and takes no lock, so
// the simulator runs it as it is. What it does with a plan's ops is told in
// README.md, and which facts it journals, in RecordBody.h.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/frame/Action.h"
#include "runtime/frame/Event.h"
#include "runtime/frame/Sabotage.h"

#include <memory>

namespace weft::frame {

struct MachineOptions {
  bool jitter = true;   ///< ±20 % on backoff; tests with a virtual clock switch it off.
  bool observe = false; ///< Fill `Actions::notes`.
  /// Records behind the last snapshot of a run before another one is taken, between two rounds of a loop; 0: none is.
  std::uint64_t snapshotEvery = 0;
};

/// Since the machine was made.
struct MachineCounters {
  std::uint64_t nodes = 0;      ///< Nodes started.
  std::uint64_t calls = 0;      ///< Attempts given out.
  std::uint64_t replayed = 0;   ///< Steps answered by the journal.
  std::uint64_t records = 0;    ///< Appended.
  std::uint64_t snapshots = 0;  ///< Among them.
  std::uint64_t framesLive = 0; ///< Now.
  std::uint64_t framesMost = 0; ///< Most at one time.
  std::uint64_t runsLive = 0;   ///< In memory now.
  std::uint64_t bytesLive = 0;  ///< Of frames, steps and scopes.
};

class Core;

/// Not thread-safe. After warm-up a step over inline values allocates nothing.
class Machine {
public:
  explicit Machine(MachineOptions options = {}, Sabotage sabotage = {});
  ~Machine();
  Machine(const Machine &) = delete;
  Machine &operator=(const Machine &) = delete;

  /// Handles `event` to its end: everything that can be computed without the outside is. Clears `actions` and fills it.
  /// Events about things that are gone (a call whose run has ended) do nothing. Cost: O(what becomes ready).
  void step(Event &&event, Moment now, Actions &actions);

  const MachineCounters &counters() const;

  /// Whether a run of this plan can be carried by this build; else `unsupported`, naming the construct.
  static base::Result<void> supports(const plan::Plan &plan);

private:
  std::unique_ptr<Core> core;
};

} // namespace weft::frame
