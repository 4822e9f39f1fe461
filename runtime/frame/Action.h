//===- Action.h - What the frame machine asks for -------------------------===//
//
// Carried out in order. Records of one step of the machine are one group of
// the journal: appended together, durable together. What must not leave before
// it is durable is not in the list yet; the machine holds it in its gate and
// gives it out after `Durable`.
//
// The list is the caller's and is used again, so that a step allocates nothing
// once it has grown: values, bytes and text stand in pools beside the actions.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"
#include "runtime/journal/Record.h"
#include "runtime/observe/Event.h"
#include "runtime/value/Value.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weft::frame {

enum class ActionKind : std::uint8_t {
  putBlob,       ///< `bytes` under `digest`, before any record that comes later.
  append,        ///< `recordKind`, `key`, body in `bytes`; is the machine's record number `sequence`.
  call,          ///< `id`, `member`, `values`: one attempt of one call.
  cancelCall,    ///< `id`: its outcome is of no more use; it is still reported, for its cost.
  startTimer,    ///< `id`, due at `atNs` of steady time.
  cancelTimer,   ///< `id`.
  emit,          ///< `values[0]`, under `key`: the same key when a resumed run emits it again.
  entered,       ///< `key`, `member`, `values`: of a test that counts it, a workflow or an agent begins to run.
  ask,           ///< `key`, `member`, question in `bytes`: a person is asked. `atNs`: wall time of its deadline, or 0.
  answerRefused, ///< `key`, reason in `bytes`.
  startGang,     ///< `id`, gang `member`, `values`; bodies of its last view in `bytes` and of its last `checkpoint`, or
                 ///< empty.
  gangDurable,   ///< `id`: what it reported first and was not told of is durable; behind all reports, its results.
  cancelGang,    ///< `id`.
  parked,        ///< The run waits for people only, durably; `atNs`: wall time at which it wants to wake, or 0.
  evicted,       ///< The run has left the machine. `refused`: it has not, it waits for more than people.
  stopped,       ///< After StopRun: nothing is in flight, the run has left the machine.
  ended,    ///< `state`; `values[0]` when it succeeded, else failure in `failKind`, `bytes`, `step`, `where`. Durable.
  released, ///< After `ended` or `stopped`: the last cost of a cancelled call is in, durably.
  refused,  ///< StartRun or ResumeRun was refused, reason in `bytes`: nothing was done.
};

enum class EndState : std::uint8_t { succeeded, failed, cancelled };

struct PoolRange {
  std::uint32_t first = 0, count = 0;
};

struct Action {
  ActionKind kind = ActionKind::append;
  journal::RecordKind recordKind = journal::RecordKind::outcome;
  EndState state = EndState::succeeded;
  std::uint8_t failKind = 0; ///< base::FailKind.
  bool refused = false;
  std::uint32_t member = 0;
  std::uint32_t attempt = 0;
  std::uint32_t resultType = 0;
  journal::RunId run;
  journal::StepKey key;
  base::Hash128 onceKey; ///< call: see Core::onceKeyOf; with the run's id the idempotency key.
  std::uint64_t id = 0;
  std::uint64_t sequence = 0; ///< append: its number. Others: the record that they waited for.
  std::int64_t atNs = 0;
  std::int64_t maxTokensOut = 0;
  std::uint64_t batch = 0; ///< call: those of one number, which follow each other, go in one request; 0: alone.
  std::uint32_t group = 0; ///< call: 1 + its place in the plan's groups; 0: none.
  PoolRange values, bytes, checkpoint, step, where;
  base::Digest digest;
};

/// What a call carries so that doing it twice is doing it once: 32 hexadecimal digits, '-', the run's 32.
inline std::string idempotencyKey(const Action &action) { return action.onceKey.hex() + "-" + action.run.hex(); }

/// Cleared and filled by each step of the machine.
class Actions {
public:
  std::vector<Action> list;
  std::vector<value::Value> values;
  base::Bytes bytes;
  std::vector<observe::Event> notes; ///< For observers; nothing depends on them.

  void clear() {
    list.clear();
    notes.clear();
    values.clear();
    bytes.clear();
  }
  std::span<const value::Value> valuesOf(const Action &action) const {
    return std::span(values).subspan(action.values.first, action.values.count);
  }
  base::ConstBytes bytesOf(const Action &action) const { return bytesAt(action.bytes); }
  std::string_view textOf(const Action &action) const { return base::textOf(bytesOf(action)); }
  base::ConstBytes checkpointOf(const Action &action) const { return bytesAt(action.checkpoint); }
  std::string_view stepOf(const Action &action) const { return base::textOf(bytesAt(action.step)); }
  std::string_view whereOf(const Action &action) const { return base::textOf(bytesAt(action.where)); }

private:
  base::ConstBytes bytesAt(PoolRange range) const { return std::span(bytes).subspan(range.first, range.count); }
};

} // namespace weft::frame
