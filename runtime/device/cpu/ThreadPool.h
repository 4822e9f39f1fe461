//===- ThreadPool.h - Items of work over the cores of one device ----------===//
//
// A launch runs every item of every phase once; which thread runs which is not
// said, so an item must not depend on it. Each thread takes ranges from its own part
// of the items, the same in every launch, so that what they read and write stays in
// its caches; who is done takes ranges from the parts of the others. Between launches
// threads look for work for a moment, then sleep: an idle pool costs nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/io/Process.h"

#include <atomic>
#include <cstdint>
#include <span>
#include <thread>
#include <vector>

namespace weft::device {

/// What a kernel's symbol is (runtime/device/Device.h).
using EntryPoint = void (*)(void *const *buffers, std::uint32_t phase, std::uint64_t begin, std::uint64_t end,
                            void *scratch);

/// Calls come from one thread, its owner, which works too: a pool of one thread starts none.
class ThreadPool {
public:
  /// `process` is the door to sleep at and outlives the pool.
  ThreadPool(io::Process &process, std::uint32_t threads);
  ~ThreadPool();

  std::uint32_t threads() const { return static_cast<std::uint32_t>(helpers.size()) + 1; }

  /// Runs the phases one after the other and comes back when all items are done. Thread t, the caller being 0, has the
  /// scratch at `scratch` + t x `scratchBytes`. Cost beyond the items: nothing for a phase of one item, else about 2
  /// microseconds while the threads are awake and 50 when they sleep.
  void run(EntryPoint entry, void *const *buffers, std::span<const std::uint64_t> phases, std::byte *scratch,
           std::uint64_t scratchBytes);

private:
  void help(std::uint32_t thread);
  /// Takes ranges of the phase that is `number` until none is left, its own ones first.
  void work(std::uint32_t number, std::uint32_t thread);
  void workOn(std::uint32_t part, std::uint32_t number, std::uint32_t thread);
  /// Of one thread's part of `count` ranges.
  std::uint32_t firstRange(std::uint32_t part, std::uint32_t count) const;
  void close();
  /// Hands a phase to the threads; wakes who sleeps.
  void publish(std::uint32_t phase, std::uint64_t items);
  void awaitEnd();

  io::Process &process;
  std::vector<std::thread> helpers;

  /// The phase that runs. Atomic since a thread that comes too late reads them while the next is being written; it then
  /// fails to claim a range, and forgets what it read.
  std::atomic<EntryPoint> entry = nullptr;
  std::atomic<void *const *> buffers = nullptr;
  std::atomic<std::byte *> scratch = nullptr;
  std::atomic<std::uint64_t> scratchBytes = 0;
  std::atomic<std::uint32_t> phase = 0, ranges = 0;
  std::atomic<std::uint64_t> items = 0;

  /// Of one thread's part: the phase's number in the upper half, the next range in the lower. Claiming one proves that
  /// the phase still runs.
  struct alignas(64) Ticket {
    std::atomic<std::uint64_t> word = 0;
  };
  std::vector<Ticket> tickets;                     ///< One for each thread.
  alignas(64) std::atomic<std::uint32_t> done = 0; ///< Ranges of this phase; what the caller sleeps on.
  std::atomic<bool> callerSleeps = false;
  alignas(64) std::atomic<std::uint32_t> calls = 0; ///< What helpers sleep on: changes where there is work or an end.
  std::atomic<std::uint32_t> sleepers = 0;
  std::atomic<bool> stopping = false;
};

} // namespace weft::device
