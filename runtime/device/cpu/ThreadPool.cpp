//===- ThreadPool.cpp - Items of work over the cores of one device --------===//

#include "runtime/device/cpu/ThreadPool.h"

#include <algorithm>
#include <chrono>
#include <csignal>

namespace weft::device {
namespace {

/// Looks before a thread sleeps; with a pause of some 40 ns each, as long as it takes to wake one.
constexpr int looks = 1200;

/// Nobody needs to wake up by itself; an hour is the most that the door takes without a thought.
constexpr io::Duration longest = std::chrono::hours(1);

/// More ranges than threads, so that one which is held up holds up little; few enough to cost nothing.
constexpr std::uint64_t rangesPerThread = 8;

/// In the lower half of the ticket: no range can be claimed.
constexpr std::uint64_t closed = 0xffffffff;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

} // namespace

ThreadPool::ThreadPool(io::Process &process, std::uint32_t threads) : process(process), tickets(std::max(threads, 1U)) {
  // Signals belong to the owner's thread.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (std::uint32_t thread = 1; thread < threads; ++thread)
    helpers.emplace_back([this, thread] { help(thread); });
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

ThreadPool::~ThreadPool() {
  stopping = true;
  calls.fetch_add(1);
  process.wakeWord(calls);
  for (std::thread &helper : helpers)
    helper.join();
}

void ThreadPool::run(EntryPoint entry, void *const *buffers, std::span<const std::uint64_t> phases, std::byte *scratch,
                     std::uint64_t scratchBytes) {
  close();
  this->entry.store(entry, std::memory_order_relaxed);
  this->buffers.store(buffers, std::memory_order_relaxed);
  this->scratch.store(scratch, std::memory_order_relaxed);
  this->scratchBytes.store(scratchBytes, std::memory_order_relaxed);
  for (std::uint32_t phase = 0; phase < phases.size(); ++phase) {
    if (phases[phase] == 1 || helpers.empty()) {
      entry(buffers, phase, 0, phases[phase], scratch);
      continue;
    }
    if (phase > 0)
      close();
    publish(phase, phases[phase]);
    work(static_cast<std::uint32_t>(tickets[0].word.load(std::memory_order_relaxed) >> 32), 0);
    awaitEnd();
  }
}

/// All ranges of the phase before are claimed and done; from here on a thread that still holds its ticket cannot claim
/// another one, whatever it reads of the next phase.
void ThreadPool::close() {
  std::uint64_t number = (tickets[0].word.load(std::memory_order_relaxed) >> 32) + 1;
  for (Ticket &ticket : tickets)
    ticket.word.store(number << 32 | closed);
}

void ThreadPool::publish(std::uint32_t phase, std::uint64_t items) {
  this->phase.store(phase, std::memory_order_relaxed);
  this->items.store(items, std::memory_order_relaxed);
  done.store(0, std::memory_order_relaxed);
  // Who sees this one sees that the tickets were closed before.
  auto count = static_cast<std::uint32_t>(std::min<std::uint64_t>(items, threads() * rangesPerThread));
  ranges.store(count, std::memory_order_release);
  for (std::uint32_t part = 0; part < threads(); ++part) {
    std::uint64_t number = tickets[part].word.load(std::memory_order_relaxed) & ~closed;
    tickets[part].word.store(number | firstRange(part, count));
  }
  if (sleepers.load() > 0) { // in one order with the tickets: who falls asleep looks at its own once more
    calls.fetch_add(1);
    process.wakeWord(calls);
  }
}

/// Ranges are shared out evenly; the part behind the last one begins at `count`.
std::uint32_t ThreadPool::firstRange(std::uint32_t part, std::uint32_t count) const {
  return static_cast<std::uint32_t>(std::uint64_t(part) * count / threads());
}

void ThreadPool::work(std::uint32_t number, std::uint32_t thread) {
  for (std::uint32_t part = 0; part < threads(); ++part)
    workOn((thread + part) % threads(), number, thread);
}

void ThreadPool::workOn(std::uint32_t part, std::uint32_t number, std::uint32_t thread) {
  std::atomic<std::uint64_t> &ticket = tickets[part].word;
  std::uint64_t seen = ticket.load(std::memory_order_acquire);
  while (seen >> 32 == number) {
    auto entry = this->entry.load(std::memory_order_relaxed);
    auto buffers = this->buffers.load(std::memory_order_relaxed);
    std::byte *mine = scratch.load(std::memory_order_relaxed) + thread * scratchBytes.load(std::memory_order_relaxed);
    std::uint32_t phase = this->phase.load(std::memory_order_relaxed), count = ranges.load(std::memory_order_acquire);
    std::uint64_t items = this->items.load(std::memory_order_relaxed), range = seen & closed;
    if (range >= firstRange(part + 1, count))
      return;
    if (!ticket.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel, std::memory_order_acquire))
      continue;
    // The first `items % count` ranges have one item more.
    std::uint64_t size = items / count, larger = items % count, begin = range * size + std::min(range, larger);
    entry(buffers, phase, begin, begin + size + (range < larger ? 1 : 0), mine);
    if (done.fetch_add(1) + 1 == count && callerSleeps.load())
      process.wakeWord(done);
    seen = ticket.load(std::memory_order_acquire);
  }
}

void ThreadPool::awaitEnd() {
  std::uint32_t count = ranges.load(std::memory_order_relaxed);
  for (int look = 0; look < looks; ++look) {
    if (done.load(std::memory_order_acquire) == count)
      return;
    pause();
  }
  callerSleeps = true;
  for (std::uint32_t have; (have = done.load()) != count;)
    process.waitWordBlocking(done, have, longest);
  callerSleeps = false;
}

void ThreadPool::help(std::uint32_t thread) {
  std::uint32_t last = 0;
  // A phase that this thread has not worked on, and that can be: the number, else `last`.
  auto look = [&] {
    std::uint64_t now = tickets[thread].word.load();
    return (now & closed) == closed ? last : static_cast<std::uint32_t>(now >> 32);
  };
  while (!stopping) {
    std::uint32_t number = look();
    for (int more = looks; more > 0 && number == last && !stopping; --more) {
      pause();
      number = look();
    }
    if (number == last) {
      std::uint32_t before = calls.load();
      ++sleepers;
      if (look() == last && !stopping)
        process.waitWordBlocking(calls, before, longest);
      --sleepers;
      continue;
    }
    last = number;
    work(number, thread);
  }
}

} // namespace weft::device
