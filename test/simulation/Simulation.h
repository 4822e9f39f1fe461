//===- Simulation.h - Whole machines in one thread, from a seed -----------===//
//
//   Simulation simulation(seed, Faults::usual());
//   HostId a = simulation.addHost("a", [](io::Doors &doors) { return std::make_shared<Machine>(doors); });
//   simulation.killAtStorageOperation(a, 17, Loss::power);
//   simulation.run();              // until nothing happens any more
//   simulation.restart(a);
//
// Time jumps from event to event. Which host's event is next, how long things
// take and what goes wrong comes from the seed alone: the same seed gives the
// same trace. Hosts are reached as `tcp:NAME:PORT`; their disks outlive them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Disk.h"
#include "Faults.h"
#include "runtime/io/Doors.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weft::simulation {

struct World;

using HostId = std::uint32_t;

/// Builds the machine of a host on its doors and gives back what keeps it alive.
using Start = std::function<std::shared_ptr<void>(io::Doors &)>;

enum class Loss : std::uint8_t {
  process, ///< As kill -9: what was written stays written.
  power,   ///< What was not synced is lost, torn or there, by chance.
};

/// A program for Process::spawn: called when its input has ended.
struct ProgramResult {
  io::ProcessExit exit{0, 0};
  std::string output, errors;
  io::Duration takes = std::chrono::milliseconds(1);
};
using Program = std::function<ProgramResult(const io::SpawnSpec &spec, base::ConstBytes input)>;

struct TraceEntry {
  std::int64_t atNs;
  HostId host;
  std::string_view what; ///< "start", "task", "storage", or the name of a fault.
  std::uint64_t detail;  ///< Bytes, pid, or 0.
  bool operator==(const TraceEntry &) const = default;
};

enum class Stopped : std::uint8_t {
  quiet, ///< Nothing is left that could happen, random kills and partitions apart.
  events,
  time,
};

struct RunLimits {
  std::uint64_t events = 10'000'000;
  io::Duration time = std::chrono::hours(24 * 365);
};

class Simulation {
public:
  explicit Simulation(std::uint64_t seed, Faults faults = {});
  ~Simulation();
  Simulation(const Simulation &) = delete;
  Simulation &operator=(const Simulation &) = delete;

  /// A machine of its own, started by the next `run`. Without `start` the caller drives `doors` itself.
  HostId addHost(const std::string &name, Start start = nullptr);

  /// The doors of the host's main process; those of a killed process stay valid and answer with errors.
  io::Doors &doors(HostId host);
  Disk &disk(HostId host);
  /// For Process::environment on the host.
  void setEnvironment(HostId host, const std::string &name, const std::string &value);
  void addProgram(const std::string &name, Program program);

  /// Ends all processes of the host now; their callbacks are never called, their connections break.
  void kill(HostId host, Loss loss);
  /// As kill -9 for one process that the host's main process forked or spawned; one that has ended is ignored.
  void killChild(HostId host, int pid);
  /// Starts the host's machine again, after a kill or an exit.
  void restart(HostId host);
  /// Kills the host before its event number `event` (counted over all its lives, from 1).
  void killAtEvent(HostId host, std::uint64_t event, Loss loss);
  /// Kills one child of the host, a worker or a program, before the children's event number `event` (counted over all
  /// of them, from 1). The host lives on.
  void killChildAtEvent(HostId host, std::uint64_t event);
  /// Kills it during its storage operation number `operation` (writes, truncations, syncs and changes of names, counted
  /// over all its lives, from 1), which happens in part, or not at all, or in full.
  void killAtStorageOperation(HostId host, std::uint64_t operation, Loss loss);
  /// As Ctrl-C on the host.
  void interrupt(HostId host);

  /// Bytes between the two wait until `heal`; new connections fail after a while.
  void partition(HostId one, HostId other);
  void heal(HostId one, HostId other);

  /// Calls `task`, outside of any host, when virtual time has come to `moment` since the start.
  void at(io::Duration moment, io::Task task);

  Stopped run(RunLimits limits = {});
  /// Until `finished` holds (looked at after each event). False when it stopped before.
  bool runUntil(const std::function<bool()> &finished, RunLimits limits = {});

  io::Duration now() const;
  bool running(HostId host) const;
  /// Of the host's main process, once it called Process::exit.
  std::optional<int> exitCode(HostId host) const;
  std::uint64_t events(HostId host) const;
  std::uint64_t childEvents(HostId host) const;
  std::uint64_t storageOperations(HostId host) const;
  const FaultCounts &faults() const;
  std::uint64_t count(FaultKind kind) const { return faults()[static_cast<std::size_t>(kind)]; }
  const std::vector<TraceEntry> &trace() const;
  /// One line per entry, for a failing test's output.
  std::string traceText(std::size_t last = 50) const;

private:
  std::unique_ptr<World> world;
};

} // namespace weft::simulation
