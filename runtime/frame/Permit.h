//===- Permit.h - How often a binding may be called -----------------------===//
//
// One per binding of a plan. Runs that wait take turns, so that one run with a
// map of thousands does not keep another from its single call; within a run
// the order of asking holds, but for calls that are known to begin alike: those
// follow each other, lowest iteration first, for a while, so that a server finds
// what it has just read. At most `ratePerMin` calls leave in any 60 seconds: the
// moments of the last ones are remembered.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <iterator>
#include <utility>
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

  /// `group`: of calls that begin alike, 0 for none; `iteration` of what the step stands in.
  void wait(Run *run, CallStep *step, std::uint32_t group, std::uint32_t iteration) {
    auto turn = std::find_if(turns.begin(), turns.end(), [&](const Turn &one) { return one.run == run; });
    if (turn == turns.end())
      turn = turns.insert(turns.end(), Turn{run, {}});
    auto lane =
        std::find_if(turn->lanes.begin(), turn->lanes.end(), [&](const Lane &one) { return one.group == group; });
    if (lane == turn->lanes.end())
      lane = turn->lanes.insert(turn->lanes.end(), Lane{group, {}});
    auto place = lane->steps.end();
    while (group != 0 && place != lane->steps.begin() && std::prev(place)->iteration > iteration)
      --place;
    place = lane->steps.insert(place, Waiting{step, ++asked, iteration});
    // Whoever goes first takes the place of the one that has waited longest: a lane is as old as that.
    for (; std::next(place) != lane->steps.end(); ++place)
      std::swap(place->order, std::next(place)->order);
  }
  /// Takes out the call whose turn it is; then it is another run's turn.
  CallStep *takeNext() {
    Turn turn = std::move(turns.front());
    turns.pop_front();
    auto lane = laneOf(turn);
    CallStep *step = lane->steps.front().step;
    went(lane->group);
    lane->steps.pop_front();
    if (lane->steps.empty())
      turn.lanes.erase(lane);
    if (!turn.lanes.empty())
      turns.push_back(std::move(turn));
    return step;
  }
  /// Takes out another call of `run` that `fits`, from among those of `group` that come first, or null.
  template <typename Fits> CallStep *nextLike(Run *run, std::uint32_t group, Fits fits) {
    for (auto turn = turns.begin(); turn != turns.end(); ++turn)
      for (auto lane = turn->lanes.begin(); turn->run == run && lane != turn->lanes.end(); ++lane) {
        if (lane->group != group)
          continue;
        auto end = lane->steps.begin() + static_cast<std::ptrdiff_t>(std::min(lane->steps.size(), lookedAt));
        auto found = std::find_if(lane->steps.begin(), end, [&](const Waiting &one) { return fits(one.step); });
        if (found == end)
          return nullptr;
        CallStep *step = found->step;
        lane->steps.erase(found);
        forgetEmpty(turn, lane);
        return step;
      }
    return nullptr;
  }
  /// A call of that group leaves.
  void went(std::uint32_t group) {
    inRow = group == lastGroup ? inRow + 1 : 1;
    lastGroup = group;
  }
  /// Forgets a call of `run` that is no longer wanted. Cancellation comes latest first, and finds it at the end.
  void drop(Run *run, CallStep *step) {
    auto turn = std::find_if(turns.begin(), turns.end(), [&](const Turn &one) { return one.run == run; });
    if (turn == turns.end())
      return;
    for (auto lane = turn->lanes.begin(); lane != turn->lanes.end(); ++lane) {
      auto at =
          std::find_if(lane->steps.rbegin(), lane->steps.rend(), [&](const Waiting &one) { return one.step == step; });
      if (at == lane->steps.rend())
        continue;
      lane->steps.erase(std::next(at).base());
      return forgetEmpty(turn, lane);
    }
  }

private:
  static constexpr std::int64_t minuteNs = 60'000'000'000, notYet = INT64_MAX;
  /// So many calls of one group follow each other while others wait: a server has gained what it can by then.
  static constexpr std::uint32_t mostInRow = 64;
  /// So many are looked at for one that goes with another.
  static constexpr std::size_t lookedAt = 256;

  struct Waiting {
    CallStep *step;
    std::uint64_t order;
    std::uint32_t iteration;
  };
  struct Lane {
    std::uint32_t group;
    std::deque<Waiting> steps;
  };
  struct Turn {
    Run *run;
    std::vector<Lane> lanes; ///< None is empty.
  };

  /// That of the last call, or the one whose first has waited longest.
  std::vector<Lane>::iterator laneOf(Turn &turn) const {
    auto order = [](const Lane &lane) { return lane.steps.front().order; };
    auto chosen = turn.lanes.begin();
    for (auto lane = turn.lanes.begin(); lane != turn.lanes.end(); ++lane) {
      if (lane->group == lastGroup && lastGroup != 0 && inRow < mostInRow)
        return lane;
      if (order(*lane) < order(*chosen))
        chosen = lane;
    }
    return chosen;
  }
  void forgetEmpty(std::deque<Turn>::iterator turn, std::vector<Lane>::iterator lane) {
    if (!lane->steps.empty())
      return;
    turn->lanes.erase(lane);
    if (turn->lanes.empty())
      turns.erase(turn);
  }

  std::deque<Turn> turns;
  std::uint64_t asked = 0;
  std::uint32_t lastGroup = 0, inRow = 0;
  std::uint32_t live = 0;
  std::vector<std::int64_t> sentNs; ///< A ring once it is full.
  std::uint32_t next = 0;           ///< The oldest of the ring.
};

} // namespace weft::frame
