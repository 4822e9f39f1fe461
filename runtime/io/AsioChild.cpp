//===- AsioChild.cpp - A child that is watched and ended as one -----------===//
//
// The end of a child comes as an event of its pidfd, so no SIGCHLD handler meets
// another library's. With a child goes all that it started: it leads a group.
//
//===----------------------------------------------------------------------===//

#include "runtime/io/PosixDoors.h"
#include "runtime/io/SystemError.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <csignal>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace weft::io {
namespace {

class AsioChild final : public Child {
public:
  AsioChild(boost::asio::io_context &loop, int pid, int pidfd, std::unique_ptr<Stream> channel,
            std::unique_ptr<Stream> errors, std::function<void(ProcessExit)> exited)
      : notice(std::make_shared<Notice>(loop, pid)), stream(std::move(channel)), errorStream(std::move(errors)) {
    notice->exited = std::move(exited);
    notice->fd.assign(pidfd);
    Notice::watch(notice);
  }
  ~AsioChild() override {
    notice->exited = nullptr;
    killGroup();
    notice->reap(); // waits for a child that was just killed
  }

  int pid() const override { return notice->pid; }
  void killGroup() override { notice->send(SIGKILL); }
  void askToEnd() override { notice->send(SIGTERM); }
  Stream &channel() override { return *stream; }
  Stream *errors() override { return errorStream.get(); }

private:
  struct Notice {
    Notice(boost::asio::io_context &loop, int pid) : fd(loop), pid(pid) {}
    boost::asio::posix::stream_descriptor fd;
    int pid;
    bool reaped = false;
    std::function<void(ProcessExit)> exited;

    /// An event is a reason to look, and no more: one that was on its way to a child that is gone by now reaches
    /// whoever has the reactor's place of its descriptor.
    static void watch(std::shared_ptr<Notice> notice) {
      auto &fd = notice->fd;
      fd.async_wait(boost::asio::posix::stream_descriptor::wait_read, [notice = std::move(notice)](auto failure) {
        if (failure)
          return;
        if (notice->ended())
          notice->reap();
        else if (!notice->reaped)
          watch(notice);
      });
    }

    bool ended() const {
      siginfo_t info{};
      return !reaped && ::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT | WNOHANG) == 0 &&
             info.si_pid != 0;
    }

    /// The group keeps its number as long as one member lives, so what a dead child left is reached too; the number is
    /// not given to anybody else while the child is not reaped.
    void send(int signal) {
      if (!reaped)
        ::kill(-pid, signal);
    }

    void reap() {
      if (reaped)
        return;
      siginfo_t info{};
      while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
      }
      ::kill(-pid, SIGKILL); // what it left running
      while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) {
      }
      reaped = true;
      boost::system::error_code ignored;
      fd.close(ignored);
      if (exited)
        std::exchange(exited, nullptr)(info.si_code == CLD_EXITED ? ProcessExit{info.si_status, 0}
                                                                  : ProcessExit{-1, info.si_status});
    }
  };

  std::shared_ptr<Notice> notice;
  std::unique_ptr<Stream> stream, errorStream;
};

} // namespace

base::Result<std::unique_ptr<Child>> adoptChild(boost::asio::io_context &loop, int pid, std::unique_ptr<Stream> channel,
                                                std::unique_ptr<Stream> errors,
                                                std::function<void(ProcessExit)> exited) {
  int pidfd = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  if (pidfd < 0) {
    int number = errno;
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return systemError(number, "watch child " + std::to_string(pid));
  }
  return std::unique_ptr<Child>(
      std::make_unique<AsioChild>(loop, pid, pidfd, std::move(channel), std::move(errors), std::move(exited)));
}

} // namespace weft::io
