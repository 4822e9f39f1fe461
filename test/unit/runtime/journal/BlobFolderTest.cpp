//===- BlobFolderTest.cpp - Large values, one file each -------------------===//

#include "runtime/journal/sqlite/BlobFolder.h"

#include "test/simulation/Simulation.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>

namespace weft::journal {
namespace {

using simulation::HostId;
using simulation::Loss;
using simulation::Simulation;

struct BlobFolderTest : testing::Test {
  base::Bytes value = base::Bytes(50'000, std::byte(3));
  base::Digest digest = base::digestOf(value);
  std::string path = "/blobs/" + digest.hex().substr(0, 2) + "/" + digest.hex().substr(2);
};

} // namespace

TEST_F(BlobFolderTest, survivesALossOfPowerOnceWritten) {
  for (std::uint64_t seed = 1; seed <= test::tries(20, 1000); ++seed) {
    Simulation simulation(seed);
    HostId host = simulation.addHost("a");
    std::uint64_t fsyncs = 0;
    ASSERT_TRUE(BlobFolder(simulation.doors(host).storage, "/blobs").write(digest, value, fsyncs));
    EXPECT_EQ(fsyncs, 2u);
    simulation.kill(host, Loss::power);
    simulation.restart(host);
    EXPECT_EQ(*BlobFolder(simulation.doors(host).storage, "/blobs").read(digest), value);
  }
}

TEST_F(BlobFolderTest, aNameThatADeadProcessLeftIsMadeDurable) {
  for (std::uint64_t seed = 1; seed <= test::tries(40, 1000); ++seed) {
    Simulation simulation(seed);
    HostId host = simulation.addHost("a");
    // Dies between the renaming and the sync of the folder: operations are create, truncate, write, sync, rename, sync.
    simulation.killAtStorageOperation(host, 6, Loss::process);
    simulation.doors(host).executor.post([&] {
      std::uint64_t fsyncs = 0;
      EXPECT_FALSE(BlobFolder(simulation.doors(host).storage, "/blobs").write(digest, value, fsyncs));
    });
    simulation.run();
    ASSERT_TRUE(simulation.disk(host).find(path));
    simulation.restart(host);
    std::uint64_t fsyncs = 0;
    auto fresh = BlobFolder(simulation.doors(host).storage, "/blobs").write(digest, value, fsyncs);
    ASSERT_TRUE(fresh);
    EXPECT_FALSE(*fresh);
    simulation.kill(host, Loss::power);
    EXPECT_TRUE(simulation.disk(host).find(path)) << "seed " << seed;
  }
}

/// Cut by whoever repaired the disk: a record that is appended now must not name it.
TEST_F(BlobFolderTest, aFileOfAnotherSizeIsWrittenAnew) {
  Simulation simulation(1);
  HostId host = simulation.addHost("a");
  io::Storage &storage = simulation.doors(host).storage;
  std::uint64_t fsyncs = 0;
  ASSERT_TRUE(BlobFolder(storage, "/blobs").write(digest, value, fsyncs));
  simulation.disk(host).find(path)->content.resize(100);
  auto fresh = BlobFolder(storage, "/blobs").write(digest, value, fsyncs);
  ASSERT_TRUE(fresh);
  EXPECT_TRUE(*fresh);
  EXPECT_EQ(*BlobFolder(storage, "/blobs").read(digest), value);
}

TEST_F(BlobFolderTest, aDamagedBlobIsCorruptAndNamed) {
  Simulation simulation(1);
  HostId host = simulation.addHost("a");
  BlobFolder folder(simulation.doors(host).storage, "/blobs");
  std::uint64_t fsyncs = 0;
  ASSERT_TRUE(folder.write(digest, value, fsyncs));
  simulation.disk(host).find(path)->content[100] ^= std::byte(1);
  auto found = folder.read(digest);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().code, base::Code::corrupt);
  EXPECT_NE(found.error().message.find(digest.hex()), std::string::npos);
}

} // namespace weft::journal
