//===- Event.h - What an observer of a run learns -------------------------===//
//
// One schema for the line on the terminal, traces, OpenTelemetry and the web
// page: fixed-size records without pointers, so that they lie in a ring and
// cross processes as they are. Names and places are looked up in the plan, by
// index, by whoever shows them. Values are not here; the journal has them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"

#include <cstdint>
#include <type_traits>

namespace weft::observe {

/// The numbers are part of the traces: never reused.
enum class EventKind : std::uint8_t {
  runStarted = 1,   ///< `a`: 1 when it goes on from its journal; `index`: entry.
  stepReady = 2,    ///< A call has its arguments; `index`: member.
  stepSent = 3,     ///< An attempt has left; `index`: member.
  stepEnded = 4,    ///< An attempt has ended: `status`, `a` tokens in, `b` tokens out, `c` nano-dollars, `durationNs`.
  stepReplayed = 5, ///< A call was answered by the journal; `index`: member.
  mapProgress = 6,  ///< `a` of `b` iterations have ended.
  parked = 7,       ///< The run waits for people: `a` questions; `b`: wall time at which it wakes by itself, or 0.
  asked = 8,        ///< A person was asked; `index`: member.
  budget = 9,       ///< An account was charged: `a` nano-dollars, `b` tokens in all so far; `index`: the plan's budget.
  budgetWait = 10,  ///< A call waits until a reservation is given back.
  retry = 11,       ///< An attempt failed and another follows after `durationNs`; `status`: why.
  gangStarted = 12, ///< `index`: gang.
  gangEnded = 13,   ///< `status`.
  scopeFailed = 14, ///< `status`; what stands in the scope is cancelled.
  runEnded = 15,    ///< `status`; `a`: 0 succeeded, 1 failed, 2 cancelled.
  gangReport =
      16, ///< A gang told a number: `a` steps of `b` are done, `c` bits of an f32; `index`: gang, `iteration`: report.
};

/// `status` of an event that ends well; else 1 + base::FailKind.
inline constexpr std::uint8_t statusOk = 0;

struct Event {
  std::int64_t atNs = 0; ///< Steady time of the process that wrote it.
  std::uint64_t runHigh = 0, runLow = 0;
  base::Hash128 path;         ///< Of the step, as in the journal.
  std::uint64_t stableId = 0; ///< Of the node.
  std::int64_t a = 0, b = 0, c = 0;
  std::int64_t durationNs = 0;
  std::uint32_t index = 0;     ///< Member, entry, gang or budget of the plan.
  std::uint32_t span = 0;      ///< Index into the plan's source places.
  std::uint32_t iteration = 0; ///< Of the frame that the step stands in.
  std::uint16_t attempt = 0;
  EventKind kind = EventKind::runStarted;
  std::uint8_t status = statusOk;
};

static_assert(sizeof(Event) == 96 && std::is_trivially_copyable_v<Event>);

} // namespace weft::observe
