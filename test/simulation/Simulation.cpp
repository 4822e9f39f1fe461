//===- Simulation.cpp - Whole machines in one thread, from a seed ---------===//

#include "Simulation.h"

#include "World.h"

#include <algorithm>
#include <sstream>

namespace weft::simulation {

Simulation::Simulation(std::uint64_t seed, Faults faults) : world(std::make_unique<World>(seed, faults)) {
  world->planKill();
  world->planPartition();
}

Simulation::~Simulation() {
  // Machines go first, while the doors that their destructors call are all there.
  for (auto &node : world->nodes)
    world->end(*node, {-1, 9});
  while (!world->laters.empty()) // one by one: destructors cancel timers
    (void)world->laters.extract(world->laters.begin());
  world->held.clear();
}

HostId Simulation::addHost(const std::string &name, Start start) {
  HostId id = static_cast<HostId>(world->hosts.size());
  auto host = std::make_unique<Host>();
  host->name = name;
  host->start = std::move(start);
  // Clocks of two machines are never the same.
  constexpr std::uint64_t mostSkewNs = 2'000'000'000;
  host->wallSkewNs = static_cast<std::int64_t>(world->random.below(mostSkewNs));
  host->disk.makeFolders("/tmp");
  world->hosts.push_back(std::move(host));
  world->startMain(id);
  return id;
}

io::Doors &Simulation::doors(HostId host) { return *world->hosts[host]->main->doors; }
Disk &Simulation::disk(HostId host) { return world->hosts[host]->disk; }

void Simulation::setEnvironment(HostId host, const std::string &name, const std::string &value) {
  world->hosts[host]->environment[name] = value;
}

void Simulation::addProgram(const std::string &name, Program program) { world->programs[name] = std::move(program); }

void Simulation::kill(HostId host, Loss loss) { world->kill(host, loss); }

void Simulation::killChild(HostId host, int pid) {
  for (const std::shared_ptr<Node> &node : std::vector(world->nodes))
    if (node->host == host && node->pid == pid && node->alive && node != world->hosts[host]->main)
      world->end(*node, {-1, 9});
}

void Simulation::restart(HostId host) {
  WEFT_ASSERT(!running(host));
  world->count(FaultKind::restarted, host);
  world->startMain(host);
}

void Simulation::killAtEvent(HostId host, std::uint64_t event, Loss loss) {
  world->hosts[host]->killEvent = event;
  world->hosts[host]->killLoss = loss;
}

void Simulation::killChildAtEvent(HostId host, std::uint64_t event) { world->hosts[host]->killChildEvent = event; }

void Simulation::killAtStorageOperation(HostId host, std::uint64_t operation, Loss loss) {
  world->hosts[host]->killOperation = operation;
  world->hosts[host]->killLoss = loss;
}

void Simulation::interrupt(HostId host) {
  Node &node = *world->hosts[host]->main;
  if (node.interrupted)
    node.post(node.interrupted);
  else
    world->end(node, {-1, 2});
}

void Simulation::partition(HostId one, HostId other) {
  if (world->partitions.insert(std::minmax(one, other)).second)
    world->count(FaultKind::partitioned, one, other);
}

void Simulation::heal(HostId one, HostId other) { world->heal(one, other); }

void Simulation::at(io::Duration moment, io::Task task) { world->later(moment - now(), nullptr, std::move(task)); }

Stopped Simulation::run(RunLimits limits) {
  for (std::uint64_t event = 0; event < limits.events; ++event) {
    if (!world->step())
      return Stopped::quiet;
    if (now() > limits.time)
      return Stopped::time;
  }
  return Stopped::events;
}

bool Simulation::runUntil(const std::function<bool()> &finished, RunLimits limits) {
  for (std::uint64_t event = 0; event < limits.events && now() <= limits.time; ++event) {
    if (finished())
      return true;
    if (!world->step())
      break;
  }
  return finished();
}

io::Duration Simulation::now() const { return io::Duration(world->nowNs); }
bool Simulation::running(HostId host) const { return world->hosts[host]->main && world->hosts[host]->main->alive; }
std::optional<int> Simulation::exitCode(HostId host) const { return world->hosts[host]->exitCode; }
std::uint64_t Simulation::events(HostId host) const { return world->hosts[host]->events; }
std::uint64_t Simulation::childEvents(HostId host) const { return world->hosts[host]->childEvents; }
std::uint64_t Simulation::storageOperations(HostId host) const { return world->hosts[host]->storageOperations; }
const FaultCounts &Simulation::faults() const { return world->counts; }
const std::vector<TraceEntry> &Simulation::trace() const { return world->trace; }

std::string Simulation::traceText(std::size_t last) const {
  std::ostringstream text;
  std::size_t first = world->trace.size() - std::min(last, world->trace.size());
  for (std::size_t i = first; i < world->trace.size(); ++i) {
    const TraceEntry &entry = world->trace[i];
    text << i << ' ' << entry.atNs << " ns " << world->hosts[entry.host]->name << ' ' << entry.what << ' '
         << entry.detail << '\n';
  }
  return text.str();
}

} // namespace weft::simulation
