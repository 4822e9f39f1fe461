//===- Serve.cpp - A session over two file descriptors --------------------===//
//
// One thread: what takes long asks now and then for input, so that a request can
// be taken back while it is answered.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Serve.h"

#include "lang/server/Framing.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace weft::server {
namespace {

std::int64_t steadyMs() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

class Connection {
public:
  Connection(int input, int output, Session::Options options)
      : input(input), output(output), session(std::move(options), [this](const json::value &out) { write(out); }) {
    session.takeInput = [this] {
      while (open && ready(0))
        read();
    };
  }

  int run() {
    while (!session.ended() && !broken) {
      // What came in one piece is taken in before anything is looked at.
      while (open && ready(0))
        read();
      if (session.step())
        continue;
      if (!open)
        break; // The client went away, and everything it asked is answered.
      std::optional<std::int64_t> wait = session.waitMs();
      ready(wait ? static_cast<int>(std::min<std::int64_t>(*wait, INT_MAX)) : -1);
    }
    return session.ended() && !broken ? session.exitCode() : 1;
  }

private:
  bool ready(int timeoutMs) {
    pollfd one{input, POLLIN, 0};
    return ::poll(&one, 1, timeoutMs) > 0;
  }

  void read() {
    char buffer[1 << 16];
    ssize_t count = ::read(input, buffer, sizeof buffer);
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
      return;
    if (count <= 0) {
      open = false;
      return;
    }
    reader.feed({buffer, static_cast<std::size_t>(count)});
    while (std::optional<std::string> body = reader.next())
      session.receive(*body);
    if (!reader.fault().empty()) {
      std::fprintf(stderr, "weft lsp: %s\n", reader.fault().c_str());
      open = false;
    }
  }

  void write(const json::value &message) {
    std::string bytes = framed(message);
    std::string_view rest = bytes;
    while (!rest.empty() && !broken) {
      ssize_t count = ::write(output, rest.data(), rest.size());
      if (count < 0 && errno == EINTR)
        continue;
      if (count < 0 && errno == EAGAIN) {
        pollfd one{output, POLLOUT, 0};
        ::poll(&one, 1, -1);
        continue;
      }
      broken = count <= 0;
      if (!broken)
        rest.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  int input, output;
  bool open = true, broken = false;
  MessageReader reader;
  Session session;
};

} // namespace

int serve(int input, int output, Session::Options options) {
  if (!options.nowMs)
    options.nowMs = steadyMs;
  return Connection(input, output, std::move(options)).run();
}

} // namespace weft::server
