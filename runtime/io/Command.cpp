//===- Command.cpp - One program from start to end ------------------------===//

#include "runtime/io/Command.h"

#include <algorithm>

namespace weft::io {
namespace {

/// How long output is read after the program's end.
constexpr Duration drainTime = std::chrono::seconds(1);

class RunningCommand final : public Command {
public:
  RunningCommand(Doors &doors, CommandSpec spec, std::function<void(CommandResult)> done)
      : doors(doors), spec(std::move(spec)), done(std::move(done)) {}
  ~RunningCommand() override { doors.clock.cancel(timer); }

  base::Result<void> start() {
    auto spawned = doors.process.spawn(spec.program, [this](ProcessExit exit) {
      result.exit = exit;
      ended = true;
      doors.clock.cancel(timer);
      timer = doors.clock.after(drainTime, [this] {
        outputOpen = errorsOpen = false;
        finishWhenAllIsIn();
      });
      finishWhenAllIsIn();
    });
    if (!spawned)
      return spawned.error();
    child = std::move(*spawned);
    timer = doors.clock.after(spec.timeout, [this] {
      result.timedOut = true;
      child->killGroup();
    });
    child->channel().write(spec.input, [this](base::Result<void>) {
      // A program that does not read its input is no failure.
      child->channel().closeWrite();
    });
    readOutput();
    readErrors();
    return {};
  }

  int pid() const override { return child->pid(); }
  void kill() override { child->killGroup(); }

private:
  void readOutput() {
    child->channel().read(outputBuffer, [this](base::Result<std::size_t> count) {
      if (!count || *count == 0) {
        if (!count)
          result.outputLost = std::move(count).error();
        outputOpen = false;
        return finishWhenAllIsIn();
      }
      std::size_t room = spec.maxOutputBytes - result.output.size(), kept = std::min<std::size_t>(*count, room);
      result.output.insert(result.output.end(), outputBuffer.begin(), outputBuffer.begin() + kept);
      if (kept < *count && !result.outputTooLong) {
        result.outputTooLong = true;
        child->killGroup();
      }
      readOutput();
    });
  }

  void readErrors() {
    child->errors()->read(errorBuffer, [this](base::Result<std::size_t> count) {
      if (!count || *count == 0) {
        errorsOpen = false;
        return finishWhenAllIsIn();
      }
      base::Bytes &errors = result.errors;
      errors.insert(errors.end(), errorBuffer.begin(), errorBuffer.begin() + *count);
      if (errors.size() > spec.maxErrorBytes)
        errors.erase(errors.begin(), errors.end() - static_cast<std::ptrdiff_t>(spec.maxErrorBytes));
      readErrors();
    });
  }

  /// The callback may destroy this object.
  void finishWhenAllIsIn() {
    if (!ended || outputOpen || errorsOpen || !done)
      return;
    doors.clock.cancel(timer);
    auto call = std::exchange(done, nullptr);
    call(std::move(result));
  }

  Doors &doors;
  CommandSpec spec;
  std::function<void(CommandResult)> done;
  CommandResult result;
  TimerId timer = 0;
  bool ended = false, outputOpen = true, errorsOpen = true;
  base::Bytes outputBuffer{base::Bytes(64 << 10)}, errorBuffer{base::Bytes(4 << 10)};
  std::unique_ptr<Child> child; // last: its callbacks touch all of the above
};

} // namespace

base::Result<std::unique_ptr<Command>> startCommand(Doors &doors, CommandSpec spec,
                                                    std::function<void(CommandResult)> done) {
  auto command = std::make_unique<RunningCommand>(doors, std::move(spec), std::move(done));
  if (auto started = command->start(); !started)
    return started.error();
  return std::unique_ptr<Command>(std::move(command));
}

} // namespace weft::io
