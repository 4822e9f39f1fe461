//===- TimerQueue.h - Timers in the order in which they are due -----------===//
//
// Plain data without a clock, shared by the real clock and the virtual one:
// 100,000 pending timers are 100,000 tree nodes, not system timers.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Clock.h"

#include <map>
#include <optional>
#include <unordered_map>

namespace weft::io {

class TimerQueue {
public:
  TimerId add(Instant due, Task fire);
  /// False when there is no such timer.
  bool cancel(TimerId timer);
  std::optional<Instant> firstDue() const;
  /// The first timer with due <= `now`, removed; timers due at once fire in the order in which they were added.
  std::optional<Task> take(Instant now);
  std::size_t count() const { return tasks.size(); }

private:
  std::map<std::pair<Instant, TimerId>, Task> tasks;
  std::unordered_map<TimerId, Instant> dues;
  TimerId last = 0;
};

} // namespace weft::io
