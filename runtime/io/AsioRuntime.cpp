//===- AsioRuntime.cpp - The doors of a real machine ----------------------===//

#include "runtime/io/AsioRuntime.h"

#include "runtime/io/PosixDoors.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <csignal>
#include <fcntl.h>
#include <thread>

namespace weft::io {
namespace {

class AsioExecutor final : public Executor {
public:
  explicit AsioExecutor(boost::asio::io_context &loop) : loop(loop) {}
  void post(Task task) override { boost::asio::post(loop, std::move(task)); }

private:
  boost::asio::io_context &loop;
};

unsigned threadsOf(const AsioOptions &options) {
  constexpr unsigned most = 8; // see AsioOptions::poolThreads
  unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  return options.poolThreads > 0 ? options.poolThreads : std::min(processors, most);
}

} // namespace

struct AsioRuntime::State {
  explicit State(const AsioOptions &options)
      : executor(loop), clock(makeClock(loop)), network(makeNetwork(loop)), storage(makePosixStorage()),
        process(makeProcess(loop, [this](int code) { end(code); })),
        pool(makePool(loop, threadsOf(options), options.poolQueueLimit)),
        doors{executor, *clock, *network, *storage, *process, *pool, [this](unsigned threads, std::size_t queueLimit) {
                return makePool(loop, threads, queueLimit);
              }} {}

  void end(int code) {
    exitCode = code;
    exited = true;
    loop.stop();
  }

  boost::asio::io_context loop{1};
  AsioExecutor executor;
  std::unique_ptr<Clock> clock;
  std::unique_ptr<Network> network;
  std::unique_ptr<Storage> storage;
  std::unique_ptr<Process> process;
  std::unique_ptr<BlockingPool> pool;
  Doors doors;
  int exitCode = 0;
  bool exited = false;
};

/// A stream that was closed before the start is taken, so that no file of ours gets its number and is written to as if
/// it were the stream; what is written to it still fails.
static void holdStandardStreams() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0)
      (void)::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

AsioRuntime::AsioRuntime(AsioOptions options) {
  holdStandardStreams();
  // A write to a stream whose other end is gone is an error of that write, not the end of the process.
  std::signal(SIGPIPE, SIG_IGN);
  state = std::make_unique<State>(options);
}

AsioRuntime::~AsioRuntime() = default;

Doors &AsioRuntime::doors() { return state->doors; }

int AsioRuntime::run() {
  if (!state->exited) {
    state->loop.restart();
    state->loop.run();
  }
  return state->exitCode;
}

bool AsioRuntime::runUntil(const std::function<bool()> &finished) {
  state->loop.restart();
  while (!finished()) {
    if (state->exited || state->loop.run_one() == 0)
      return finished();
  }
  return true;
}

std::unique_ptr<Stream> AsioRuntime::adopt(int readFd, int writeFd) {
  return adoptStream(state->loop, readFd, writeFd);
}

} // namespace weft::io
