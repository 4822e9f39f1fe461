//===- Connection.h - Frames over a stream, with back-pressure ------------===//
//
// Numbers outgoing frames, checks incoming ones, and closes at the first that
// cannot be trusted. What is queued and not yet handed to the system is
// bounded: a slow reader makes `send` answer `limit` and `drained` say when to
// go on.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Network.h"
#include "runtime/transport/Frame.h"

#include <functional>
#include <memory>

namespace weft::transport {

/// Beyond this, `send` answers `limit`: enough to keep a link busy, little enough for a thousand connections.
inline constexpr std::size_t maxQueuedBytes = 16U << 20;

class Connection {
public:
  struct Handlers {
    std::function<void(Frame)> received;
    /// Called once, after which nothing is received: `unavailable` when the other side closed, else what was wrong.
    std::function<void(base::Error)> ended;
    /// Called when the queue is empty again after `send` answered `limit`, or `awaitDrained` asked for it.
    std::function<void()> drained;
  };

  /// Reads until the end; handlers come on the stream's executor, never inside a call. The stream outlives this.
  Connection(io::Stream &stream, Handlers handlers);
  ~Connection();

  /// Queues a frame and gives it the next number. Errors: `limit` (queue full, nothing was queued), `unavailable`
  /// after the end.
  base::Result<> send(std::uint16_t kind, std::uint64_t epoch, base::ConstBytes payload);

  /// True when everything was handed to the system.
  bool idle() const;
  /// Has `drained` called at the end of what is queued now, although nothing was refused: who sends much sends it so
  /// piece by piece. Not while idle.
  void awaitDrained();
  std::uint64_t bytesSent() const;

private:
  struct State;
  std::shared_ptr<State> state;
};

} // namespace weft::transport
