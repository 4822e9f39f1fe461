//===- IdleClock.h - Time that passes only while nothing happens ----------===//
//
// The clock of a test: it stands while anything runs, and jumps to the first
// timer when nothing does. A wait of a day costs nothing, and no deadline passes
// because the machine is slow.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Clock.h"
#include "runtime/io/TimerQueue.h"

namespace weft::cli {

class IdleClock final : public io::Clock {
public:
  /// What `now()` of a program gives when a test begins: 2000-01-01T00:00:00Z, in every run of every test.
  static constexpr std::int64_t startWallNs = 946'684'800'000'000'000;

  io::Instant now() const override { return moment; }
  std::int64_t wallTimeNs() const override { return startWallNs + moment.sinceOriginNs; }
  io::TimerId after(io::Duration delay, io::Task fire) override;
  void cancel(io::TimerId timer) override { queue.cancel(timer); }

  /// Goes to the first moment at which a timer is due and fires those of that moment; false when there is none. Called
  /// on the executor's thread, outside of its tasks.
  bool jump();

private:
  io::Instant moment;
  io::TimerQueue queue;
};

} // namespace weft::cli
