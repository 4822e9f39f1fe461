//===- Network.h - The door to other processes ----------------------------===//
//
// Streams of bytes, with no message borders: frames are runtime/transport's.
// An address is text: `tcp:127.0.0.1:7000` (port 0: any free one) or
// `unix:/path/of/socket`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/io/Executor.h"

#include <memory>
#include <string>

namespace weft::io {

/// One end of a connection. Callbacks come on the executor, never inside the call. Destruction closes; callbacks that
/// were pending are then not called.
class Stream {
public:
  virtual ~Stream() = default;

  /// Fills at least one byte of `into` and says how many; 0 means that the other side closed. `into` stays valid until
  /// `done`; one read at a time. Errors: `unavailable` when the connection broke, `cancelled` after `close`.
  virtual void read(base::MutableBytes into, std::function<void(base::Result<std::size_t>)> done) = 0;

  /// Sends all of `bytes`, which stay valid until `done`; one write at a time. Success means handed to the system, not
  /// received. Errors as for `read`.
  virtual void write(base::ConstBytes bytes, std::function<void(base::Result<void>)> done) = 0;

  /// The other side reads its end after what was sent; reading goes on.
  virtual void closeWrite() = 0;

  /// Ends both directions; pending calls end with `cancelled`.
  virtual void close() = 0;
};

class Listener {
public:
  virtual ~Listener() = default;

  /// Where it listens, with the port that was given out.
  virtual const std::string &address() const = 0;

  /// One accept at a time. Errors: `cancelled` after `close` (or no call at all after destruction), `io`.
  virtual void accept(std::function<void(base::Result<std::unique_ptr<Stream>>)> done) = 0;

  virtual void close() = 0;
};

class Network {
public:
  virtual ~Network() = default;

  /// Errors: `invalid` address, `exists` when somebody listens there, `io`. A stale unix socket file is replaced.
  virtual base::Result<std::unique_ptr<Listener>> listen(const std::string &address) = 0;

  /// Errors: `invalid` address, `unavailable` when nobody listens, `io`.
  virtual void connect(const std::string &address, std::function<void(base::Result<std::unique_ptr<Stream>>)> done) = 0;
};

} // namespace weft::io
