//===- ParseMemoryTest.cpp - Parsing a text that was parsed before --------===//
//
// What is kept from one text to the next must not show in any result.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/TreeMemory.h"
#include "test/support/Seeds.h"
#include "test/unit/lang/syntax/Parsed.h"

#include <random>

using namespace weft::syntax;

namespace {

/// Everything that a result says.
std::string everything(const Parsed &parsed) {
  std::string all = printAst(*parsed.result.module, parsed.file, {.places = true}) + parsed.messages();
  for (const BrokenDecl &one : parsed.result.module->broken)
    all += "broken " + one.name.text + " " + std::to_string(one.span.begin) + "\n";
  for (const Comment &one : parsed.result.module->comments)
    all += "comment " + std::to_string(one.span.begin) + "\n";
  return all + std::to_string(parsed.result.module->nodeCount);
}

class Typed : public testing::TestWithParam<std::filesystem::path> {};

} // namespace

// One memory for a text that grows wrong and right again, as under an editor's hands.
TEST_P(Typed, GivesWhatAFreshParseGives) {
  static const std::vector<std::string> pieces = {"x",  " ",  "\n", "(",  ")", "{", "}", "\"", "${",     "1",
                                                  ",",  "//", "-1", ".f", "=", "|", "?", "T",  "let y ", "fn",
                                                  "if", "😀",  ":",  "[",  "]", "@", "",  "\r", "use ",   "for "};
  std::string text = readFile(GetParam());
  std::mt19937 random(7);
  ParseMemory memory;
  for (std::uint64_t round = 0; round < weft::test::tries(30, 1000); ++round) {
    std::size_t at = random() % (text.size() + 1);
    // Mended as often as damaged, so that most declarations stay sound.
    static std::string before;
    if (round % 2 == 0)
      before = text, text.replace(at, random() % 3, pieces[random() % pieces.size()]);
    else
      text = before;
    ASSERT_EQ(everything(Parsed(text, "a.weft", &memory)), everything(Parsed(text))) << "round " << round << "\n"
                                                                                     << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Typed, testing::ValuesIn(programsBelow("data/grammar")), [](const auto &info) {
  std::string name = info.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// Hundreds of mistakes: which of them get the long message is the same with trees that are known.
TEST(ParseMemory, KeepsTheBoundOnTrying) {
  std::string text;
  for (int i = 0; i < 200; ++i)
    text += "fn f" + std::to_string(i) +
            "(x: int) -> int { let y = " + std::string(static_cast<std::size_t>(i) % 7, '(') + "x x\n y" +
            std::string(static_cast<std::size_t>(i) % 7, ')') + " }\n";
  ParseMemory memory;
  std::string fresh = everything(Parsed(text));
  for (int time = 0; time < 3; ++time)
    EXPECT_EQ(everything(Parsed(text, "a.weft", &memory)), fresh);
}

TEST(TreeMemory, LetsGoOfWhatTheFileDidNotUse) {
  TreeMemory memory;
  const std::u16string old(TreeMemory::maxTokens / 2, u'a'), used(TreeMemory::maxTokens / 4, u'b'),
      large(TreeMemory::maxTokens / 2, u'c');
  memory.add(old);
  memory.add(used);
  memory.endFile();
  EXPECT_TRUE(memory.find(used));
  memory.add(large);
  memory.endFile();
  EXPECT_FALSE(memory.find(old));
  EXPECT_TRUE(memory.find(used));
  EXPECT_TRUE(memory.find(large));
}

TEST(TreeMemory, IsBoundedByOneFileToo) {
  TreeMemory memory;
  std::size_t kept = 0;
  for (char16_t i = 0; i < 50; ++i)
    memory.add(std::u16string(TreeMemory::maxTokens / 10, static_cast<char16_t>(u'a' + i)));
  memory.endFile();
  for (char16_t i = 0; i < 50; ++i)
    kept += memory.find(std::u16string(TreeMemory::maxTokens / 10, static_cast<char16_t>(u'a' + i))) != nullptr;
  EXPECT_EQ(kept, 10u);
}
