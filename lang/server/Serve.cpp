//===- Serve.cpp - A session over two file descriptors --------------------===//
//
// One thread: what takes long asks now and then for input, so that a request can
// be taken back while it is answered. While an answer cannot be written, input is
// still taken in: a client that writes before it reads is not waited for.
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
#include <utility>

namespace weft::server {
namespace {

std::int64_t steadyMs() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

class Connection {
public:
  Connection(int input, int output, Session::Options options)
      : input(input), output(output), session(std::move(options), [this](const json::value &out) { send(out); }) {
    session.takeInput = [this] { readAll(); };
  }

  int run() {
    while (!session.ended() && !broken) {
      // What came in one piece is taken in before anything is looked at.
      readAll();
      if (session.step())
        continue;
      if (!open)
        break; // The client went away, and everything it asked is answered.
      std::optional<std::int64_t> wait = session.waitMs();
      pollfd one{input, POLLIN, 0};
      ::poll(&one, 1, wait ? static_cast<int>(std::min<std::int64_t>(*wait, INT_MAX)) : -1);
    }
    return session.ended() && !broken ? session.exitCode() : 1;
  }

private:
  /// More is not taken in before some of what came is done: a client that never stops fills its pipe, not our memory.
  bool wantsInput() const { return open && !session.full(); }

  void readAll() {
    pollfd one{input, POLLIN, 0};
    while (wantsInput() && ::poll(&one, 1, 0) > 0)
      read();
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

  void send(const json::value &message) {
    unsent += framed(message);
    if (std::exchange(sending, true))
      return; // What was read meanwhile is answered: behind what is being written.
    for (std::size_t done = 0; !broken && done < unsent.size();)
      done += writeSome(std::string_view(unsent).substr(done, PIPE_BUF));
    unsent.clear();
    sending = false;
  }

  /// At most PIPE_BUF bytes: a pipe that is ready takes so many without waiting. How many were taken.
  std::size_t writeSome(std::string_view bytes) {
    pollfd both[] = {{output, POLLOUT, 0}, {wantsInput() ? input : -1, POLLIN, 0}};
    if (::poll(both, 2, -1) < 0) {
      broken = errno != EINTR;
      return 0;
    }
    if (both[0].revents == 0) {
      read();
      return 0;
    }
    ssize_t count = ::write(output, bytes.data(), bytes.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN))
      return 0;
    broken = count <= 0;
    return broken ? 0 : static_cast<std::size_t>(count);
  }

  int input, output;
  bool open = true, broken = false, sending = false;
  std::string unsent;
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
