//===- GoldenTest.cpp - Checkpoints of version 1 are read for ever --------===//

#include "runtime/checkpoint/Folder.h"
#include "test/simulation/Simulation.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>

namespace weft::checkpoint {
namespace {

const std::string folder = CHECKPOINT_DATA;

base::Bytes golden(const std::string &name) {
  std::ifstream file(folder + "/" + name, std::ios::binary);
  EXPECT_TRUE(file) << name;
  std::string text((std::istreambuf_iterator<char>(file)), {});
  auto bytes = base::bytesOf(text);
  return {bytes.begin(), bytes.end()};
}

/// The lower half of a state of 4 by 3 numbers, after 12 steps of gang 0x1267.
Shard shard() { return {0x1267, 12, {"weights", base::ElementType::f32, {4, 3}, {2, 0}, {2, 3}}}; }

base::Bytes payload() {
  base::Bytes bytes;
  for (float number : {0.0f, 0.5f, -1.0f, 1.5f, 2.0f, 1e30f})
    base::append(bytes, std::bit_cast<std::uint32_t>(number));
  return bytes;
}

Manifest manifest() {
  base::Bytes first = encoded(shard(), payload());
  Part upper = shard().part;
  upper.offsets[0] = 0;
  base::Digest other;
  for (std::size_t at = 0; at < other.bytes.size(); ++at)
    other.bytes[at] = static_cast<std::uint8_t>(at);
  return {
      0x1267,
      12,
      {{shard().part, "shard-v1.shard", first.size(), base::digestOf(first)}, {upper, "12-e3-1.shard", 147, other}}};
}

TEST(GoldenCheckpoint, AShardIsReadAndWrittenToTheSameBytes) {
  base::Bytes bytes = golden("shard-v1.shard");
  auto read = readShard(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->shard, shard());
  EXPECT_EQ(base::Bytes(read->payload.begin(), read->payload.end()), payload());
  EXPECT_EQ(encoded(read->shard, read->payload), bytes);
}

TEST(GoldenCheckpoint, AManifestIsReadAndWrittenToTheSameBytes) {
  base::Bytes bytes = golden("manifest-v1.bin");
  auto read = decodeManifest(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, manifest());
  EXPECT_EQ(encoded(*read), bytes);
}

/// Size and digest in the one are those of the other.
TEST(GoldenCheckpoint, TheManifestsFirstShardIsTheFile) {
  auto list = decodeManifest(golden("manifest-v1.bin"));
  ASSERT_TRUE(list);
  list->shards.resize(1);
  simulation::Simulation simulation{1};
  io::Storage &storage = simulation.doors(simulation.addHost("a")).storage;
  ASSERT_TRUE(storage.makeFolders("/checkpoint"));
  ASSERT_TRUE(io::writeWhole(storage, "/checkpoint/shard-v1.shard", golden("shard-v1.shard")));
  auto payloads = readShards(storage, "/checkpoint", *list);
  ASSERT_TRUE(payloads) << payloads.error().message;
  EXPECT_EQ(payloads->at(0), payload());
}

} // namespace
} // namespace weft::checkpoint
