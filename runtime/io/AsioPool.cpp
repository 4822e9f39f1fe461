//===- AsioPool.cpp - Threads for work that blocks ------------------------===//

#include "runtime/io/PosixDoors.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace weft::io {
namespace {

using Guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

class AsioPool final : public BlockingPool {
public:
  AsioPool(boost::asio::io_context &loop, unsigned threads, std::size_t queueLimit)
      : loop(loop), maxThreads(threads), queueLimit(queueLimit), alive(std::make_shared<bool>(true)) {}

  ~AsioPool() override {
    *alive = false;
    {
      std::lock_guard lock(mutex);
      stopping = true;
      queue.clear();
    }
    changed.notify_all();
    for (std::thread &thread : threads)
      thread.join();
  }

  base::Result<void> submit(Task work, Task done) override {
    {
      std::lock_guard lock(mutex);
      if (queue.size() >= queueLimit)
        return base::error(base::Code::limit, "blocking pool: " + std::to_string(queue.size()) +
                                                  " works wait already, the limit is " + std::to_string(queueLimit));
      // The guard keeps the loop running while work is under way.
      queue.push_back({std::move(work), std::move(done), Guard(loop.get_executor())});
      if (idle < queue.size() && threads.size() < maxThreads)
        start();
    }
    changed.notify_one();
    return {};
  }

private:
  struct Job {
    Task work, done;
    Guard guard;
  };

  /// Signals belong to the loop's thread.
  void start() {
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    threads.emplace_back([this] { run(); });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void run() {
    std::unique_lock lock(mutex);
    for (;;) {
      ++idle;
      changed.wait(lock, [this] { return stopping || !queue.empty(); });
      --idle;
      if (stopping)
        return;
      Job job = std::move(queue.front());
      queue.pop_front();
      lock.unlock();
      job.work();
      job.work = nullptr;
      // `alive` is written and read on the loop's thread only; here it is just carried.
      boost::asio::post(loop, [done = std::move(job.done), alive = alive] {
        if (*alive)
          done();
      });
      job.guard.reset();
      lock.lock();
    }
  }

  boost::asio::io_context &loop;
  const unsigned maxThreads;
  const std::size_t queueLimit;
  std::shared_ptr<bool> alive;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<Job> queue;
  std::vector<std::thread> threads;
  std::size_t idle = 0;
  bool stopping = false;
};

} // namespace

std::unique_ptr<BlockingPool> makePool(boost::asio::io_context &loop, unsigned threads, std::size_t queueLimit) {
  return std::make_unique<AsioPool>(loop, threads, queueLimit);
}

} // namespace weft::io
