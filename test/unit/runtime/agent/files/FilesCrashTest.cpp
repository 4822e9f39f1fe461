//===- FilesCrashTest.cpp - A write that is interrupted anywhere ----------===//
//
// In every storage operation of a write, by kill and by loss of power: readers
// see the old text or the new one, whole; and what was answered is there.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/files/FilesDriver.h"
#include "test/simulation/Simulation.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::agent {
namespace {

using simulation::Loss;
using value::Value;

enum : std::uint32_t { readMember, writeMember };

struct Machine {
  explicit Machine(io::Doors &doors)
      : driver(makeFilesDriver(
            doors, {"docs", "/work", true, {{readMember, FilesMember::read}, {writeMember, FilesMember::write}}})) {}
  std::unique_ptr<Driver> driver;
};

class Host {
public:
  explicit Host(std::uint64_t seed) : simulation(seed) {
    host = simulation.addHost("a", [this](io::Doors &doors) {
      (void)doors.storage.makeFolders("/work");
      auto made = std::make_shared<Machine>(doors);
      machine = made;
      return made;
    });
    simulation.run();
  }

  /// Empty when the host died on the way.
  std::optional<CallOutcome> call(std::uint32_t member, std::vector<std::string> args) {
    auto live = machine.lock();
    if (!live)
      return std::nullopt;
    CallRequest request;
    request.id = ++lastId;
    request.member = member;
    for (const std::string &arg : args)
      request.args.push_back(Value::text(arg));
    auto outcome = std::make_shared<std::optional<CallOutcome>>();
    live->driver->start(std::move(request), [outcome](CallOutcome result) { *outcome = std::move(result); });
    live.reset();
    simulation.runUntil([&] { return outcome->has_value(); });
    return std::move(*outcome);
  }

  simulation::Simulation simulation;
  simulation::HostId host = 0;
  std::weak_ptr<Machine> machine;
  CallId lastId = 0;
};

TEST(FilesCrash, AWriteIsWholeOrNotThere) {
  const std::string before(3000, 'o'), after(5000, 'n');
  std::size_t oldSeen = 0, newSeen = 0;
  for (Loss loss : {Loss::process, Loss::power})
    for (std::uint64_t seed = 0; seed < test::tries(8, 200); ++seed)
      for (std::uint64_t operation = 1; operation < 40; ++operation) {
        Host host(seed);
        ASSERT_TRUE(host.call(writeMember, {"notes/a.txt", before}));
        host.simulation.killAtStorageOperation(host.host, host.simulation.storageOperations(host.host) + operation,
                                               loss);
        auto answered = host.call(writeMember, {"notes/a.txt", after});
        bool died = !host.simulation.running(host.host);
        if (!died) // the write took fewer operations: all were tried
          break;
        host.simulation.restart(host.host);
        host.simulation.run();
        auto read = host.call(readMember, {"notes/a.txt"});
        ASSERT_TRUE(read && *read) << "operation " << operation << ", seed " << seed;
        std::string_view text = read->value->asText();
        ASSERT_TRUE(text == before || text == after) << "torn at operation " << operation << ", seed " << seed;
        bool told = answered && *answered;
        EXPECT_TRUE(!told || text == after) << "an answered write was lost";
        (text == after ? newSeen : oldSeen)++;
      }
  EXPECT_GT(oldSeen, 0u);
  EXPECT_GT(newSeen, 0u);
}

} // namespace
} // namespace weft::agent
