//===- AsioStream.cpp - Bytes over a socket or a pair of pipes ------------===//

#include "runtime/io/PosixDoors.h"
#include "runtime/io/SystemError.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/write.hpp>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weft::io {
namespace {

base::Error failureOf(const boost::system::error_code &failure, const char *what) {
  if (failure == boost::asio::error::operation_aborted || failure == boost::asio::error::bad_descriptor)
    return base::error(base::Code::cancelled, std::string(what) + ": the stream was closed here");
  base::Error error = systemError(failure.value(), what);
  // Whatever broke it, a stream that fails is a connection that is gone.
  error.code = base::Code::unavailable;
  return error;
}

/// Outlives the stream while system calls are under way; `owned` false keeps their callbacks from being called.
struct Ends {
  explicit Ends(boost::asio::io_context &loop) : in(loop), out(loop) {}
  boost::asio::posix::stream_descriptor in, out;
  bool owned = true;
};

class AsioStream final : public Stream {
public:
  AsioStream(boost::asio::io_context &loop, int readFd, int writeFd) : ends(std::make_shared<Ends>(loop)) {
    socket = writeFd < 0;
    if (readFd >= 0)
      ends->in.assign(readFd);
    int out = socket ? ::fcntl(readFd, F_DUPFD_CLOEXEC, 0) : writeFd;
    if (out >= 0)
      ends->out.assign(out);
  }
  ~AsioStream() override {
    ends->owned = false;
    close();
  }

  void read(base::MutableBytes into, std::function<void(base::Result<std::size_t>)> done) override {
    ends->in.async_read_some(boost::asio::buffer(into.data(), into.size()),
                             [ends = ends, done = std::move(done)](auto failure, std::size_t count) {
                               if (!ends->owned)
                                 return;
                               if (failure == boost::asio::error::eof)
                                 done(std::size_t(0));
                               else if (failure)
                                 done(failureOf(failure, "read from stream"));
                               else
                                 done(count);
                             });
  }

  void write(base::ConstBytes bytes, std::function<void(base::Result<void>)> done) override {
    boost::asio::async_write(ends->out, boost::asio::buffer(bytes.data(), bytes.size()),
                             [ends = ends, done = std::move(done)](auto failure, std::size_t) {
                               if (!ends->owned)
                                 return;
                               if (failure)
                                 done(failureOf(failure, "write to stream"));
                               else
                                 done({});
                             });
  }

  void closeWrite() override {
    if (!ends->out.is_open())
      return;
    if (socket)
      ::shutdown(ends->out.native_handle(), SHUT_WR);
    boost::system::error_code ignored;
    ends->out.close(ignored);
  }

  void close() override {
    boost::system::error_code ignored;
    if (socket && ends->in.is_open())
      ::shutdown(ends->in.native_handle(), SHUT_RDWR);
    ends->in.close(ignored);
    ends->out.close(ignored);
  }

private:
  std::shared_ptr<Ends> ends;
  bool socket = false;
};

} // namespace

std::unique_ptr<Stream> adoptStream(boost::asio::io_context &loop, int readFd, int writeFd) {
  return std::make_unique<AsioStream>(loop, readFd, writeFd);
}

} // namespace weft::io
