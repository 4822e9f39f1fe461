//===- CheckpointTest.cpp - Shards and manifests, whole and damaged -------===//

#include "runtime/checkpoint/Folder.h"

#include "runtime/base/Crc32c.h"
#include "test/simulation/Simulation.h"

#include <cstring>
#include <gmock/gmock.h>
#include <random>

namespace weft::checkpoint {
namespace {

using testing::HasSubstr;

Shard smallShard() { return {4711, 12, {"weights", base::ElementType::f32, {4, 6}, {2, 0}, {2, 3}}}; }

base::Bytes payloadOf(const Shard &shard) {
  base::Bytes payload(shard.part.sizeBytes());
  for (std::size_t i = 0; i < payload.size(); ++i)
    payload[i] = static_cast<std::byte>(i * 7);
  return payload;
}

Manifest smallManifest() {
  Manifest manifest{4711, 12, {}};
  for (int i = 0; i < 3; ++i)
    manifest.shards.push_back({smallShard().part, fileName(12, 3, i), 200, base::digestOf(base::bytesOf("x"))});
  return manifest;
}

TEST(Shard, SaysOfItselfWhatItIs) {
  base::Bytes payload = payloadOf(smallShard()), file = encoded(smallShard(), payload);
  auto read = readShard(file);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->shard, smallShard());
  EXPECT_EQ(base::Bytes(read->payload.begin(), read->payload.end()), payload);
  EXPECT_EQ(smallShard().part.text(), "weights [2..4 of 4, 0..3 of 6]");
}

/// Bytes of version 1, kept for ever.
TEST(Shard, GoldenBytes) {
  base::Bytes file = encoded({1, 2, {"w", base::ElementType::f32, {1}, {0}, {1}}}, base::Bytes(4, std::byte(9)));
  std::string hex;
  for (std::byte byte : file) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(byte));
    hex += digits;
  }
  EXPECT_EQ(
      hex,
      "57454654534852440100470000000100000000000000020000000000000001007700010100000000000000000000000000000001000000"
      "000000000400000000000000c95cf9d909090909");
}

TEST(Shard, EveryChangedByteOfTheHeaderAndEveryCutIsRefused) {
  base::Bytes file = encoded(smallShard(), payloadOf(smallShard()));
  std::size_t header = file.size() - smallShard().part.sizeBytes();
  for (std::size_t at = 0; at < header; ++at)
    for (int bit : {0, 7}) {
      base::Bytes changed = file;
      changed[at] ^= std::byte(1 << bit);
      EXPECT_FALSE(readShard(changed)) << "byte " << at;
    }
  for (std::size_t size = 0; size < file.size(); ++size)
    EXPECT_FALSE(readShard(base::ConstBytes(file).first(size))) << size << " bytes";
}

TEST(Manifest, ComesBackAndIsGuarded) {
  base::Bytes bytes = encoded(smallManifest());
  auto read = decodeManifest(bytes);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, smallManifest());
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    base::Bytes changed = bytes;
    changed[at] ^= std::byte(4);
    EXPECT_FALSE(decodeManifest(changed)) << "byte " << at;
    EXPECT_FALSE(decodeManifest(base::ConstBytes(bytes).first(at))) << at << " bytes";
  }
}

TEST(Manifest, NamesFilesOfItsFolderOnly) {
  for (const char *name : {"", "../other.shard", "a/b", ".hidden"}) {
    Manifest manifest = smallManifest();
    manifest.shards[1].file = name;
    auto read = decodeManifest(encoded(manifest));
    ASSERT_FALSE(read) << name;
    EXPECT_THAT(read.error().message, HasSubstr("outside of its folder"));
  }
}

/// Under a checksum that fits, any bytes are read without a crash (the sanitizers watch), and what is read means
/// itself.
TEST(Manifest, AnyBytesUnderAFittingChecksum) {
  std::mt19937_64 random(5);
  base::Bytes whole = encoded(smallManifest());
  int accepted = 0;
  for (int round = 0; round < 20000; ++round) {
    base::Bytes bytes(whole.begin(), whole.end() - 4);
    for (auto count = 1 + random() % 3; count > 0; --count)
      bytes[random() % bytes.size()] = static_cast<std::byte>(random() % 4 ? random() % 8 : random());
    if (random() % 4 == 0)
      bytes.resize(1 + random() % bytes.size());
    bytes.resize(bytes.size() + 4);
    base::store(bytes.data() + bytes.size() - 4, base::crc32c(base::ConstBytes(bytes).first(bytes.size() - 4)));
    if (auto read = decodeManifest(bytes)) {
      ++accepted;
      EXPECT_EQ(encoded(*read), bytes);
    }
  }
  EXPECT_GT(accepted, 100);
}

/// A folder on the simulator's disk.
struct FolderTest : testing::Test {
  simulation::Simulation simulation{1};
  simulation::HostId host = simulation.addHost("a");
  io::Storage &storage = simulation.doors(host).storage;
  const std::string folder = "/project/checkpoints/gang";

  Manifest written(std::uint64_t step, std::uint64_t epoch, std::uint64_t gang = 4711) {
    Manifest manifest{gang, step, {}};
    for (std::size_t at = 0; at < 2; ++at) {
      Shard shard = smallShard();
      shard.gang = gang;
      shard.step = step;
      shard.part.offsets[0] = 2 * at;
      auto file = writeShard(storage, folder, fileName(step, epoch, at), shard, payloadOf(shard));
      EXPECT_TRUE(file) << file.error().message;
      manifest.shards.push_back(*file);
    }
    return manifest;
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    auto entries = storage.list(folder);
    for (const io::Entry &entry : *entries)
      names.push_back(entry.name);
    return names;
  }
  std::string refusal(const Manifest &manifest) {
    auto read = readShards(storage, folder, manifest);
    return read ? "nothing" : read.error().message;
  }
  void change(const std::string &name, std::size_t fromEnd) {
    auto bytes = *io::readWhole(storage, folder + "/" + name, 1000);
    bytes[bytes.size() - fromEnd] ^= std::byte(1);
    ASSERT_TRUE(io::writeWhole(storage, folder + "/" + name, bytes));
  }
};

TEST_F(FolderTest, ReadsWhatWasWritten) {
  Manifest manifest = written(12, 3);
  auto payloads = readShards(storage, folder, manifest);
  ASSERT_TRUE(payloads) << payloads.error().message;
  EXPECT_EQ(payloads->at(1), payloadOf(smallShard()));
  EXPECT_THAT(names(), testing::ElementsAre("12-e3-0.shard", "12-e3-1.shard"));
}

TEST_F(FolderTest, MissingShardIsNamed) {
  Manifest manifest = written(12, 3);
  ASSERT_TRUE(storage.remove(folder + "/12-e3-1.shard"));
  EXPECT_THAT(refusal(manifest), HasSubstr("checkpoint of step 12, shard " + folder + "/12-e3-1.shard"));
}

TEST_F(FolderTest, ChangedShardIsNamed) {
  Manifest manifest = written(12, 3);
  change("12-e3-0.shard", 1);
  EXPECT_THAT(refusal(manifest), testing::AllOf(HasSubstr("12-e3-0.shard"), HasSubstr("was changed: its digest is")));
}

TEST_F(FolderTest, CutShardIsNamed) {
  Manifest manifest = written(12, 3);
  auto file = storage.open(folder + "/12-e3-0.shard", io::OpenMode::readWrite);
  ASSERT_TRUE((*file)->truncate(30));
  EXPECT_THAT(refusal(manifest), HasSubstr("has 30 bytes, wanted " + std::to_string(manifest.shards[0].sizeBytes)));
}

TEST_F(FolderTest, ForeignShardsSayWhatWasFoundAndWanted) {
  Manifest manifest = written(12, 3), foreign = written(12, 4, 99), other = written(16, 5);
  auto swapped = [&](const ShardFile &file) {
    Manifest made = manifest;
    made.shards[0] = file;
    return made;
  };
  EXPECT_THAT(refusal(swapped(foreign.shards[0])), HasSubstr("holds a state of gang 99, wanted 4711"));
  EXPECT_THAT(refusal(swapped(other.shards[0])), HasSubstr("holds step 16, wanted 12"));
  Manifest moved = manifest;
  moved.shards[0].part.offsets[1] = 3;
  EXPECT_THAT(refusal(moved),
              HasSubstr("holds part weights [0..2 of 4, 0..3 of 6], wanted weights [0..2 of 4, 3..6 of 6]"));
}

TEST_F(FolderTest, OlderShardsGoAndLaterOnesStay) {
  written(4, 1);
  written(8, 1);
  Manifest kept = written(8, 2);
  written(12, 2);
  removeOlder(storage, folder, kept);
  EXPECT_THAT(names(), testing::ElementsAre("12-e2-0.shard", "12-e2-1.shard", "8-e2-0.shard", "8-e2-1.shard"));
  io::removeFolder(storage, folder);
  EXPECT_FALSE(storage.stat(folder));
}

/// What a journal that knows the last checkpoint alone does not tell.
TEST_F(FolderTest, TheListOfAnEarlierCheckpointIsKept) {
  EXPECT_EQ(keptManifest(storage, folder).error().code, base::Code::notFound);
  Manifest four = written(4, 1), eight = written(8, 1);
  ASSERT_TRUE(keepManifest(storage, folder, four));
  ASSERT_TRUE(keepManifest(storage, folder, eight)) << "each in the place of the one before";
  removeOlder(storage, folder, eight);
  auto kept = keptManifest(storage, folder);
  ASSERT_TRUE(kept) << kept.error().message;
  EXPECT_EQ(kept->step, 8u);
  EXPECT_TRUE(readShards(storage, folder, *kept));
  ASSERT_TRUE(io::writeWhole(storage, folder + "/earlier", base::bytesOf("no list")));
  EXPECT_FALSE(keptManifest(storage, folder));
}

} // namespace
} // namespace weft::checkpoint
