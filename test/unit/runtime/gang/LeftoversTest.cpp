//===- LeftoversTest.cpp - Whose checkpoints go, and whose stay -----------===//

#include "runtime/gang/Leftovers.h"
#include "test/simulation/Simulation.h"

#include <gmock/gmock.h>

namespace weft::gang {
namespace {

const std::string folder = "/project/.weft/checkpoints";

TEST(Leftovers, OnlyThoseOfRunsThatNobodyGoesOnWithAreRemoved) {
  simulation::Simulation simulation{1};
  auto host = simulation.addHost("a");
  io::Doors &doors = simulation.doors(host);
  auto journal = journal::openMemoryJournal(doors);
  auto write = [&](const std::string &name) {
    ASSERT_TRUE(doors.storage.makeFolders(folder + "/" + name));
    ASSERT_TRUE(io::writeWhole(doors.storage, folder + "/" + name + "/4-e1-0.shard", base::bytesOf("x")));
  };
  std::string path = base::Hash128{1, 2}.hex();
  for (auto state : {journal::RunState::running, journal::RunState::parked, journal::RunState::succeeded,
                     journal::RunState::failed, journal::RunState::cancelled}) {
    journal::Record start;
    start.run = {0, static_cast<std::uint64_t>(state)};
    journal::HeadChange change{start.run, state, {}, {}, {}};
    ASSERT_TRUE(journal->append(std::span(&start, 1), std::span(&change, 1), {}));
    write(start.run.hex() + "-" + path);
  }
  write(journal::RunId{9, 9}.hex() + "-" + path); // a run that this journal does not know
  write("notes");
  simulation.run();
  removeLeftovers(doors, *journal, folder);
  simulation.run();
  std::vector<std::string> left;
  auto entries = doors.storage.list(folder);
  for (const io::Entry &entry : *entries)
    left.push_back(entry.name);
  auto of = [&](std::uint64_t high, std::uint64_t low) { return journal::RunId{high, low}.hex() + "-" + path; };
  EXPECT_THAT(left, testing::UnorderedElementsAre(of(0, 1), of(0, 2), of(0, 4), of(9, 9), "notes"));
}

TEST(Leftovers, AProjectWithoutCheckpointsIsLeftAlone) {
  simulation::Simulation simulation{1};
  auto host = simulation.addHost("a");
  auto journal = journal::openMemoryJournal(simulation.doors(host));
  removeLeftovers(simulation.doors(host), *journal, folder);
  simulation.run();
  EXPECT_FALSE(simulation.doors(host).storage.stat(folder));
}

} // namespace
} // namespace weft::gang
