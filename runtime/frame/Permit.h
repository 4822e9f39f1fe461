//===- Permit.h - How often a binding may be called -----------------------===//
//
// One per binding of a plan. Runs that wait take turns, so that one run with a
// map of thousands does not keep another from its single call; within a run
// the order of asking holds. At most `ratePerMin` calls leave in any 60
// seconds: the moments of the last ones are remembered.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <vector>

namespace weft::frame {

struct CallStep;
struct Run;

class Permit {
public:
  std::uint32_t concurrency = 0; ///< 0: not bounded.
  std::uint32_t ratePerMin = 0;  ///< 0: not bounded.
  std::uint64_t timer = 0;       ///< Goes off when the rate allows the next call.
  bool unbounded = false;        ///< For the test that a bound is noticed.

  /// True: taken, and `place` is for `left`. False: not now; `nextAtNs` is when the rate allows it, or 0 when another
  /// call must leave or end first.
  bool take(std::int64_t nowNs, std::int64_t &nextAtNs, std::uint32_t &place) {
    nextAtNs = 0;
    if (concurrency > 0 && live >= concurrency && !unbounded)
      return false;
    if (ratePerMin > 0) {
      if (sentNs.size() < ratePerMin) {
        place = static_cast<std::uint32_t>(sentNs.size());
        sentNs.push_back(notYet);
      } else {
        std::int64_t &oldest = sentNs[next];
        if (oldest == notYet)
          return false;
        if (nowNs - oldest < minuteNs) {
          nextAtNs = oldest + minuteNs;
          return false;
        }
        oldest = notYet;
        place = next;
        next = (next + 1) % ratePerMin;
      }
    }
    ++live;
    return true;
  }
  /// The call that took `place` leaves now; what counts for the rate is this moment.
  void left(std::uint32_t place, std::int64_t nowNs) {
    if (ratePerMin > 0)
      sentNs[place] = nowNs;
  }
  void giveBack() { --live; }
  bool hasWaiting() const { return !turns.empty(); }

  void wait(Run *run, CallStep *step) {
    for (Turn &turn : turns)
      if (turn.run == run)
        return turn.steps.push_back(step);
    turns.push_back({run, {step}});
  }
  /// The call whose turn it is; then it is another run's turn.
  CallStep *front() const { return turns.front().steps.front(); }
  void popFront() {
    Turn turn = std::move(turns.front());
    turns.pop_front();
    turn.steps.pop_front();
    if (!turn.steps.empty())
      turns.push_back(std::move(turn));
  }
  /// Forgets a call of `run` that is no longer wanted. Cancellation comes latest first, and finds it at the end.
  void drop(Run *run, CallStep *step) {
    auto turn = std::find_if(turns.begin(), turns.end(), [&](const Turn &one) { return one.run == run; });
    if (turn == turns.end())
      return;
    auto at = std::find(turn->steps.rbegin(), turn->steps.rend(), step);
    if (at != turn->steps.rend())
      turn->steps.erase(std::next(at).base());
    if (turn->steps.empty())
      turns.erase(turn);
  }

private:
  static constexpr std::int64_t minuteNs = 60'000'000'000, notYet = INT64_MAX;
  struct Turn {
    Run *run;
    std::deque<CallStep *> steps;
  };
  std::deque<Turn> turns;
  std::uint32_t live = 0;
  std::vector<std::int64_t> sentNs; ///< A ring once it is full.
  std::uint32_t next = 0;           ///< The oldest of the ring.
};

} // namespace weft::frame
