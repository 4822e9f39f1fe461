//===- StorageTest.cpp - Files, locks and roots of the real machine -------===//

#include "TemporaryFolder.h"
#include "runtime/io/AsioRuntime.h"

#include <csignal>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace weft;
using namespace weft::io;
using base::bytesOf;
using base::Code;

namespace {

class StorageTest : public testing::Test {
protected:
  std::string text(const std::string &path) {
    auto bytes = readWhole(storage, path, 1 << 20);
    return bytes ? std::string(base::textOf(*bytes)) : "error: " + bytes.error().message;
  }
  std::string text(Root &root, const std::string &path) {
    auto bytes = root.readWhole(path, 1 << 20);
    return bytes ? std::string(base::textOf(*bytes)) : "error: " + bytes.error().message;
  }

  AsioRuntime runtime;
  Storage &storage = runtime.doors().storage;
  TemporaryFolder folder;
};

} // namespace

TEST_F(StorageTest, writesAndReadsAtOffsets) {
  auto file = storage.open(folder / "f", OpenMode::createNew);
  ASSERT_TRUE(file);
  ASSERT_TRUE((*file)->write(4, bytesOf("world")));
  ASSERT_TRUE((*file)->write(0, bytesOf("hi")));
  ASSERT_TRUE((*file)->sync());
  EXPECT_EQ(*(*file)->sizeBytes(), 9u);
  EXPECT_EQ(text(folder / "f"), std::string("hi\0\0world", 9));
  ASSERT_TRUE((*file)->truncate(2));
  EXPECT_EQ(text(folder / "f"), "hi");
}

TEST_F(StorageTest, mapsWholeFiles) {
  ASSERT_TRUE(writeWhole(storage, folder / "f", bytesOf("hello")));
  ASSERT_TRUE(writeWhole(storage, folder / "empty", {}));
  auto mapped = storage.map(folder / "f");
  ASSERT_TRUE(mapped);
  ASSERT_TRUE(storage.remove(folder / "f"));
  EXPECT_EQ(base::textOf((*mapped)->bytes()), "hello");
  EXPECT_EQ((*storage.map(folder / "empty"))->bytes().size(), 0u);
  EXPECT_EQ(storage.map(folder / "f").error().code, Code::notFound);
  EXPECT_EQ(storage.map(folder / ".").error().code, Code::invalid);
}

TEST_F(StorageTest, openModesSayWhatIsWrong) {
  EXPECT_EQ(storage.open(folder / "none", OpenMode::read).error().code, Code::notFound);
  EXPECT_EQ(storage.open(folder / "none", OpenMode::readWrite).error().code, Code::notFound);
  ASSERT_TRUE(storage.open(folder / "f", OpenMode::createReadWrite));
  EXPECT_EQ(storage.open(folder / "f", OpenMode::createNew).error().code, Code::exists);
}

TEST_F(StorageTest, aPrivateFolderIsForItsUserAlone) {
  ASSERT_TRUE(storage.makePrivateFolder(folder / "own"));
  EXPECT_EQ(std::filesystem::status(folder / "own").permissions(), std::filesystem::perms::owner_all);
  EXPECT_EQ(storage.makePrivateFolder(folder / "own").error().code, Code::exists);
  EXPECT_FALSE(storage.makePrivateFolder(folder / "none/own"));
  ASSERT_TRUE(writeWhole(storage, folder / "own/f", bytesOf("x")));
  removeFolder(storage, folder / "own");
  EXPECT_FALSE(storage.stat(folder / "own"));
}

TEST_F(StorageTest, writeWholeReplacesAndLeavesNothingBeside) {
  ASSERT_TRUE(writeWhole(storage, folder / "f", bytesOf("one")));
  ASSERT_TRUE(writeWhole(storage, folder / "f", bytesOf("two")));
  EXPECT_EQ(text(folder / "f"), "two");
  EXPECT_EQ(storage.list(folder.path)->size(), 1u);
}

TEST_F(StorageTest, readWholeRefusesMoreThanItsLimit) {
  ASSERT_TRUE(writeWhole(storage, folder / "f", bytesOf("12345")));
  EXPECT_TRUE(readWhole(storage, folder / "f", 5));
  EXPECT_EQ(readWhole(storage, folder / "f", 4).error().code, Code::limit);
}

TEST_F(StorageTest, readWholeReadsFilesWithoutASize) {
  EXPECT_NE(text("/proc/self/status").find("Name:"), std::string::npos);
}

TEST_F(StorageTest, listIsSortedAndKnowsKinds) {
  ASSERT_TRUE(storage.makeFolders(folder / "b/c"));
  ASSERT_TRUE(writeWhole(storage, folder / "a", bytesOf("xyz")));
  auto entries = storage.list(folder.path);
  ASSERT_TRUE(entries);
  ASSERT_EQ(entries->size(), 2u);
  EXPECT_EQ((*entries)[0].name, "a");
  EXPECT_EQ((*entries)[0].sizeBytes, 3u);
  EXPECT_EQ((*entries)[1].kind, Entry::Kind::folder);
}

TEST_F(StorageTest, removeTakesFilesAndEmptyFolders) {
  ASSERT_TRUE(storage.makeFolders(folder / "d/e"));
  EXPECT_FALSE(storage.remove(folder / "d"));
  EXPECT_TRUE(storage.remove(folder / "d/e"));
  EXPECT_TRUE(storage.remove(folder / "d"));
  EXPECT_EQ(storage.remove(folder / "d").error().code, Code::notFound);
}

TEST_F(StorageTest, aHeldLockNamesItsOwnerAndIsFreedWithIt) {
  auto held = storage.lock(folder / "owner", "process 123");
  ASSERT_TRUE(held);
  auto refused = storage.lock(folder / "owner", "process 456");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::busy);
  EXPECT_NE(refused.error().message.find("process 123"), std::string::npos);
  held->reset();
  EXPECT_TRUE(storage.lock(folder / "owner", "process 456"));
}

TEST_F(StorageTest, aLockOfAKilledOwnerIsFreeWhenItsChildrenHaveGone) {
  std::string path = folder / "owner";
  pid_t owner = ::fork();
  if (owner == 0) {
    auto held = storage.lock(path, "process 123");
    // It has the open file with the lock, and lives on for a moment.
    if (::fork() == 0) {
      ::usleep(200'000);
      ::_exit(0);
    }
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(owner, &status, 0), owner);
  ASSERT_TRUE(WIFSIGNALED(status));
  auto lock = storage.lock(path, "process 456");
  EXPECT_TRUE(lock) << lock.error().message;
}

TEST_F(StorageTest, aRootReadsAndWritesBeneathItself) {
  auto root = storage.openRoot(folder.path);
  ASSERT_TRUE(root);
  ASSERT_TRUE((*root)->writeWhole("x/y/z.txt", bytesOf("deep")));
  EXPECT_EQ(text(**root, "x/y/z.txt"), "deep");
  EXPECT_EQ((*root)->list("x/y")->size(), 1u);
  EXPECT_EQ((*root)->stat("x")->kind, Entry::Kind::folder);
  EXPECT_TRUE((*root)->remove("x/y/z.txt"));
  EXPECT_EQ((*root)->readWhole("x/y/z.txt", 10).error().code, Code::notFound);
}

TEST_F(StorageTest, noPathLeadsOutOfARoot) {
  std::filesystem::create_directories(folder / "root/in");
  ASSERT_TRUE(writeWhole(storage, folder / "secret", bytesOf("secret")));
  std::filesystem::create_symlink(folder.path, folder / "root/out");
  std::filesystem::create_symlink("../secret", folder / "root/link");
  auto root = storage.openRoot(folder / "root");
  ASSERT_TRUE(root);
  for (const char *path : {"../secret", "in/../../secret", "out/secret", "link", "/etc/passwd"}) {
    EXPECT_EQ((*root)->readWhole(path, 100).error().code, Code::denied) << path;
    EXPECT_EQ((*root)->stat(path).error().code, Code::denied) << path;
  }
  for (const char *path : {"../new", "in/../../new", "out/new", "out/deep/new", "/tmp/weft-new"})
    EXPECT_EQ((*root)->writeWhole(path, bytesOf("x")).error().code, Code::denied) << path;
  for (const char *path : {"../secret", "out/secret"})
    EXPECT_EQ((*root)->remove(path).error().code, Code::denied) << path;
  EXPECT_EQ(text(folder / "secret"), "secret");
}

TEST_F(StorageTest, writingOverALinkReplacesTheLink) {
  std::filesystem::create_directories(folder / "root");
  ASSERT_TRUE(writeWhole(storage, folder / "secret", bytesOf("secret")));
  std::filesystem::create_symlink("../secret", folder / "root/link");
  auto root = storage.openRoot(folder / "root");
  ASSERT_TRUE((*root)->writeWhole("link", bytesOf("mine")));
  EXPECT_EQ(text(folder / "secret"), "secret");
  EXPECT_EQ(text(**root, "link"), "mine");
}

TEST_F(StorageTest, aRootRefusesWhatIsNoFile) {
  std::filesystem::create_directories(folder / "root/in");
  auto root = storage.openRoot(folder / "root");
  EXPECT_EQ((*root)->readWhole("in", 10).error().code, Code::invalid);
  EXPECT_EQ((*root)->writeWhole("in", bytesOf("x")).error().code, Code::invalid);
  EXPECT_EQ((*root)->writeWhole("", bytesOf("x")).error().code, Code::invalid);
  EXPECT_EQ(storage.openRoot(folder / "none").error().code, Code::notFound);
}
