//===- GlobTest.cpp - Which names a pattern stands for --------------------===//

#include "runtime/value/Glob.h"

#include <gtest/gtest.h>

namespace weft::value {
namespace {

bool matches(std::string_view pattern, std::string_view path) {
  auto glob = Glob::compile(pattern);
  EXPECT_TRUE(glob) << pattern;
  return glob && glob->matches(path);
}

TEST(Glob, StarsStayInsideOneName) {
  EXPECT_TRUE(matches("*.md", "a.md"));
  EXPECT_FALSE(matches("*.md", "x/a.md"));
  EXPECT_FALSE(matches("*.md", "a.mdx"));
  EXPECT_TRUE(matches("a*b*c", "axxbyyc"));
  EXPECT_FALSE(matches("a*b*c", "axxcyyb"));
  EXPECT_TRUE(matches("x/*/c", "x/y/c"));
  EXPECT_FALSE(matches("x/*/c", "x/y/z/c"));
}

TEST(Glob, TwoStarsCrossFolders) {
  EXPECT_TRUE(matches("**/*.md", "a.md"));
  EXPECT_TRUE(matches("**/*.md", "x/y/a.md"));
  EXPECT_TRUE(matches("x/**", "x/a"));
  EXPECT_TRUE(matches("x/**", "x/y/a"));
  EXPECT_FALSE(matches("x/**", "y/a"));
  EXPECT_TRUE(matches("**", "x/y/a"));
  EXPECT_TRUE(matches("a/**/b", "a/b"));
  EXPECT_TRUE(matches("a/**/b", "a/x/y/b"));
}

TEST(Glob, SetsQuestionMarksAndBraces) {
  EXPECT_TRUE(matches("chapter-?.[mt]*", "chapter-7.md"));
  EXPECT_FALSE(matches("chapter-?.md", "chapter-17.md"));
  EXPECT_TRUE(matches("[a-c].txt", "b.txt"));
  EXPECT_FALSE(matches("[!a-c].txt", "b.txt"));
  EXPECT_TRUE(matches("**/*.{md,txt}", "x/a.txt"));
  EXPECT_FALSE(matches("**/*.{md,txt}", "x/a.rst"));
  EXPECT_TRUE(matches("{a,b}/{c,d}", "b/c"));
}

TEST(Glob, StarsOfFolders) {
  EXPECT_FALSE(matches("a/**", "a"));
  EXPECT_TRUE(matches("a/**", "a/b"));
  EXPECT_TRUE(matches("a/**", "a/b/c"));
  EXPECT_TRUE(matches("**/b", "b"));
  EXPECT_TRUE(matches("a/**/b", "a/b"));
  EXPECT_TRUE(matches("a/**/**/b", "a/x/y/b"));
  EXPECT_FALSE(matches("a/**/b", "a/.x/b"));
  EXPECT_TRUE(matches("**", "x/y"));
  EXPECT_TRUE(Glob::compile("a/**")->mayMatchBelow("a/b/c"));
  EXPECT_FALSE(Glob::compile("a/**")->mayMatchBelow("b"));
}

TEST(Glob, HiddenNamesMustBeAskedFor) {
  EXPECT_FALSE(matches("*", ".git"));
  EXPECT_FALSE(matches("**/*", ".git/config"));
  EXPECT_TRUE(matches(".git/*", ".git/config"));
}

TEST(Glob, AWalkKnowsWhereNothingCanMatch) {
  auto glob = Glob::compile("docs/*/a.md");
  ASSERT_TRUE(glob);
  EXPECT_TRUE(glob->mayMatchBelow("docs"));
  EXPECT_TRUE(glob->mayMatchBelow("docs/x"));
  EXPECT_FALSE(glob->mayMatchBelow("docs/x/y"));
  EXPECT_FALSE(glob->mayMatchBelow("src"));
}

TEST(Glob, RefusedPatterns) {
  EXPECT_EQ(Glob::compile("../*").error().code, base::Code::denied);
  EXPECT_EQ(Glob::compile("a/../../b").error().code, base::Code::denied);
  EXPECT_EQ(Glob::compile("/etc/*").error().code, base::Code::denied);
  EXPECT_EQ(Glob::compile("{a,/etc/*}").error().code, base::Code::denied);
  EXPECT_EQ(Glob::compile("").error().code, base::Code::invalid);
  EXPECT_EQ(Glob::compile("[ab").error().code, base::Code::invalid);
  EXPECT_EQ(Glob::compile("{a,b").error().code, base::Code::invalid);
  EXPECT_EQ(Glob::compile("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}").error().code, base::Code::invalid);
  EXPECT_EQ(Glob::compile(std::string(2000, 'a')).error().code, base::Code::invalid);
}

TEST(Glob, ManyStarsTakeNoPowerOfTime) {
  std::string stars, path;
  for (int i = 0; i < 30; ++i) {
    stars += "*a";
    path += "aaaa";
  }
  EXPECT_FALSE(matches(stars + "b", path));
  std::string folders, deep;
  for (int i = 0; i < 60; ++i) {
    folders += i % 2 ? "**/" : "*/";
    deep += "a/";
  }
  EXPECT_FALSE(matches(folders + "z", deep + "b"));
  EXPECT_TRUE(matches(folders + "b", deep + "b"));
  EXPECT_FALSE(Glob::compile(folders + "z")->mayMatchBelow(".git"));
  EXPECT_FALSE(matches("**/**/**/**/**/**/**/**/**/**/**/**/z", "a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/a/b"));
}

} // namespace
} // namespace weft::value
