//===- AsioProcess.cpp - Children, words and signals on the loop ----------===//
//
// Between fork and exec only calls that are safe there are made: everything
// they need is prepared before. How a child is watched is in AsioChild.cpp.
//
//===----------------------------------------------------------------------===//

#include "runtime/io/AsioRuntime.h"
#include "runtime/io/ChildSetup.h"
#include "runtime/io/PosixDoors.h"
#include "runtime/io/PosixFiles.h"
#include "runtime/io/SystemError.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>

namespace weft::io {
namespace {

/// Waits for words that run at once; more wait for their turn.
constexpr unsigned wordThreads = 4;
constexpr std::size_t maxWordWaits = 1024;
/// A wait for a word looks this often whether it is still wanted.
constexpr Duration wordSlice = std::chrono::milliseconds(20);

class AsioProcess final : public Process {
public:
  AsioProcess(boost::asio::io_context &loop, std::function<void(int)> exit)
      : loop(loop), exitLoop(std::move(exit)), signals(loop), words(makePool(loop, wordThreads, maxWordWaits)) {}
  ~AsioProcess() override { *wanted = false; }

  base::Result<std::unique_ptr<Child>> spawn(const SpawnSpec &spec, std::function<void(ProcessExit)> exited) override {
    auto setup = ChildSetup::prepare(spec);
    if (!setup)
      return setup.error();
    int input[2], output[2], errors[2], failure[2];
    if (::pipe2(input, O_CLOEXEC) != 0)
      return systemError(errno, "start '" + spec.program + "'");
    Descriptor childIn(input[0]), parentOut(input[1]);
    if (::pipe2(output, O_CLOEXEC) != 0)
      return systemError(errno, "start '" + spec.program + "'");
    Descriptor parentIn(output[0]), childOut(output[1]);
    if (::pipe2(errors, O_CLOEXEC) != 0)
      return systemError(errno, "start '" + spec.program + "'");
    Descriptor parentErr(errors[0]), childErr(errors[1]);
    if (::pipe2(failure, O_CLOEXEC) != 0)
      return systemError(errno, "start '" + spec.program + "'");
    Descriptor failureIn(failure[0]), failureOut(failure[1]);

    int parent = ::getpid();
    int pid = ::fork();
    if (pid < 0)
      return systemError(errno, "start '" + spec.program + "'");
    if (pid == 0)
      setup->become(childIn.get(), childOut.get(), childErr.get(), failureOut.get(), parent);
    ::setpgid(pid, pid); // both sides do it, so that neither can be too late
    failureOut = Descriptor();
    ChildFailure why{};
    ssize_t count;
    do
      count = ::read(failureIn.get(), &why, sizeof why);
    while (count < 0 && errno == EINTR);
    if (count == sizeof why) {
      ::waitpid(pid, nullptr, 0);
      return setup->explain(why);
    }
    auto channel = adoptStream(loop, parentIn.release(), parentOut.release());
    // A pipe that is only read: its write end is a descriptor that nobody has.
    auto errorStream = adoptStream(loop, parentErr.release(), ::open("/dev/null", O_WRONLY | O_CLOEXEC));
    return adoptChild(loop, pid, std::move(channel), std::move(errorStream), std::move(exited));
  }

  base::Result<std::unique_ptr<Child>> forkWorker(WorkerStart start, std::function<void(ProcessExit)> exited) override {
    int pair[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
      return systemError(errno, "fork a worker");
    Descriptor here(pair[0]), there(pair[1]);
    std::fflush(nullptr); // or the worker would write what waits in the buffers a second time
    int parent = ::getpid();
    int pid = ::fork();
    if (pid < 0)
      return systemError(errno, "fork a worker");
    if (pid == 0)
      beWorker(start, there.release(), parent);
    ::setpgid(pid, pid);
    return adoptChild(loop, pid, adoptStream(loop, here.release()), nullptr, std::move(exited));
  }

  base::Result<std::unique_ptr<Segment>> makeSegment(std::uint64_t sizeBytes) override {
    return makePosixSegment(sizeBytes);
  }

  void waitWord(std::atomic<std::uint32_t> &word, std::uint32_t expected, Duration timeout,
                std::function<void(bool)> done) override {
    auto woken = std::make_shared<bool>(false);
    auto submitted = words->submit(
        [&word, expected, timeout, woken, wanted = wanted] {
          for (Duration left = timeout; *wanted && !*woken && left > Duration(0); left -= wordSlice)
            *woken = waitFutex(word, expected, std::min(left, wordSlice));
        },
        [done, woken] { done(*woken); });
    WEFT_ASSERT(submitted && "more waits for words than maxWordWaits");
  }

  bool waitWordBlocking(std::atomic<std::uint32_t> &word, std::uint32_t expected, Duration timeout) override {
    return waitFutex(word, expected, timeout);
  }

  void wakeWord(std::atomic<std::uint32_t> &word) override { wakeFutex(word); }

  base::Result<std::unique_ptr<NativeCode>> loadCode(base::ConstBytes elf) override { return loadPosixCode(elf); }

  void entropy(base::MutableBytes into) override {
    for (std::size_t done = 0; done < into.size();) {
      ssize_t count = ::getrandom(into.data() + done, into.size() - done, 0);
      WEFT_ASSERT(count > 0 || errno == EINTR);
      done += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
  }

  std::optional<std::string> environment(const std::string &name) const override {
    const char *value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
  }

  int pid() const override { return ::getpid(); }
  std::string programFolder() const override {
    std::string path(PATH_MAX, '\0');
    ssize_t count = ::readlink("/proc/self/exe", path.data(), path.size());
    path.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
    return path.substr(0, path.rfind('/') == std::string::npos ? 0 : path.rfind('/'));
  }
  std::uint32_t processors() const override { return std::max(1u, std::thread::hardware_concurrency()); }

  std::uint32_t terminalColumns() const override {
    winsize size{};
    if (!::isatty(STDERR_FILENO))
      return 0;
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  }

  void onInterrupt(Task task) override {
    boost::system::error_code ignored;
    signals.cancel(ignored);
    signals.clear(ignored);
    interrupted = std::move(task);
    if (!interrupted)
      return;
    signals.add(SIGINT, ignored);
    signals.add(SIGTERM, ignored);
    waitForSignal();
  }

  void exit(int code) override { exitLoop(code); }

private:
  void waitForSignal() {
    signals.async_wait([this](const boost::system::error_code &failure, int) {
      if (failure)
        return;
      Task task = interrupted; // may be replaced while it runs
      task();
      if (interrupted)
        waitForSignal();
    });
  }

  /// The child's side of forkWorker. The parent's loop, pools and files are never touched: only this thread exists
  /// here.
  [[noreturn]] static void beWorker(const WorkerStart &start, int channel, int parent) {
    enterOwnGroup(parent);
    channel = closeAllBut(channel);
    int code;
    {
      AsioRuntime runtime;
      auto machine = start(runtime.doors(), runtime.adopt(channel));
      code = runtime.run();
    }
    std::fflush(nullptr);
    ::_exit(code);
  }

  boost::asio::io_context &loop;
  std::function<void(int)> exitLoop;
  boost::asio::signal_set signals;
  Task interrupted;
  std::shared_ptr<std::atomic<bool>> wanted = std::make_shared<std::atomic<bool>>(true);
  std::unique_ptr<BlockingPool> words;
};

} // namespace

std::unique_ptr<Process> makeProcess(boost::asio::io_context &loop, std::function<void(int)> exit) {
  return std::make_unique<AsioProcess>(loop, std::move(exit));
}

} // namespace weft::io
