//===- BlocksTest.cpp - Headings, prose and code in many hands ------------===//

#include "runtime/agent/model/extractive/Blocks.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::extractive {
namespace {

using testing::ElementsAre;

/// One line a block: kind, level of a heading, text.
std::vector<std::string> shape(std::string_view text) {
  std::vector<std::string> out;
  for (const Block &block : blocksOf(text)) {
    const char *kinds[] = {"#", "p", "*", "|"};
    std::string kind = kinds[static_cast<int>(block.kind)];
    out.push_back(kind + (block.kind == BlockKind::heading ? std::to_string(block.level) : "") + " " + block.text);
  }
  return out;
}

TEST(Blocks, Markdown) {
  EXPECT_THAT(shape("# Title #\n\nFirst line of\nthe text.\n\n- an item\n  that goes on\n- another\n\n```c\nint "
                    "x;\n\nint y;\n```\nEnd."),
              ElementsAre("#1 Title", "p First line of the text.", "* an item that goes on", "* another", "p End."));
}

TEST(Blocks, FrontMatterGivesTheTitle) {
  EXPECT_THAT(shape("---\nlayout: page\ntitle: \"The Lake\"\n---\nWater is wet."),
              ElementsAre("#1 The Lake", "p Water is wet."));
}

TEST(Blocks, UnderlinedHeadings) {
  EXPECT_THAT(shape("The Lake\n========\n\nWater is wet.\n\nFish\n----\nThey swim."),
              ElementsAre("#1 The Lake", "p Water is wet.", "#2 Fish", "p They swim."));
}

TEST(Blocks, NumberedClausesOfAContract) {
  EXPECT_THAT(shape("0. Definitions.\n\n  \"Work\" means a thing that is made\nby hand.\n\n1. You may carry the Work "
                    "home, by\nany road.\n"),
              ElementsAre("#1 Definitions", "p \"Work\" means a thing that is made by hand.",
                          "* You may carry the Work home, by any road."));
}

TEST(Blocks, PagesOfAProtocolText) {
  std::string text = "1.  Introduction\n\n   The server sends a frame and waits for\n\n\n\nSmith                       "
                     "Standards Track    "
                     "   [Page 1]\n\f\nRFC 9999                      Frames                      May 2020\n\n\n   the "
                     "answer of the client.\n\n2.  Frames\n\n   A frame has a length and a body.\n";
  EXPECT_THAT(shape(text),
              ElementsAre("#1 Introduction", "p The server sends a frame and waits for the answer of the client.",
                          "#1 Frames", "p A frame has a length and a body."));
}

TEST(Blocks, ContentsRulesAndTablesAreNoProse) {
  EXPECT_THAT(shape("1. Introduction . . . . . . . 3\n2. Frames .......... 7\n\n* * *\n\n| a | b |\n|---|---|\n\nText "
                    "stands here."),
              ElementsAre("p Text stands here."));
}

TEST(Blocks, LongCellsOfATableAreStatements) {
  EXPECT_THAT(
      shape("| check | proves |\n| --- | --- |\n| `layers` | every include is an arrow of the table of layers |"),
      ElementsAre("* every include is an arrow of the table of layers"));
}

TEST(Blocks, WrappedNumbersStartNoItem) {
  EXPECT_THAT(shape("This is told in section\n4. It is also told in the table\nof chapter 5."),
              ElementsAre("p This is told in section 4. It is also told in the table of chapter 5."));
}

TEST(Blocks, HyphensAtLineEnds) {
  EXPECT_THAT(shape("A non-\ncommercial use -\nsuch as this."), ElementsAre("p A non-commercial use - such as this."));
}

TEST(Markup, LinksEmphasisTagsAndImages) {
  EXPECT_EQ(withoutMarkup("See [the **lake**](http://x/y) and <b>fish</b> ![](a.png) in `a*b*c`, 2 * 3 * 4."),
            "See the lake and fish in `a*b*c`, 2 * 3 * 4.");
  EXPECT_EQ(withoutMarkup("**Bold.** Then ``quoted'' <name>"), "Bold. Then \"quoted\" <name>");
}

TEST(Markup, TextsInsideAreReadForThemselves) {
  EXPECT_EQ(withoutMarkup("Go [ to the *lake* ](u), then [on](v)."), "Go to the lake, then on.");
  EXPECT_EQ(withoutMarkup("[a [b](u) ![c](v)](w) [d][e] [f] g]"), "a b d [f] g]");
  EXPECT_EQ(withoutMarkup("``the [lake](u)'' and `[a](b)`"), "\"the lake\" and `[a](b)`");
  EXPECT_EQ(withoutMarkup("[the `lake](u) is *cold*"), "the lake is cold");
  EXPECT_EQ(withoutMarkup("[](u) ``'' end"), "\"\" end");
  // What marks nothing stays whole.
  EXPECT_EQ(withoutMarkup("It is 2 ** 20 and r ** 2, *** or **so**."), "It is 2 ** 20 and r ** 2, *** or so.");
}

// What a generator or an enemy writes: each of these took the square of its length, and the links the whole stack.
TEST(Markup, LongRowsOfMarksAreReadOnce) {
  constexpr std::size_t many = 400'000;
  auto row = [](std::string_view one) {
    std::string out;
    for (std::size_t i = 0; i < many; ++i)
      out += one;
    return out;
  };
  EXPECT_EQ(withoutMarkup(row("[") + "deep" + row("](u)")), "deep");
  EXPECT_EQ(withoutMarkup(row("[")), row("["));
  EXPECT_EQ(withoutMarkup("x" + row("*") + "y"), "x" + row("*") + "y");
  EXPECT_EQ(withoutMarkup(row("<a;")), row("<a;"));
  EXPECT_EQ(withoutMarkup(row("``a`` ")).size(), row("`a` ").size() - 1);
}

} // namespace
} // namespace weft::extractive
