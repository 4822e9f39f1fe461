//===- PoolDriver.h - A driver whose calls block --------------------------===//
//
// Files and the built-in model work in the blocking pool and post back. This
// class keeps the threads apart: `perform` sees the request and nothing of the
// run loop; `done` is called on the run loop's thread.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/io/Doors.h"

#include <atomic>
#include <memory>
#include <unordered_map>

namespace weft::agent {

class PoolDriver : public Driver {
public:
  explicit PoolDriver(io::Doors &doors) : doors(doors) {}

  void start(CallRequest request, Done done) final;
  /// A call that still waits for the pool ends with `cancelled`; one that runs is told, and may go on to its end.
  void cancel(CallId id) final;

  /// What is done, apart from any driver, so that it may outlive it in the pool.
  class Work {
  public:
    virtual ~Work() = default;
    /// Runs on a thread of the pool, several at a time. Sets everything but the id. What takes long looks at
    /// `cancelled`.
    virtual CallOutcome perform(const CallRequest &request, const std::atomic<bool> &cancelled) = 0;
  };

protected:
  /// Shared with the pool. Asked for at each call.
  virtual std::shared_ptr<Work> work() = 0;

private:
  struct Ticket {
    std::atomic<bool> cancelled = false;
  };
  /// Shared with what the pool holds: empty once the driver is gone, and nobody is called back then.
  struct Live {
    std::unordered_map<CallId, std::shared_ptr<Ticket>> tickets;
  };

  io::Doors &doors;
  std::shared_ptr<Live> live = std::make_shared<Live>();
};

/// An outcome that failed.
CallOutcome failed(base::FailKind kind, std::string why);
/// The outcome of a tool that met `error`: as `failureOf` says, else `tool`.
CallOutcome toolFailed(const base::Error &error);
/// An outcome with a value.
CallOutcome succeeded(value::Value value);

/// How an error of a door or a parser is told to a run: `denied` is refused whoever asks, what passes by itself is
/// `transport`, everything else is `otherwise`.
base::Failure failureOf(const base::Error &error, base::FailKind otherwise);

} // namespace weft::agent
