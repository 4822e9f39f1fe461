//===- Executor.h - One thread that runs a machine's events ---------------===//
//
// State machines are single-threaded: every callback of every door arrives on
// the executor that the door belongs to, so no machine has a lock. Work that
// blocks (storage, hashing, SQLite) goes to a BlockingPool, whose answer comes
// back to the executor.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <cstddef>
#include <functional>

namespace weft::io {

using Task = std::function<void()>;

class Executor {
public:
  virtual ~Executor() = default;

  /// Queues `task`; tasks run one at a time, in the order in which they were posted, and never inside `post`.
  /// May be called from any thread.
  virtual void post(Task task) = 0;
};

/// A fixed number of threads for work that blocks. With one thread it is a lane: works run in the order of `submit`.
class BlockingPool {
public:
  /// Destruction waits for the work that runs; work still queued is dropped and its `done` is not called.
  virtual ~BlockingPool() = default;

  /// Runs `work` on a thread of the pool, then `done` on the executor. `work` must not touch what the executor's
  /// thread touches. Called from the executor only. Errors: `limit` when the queue is full; nothing was queued then.
  virtual base::Result<void> submit(Task work, Task done) = 0;
};

} // namespace weft::io
