//===- OverlayStorageTest.cpp - Files that a test writes ------------------===//

#include "runtime/cli/testing/OverlayStorage.h"
#include "runtime/io/AsioRuntime.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace weft::cli {
namespace {

using testing::ElementsAre;

class OverlayStorageTest : public testing::Test {
protected:
  OverlayStorageTest() {
    folder = std::filesystem::temp_directory_path() / ("weft-overlay-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder / "sub");
    std::ofstream(folder / "real.txt") << "real";
    std::ofstream(folder / "sub" / "deep.txt") << "deep";
    std::filesystem::create_symlink("/", folder / "out");
    root = *storage.openRoot(folder);
  }
  ~OverlayStorageTest() override { std::filesystem::remove_all(folder); }

  base::Result<void> write(const std::string &path, std::string_view text) {
    return root->writeWhole(path, base::bytesOf(text));
  }
  std::string read(const std::string &path) {
    auto bytes = root->readWhole(path, 1000);
    return bytes ? std::string(base::textOf(*bytes)) : "! " + bytes.error().message;
  }
  std::vector<std::string> names(const std::string &path) {
    std::vector<std::string> out;
    auto entries = root->list(path);
    for (const io::Entry &entry : entries ? *entries : std::vector<io::Entry>())
      out.push_back(entry.name + (entry.kind == io::Entry::Kind::folder ? "/" : ""));
    return out;
  }
  /// What really lies there.
  std::string onDisk(const std::string &path) {
    std::ifstream file(folder / path);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  io::AsioRuntime runtime;
  std::filesystem::path folder;
  OverlayStorage storage{runtime.doors().storage};
  std::unique_ptr<io::Root> root;
};

TEST_F(OverlayStorageTest, whatIsWrittenStandsBeforeWhatIsThere) {
  ASSERT_TRUE(write("real.txt", "new"));
  ASSERT_TRUE(write("./made//here.txt", "made"));
  EXPECT_EQ(read("real.txt"), "new");
  EXPECT_EQ(read("made/here.txt"), "made");
  EXPECT_EQ(read("sub/deep.txt"), "deep");
  EXPECT_EQ(onDisk("real.txt"), "real");
  EXPECT_FALSE(std::filesystem::exists(folder / "made"));
}

TEST_F(OverlayStorageTest, listsBoth) {
  ASSERT_TRUE(write("sub/more.txt", "x"));
  ASSERT_TRUE(write("made/here.txt", "x"));
  EXPECT_THAT(names(""), ElementsAre("made/", "out", "real.txt", "sub/"));
  EXPECT_THAT(names("sub"), ElementsAre("deep.txt", "more.txt"));
  EXPECT_THAT(names("made"), ElementsAre("here.txt"));
  EXPECT_EQ(root->list("nowhere").error().code, base::Code::notFound);
}

TEST_F(OverlayStorageTest, mapsBoth) {
  auto mapped = [&](const std::string &path) {
    auto mapping = storage.map(folder / path);
    return mapping ? std::string(base::textOf((*mapping)->bytes())) : "! " + mapping.error().message;
  };
  ASSERT_TRUE(write("made/here.txt", "made"));
  ASSERT_TRUE(root->remove("sub/deep.txt"));
  EXPECT_EQ(mapped("made/here.txt"), "made");
  EXPECT_EQ(mapped("real.txt"), "real");
  EXPECT_EQ(mapped("sub/deep.txt").substr(0, 1), "!");
}

TEST_F(OverlayStorageTest, removesOverWhatIsThere) {
  ASSERT_TRUE(root->remove("real.txt"));
  EXPECT_EQ(root->readWhole("real.txt", 10).error().code, base::Code::notFound);
  EXPECT_THAT(names(""), ElementsAre("out", "sub/"));
  EXPECT_EQ(onDisk("real.txt"), "real");
  ASSERT_TRUE(write("real.txt", "again"));
  EXPECT_EQ(read("real.txt"), "again");
}

TEST_F(OverlayStorageTest, refusesWhatTheRealOneWould) {
  EXPECT_EQ(write("../x", "y").error().code, base::Code::denied);
  EXPECT_EQ(write("/x", "y").error().code, base::Code::denied);
  EXPECT_FALSE(write("out/x", "y")) << "a link out of the root";
  EXPECT_FALSE(write("real.txt/x", "y")) << "a file on the way";
  EXPECT_FALSE(write("sub", "y")) << "a folder";
  ASSERT_TRUE(write("large", std::string(2000, 'x')));
  EXPECT_EQ(root->readWhole("large", 1000).error().code, base::Code::limit);
}

TEST_F(OverlayStorageTest, aFolderThatIsNotThereIsEmptyAndTwoRootsOfItAreOne) {
  std::string missing = folder / "not" / "there";
  ASSERT_TRUE(storage.makeFolders(missing));
  auto first = storage.openRoot(missing), second = storage.openRoot(missing);
  ASSERT_TRUE(first && second);
  EXPECT_TRUE((*first)->list("")->empty());
  ASSERT_TRUE((*first)->writeWhole("a", base::bytesOf("x")));
  EXPECT_EQ((*second)->stat("a")->sizeBytes, 1u);
  EXPECT_FALSE(std::filesystem::exists(missing));
}

} // namespace
} // namespace weft::cli
