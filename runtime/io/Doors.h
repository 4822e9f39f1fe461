//===- Doors.h - All that a machine may touch of the world ----------------===//
//
// A driver gets this one struct. `AsioRuntime` makes it from the real machine,
// `simulation::Simulation` from a seed; the code above cannot tell them apart.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Clock.h"
#include "runtime/io/Executor.h"
#include "runtime/io/Network.h"
#include "runtime/io/Process.h"
#include "runtime/io/Storage.h"

namespace weft::io {

/// References outlive every machine that was given them. Used from the executor's thread only, `storage` (any thread),
/// `Executor::post` and the word calls of `process` apart.
struct Doors {
  Executor &executor;
  Clock &clock;
  Network &network;
  Storage &storage;
  Process &process;
  /// For short blocking work of everybody (files, hashing).
  BlockingPool &pool;
  /// Makes a further pool, for instance a lane of one thread. At most `queueLimit` works wait.
  std::function<std::unique_ptr<BlockingPool>(unsigned threads, std::size_t queueLimit)> makePool;
};

} // namespace weft::io
