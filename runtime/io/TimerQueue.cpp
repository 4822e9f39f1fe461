//===- TimerQueue.cpp - Timers in the order in which they are due ---------===//

#include "runtime/io/TimerQueue.h"

namespace weft::io {

TimerId TimerQueue::add(Instant due, Task fire) {
  TimerId timer = ++last;
  tasks.emplace(std::pair(due, timer), std::move(fire));
  dues.emplace(timer, due);
  return timer;
}

bool TimerQueue::cancel(TimerId timer) {
  auto found = dues.find(timer);
  if (found == dues.end())
    return false;
  tasks.erase({found->second, timer});
  dues.erase(found);
  return true;
}

std::optional<Instant> TimerQueue::firstDue() const {
  if (tasks.empty())
    return std::nullopt;
  return tasks.begin()->first.first;
}

std::optional<Task> TimerQueue::take(Instant now) {
  if (tasks.empty() || tasks.begin()->first.first > now)
    return std::nullopt;
  auto node = tasks.extract(tasks.begin());
  dues.erase(node.key().second);
  return std::move(node.mapped());
}

} // namespace weft::io
