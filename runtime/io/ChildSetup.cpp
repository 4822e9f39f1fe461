//===- ChildSetup.cpp - From fork to the other program --------------------===//

#include "runtime/io/ChildSetup.h"

#include "runtime/io/SystemError.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace weft::io {
namespace {

constexpr int firstFreeFd = 3;
/// Of arguments, and of variables: what fits on the stack of the child. More are refused.
constexpr std::size_t maxArguments = 4096;

/// As a shell would: a name with a slash is a path, another is looked up in the child's own PATH.
base::Result<std::string> findProgram(const SpawnSpec &spec) {
  if (spec.program.find('/') != std::string::npos)
    return spec.program;
  std::string path = "/usr/local/bin:/usr/bin:/bin";
  for (const auto &[name, value] : spec.environment)
    if (name == "PATH")
      path = value;
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t end = std::min(path.find(':', start), path.size());
    std::string candidate = path.substr(start, end - start) + "/" + spec.program;
    if (end > start && !spec.program.empty() && ::access(candidate.c_str(), X_OK) == 0)
      return candidate;
    start = end + 1;
  }
  return base::error(base::Code::notFound, "program '" + spec.program + "' is in no folder of PATH (" + path + ")");
}

int limit(decltype(RLIMIT_CPU) what, std::uint64_t value) {
  if (value == 0)
    return 0;
  rlimit bound{value, value};
  return ::setrlimit(what, &bound);
}

} // namespace

base::Result<ChildSetup> ChildSetup::prepare(const SpawnSpec &spec) {
  auto path = findProgram(spec);
  if (!path)
    return path.error();
  if (spec.arguments.size() > maxArguments || spec.environment.size() > maxArguments)
    return base::error(base::Code::limit, "start '" + spec.program + "': found " +
                                              std::to_string(spec.arguments.size()) + " arguments and " +
                                              std::to_string(spec.environment.size()) + " variables, the limit is " +
                                              std::to_string(maxArguments) + " of each");
  ChildSetup setup;
  setup.spec = spec;
  setup.path = *path;
  for (const auto &[name, value] : spec.environment)
    setup.variables.push_back(name + "=" + value);
  return setup;
}

void ChildSetup::become(int input, int output, int errors, int failure, int parent) const {
  // The vectors below are built on the stack: allocation is not safe here, since another thread may hold its lock.
  char *arguments[maxArguments + 2], *environment[maxArguments + 1];
  std::size_t count = 0;
  arguments[count++] = const_cast<char *>(spec.program.c_str());
  for (const std::string &argument : spec.arguments)
    arguments[count++] = const_cast<char *>(argument.c_str());
  arguments[count] = nullptr;
  count = 0;
  for (const std::string &variable : variables)
    environment[count++] = const_cast<char *>(variable.c_str());
  environment[count] = nullptr;

  ChildFailure why{};
  // Copies above the standard three first: the pipes may lie on them when this process has those closed.
  int in = ::fcntl(input, F_DUPFD_CLOEXEC, firstFreeFd), out = ::fcntl(output, F_DUPFD_CLOEXEC, firstFreeFd),
      err = ::fcntl(errors, F_DUPFD_CLOEXEC, firstFreeFd), report = ::fcntl(failure, F_DUPFD_CLOEXEC, firstFreeFd);
  if (::dup2(in, 0) >= 0 && ::dup2(out, 1) >= 0 && ::dup2(err, 2) >= 0 && step(why.step, parent) == 0) {
    // Whatever this process has open without close-on-exec is not the program's business.
    ::close_range(firstFreeFd, ~0u, CLOSE_RANGE_CLOEXEC);
    why.step = ChildFailure::Step::program;
    ::execve(path.c_str(), arguments, environment);
  }
  why.number = errno;
  (void)!::write(report, &why, sizeof why);
  ::_exit(127);
}

int ChildSetup::step(ChildFailure::Step &at, int parent) const {
  at = ChildFailure::Step::group;
  enterOwnGroup(parent);
  at = ChildFailure::Step::folder;
  if (!spec.folder.empty() && ::chdir(spec.folder.c_str()) != 0)
    return -1;
  at = ChildFailure::Step::limits;
  const ProcessLimits &limits = spec.limits;
  if (limit(RLIMIT_CPU, limits.cpuSeconds) != 0 || limit(RLIMIT_AS, limits.memoryBytes) != 0 ||
      limit(RLIMIT_FSIZE, limits.fileBytes) != 0 || limit(RLIMIT_NOFILE, limits.openFiles) != 0)
    return -1;
  rlimit noCore{0, 0};
  return ::setrlimit(RLIMIT_CORE, &noCore);
}

base::Error ChildSetup::explain(ChildFailure why) const {
  switch (why.step) {
  case ChildFailure::Step::group:
    return systemError(why.number, "start '" + spec.program + "'");
  case ChildFailure::Step::folder:
    return systemError(why.number, "start '" + spec.program + "' in folder '" + spec.folder + "'");
  case ChildFailure::Step::limits:
    return systemError(why.number, "set the limits of '" + spec.program + "'");
  case ChildFailure::Step::program:
    return systemError(why.number, "start '" + path + "'");
  }
  WEFT_UNREACHABLE();
}

void enterOwnGroup(int parent) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) // died before the line above
    ::_exit(127);
  for (int signal = 1; signal < NSIG; ++signal)
    ::signal(signal, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

int closeAllBut(int keep) {
  if (keep != firstFreeFd)
    ::dup2(keep, firstFreeFd);
  ::fcntl(firstFreeFd, F_SETFD, FD_CLOEXEC);
  ::close_range(firstFreeFd + 1, ~0u, 0);
  return firstFreeFd;
}

} // namespace weft::io
