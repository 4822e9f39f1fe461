//===- Command.h - What every subcommand of weft is made of ---------------===//
#pragma once

#include "runtime/cli/Arguments.h"
#include "runtime/io/AsioRuntime.h"

namespace weft::cli {

/// Part of the contract (lang/reference.md): scripts depend on them.
enum ExitCode : int {
  done = 0,
  runFailed = 1,
  refused = 2,     ///< Before anything ran: bad arguments, a program that does not compile, no such run.
  interrupted = 3, ///< Can be resumed.
  waiting = 4,     ///< For a person.
};

struct Command {
  const Usage &(*usage)();
  int (*run)(const Arguments &arguments, io::AsioRuntime &runtime);
};

/// Prints `weft: message` to standard error and gives `code`; prints nothing for an empty message.
int say(const std::string &message, int code = refused);

extern const Command runCommand, resumeCommand, runsCommand, showCommand, answerCommand, cancelCommand, pruneCommand,
    testCommand, planCommand, diffCommand;

} // namespace weft::cli
