//===- IdleClock.cpp - Time that passes only while nothing happens --------===//

#include "runtime/cli/testing/IdleClock.h"

#include <algorithm>

namespace weft::cli {
namespace {

// A century is for ever here, and two of them still fit beside the start.
constexpr io::Duration longestDelay = std::chrono::hours(24 * 365 * 100);

} // namespace

io::TimerId IdleClock::after(io::Duration delay, io::Task fire) {
  return queue.add(moment + std::clamp(delay, io::Duration(0), longestDelay), std::move(fire));
}

bool IdleClock::jump() {
  std::optional<io::Instant> due = queue.firstDue();
  if (!due)
    return false;
  moment = std::max(moment, *due);
  while (auto fire = queue.take(moment))
    (*fire)();
  return true;
}

} // namespace weft::cli
