//===- FilesTest.cpp - Specs on the disk ----------------------------------===//

#include "lang/tools/Files.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

namespace fs = std::filesystem;
using namespace weft::tools;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

class Files : public testing::Test {
protected:
  Files() {
    std::string pattern = (fs::temp_directory_path() / "weft-files-XXXXXX").string();
    folder = ::mkdtemp(pattern.data());
  }
  ~Files() override { fs::remove_all(folder); }

  std::string write(const std::string &name, const std::string &text) {
    fs::path path = folder / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }
  std::vector<std::string> below(const std::string &name = "") {
    auto found = specsAt((folder / name).string());
    std::vector<std::string> names;
    for (const std::string &path : std::get<std::vector<std::string>>(found))
      names.push_back(fs::relative(path, folder).string());
    return names;
  }
  std::string text(const std::string &path) { return std::get<std::string>(readFile(path)); }

  fs::path folder;
};

} // namespace

TEST_F(Files, OfAFolderAllSpecsBelowItSorted) {
  for (const char *name : {"b.weft", "a/c.weft", "a/d.txt", ".git/e.weft", "a/.weft/f.weft", "node_modules/g.weft"})
    write(name, "");
  EXPECT_THAT(below(), ElementsAre("a/c.weft", "b.weft"));
}

TEST_F(Files, AFileThatIsNamedIsTakenWhateverItsName) {
  write("d.txt", "");
  EXPECT_THAT(below("d.txt"), ElementsAre("d.txt"));
}

TEST_F(Files, ALinkToAFolderAboveIsNotFollowed) {
  write("a/b.weft", "");
  fs::create_directory_symlink(folder, folder / "a" / "up");
  EXPECT_THAT(below(), ElementsAre("a/b.weft"));
}

TEST_F(Files, WhatIsNotThereIsNamed) {
  EXPECT_THAT(std::get<Fault>(specsAt(folder / "none.weft")).message, HasSubstr("none.weft: there is no such file"));
  EXPECT_THAT(std::get<Fault>(readFile(folder / "none.weft")).message, HasSubstr("none.weft: No such file"));
  EXPECT_THAT(std::get<Fault>(readFile(folder)).message, HasSubstr("is a folder"));
}

TEST_F(Files, AReplacedFileKeepsItsPermissionsAndNothingElseLiesBesideIt) {
  std::string path = write("a.weft", "old");
  ::chmod(path.c_str(), 0640);
  EXPECT_EQ(replaceFile(path, "new"), "");
  EXPECT_EQ(text(path), "new");
  struct stat now {};
  ::stat(path.c_str(), &now);
  EXPECT_EQ(now.st_mode & 07777, 0640u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder), fs::directory_iterator()), 1);
}

TEST_F(Files, ALinkStaysALink) {
  std::string path = write("a.weft", "old");
  fs::create_symlink("a.weft", folder / "link.weft");
  EXPECT_EQ(replaceFile(folder / "link.weft", "new"), "");
  EXPECT_TRUE(fs::is_symlink(folder / "link.weft"));
  EXPECT_EQ(text(path), "new");
}

TEST_F(Files, AFileThatMayNotBeWrittenStaysAsItIs) {
  if (::geteuid() == 0)
    GTEST_SKIP() << "root may write everything";
  std::string path = write("a.weft", "old");
  ::chmod(path.c_str(), 0400);
  EXPECT_THAT(replaceFile(path, "new"), HasSubstr("Permission denied"));
  EXPECT_EQ(text(path), "old");
}
