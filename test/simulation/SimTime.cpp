//===- SimTime.cpp - Executor, clock and pools without threads ------------===//

#include "World.h"

#include <unordered_map>

namespace weft::simulation {
namespace {

/// 2026-01-01: wall times in a trace look like wall times.
constexpr std::int64_t startOfTimeNs = 1'767'225'600'000'000'000;
/// How long blocking work takes.
constexpr io::Duration leastWork = std::chrono::microseconds(5), mostWork = std::chrono::microseconds(300);

class SimExecutor final : public io::Executor {
public:
  explicit SimExecutor(Node &node) : node(node) {}
  void post(io::Task task) override { node.post(std::move(task)); }

private:
  Node &node;
};

class SimClock final : public io::Clock {
public:
  explicit SimClock(Node &node) : node(node) {}

  io::Instant now() const override { return {node.world.nowNs}; }
  std::int64_t wallTimeNs() const override { return startOfTimeNs + node.world.nowNs + node.home().wallSkewNs; }

  io::TimerId after(io::Duration delay, io::Task fire) override {
    io::TimerId timer = ++last;
    // A timer that became ready may still be cancelled by the task before it.
    pending[timer] = node.world.later(delay, &node, [this, timer, fire = std::move(fire)] {
      if (pending.erase(timer))
        fire();
    });
    return timer;
  }

  void cancel(io::TimerId timer) override {
    auto found = pending.find(timer);
    if (found == pending.end())
      return;
    node.world.foreground -= node.world.laters.erase(found->second);
    pending.erase(found);
  }

private:
  Node &node;
  io::TimerId last = 0;
  std::unordered_map<io::TimerId, LaterKey> pending;
};

/// Work runs as an event of its process; the lanes' order is kept by one work waiting for the other.
class SimPool final : public io::BlockingPool {
public:
  SimPool(Node &node, unsigned threads, std::size_t queueLimit)
      : node(node), threads(threads), queueLimit(queueLimit) {}
  ~SimPool() override { *alive = false; }

  base::Result<void> submit(io::Task work, io::Task done) override {
    if (queue.size() >= queueLimit)
      return base::error(base::Code::limit, "blocking pool: the limit is " + std::to_string(queueLimit) + " works");
    queue.push_back({std::move(work), std::move(done)});
    startNext();
    return {};
  }

private:
  void startNext() {
    if (running >= threads || queue.empty())
      return;
    ++running;
    auto job = std::move(queue.front());
    queue.pop_front();
    node.world.later(node.world.between(leastWork, mostWork), &node, [this, alive = alive, job = std::move(job)] {
      if (!*alive)
        return;
      job.first();
      --running;
      startNext();
      node.post([alive, done = job.second] {
        if (*alive)
          done();
      });
    });
  }

  Node &node;
  const unsigned threads;
  const std::size_t queueLimit;
  std::deque<std::pair<io::Task, io::Task>> queue;
  unsigned running = 0;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

} // namespace

std::unique_ptr<io::Executor> makeExecutor(Node &node) { return std::make_unique<SimExecutor>(node); }
std::unique_ptr<io::Clock> makeClock(Node &node) { return std::make_unique<SimClock>(node); }
std::unique_ptr<io::BlockingPool> makePool(Node &node, unsigned threads, std::size_t queueLimit) {
  return std::make_unique<SimPool>(node, threads, queueLimit);
}

} // namespace weft::simulation
