//===- FilesDriverTest.cpp - A folder that nothing leaves -----------------===//

#include "runtime/agent/files/FilesDriver.h"
#include "runtime/io/AsioRuntime.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sstream>

namespace weft::agent {
namespace {

namespace fs = std::filesystem;
using base::FailKind;
using testing::ElementsAre;
using testing::HasSubstr;
using value::Value;

enum : std::uint32_t { listMember = 4, readMember = 5, writeMember = 6 };

class FilesDriverTest : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/weft-files-XXXXXX";
    folder = ::mkdtemp(name);
    fs::create_directories(folder / "root/notes/old");
    put("root/a.txt", "text of a");
    put("root/notes/b.md", "text of b");
    put("root/notes/old/c.md", "text of c");
    put("secret.txt", "secret");
    restart(true);
  }
  void TearDown() override {
    driver.reset();
    fs::remove_all(folder);
  }

  void restart(bool write) {
    FilesSpec spec{"docs", (folder / "root").string(), write, {}};
    spec.members = {
        {listMember, FilesMember::list}, {readMember, FilesMember::read}, {writeMember, FilesMember::write}};
    driver = makeFilesDriver(runtime.doors(), spec);
  }

  void put(const std::string &name, std::string_view text) { std::ofstream(folder / name) << text; }
  std::string get(const std::string &name) {
    std::stringstream text;
    text << std::ifstream(folder / name).rdbuf();
    return text.str();
  }

  CallOutcome call(std::uint32_t member, std::initializer_list<const char *> args) {
    CallRequest request;
    request.id = ++lastId;
    request.member = member;
    for (const char *arg : args)
      request.args.push_back(Value::text(arg));
    std::optional<CallOutcome> outcome;
    driver->start(std::move(request), [&](CallOutcome result) { outcome = std::move(result); });
    EXPECT_FALSE(outcome) << "called back inside start";
    EXPECT_TRUE(runtime.runUntil([&] { return outcome.has_value(); }));
    EXPECT_EQ(outcome->id, lastId);
    return std::move(*outcome);
  }

  std::vector<std::string> list(const char *pattern) {
    CallOutcome outcome = call(listMember, {pattern});
    EXPECT_TRUE(outcome) << outcome.failure.why;
    std::vector<std::string> names;
    if (outcome)
      for (const Value &name : outcome.value->items())
        names.emplace_back(name.asText());
    return names;
  }

  fs::path folder;
  io::AsioRuntime runtime;
  std::unique_ptr<Driver> driver;
  CallId lastId = 0;
};

TEST_F(FilesDriverTest, ListsSortedAndRelative) {
  EXPECT_THAT(list("**/*"), ElementsAre("a.txt", "notes/b.md", "notes/old/c.md"));
  EXPECT_THAT(list("*"), ElementsAre("a.txt"));
  EXPECT_THAT(list("notes/**"), ElementsAre("notes/b.md", "notes/old/c.md"));
  EXPECT_THAT(list("none/*"), ElementsAre());
}

TEST_F(FilesDriverTest, ReadsText) {
  EXPECT_EQ(call(readMember, {"notes/b.md"}).value->asText(), "text of b");
  EXPECT_EQ(call(readMember, {"./notes/old/c.md"}).value->asText(), "text of c");
}

TEST_F(FilesDriverTest, AMissingFileIsNamed) {
  CallOutcome outcome = call(readMember, {"none.txt"});
  EXPECT_EQ(outcome.failure.kind, FailKind::tool);
  EXPECT_THAT(outcome.failure.why, testing::AllOf(HasSubstr("docs"), HasSubstr("none.txt")));
  EXPECT_EQ(call(readMember, {"notes"}).failure.kind, FailKind::tool);
}

TEST_F(FilesDriverTest, OnlyTextIsRead) {
  put("root/latin.txt", "gr\xFC\xDF");
  CallOutcome outcome = call(readMember, {"latin.txt"});
  EXPECT_EQ(outcome.failure.kind, FailKind::tool);
  EXPECT_THAT(outcome.failure.why, HasSubstr("byte 2 of 4 is not UTF-8"));
}

TEST_F(FilesDriverTest, NoWayOut) {
  fs::create_symlink(folder / "secret.txt", folder / "root/link.txt");
  fs::create_symlink("../secret.txt", folder / "root/relative.txt");
  fs::create_symlink(folder, folder / "root/up");
  fs::create_symlink("/proc/self/root", folder / "root/magic");
  std::string absolute = (folder / "secret.txt").string();
  for (const char *name :
       {"../secret.txt", "notes/../../secret.txt", absolute.c_str(), "/etc/passwd", "link.txt", "relative.txt",
        "up/secret.txt", "magic/etc/passwd", "notes/..", "", "a.txt/../../secret.txt"}) {
    CallOutcome read = call(readMember, {name});
    EXPECT_EQ(read.failure.kind, FailKind::refused) << name << ": " << read.failure.why;
  }
  for (const char *name : {"../new.txt", "up/new.txt", "notes/../../new.txt", "/tmp/weft-new.txt"}) {
    CallOutcome write = call(writeMember, {name, "x"});
    EXPECT_EQ(write.failure.kind, FailKind::refused) << name << ": " << write.failure.why;
  }
  EXPECT_FALSE(fs::exists(folder / "new.txt"));
  EXPECT_THAT(list("**/*"), ElementsAre("a.txt", "notes/b.md", "notes/old/c.md"));
  EXPECT_EQ(call(listMember, {"../*"}).failure.kind, FailKind::refused);
}

TEST_F(FilesDriverTest, AWriteThroughALinkReplacesTheLink) {
  fs::create_symlink(folder / "secret.txt", folder / "root/link.txt");
  EXPECT_TRUE(call(writeMember, {"link.txt", "mine"}));
  EXPECT_EQ(get("secret.txt"), "secret");
  EXPECT_EQ(get("root/link.txt"), "mine");
}

TEST_F(FilesDriverTest, LinksInsideTheRootAreReadAndNotListed) {
  fs::create_symlink("a.txt", folder / "root/inside.txt");
  EXPECT_EQ(call(readMember, {"inside.txt"}).value->asText(), "text of a");
  EXPECT_THAT(list("*.txt"), ElementsAre("a.txt"));
}

TEST_F(FilesDriverTest, ARootThatIsALinkIsItsFolder) {
  fs::create_directory_symlink(folder / "root", folder / "door");
  driver =
      makeFilesDriver(runtime.doors(), {"docs", (folder / "door").string(), false, {{readMember, FilesMember::read}}});
  EXPECT_EQ(call(readMember, {"a.txt"}).value->asText(), "text of a");
}

TEST_F(FilesDriverTest, WritesReplaceAndMakeFolders) {
  EXPECT_TRUE(call(writeMember, {"new/deep/x.txt", "one"}));
  EXPECT_TRUE(call(writeMember, {"new/deep/x.txt", "two"}));
  EXPECT_EQ(get("root/new/deep/x.txt"), "two");
  EXPECT_THAT(list("new/**"), ElementsAre("new/deep/x.txt"));
  EXPECT_EQ(std::distance(fs::directory_iterator(folder / "root/new/deep"), {}), 1) << "temporary files stay behind";
}

TEST_F(FilesDriverTest, ReadOnlyUnlessDeclared) {
  restart(false);
  CallOutcome outcome = call(writeMember, {"x.txt", "one"});
  EXPECT_EQ(outcome.failure.kind, FailKind::refused);
  EXPECT_THAT(outcome.failure.why, HasSubstr("write: true"));
  EXPECT_FALSE(fs::exists(folder / "root/x.txt"));
}

TEST_F(FilesDriverTest, ARootThatDoesNotExistIsNamed) {
  driver = makeFilesDriver(runtime.doors(), {"docs", "/nowhere/at/all", false, {{listMember, FilesMember::list}}});
  CallOutcome outcome = call(listMember, {"*"});
  EXPECT_EQ(outcome.failure.kind, FailKind::tool);
  EXPECT_THAT(outcome.failure.why, HasSubstr("/nowhere/at/all"));
}

TEST_F(FilesDriverTest, ACancelledCallThatWaitsIsNotDone) {
  // The pool is kept busy so that the write is still waiting when it is cancelled.
  io::AsioRuntime small({1, 64});
  driver =
      makeFilesDriver(small.doors(), {"docs", (folder / "root").string(), true, {{writeMember, FilesMember::write}}});
  std::atomic<bool> release = false;
  ASSERT_TRUE(small.doors().pool.submit(
      [&] {
        while (!release)
          std::this_thread::yield();
      },
      [] {}));
  CallRequest request;
  request.id = 77;
  request.member = writeMember;
  request.args = {Value::text("late.txt"), Value::text("x")};
  std::optional<CallOutcome> outcome;
  driver->start(std::move(request), [&](CallOutcome result) { outcome = std::move(result); });
  driver->cancel(77);
  driver->cancel(78); // unknown: ignored
  release = true;
  ASSERT_TRUE(small.runUntil([&] { return outcome.has_value(); }));
  EXPECT_EQ(outcome->failure.kind, FailKind::cancelled);
  EXPECT_FALSE(fs::exists(folder / "root/late.txt"));
  driver.reset();
}

} // namespace
} // namespace weft::agent
