//===- AsioClock.cpp - The real clock on the loop -------------------------===//
//
// One system timer serves all timers of the process; the queue keeps the rest.
//
//===----------------------------------------------------------------------===//

#include "runtime/io/PosixDoors.h"
#include "runtime/io/TimerQueue.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>

namespace weft::io {
namespace {

class AsioClock final : public Clock {
public:
  explicit AsioClock(boost::asio::io_context &loop) : timer(loop) {}

  Instant now() const override {
    return {std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()).count()};
  }

  std::int64_t wallTimeNs() const override {
    return std::chrono::duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()).count();
  }

  TimerId after(Duration delay, Task fire) override {
    // A century is for ever here, and no sum overflows.
    delay = std::clamp<Duration>(delay, Duration(0), std::chrono::hours(24 * 365 * 100));
    TimerId id = queue.add(now() + delay, std::move(fire));
    arm();
    return id;
  }

  void cancel(TimerId id) override {
    if (queue.cancel(id))
      arm();
  }

private:
  /// Waits for the first timer. A wait that goes on for a later one would hold the loop, so it is cancelled when the
  /// queue is empty; one that is early just looks again.
  void arm() {
    auto first = queue.firstDue();
    if (!first) {
      if (armed)
        timer.cancel();
      armed.reset();
      return;
    }
    if (armed && *armed <= *first)
      return;
    armed = first;
    timer.expires_at(std::chrono::steady_clock::time_point(
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(Duration(first->sinceOriginNs))));
    timer.async_wait([this](const boost::system::error_code &failure) {
      if (!failure)
        fireDue();
    });
  }

  void fireDue() {
    armed.reset();
    // What was due when the wait ended; timers added meanwhile wait for the next turn of the loop.
    Instant moment = now();
    while (auto fire = queue.take(moment))
      (*fire)();
    arm();
  }

  boost::asio::steady_timer timer;
  TimerQueue queue;
  std::optional<Instant> armed;
};

} // namespace

std::unique_ptr<Clock> makeClock(boost::asio::io_context &loop) { return std::make_unique<AsioClock>(loop); }

} // namespace weft::io
