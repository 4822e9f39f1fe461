//===- World.h - What the simulated doors share ---------------------------===//
//
// Internal to test/simulation. A Node is one simulated process; it has a queue
// of tasks that are ready, and the world a table of those that come later.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "Simulation.h"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace weft::simulation {

struct Node;
class SimListener;

struct Host {
  std::string name;
  Start start;
  Disk disk;
  std::map<std::string, std::string> environment;
  std::shared_ptr<Node> main;
  std::uint64_t events = 0, childEvents = 0, storageOperations = 0;
  std::uint64_t killEvent = 0, killChildEvent = 0, killOperation = 0; ///< 0: none.
  Loss killLoss = Loss::process;
  std::optional<Loss> dying; ///< Killed within an event, carried out after it.
  std::map<std::string, SimListener *> listeners;
  std::uint16_t lastPort = 40000;
  std::int64_t wallSkewNs = 0;
  std::optional<int> exitCode;
};

/// When, and a number that keeps those of one moment in order.
using LaterKey = std::pair<std::int64_t, std::uint64_t>;

struct World {
  World(std::uint64_t seed, Faults faults) : random(seed), faults(faults) {}

  struct Later {
    std::weak_ptr<Node> node;
    bool outside;    ///< Belongs to no process.
    bool background; ///< Does not keep the simulation from being quiet.
    io::Task task;
  };

  bool chance(double probability) { return probability > 0 && random.uniform() < probability; }
  void count(FaultKind kind, HostId host, std::uint64_t detail = 0);
  void note(HostId host, std::string_view what, std::uint64_t detail = 0);
  io::Duration between(io::Duration least, io::Duration most);

  LaterKey later(io::Duration delay, Node *node, io::Task task, bool background = false);
  std::shared_ptr<Node> makeNode(HostId host);
  void startMain(HostId host);
  void kill(HostId host, Loss loss);
  void end(Node &node, io::ProcessExit exit);
  bool parted(HostId one, HostId other) const;
  void heal(HostId one, HostId other);

  /// One event; false when nothing is left to happen but what is in the background.
  bool step();
  void planKill();
  void planPartition();

  base::Random random;
  Faults faults;
  FaultCounts counts{};
  std::int64_t nowNs = 0;
  std::uint64_t sequence = 0, foreground = 0;
  std::map<LaterKey, Later> laters;
  std::vector<std::unique_ptr<Host>> hosts;
  std::vector<std::shared_ptr<Node>> nodes; ///< All that ever were: doors stay valid.
  std::size_t firstLive = 0;                ///< Nodes before it are dead.
  std::set<std::pair<HostId, HostId>> partitions;
  std::map<std::pair<HostId, HostId>, std::vector<io::Task>> held; ///< Chunks that wait for a healing.
  std::map<std::string, Program> programs;
  std::vector<TraceEntry> trace;
  std::uint32_t kills = 0, partitionsMade = 0;
  int lastPid = 100;
  bool losingPower = false; ///< The processes that end now send nothing more.

  struct WordWait {
    std::atomic<std::uint32_t> *word;
    std::weak_ptr<Node> node;
    std::shared_ptr<std::function<void(bool)>> done; ///< Null once called.
  };
  std::vector<WordWait> wordWaits;
};

struct Node : std::enable_shared_from_this<Node> {
  Node(World &world, HostId host, int pid);
  ~Node();

  Host &home() { return *world.hosts[host]; }
  /// False from the moment of its death, also within the event that it dies in.
  bool acting() { return alive && !home().dying; }
  void post(io::Task task) {
    if (alive)
      ready.push_back(std::move(task));
  }
  /// Called when this node has ended.
  std::vector<io::Task> atEnd;

  World &world;
  const HostId host;
  const int pid;
  bool alive = true;
  std::deque<io::Task> ready;
  std::shared_ptr<void> machine;
  io::Task interrupted;
  std::vector<std::weak_ptr<Node>> children;
  std::function<void(io::ProcessExit)> exited; ///< Tells the parent.

  std::unique_ptr<io::Executor> executor;
  std::unique_ptr<io::Clock> clock;
  std::unique_ptr<io::Network> network;
  std::unique_ptr<io::Storage> storage;
  std::unique_ptr<io::Process> process;
  std::unique_ptr<io::BlockingPool> pool;
  std::unique_ptr<io::Doors> doors;
};

std::unique_ptr<io::Network> makeNetwork(Node &node);
std::unique_ptr<io::Storage> makeStorage(Node &node);
std::unique_ptr<io::Process> makeProcess(Node &node);
std::unique_ptr<io::Clock> makeClock(Node &node);
std::unique_ptr<io::Executor> makeExecutor(Node &node);
std::unique_ptr<io::BlockingPool> makePool(Node &node, unsigned threads, std::size_t queueLimit);

enum class LinkKind : std::uint8_t {
  connection, ///< As after connect and accept.
  pipes,      ///< One for each direction: what the system holds for a program and its parent.
};

/// Both ends of what joins two processes.
std::pair<std::unique_ptr<io::Stream>, std::unique_ptr<io::Stream>> makeLink(Node &one, Node &other, LinkKind kind);

} // namespace weft::simulation
