//===- AsioRuntime.h - The doors of a real machine ------------------------===//
#pragma once

#include "runtime/io/Doors.h"

#include <memory>

namespace weft::io {

struct AsioOptions {
  /// Threads of `Doors::pool`; 0 is the number of processors, at most 8: files and hashing gain nothing from more.
  unsigned poolThreads = 0;
  /// Work that waits for the pool; beyond it `submit` answers `limit`.
  std::size_t poolQueueLimit = 4096;
};

/// One event loop and the four doors on it. Threads of the pool start with its first work, so a process that never
/// blocks has one thread. No Asio type or exception leaves runtime/io.
class AsioRuntime {
public:
  explicit AsioRuntime(AsioOptions options = {});
  ~AsioRuntime();
  AsioRuntime(const AsioRuntime &) = delete;
  AsioRuntime &operator=(const AsioRuntime &) = delete;

  Doors &doors();

  /// Runs events until `doors().process.exit(code)` and returns the code, or until nothing is left to wait for and
  /// returns 0.
  int run();

  /// Runs events until `finished` is true (checked after each) or the runtime exits; for tests and for tools that wait
  /// for one answer. False when nothing was left to wait for.
  bool runUntil(const std::function<bool()> &finished);

  /// A stream over descriptors that it takes over: one socket (`writeFd` -1), or the two ends of pipes.
  std::unique_ptr<Stream> adopt(int readFd, int writeFd = -1);

private:
  struct State;
  std::unique_ptr<State> state;
};

} // namespace weft::io
