//===- SimulationTest.cpp - The simulator keeps its promises --------------===//

#include "../Simulation.h"
#include "runtime/io/Command.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

using namespace weft;
using namespace weft::simulation;
using namespace std::chrono_literals;
using base::bytesOf;
using base::textOf;

namespace {

/// Sends its name to a server again and again, and writes what comes back to its disk.
struct Client {
  Client(io::Doors &doors) : doors(doors) { connect(); }

  void connect() {
    doors.network.connect("tcp:server:7", [this](auto connected) {
      if (!connected) {
        doors.clock.after(50ms, [this] { connect(); });
        return;
      }
      stream = std::move(*connected);
      talk();
    });
  }

  void talk() {
    if (++rounds > 30)
      return stream.reset();
    stream->write(bytesOf("ping"), [](auto) {});
    read();
  }

  void read() {
    // What was sent may be lost without a word: who waits longer than any delay asks anew.
    awaited = doors.clock.after(200ms, [this] {
      stream.reset();
      connect();
    });
    stream->read(buffer, [this](auto count) {
      doors.clock.cancel(awaited);
      if (!count || *count == 0) {
        stream.reset();
        return connect();
      }
      got += *count;
      auto submitted = doors.pool.submit(
          [this] {
            auto file = doors.storage.open("/tmp/log", io::OpenMode::createReadWrite);
            if (file && (*file)->write(0, bytesOf(std::to_string(got))))
              (void)(*file)->sync();
          },
          [this] {
            if (stream)
              talk();
          });
      ASSERT_TRUE(submitted);
    });
  }

  io::Doors &doors;
  std::unique_ptr<io::Stream> stream;
  std::byte buffer[64];
  io::TimerId awaited = 0;
  std::size_t got = 0;
  int rounds = 0;
};

/// Gives back what it gets.
struct Server {
  struct Connection {
    std::unique_ptr<io::Stream> stream;
    std::byte buffer[64];
  };

  Server(io::Doors &doors) {
    auto opened = doors.network.listen("tcp:0.0.0.0:7");
    if (!opened)
      return;
    listener = std::move(*opened);
    accept();
  }

  void accept() {
    listener->accept([this](auto stream) {
      auto &connection = connections.emplace_back(std::make_unique<Connection>());
      connection->stream = std::move(*stream);
      echo(*connection);
      accept();
    });
  }

  void echo(Connection &connection) {
    connection.stream->read(connection.buffer, [this, &connection](auto count) {
      if (!count || *count == 0)
        return connection.stream->close();
      connection.stream->write({connection.buffer, *count}, [this, &connection](auto) { echo(connection); });
    });
  }

  std::unique_ptr<io::Listener> listener;
  std::vector<std::unique_ptr<Connection>> connections;
};

Faults everything() {
  Faults faults = Faults::hostile();
  faults.failWrite = faults.corruptRead = 0.02;
  faults.meanBetweenKills = 20ms;
  faults.meanBetweenPartitions = 20ms;
  return faults;
}

void runPair(Simulation &simulation) {
  simulation.addHost("server", [](io::Doors &doors) { return std::make_shared<Server>(doors); });
  simulation.addHost("client", [](io::Doors &doors) { return std::make_shared<Client>(doors); });
  simulation.run({200'000, 60s});
}

} // namespace

TEST(Simulation, theSameSeedGivesTheSameTraceAndAnotherSeedAnother) {
  for (std::uint64_t seed = 1; seed <= test::tries(20, 1000); ++seed) {
    Simulation first(seed, everything()), second(seed, everything()), other(seed + 1000, everything());
    runPair(first);
    runPair(second);
    runPair(other);
    ASSERT_GT(first.trace().size(), 50u);
    EXPECT_TRUE(first.trace() == second.trace()) << "seed " << seed;
    EXPECT_FALSE(first.trace() == other.trace()) << "seed " << seed;
  }
}

TEST(Simulation, everyFaultKindOccurs) {
  FaultCounts total{};
  for (std::uint64_t seed = 1; seed <= test::tries(150, 1500); ++seed) {
    Simulation simulation(seed, everything());
    runPair(simulation);
    for (std::size_t i = 0; i < faultKindCount; ++i)
      total[i] += simulation.faults()[i];
  }
  for (std::size_t i = 0; i < faultKindCount; ++i) {
    FaultKind kind = static_cast<FaultKind>(i);
    // The pair syncs its writes at once and reads no file: DiskTest shows these three.
    if (kind != FaultKind::readCorrupted && kind != FaultKind::writeTorn && kind != FaultKind::writeLost) {
      EXPECT_GT(total[i], 0u) << name(kind);
    }
  }
}

TEST(Simulation, withoutFaultsNothingFails) {
  Simulation simulation(7);
  runPair(simulation);
  for (std::size_t i = 0; i < faultKindCount; ++i) {
    if (static_cast<FaultKind>(i) != FaultKind::readSplit) {
      EXPECT_EQ(simulation.faults()[i], 0u) << name(static_cast<FaultKind>(i));
    }
  }
  EXPECT_FALSE(simulation.disk(1).find("/tmp/log")->content.empty());
}

TEST(Simulation, timeJumpsAndTimersFireInOrder) {
  Simulation simulation(1);
  HostId host = simulation.addHost("a");
  auto &clock = simulation.doors(host).clock;
  std::string order;
  clock.after(48h, [&] { order += "c"; });
  clock.after(2s, [&] { order += "b"; });
  io::TimerId cancelled = clock.after(1500ms, [&] { order += "x"; });
  clock.after(1s, [&] {
    order += "a";
    clock.cancel(cancelled);
  });
  EXPECT_EQ(simulation.run(), Stopped::quiet);
  EXPECT_EQ(order, "abc");
  EXPECT_EQ(simulation.now(), 48h);
}

TEST(Simulation, aKilledProcessIsNeverCalledAgainAndItsPeerSeesTheEnd) {
  Simulation simulation(3);
  HostId server = simulation.addHost("server", [](io::Doors &doors) { return std::make_shared<Server>(doors); });
  HostId client = simulation.addHost("client");
  std::unique_ptr<io::Stream> stream;
  simulation.doors(client).network.connect("tcp:server:7", [&](auto connected) {
    if (connected)
      stream = std::move(*connected);
  });
  ASSERT_TRUE(simulation.runUntil([&] { return stream != nullptr; }));
  std::byte buffer[8];
  bool ended = false;
  stream->read(buffer, [&](auto count) { ended = !count || *count == 0; });
  simulation.kill(server, Loss::process);
  std::uint64_t events = simulation.events(server);
  simulation.run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(simulation.events(server), events);
  EXPECT_FALSE(simulation.running(server));
  simulation.restart(server);
  EXPECT_TRUE(simulation.running(server));
}

TEST(Simulation, aHostDiesBeforeTheEventThatWasAsked) {
  Simulation simulation(4);
  HostId host = simulation.addHost("a");
  int ran = 0;
  simulation.killAtEvent(host, 3, Loss::process);
  for (int i = 0; i < 5; ++i)
    simulation.doors(host).executor.post([&] { ++ran; });
  simulation.run();
  EXPECT_EQ(ran, 2);
}

TEST(Simulation, bytesWaitForTheEndOfAPartition) {
  Simulation simulation(5);
  simulation.addHost("server", [](io::Doors &doors) { return std::make_shared<Server>(doors); });
  HostId client = simulation.addHost("client");
  std::unique_ptr<io::Stream> stream;
  simulation.doors(client).network.connect("tcp:server:7", [&](auto connected) { stream = std::move(*connected); });
  ASSERT_TRUE(simulation.runUntil([&] { return stream != nullptr; }));
  simulation.partition(0, 1);
  std::byte buffer[8];
  bool answered = false;
  stream->write(bytesOf("hi"), [](auto) {});
  stream->read(buffer, [&](auto) { answered = true; });
  simulation.run();
  EXPECT_FALSE(answered);
  simulation.heal(0, 1);
  simulation.run();
  EXPECT_TRUE(answered);
}

TEST(Simulation, aPoolOfOneThreadKeepsTheOrder) {
  Simulation simulation(6);
  auto &doors = simulation.doors(simulation.addHost("a"));
  auto lane = doors.makePool(1, 100);
  std::vector<int> worked, done;
  for (int i = 0; i < 20; ++i)
    ASSERT_TRUE(lane->submit([&, i] { worked.push_back(i); }, [&, i] { done.push_back(i); }));
  simulation.run();
  ASSERT_EQ(worked.size(), 20u);
  EXPECT_TRUE(std::is_sorted(worked.begin(), worked.end()));
  EXPECT_EQ(done, worked);
}

TEST(Simulation, workersTalkAndDieWithTheirParent) {
  Simulation simulation(8);
  HostId host = simulation.addHost("a");
  auto &process = simulation.doors(host).process;
  auto segment = process.makeSegment(64);
  auto &word = *reinterpret_cast<std::atomic<std::uint32_t> *>((*segment)->bytes().data());
  std::optional<io::ProcessExit> exit;
  auto worker = process.forkWorker(
      [&](io::Doors &doors, std::unique_ptr<io::Stream> parent) -> std::shared_ptr<void> {
        doors.clock.after(1ms, [&word, &doors] {
          word = 1;
          doors.process.wakeWord(word);
        });
        doors.clock.after(5ms, [&doors] { doors.process.exit(3); });
        return std::shared_ptr<io::Stream>(std::move(parent));
      },
      [&](io::ProcessExit e) { exit = e; });
  bool woken = false;
  process.waitWord(word, 0, 1s, [&](bool w) { woken = w; });
  simulation.run();
  EXPECT_TRUE(woken);
  ASSERT_TRUE(exit);
  EXPECT_EQ(exit->code, 3);
}

TEST(Simulation, programsAreAnsweredByTheTest) {
  Simulation simulation(9);
  simulation.addProgram("upper", [](const io::SpawnSpec &, base::ConstBytes input) {
    std::string text(textOf(input));
    for (char &c : text)
      c = static_cast<char>(std::toupper(c));
    return ProgramResult{{4, 0}, text, "noise"};
  });
  auto &doors = simulation.doors(simulation.addHost("a"));
  io::CommandSpec spec;
  spec.program.program = "upper";
  auto input = bytesOf("loud");
  spec.input.assign(input.begin(), input.end());
  std::optional<io::CommandResult> result;
  auto command = io::startCommand(doors, spec, [&](io::CommandResult r) { result = std::move(r); });
  ASSERT_TRUE(command);
  simulation.run();
  ASSERT_TRUE(result);
  EXPECT_EQ(textOf(result->output), "LOUD");
  EXPECT_EQ(textOf(result->errors), "noise");
  EXPECT_EQ(result->exit.code, 4);
}
