//===- Connection.cpp - Frames over a stream ------------------------------===//
//
// The state is shared with the callbacks that the stream holds: one that comes
// after the connection is gone finds `closed` and does nothing.
//
//===----------------------------------------------------------------------===//

#include "runtime/transport/Connection.h"

namespace weft::transport {

constexpr std::size_t readBytes = 64 * 1024;

struct Connection::State : std::enable_shared_from_this<State> {
  State(io::Stream &stream, Handlers handlers) : stream(stream), handlers(std::move(handlers)), incoming(readBytes) {}

  void read() {
    stream.read(incoming, [self = shared_from_this()](base::Result<std::size_t> count) {
      if (self->closed)
        return;
      if (!count)
        return self->end(std::move(count).error());
      if (*count == 0)
        return self->end(base::error(base::Code::unavailable, "the other side closed the connection"));
      self->decoder.add(base::ConstBytes(self->incoming).first(*count));
      self->deliver();
    });
  }

  void deliver() {
    while (!closed) {
      auto frame = decoder.next();
      if (!frame)
        return end(std::move(frame).error());
      if (!*frame)
        return read();
      handlers.received(std::move(**frame));
    }
  }

  void write() {
    if (writing || queued.empty() || closed)
      return;
    writing = true;
    outgoing.swap(queued);
    queued.clear();
    stream.write(outgoing, [self = shared_from_this()](base::Result<void> written) {
      self->writing = false;
      if (self->closed)
        return;
      if (!written)
        return self->end(std::move(written).error());
      self->sent += self->outgoing.size();
      self->outgoing.clear();
      self->write();
      if (self->full && self->queued.empty() && !self->writing) {
        self->full = false;
        if (self->handlers.drained)
          self->handlers.drained();
      }
    });
  }

  void end(base::Error error) {
    closed = true;
    // The handler may destroy the connection, and with it the last other reference.
    auto self = shared_from_this();
    handlers.ended(std::move(error));
  }

  io::Stream &stream;
  Handlers handlers;
  FrameDecoder decoder;
  base::Bytes incoming, outgoing, queued;
  std::uint64_t numbered = 0, sent = 0;
  bool writing = false, full = false, closed = false;
};

Connection::Connection(io::Stream &stream, Handlers handlers)
    : state(std::make_shared<State>(stream, std::move(handlers))) {
  state->read();
}

Connection::~Connection() { state->closed = true; }

base::Result<> Connection::send(std::uint16_t kind, std::uint64_t epoch, base::ConstBytes payload) {
  if (state->closed)
    return base::error(base::Code::unavailable, "the connection has ended");
  if (state->queued.size() + payload.size() > maxQueuedBytes) {
    state->full = true;
    return base::error(base::Code::limit, "the connection holds " + std::to_string(state->queued.size()) +
                                              " bytes that the other side has not taken");
  }
  encode(Frame{kind, epoch, ++state->numbered, base::Bytes(payload.begin(), payload.end())}, state->queued);
  state->write();
  return {};
}

bool Connection::idle() const { return !state->writing && state->queued.empty(); }
void Connection::awaitDrained() {
  WEFT_ASSERT(!idle());
  state->full = true;
}
std::uint64_t Connection::bytesSent() const { return state->sent; }

} // namespace weft::transport
