//===- TextTest.cpp - Files found, cut into windows, held against each other ===//

#include "runtime/data/TextWindows.h"

#include "test/simulation/Simulation.h"

#include <gmock/gmock.h>
#include <set>

namespace weft::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct TextTest : testing::Test {
  simulation::Simulation simulation{1};
  io::Storage &storage = simulation.doors(simulation.addHost("a")).storage;

  void put(const std::string &path, const std::string &text) {
    ASSERT_TRUE(storage.makeFolders(io::folderOf(path)));
    ASSERT_TRUE(io::writeWhole(storage, path, base::bytesOf(text)));
  }
  std::shared_ptr<const Corpus> corpus(const std::string &pattern) {
    auto opened = Corpus::open(storage, "/spec", pattern);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? *opened : nullptr;
  }
  std::vector<std::string> names(const std::string &pattern) {
    std::vector<std::string> out;
    auto found = corpus(pattern);
    for (const CorpusFile &file : found->files())
      out.push_back(file.name);
    return out;
  }
  std::string refusal(const std::string &pattern) {
    auto opened = Corpus::open(storage, "/spec", pattern);
    return opened ? "nothing" : opened.error().message;
  }
};

/// Bytes that tell where they stand: the file's letter, and numbers.
std::string numbered(char letter, std::size_t bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes; ++at)
    text += at % 8 == 0 ? letter : static_cast<char>('!' + at / 8 % 90);
  return text;
}

TEST_F(TextTest, FilesAreFoundByPatternAndSorted) {
  put("/spec/data/b.txt", "two");
  put("/spec/data/a.txt", "one");
  put("/spec/data/c.md", "no");
  put("/spec/data/deep/d.txt", "four");
  put("/spec/own.txt", "five");
  put("/other/e.txt", "six");
  EXPECT_THAT(names("data/*.txt"), ElementsAre("data/a.txt", "data/b.txt"));
  EXPECT_THAT(names("data/**/*.txt"), ElementsAre("data/a.txt", "data/b.txt", "data/deep/d.txt"));
  EXPECT_THAT(names("**/*.{txt,md}"),
              ElementsAre("data/a.txt", "data/b.txt", "data/c.md", "data/deep/d.txt", "own.txt"));
  EXPECT_THAT(names("data/a.txt"), ElementsAre("data/a.txt"));
  EXPECT_THAT(names("*.txt"), ElementsAre("own.txt"));
  EXPECT_THAT(names("/other/*.txt"), ElementsAre("/other/e.txt"));
  auto found = corpus("data/*.txt");
  EXPECT_EQ(base::textOf(found->bytesOf(0)), "one");
  EXPECT_EQ(found->files()[1].digest, base::digestOf(base::bytesOf("two")));
}

TEST_F(TextTest, RefusalsNamePatternAndFolder) {
  put("/spec/data/a.txt", "one");
  EXPECT_EQ(refusal("data/*.text"), "text 'data/*.text' in /spec: no file matches, wanted at least one; the pattern is "
                                    "relative to the folder of the spec");
  EXPECT_THAT(refusal("none/*.txt"), HasSubstr("text 'none/*.txt' in /spec: no file matches"));
  EXPECT_THAT(refusal("data/[a.txt"), HasSubstr("has a '[' that does not close"));
  EXPECT_THAT(refusal("data/"), HasSubstr("is empty"));
}

TEST_F(TextTest, WindowsOfAnEpochAreAllOfThemOnce) {
  put("/spec/a.txt", numbered('A', 100));
  put("/spec/b.txt", numbered('B', 41));
  put("/spec/c.txt", "short");
  put("/spec/d.txt", numbered('D', 9));
  auto windows = TextWindows::make(corpus("*.txt"), {8, 3, 5, 0});
  ASSERT_TRUE(windows) << windows.error().message;
  // (100 - 1) / 8 and (41 - 1) / 8, each less one that is left over; none; one.
  EXPECT_EQ(windows->windows(), 11u + 4 + 0 + 1);
  for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
    std::set<const std::byte *> begins;
    for (std::uint64_t number = epoch * 16; number < (epoch + 1) * 16; ++number) {
      base::ConstBytes one = windows->drawn(number / 3, number % 3);
      ASSERT_EQ(one.size(), 9u);
      EXPECT_TRUE(begins.insert(one.data()).second);
    }
    // No byte is anybody's x twice.
    for (const std::byte *begin : begins) {
      auto next = begins.upper_bound(begin);
      EXPECT_TRUE(next == begins.end() || *next - begin >= 8);
    }
  }
}

TEST_F(TextTest, SeedAndStepDecide) {
  put("/spec/a.txt", numbered('A', 5000));
  auto text = [&](std::uint64_t seed, std::uint64_t step) {
    auto windows = TextWindows::make(corpus("*.txt"), {16, 4, seed, 0});
    std::string out;
    for (std::uint64_t row = 0; row < 4; ++row)
      out += base::textOf(windows->drawn(step, row));
    return out;
  };
  EXPECT_EQ(text(1, 7), text(1, 7));
  EXPECT_NE(text(1, 7), text(1, 8));
  EXPECT_NE(text(1, 7), text(2, 7));
  EXPECT_NE(text(1, 0), text(1, 310 / 4 + 1)) << "the next epoch has another order";
}

TEST_F(TextTest, WhatIsHeldOutIsNeverDrawn) {
  put("/spec/a.txt", std::string(900, 'a') + std::string(100, 'h'));
  put("/spec/b.txt", std::string(450, 'b') + std::string(50, 'h'));
  auto windows = TextWindows::make(corpus("*.txt"), {10, 4, 3, 0.1});
  ASSERT_TRUE(windows);
  for (std::uint64_t step = 0; step < 200; ++step)
    for (std::uint64_t row = 0; row < 4; ++row)
      EXPECT_EQ(base::textOf(windows->drawn(step, row)).find('h'), std::string_view::npos);
  ASSERT_TRUE(windows->checkHeldOut());
  EXPECT_EQ(windows->heldOutBatches(), (9u + 4) / 4);
  std::set<const std::byte *> begins;
  for (std::uint64_t batch = 0; batch < 3; ++batch)
    for (std::uint64_t row = 0; row < 4; ++row) {
      base::ConstBytes one = windows->held(batch, 3, row);
      EXPECT_EQ(base::textOf(one), std::string(11, 'h'));
      EXPECT_TRUE(begins.insert(one.data()).second);
    }
}

TEST_F(TextTest, TooShortFilesSayWhatTheyHave) {
  put("/spec/a.txt", numbered('A', 40));
  put("/spec/b.txt", "few");
  auto windows = TextWindows::make(corpus("*.txt"), {8, 4, 5, 0.25});
  ASSERT_FALSE(windows);
  EXPECT_EQ(
      windows.error().message,
      "text '*.txt' in /spec: the files are too short: 2 of them have 33 bytes to learn from, which are 2 windows "
      "of 8 bytes, wanted 4, one batch; give more text, or a smaller batch or context");
  auto fits = TextWindows::make(corpus("*.txt"), {8, 2, 5, 0.25});
  ASSERT_TRUE(fits);
  EXPECT_EQ(fits->checkHeldOut().error().message,
            "text '*.txt' in /spec: too little is held out: 10 bytes, which are 1 windows of 8 bytes, wanted 2, one "
            "batch; give more text, or hold more of it out");
}

TEST_F(TextTest, AChangedFileIsNamed) {
  put("/spec/a.txt", "one");
  put("/spec/b.txt", "two");
  std::vector<CorpusFile> was = corpus("*.txt")->files();
  auto record = decodeRecord(encodedRecord(was));
  ASSERT_TRUE(record) << record.error().message;
  EXPECT_EQ(*record, was);
  EXPECT_TRUE(compareCorpora(was, corpus("*.txt")->files()));
  auto said = [&] { return compareCorpora(was, corpus("*.txt")->files()).error().message; };
  put("/spec/b.txt", "twx");
  EXPECT_THAT(said(), HasSubstr("file 'b.txt' was changed (its digest is "));
  put("/spec/b.txt", "twofold");
  EXPECT_EQ(said(), "file 'b.txt' has 7 bytes and had 3 since the run began; put the file back, or begin a new run");
  ASSERT_TRUE(storage.remove("/spec/b.txt"));
  EXPECT_THAT(said(), HasSubstr("file 'b.txt' is gone"));
  put("/spec/b.txt", "two");
  put("/spec/aa.txt", "new");
  EXPECT_THAT(said(), HasSubstr("file 'aa.txt' was added"));
}

TEST(CorpusRecord, AnyTextIsReadOrRefused) {
  std::string whole = encodedRecord({{"a b\nc.txt", 7, base::digestOf({})}, {"d", 0, {}}});
  ASSERT_EQ(decodeRecord(whole)->size(), 2u);
  EXPECT_EQ(decodeRecord(whole)->front().name, "a b\nc.txt");
  for (std::size_t at = 1; at < whole.size(); ++at) {
    (void)decodeRecord(std::string_view(whole).substr(at));
    auto cut = decodeRecord(std::string_view(whole).substr(0, at));
    EXPECT_TRUE(!cut || cut->size() == 1) << at;
  }
}

} // namespace
} // namespace weft::data
