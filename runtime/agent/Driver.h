//===- Driver.h - What sends a call to the outside world ------------------===//
//
// The frame machine decides that a call is made and the run loop hands it
// here; a driver speaks to a model, a folder, a process or a server. There is
// one driver per binding of the plan. A driver knows no run, no journal and no
// retry: one `start` is one attempt, and its outcome is final.
//
// Threads: every function is called on the run loop's thread, and `done` is
// called there too, never from inside `start` or `cancel`. A driver that
// blocks does so in the executor's pool and posts back.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/base/Failure.h"
#include "runtime/value/Value.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weft::agent {

/// Names one attempt of one call in this process; never reused, not journaled.
using CallId = std::uint64_t;

/// One attempt. Owned by the driver from `start` until its outcome is posted.
struct CallRequest {
  CallId id = 0;
  std::uint32_t member = 0;       ///< Index into the plan's members; the member names its binding.
  std::vector<value::Value> args; ///< In the order of the member's parameters; of the types declared there.
  std::uint32_t resultType = 0;   ///< Index into the plan's types: what `CallOutcome::value` must have.
  /// The same at each attempt of one step, of what is around it, and after every crash: sent where the other side takes
  /// such a key (`effect write idempotent`), so that doing it twice is doing it once. 32 hexadecimal digits, '-', the
  /// run's id.
  std::string idempotencyKey;
  /// Where the step stands in its run, another place in each activation of what is tried again. For logs; never sent.
  base::Hash128 path;
  std::uint32_t attempt = 0; ///< From 0. For logs; never sent.
  /// Milliseconds of the clock's steady time after which nobody waits; 0 is none. The machine keeps the deadline
  /// itself and cancels; a driver may pass it on (an HTTP timeout, a process limit).
  std::uint64_t deadlineMs = 0;
  /// What a model may write at most; 0 where the plan names no budget. Reserved in the budget before the call.
  std::int64_t maxTokensOut = 0;
  /// Names the text that this call begins with, and its length in bytes; 0: nothing is known of it. The same in all
  /// plans for the same text: a provider may pass it on where a server keeps what it has read.
  std::uint64_t prefix = 0;
  std::uint32_t prefixBytes = 0;
};

/// How an attempt ended. Exactly one is posted for each `start`, cancelled or not: costs of a cancelled call count.
struct CallOutcome {
  CallId id = 0;
  std::optional<value::Value> value; ///< Set when it succeeded; of the request's result type.
  base::Failure failure;             ///< Else: why not. `cancelled` after a cancel that took effect.
  std::int64_t tokensIn = 0;         ///< Tokens read by a model; 0 elsewhere.
  std::int64_t tokensOut = 0;        ///< Tokens written by a model.
  std::int64_t costNano = 0;         ///< Nano-dollars charged, 0 where the binding has no price.

  explicit operator bool() const { return value.has_value(); }
};

class Driver {
public:
  using Done = std::function<void(CallOutcome)>;

  virtual ~Driver() = default;

  /// Begins one attempt and returns at once. `done` is called exactly once, later, on the run loop's thread.
  virtual void start(CallRequest request, Done done) = 0;

  /// Begins several attempts of one member and returns at once: they go in one request where the other side takes it,
  /// at most `batch` of the binding. `done` is called once for each, as after `start`; a request that fails as a whole
  /// fails every one of them. Where nothing else is said each goes alone.
  virtual void startTogether(std::vector<CallRequest> requests, Done done) {
    for (CallRequest &request : requests)
      start(std::move(request), done);
  }

  /// Asks for an early end: of use to whoever pays or waits, promised to nobody. `done` is still called, with what
  /// happened: a write that went through reports its success. An unknown id is ignored (its outcome is under way).
  virtual void cancel(CallId id) = 0;
};

} // namespace weft::agent
