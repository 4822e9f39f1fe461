//===- Process.h - The door to the machine around the process -------------===//
//
// Other programs, forked workers, native code, shared memory, entropy and the
// environment. Children live in a process group of their own, which is killed
// as a whole; none outlives the door.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Clock.h"
#include "runtime/io/Network.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace weft::io {

struct Doors;

/// What a child may use; 0 is no limit of its own. A limit that is reached ends the child with a signal or makes its
/// calls fail, as the system does it.
struct ProcessLimits {
  std::uint32_t cpuSeconds = 0;
  std::uint64_t memoryBytes = 0; ///< Address space.
  std::uint64_t fileBytes = 0;   ///< Largest file that it may write.
  std::uint32_t openFiles = 0;
};

struct SpawnSpec {
  std::string program;                ///< A path, or a name looked up in PATH of `environment`.
  std::vector<std::string> arguments; ///< Without the program's own name. No shell sees them.
  std::vector<std::pair<std::string, std::string>> environment; ///< All of it; nothing is inherited.
  std::string folder;                                           ///< Working folder; empty is this process's.
  ProcessLimits limits;
};

/// How a child ended. `signal` is 0 unless a signal ended it; `code` is -1 then.
struct ProcessExit {
  int code = -1;
  int signal = 0;
};

/// Destruction kills the group; the exit notice is then not called.
class Child {
public:
  virtual ~Child() = default;
  virtual int pid() const = 0;
  /// SIGKILL to the child and all that it started and left in its group.
  virtual void killGroup() = 0;
  /// SIGTERM to the group.
  virtual void askToEnd() = 0;
  /// For a spawned program its pipes: `write` goes to standard input. For a worker the channel to it, both ways.
  virtual Stream &channel() = 0;
  /// Standard error of a spawned program, to be read; null for a worker, which shares this process's.
  virtual Stream *errors() = 0;
};

/// What a worker does: builds its machine on the doors of the new process and gives back what keeps it alive. The
/// worker ends with `doors.process.exit(code)`, or when the machine's process dies.
using WorkerStart = std::function<std::shared_ptr<void>(Doors &doors, std::unique_ptr<Stream> toParent)>;

/// Memory that forked workers see too. Zeros at first. Unmapped at destruction.
class Segment {
public:
  virtual ~Segment() = default;
  virtual base::MutableBytes bytes() = 0;
};

/// Machine code in memory. Functions are valid until destruction.
class NativeCode {
public:
  virtual ~NativeCode() = default;
  /// Null when the code has no such symbol.
  virtual void *symbol(const std::string &name) = 0;
};

class Process {
public:
  virtual ~Process() = default;

  /// Starts a program. `exited` is called once, after its end; what it wrote may still wait in its pipes. Errors:
  /// `notFound` (program or folder), `denied`, `limit`, `io`.
  virtual base::Result<std::unique_ptr<Child>> spawn(const SpawnSpec &spec,
                                                     std::function<void(ProcessExit)> exited) = 0;

  /// Forks this process; in the child `start` runs on fresh doors, and segments made before are shared. A worker dies
  /// with its parent. Only the calling thread exists in it: what another thread had locked at that moment stays locked,
  /// so fork before the machine's lanes are busy, and open nothing of the parent's in the worker.
  virtual base::Result<std::unique_ptr<Child>> forkWorker(WorkerStart start,
                                                          std::function<void(ProcessExit)> exited) = 0;

  /// Errors: `limit`, `io`.
  virtual base::Result<std::unique_ptr<Segment>> makeSegment(std::uint64_t sizeBytes) = 0;

  /// Calls `done(true)` once `word`, which lies in a segment, is not `expected` any more and somebody woke it, or
  /// `done(false)` after `timeout`. Does not block. May be woken without a change; look at the word again.
  virtual void waitWord(std::atomic<std::uint32_t> &word, std::uint32_t expected, Duration timeout,
                        std::function<void(bool)> done) = 0;
  /// Blocks the calling thread (a pool's) instead; false after `timeout`. Not in simulation, where nothing blocks:
  /// `word` is looked at once there.
  virtual bool waitWordBlocking(std::atomic<std::uint32_t> &word, std::uint32_t expected, Duration timeout) = 0;
  /// Wakes all who wait for `word`, in all processes that map it. Any thread.
  virtual void wakeWord(std::atomic<std::uint32_t> &word) = 0;

  /// Loads an ELF shared object from memory: it never lies in a file that somebody could exchange. The caller has
  /// checked its digest. Any thread. Errors: `invalid`, with the loader's words.
  virtual base::Result<std::unique_ptr<NativeCode>> loadCode(base::ConstBytes elf) = 0;

  /// Bytes nobody can guess; in simulation they come from the seed.
  virtual void entropy(base::MutableBytes into) = 0;

  virtual std::optional<std::string> environment(const std::string &name) const = 0;
  virtual int pid() const = 0;
  /// Where this program lies, links resolved: its companions are beside it. Empty in simulation.
  virtual std::string programFolder() const = 0;
  virtual std::uint32_t processors() const = 0;
  /// Columns of the terminal on standard error; 0 when it is none.
  virtual std::uint32_t terminalColumns() const = 0;

  /// Calls `interrupted` at each SIGINT or SIGTERM instead of dying. An empty function restores dying. A wait for
  /// signals keeps the loop running. Not in workers.
  virtual void onInterrupt(Task interrupted) = 0;

  /// Ends the loop of this process's doors; `AsioRuntime::run` returns `code`.
  virtual void exit(int code) = 0;
};

} // namespace weft::io
