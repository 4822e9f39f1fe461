//===- ExecDriver.h - A program as a tool ---------------------------------===//
//
// No shell stands between: each piece of the template is one argument, whatever
// signs it holds. The program runs in a process group of its own, which is
// killed as a whole when it takes too long, writes too much or is cancelled.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/base/Result.h"
#include "runtime/io/Command.h"

#include <memory>

namespace weft::agent {

/// What a program may use where the call sets nothing narrower. An output is a value of the run: it is journaled and
/// goes into prompts.
inline constexpr std::uint64_t maxExecOutputBytes = 16 << 20;
inline constexpr io::Duration maxExecTime = std::chrono::minutes(10);
/// Of standard error, in the failure's text.
inline constexpr std::size_t shownErrorBytes = 2000;
/// Programs that run at the same time on one machine for one tool; more wait.
inline constexpr std::size_t maxExecRunning = 16;

struct ExecSpec {
  std::string tool;   ///< Its name in the spec, for messages.
  std::string folder; ///< Where programs run: the spec's own folder.
  /// All that a program sees of the environment; see `execEnvironment`.
  std::vector<std::pair<std::string, std::string>> environment;
  io::Duration timeout = maxExecTime;
  std::uint64_t outputBytes = maxExecOutputBytes;
  /// The program and its arguments for a call. Pure; runs on the run loop's thread.
  std::function<base::Result<std::vector<std::string>>(const CallRequest &)> render;
  /// The call's value from what the program wrote, its last newline dropped. Pure.
  std::function<CallOutcome(const CallRequest &, std::string_view output)> answer;
};

/// Success is exit code 0. Failures: `tool` with the exit code or signal and the end of standard error, or when the
/// program does not exist or writes more than `outputBytes`; `timeout`; `cancelled`. The idempotency key is in
/// WEFT_IDEMPOTENCY_KEY.
std::unique_ptr<Driver> makeExecDriver(io::Doors &doors, ExecSpec spec);

/// The variables that programs need to find other programs, a home and a language. Nothing else is passed: keys and
/// tokens stay out of tools that do not ask for them.
std::vector<std::pair<std::string, std::string>> execEnvironment(const io::Process &process);

} // namespace weft::agent
