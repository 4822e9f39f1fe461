//===- World.cpp - The order of events ------------------------------------===//

#include "World.h"

#include <algorithm>

namespace weft::simulation {
namespace {

std::pair<HostId, HostId> sorted(HostId one, HostId other) { return std::minmax(one, other); }

/// How long a killed host is away, and a partition lasts.
constexpr io::Duration leastAway = std::chrono::milliseconds(1), mostAway = std::chrono::seconds(2);

} // namespace

void World::note(HostId host, std::string_view what, std::uint64_t detail) {
  trace.push_back({nowNs, host, what, detail});
}

void World::count(FaultKind kind, HostId host, std::uint64_t detail) {
  ++counts[static_cast<std::size_t>(kind)];
  note(host, name(kind), detail);
}

io::Duration World::between(io::Duration least, io::Duration most) {
  return least + io::Duration(static_cast<std::int64_t>(
                     random.below(static_cast<std::uint64_t>(std::max(io::Duration(0), most - least).count()) + 1)));
}

LaterKey World::later(io::Duration delay, Node *node, io::Task task, bool background) {
  LaterKey key{nowNs + std::max<std::int64_t>(0, delay.count()), ++sequence};
  laters.emplace(key, Later{node ? node->weak_from_this() : std::weak_ptr<Node>(), !node, background, std::move(task)});
  foreground += background ? 0 : 1;
  return key;
}

std::shared_ptr<Node> World::makeNode(HostId host) {
  auto node = std::make_shared<Node>(*this, host, ++lastPid);
  nodes.push_back(node);
  return node;
}

void World::startMain(HostId id) {
  Host &host = *hosts[id];
  host.exitCode.reset();
  host.main = makeNode(id);
  note(id, "start", static_cast<std::uint64_t>(host.main->pid));
  if (host.start)
    host.main->post([node = host.main.get(), &host] {
      auto machine = host.start(*node->doors);
      if (node->alive)
        node->machine = std::move(machine);
    });
}

void World::end(Node &node, io::ProcessExit exit) {
  if (!node.alive)
    return;
  node.alive = false;
  node.ready.clear();
  std::erase_if(node.home().disk.locks, [&](const auto &lock) { return lock.second.pid == node.pid; });
  for (io::Task &task : std::exchange(node.atEnd, {}))
    task();
  auto children = std::exchange(node.children, {});
  for (auto &child : children)
    if (auto living = child.lock())
      end(*living, {-1, 9});
  if (node.exited)
    std::exchange(node.exited, nullptr)(exit);
  // Destroyed by the next event: this one may come from inside the machine.
  later({}, nullptr, [machine = std::move(node.machine)]() mutable { machine.reset(); });
}

void World::kill(HostId id, Loss loss) {
  Host &host = *hosts[id];
  count(FaultKind::killed, id, static_cast<std::uint64_t>(loss));
  losingPower = loss == Loss::power;
  for (std::size_t i = firstLive; i < nodes.size(); ++i)
    if (nodes[i]->host == id)
      end(*nodes[i], {-1, 9});
  losingPower = false;
  host.dying.reset();
  if (loss == Loss::power)
    host.disk.losePower(random, counts);
}

bool World::parted(HostId one, HostId other) const { return partitions.contains(sorted(one, other)); }

void World::heal(HostId one, HostId other) {
  if (!partitions.erase(sorted(one, other)))
    return;
  count(FaultKind::healed, one, other);
  for (io::Task &task : std::exchange(held[sorted(one, other)], {}))
    task();
}

bool World::step() {
  while (firstLive < nodes.size() && !nodes[firstLive]->alive)
    ++firstLive;
  std::vector<Node *> choices;
  for (std::size_t i = firstLive; i < nodes.size(); ++i)
    if (!nodes[i]->ready.empty())
      choices.push_back(nodes[i].get());
  if (choices.empty()) {
    if (foreground == 0)
      return false;
    auto node = laters.extract(laters.begin());
    Later &event = node.mapped();
    foreground -= event.background ? 0 : 1;
    auto target = event.node.lock();
    if (!event.outside && (!target || !target->alive))
      return true; // its process is gone, and time does not pass for it
    nowNs = std::max(nowNs, node.key().first);
    if (event.outside)
      event.task();
    else
      target->post(std::move(event.task));
    return true;
  }
  Node &node = *choices[choices.size() == 1 ? 0 : random.below(choices.size())];
  auto keep = node.shared_from_this();
  Host &host = node.home();
  ++host.events;
  if (host.killEvent != 0 && host.events >= host.killEvent) {
    host.killEvent = 0;
    kill(node.host, host.killLoss);
    return true;
  }
  if (&node != host.main.get() && ++host.childEvents == host.killChildEvent) {
    count(FaultKind::killed, node.host, static_cast<std::uint64_t>(node.pid));
    end(node, {-1, 9});
    return true;
  }
  io::Task task = std::move(node.ready.front());
  node.ready.pop_front();
  note(node.host, "task", static_cast<std::uint64_t>(node.pid));
  task();
  task = nullptr;
  if (host.dying)
    kill(node.host, *host.dying);
  return true;
}

void World::planKill() {
  if (faults.meanBetweenKills.count() == 0 || kills >= faults.maxKills)
    return;
  later(
      between({}, 2 * faults.meanBetweenKills), nullptr,
      [this] {
        HostId victim = static_cast<HostId>(random.below(hosts.size()));
        if (hosts[victim]->start && hosts[victim]->main && hosts[victim]->main->alive) {
          ++kills;
          kill(victim, random.below(2) ? Loss::power : Loss::process);
          later(between(leastAway, mostAway), nullptr, [this, victim] {
            count(FaultKind::restarted, victim);
            startMain(victim);
          });
        }
        planKill();
      },
      true);
}

void World::planPartition() {
  if (faults.meanBetweenPartitions.count() == 0 || partitionsMade >= faults.maxPartitions)
    return;
  later(
      between({}, 2 * faults.meanBetweenPartitions), nullptr,
      [this] {
        if (hosts.size() > 1) {
          HostId one = static_cast<HostId>(random.below(hosts.size()));
          HostId other = static_cast<HostId>((one + 1 + random.below(hosts.size() - 1)) % hosts.size());
          if (partitions.insert(sorted(one, other)).second) {
            ++partitionsMade;
            count(FaultKind::partitioned, one, other);
            later(between(leastAway, mostAway), nullptr, [this, one, other] { heal(one, other); });
          }
        }
        planPartition();
      },
      true);
}

Node::Node(World &world, HostId host, int pid)
    : world(world), host(host), pid(pid), executor(makeExecutor(*this)), clock(makeClock(*this)),
      network(makeNetwork(*this)), storage(makeStorage(*this)), process(makeProcess(*this)),
      pool(makePool(*this, 4, 4096)), doors(new io::Doors{*executor, *clock, *network, *storage, *process, *pool,
                                                          [this](unsigned threads, std::size_t queueLimit) {
                                                            return makePool(*this, threads, queueLimit);
                                                          }}) {}

Node::~Node() = default;

} // namespace weft::simulation
