//===- Clock.h - The door to time -----------------------------------------===//
//
// Machines never ask for the time themselves: they get it in an event, or ask
// this door. The simulator's clock is virtual and jumps from event to event.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Executor.h"

#include <chrono>
#include <compare>
#include <cstdint>

namespace weft::io {

using Duration = std::chrono::nanoseconds;

/// A moment of the monotonic clock. Comparable within one process only: the origin is arbitrary.
struct Instant {
  std::int64_t sinceOriginNs = 0;
  auto operator<=>(const Instant &) const = default;
};

inline Instant operator+(Instant moment, Duration delay) { return {moment.sinceOriginNs + delay.count()}; }
inline Duration operator-(Instant later, Instant earlier) {
  return Duration(later.sinceOriginNs - earlier.sinceOriginNs);
}

/// Names a timer; 0 names none.
using TimerId = std::uint64_t;

class Clock {
public:
  virtual ~Clock() = default;

  /// Never goes back.
  virtual Instant now() const = 0;

  /// Nanoseconds since 1970-01-01 UTC. May jump; for people and for deadlines that outlive the process.
  virtual std::int64_t wallTimeNs() const = 0;

  /// Calls `fire` on the executor once `delay` has passed (0 or less: as soon as possible). O(log live timers).
  virtual TimerId after(Duration delay, Task fire) = 0;

  /// A timer that fired or does not exist is ignored. After the call `fire` is not called any more.
  virtual void cancel(TimerId timer) = 0;
};

} // namespace weft::io
