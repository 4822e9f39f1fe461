//===- Command.h - One program from start to end --------------------------===//
//
// What most callers of Process::spawn want: give input, collect output within
// limits, kill the whole group at the deadline.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/io/Doors.h"

#include <optional>

namespace weft::io {

struct CommandSpec {
  SpawnSpec program;
  base::Bytes input;
  Duration timeout = std::chrono::minutes(10);
  std::uint64_t maxOutputBytes = 16 << 20; ///< Of standard output; beyond it the group is killed.
  std::uint64_t maxErrorBytes = 64 << 10;  ///< Of standard error; only the last bytes are kept.
};

struct CommandResult {
  ProcessExit exit;
  bool timedOut = false;
  bool outputTooLong = false;
  /// Standard output could not be read to its end: `output` is a part of it, of unknown length.
  std::optional<base::Error> outputLost;
  base::Bytes output;
  base::Bytes errors;
};

/// A running command; destruction kills it and its group, and its callback is not called.
class Command {
public:
  virtual ~Command() = default;
  virtual int pid() const = 0;
  /// The group is killed; the result comes as usual.
  virtual void kill() = 0;
};

/// Starts it. `done` is called once, on the executor, when the program has ended and its output was read to the end (at
/// most a second after its end: a grandchild that keeps the pipe open is not waited for). Errors: those of
/// Process::spawn.
base::Result<std::unique_ptr<Command>> startCommand(Doors &doors, CommandSpec spec,
                                                    std::function<void(CommandResult)> done);

} // namespace weft::io
