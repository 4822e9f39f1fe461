//===- ProgramsTest.cpp - Whole programs parse ----------------------------===//
//
// Every sample of the language's contract, and every sample in the reference.
// What `refused/` holds is refused by later checks, not for its form.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

#include <algorithm>

using namespace weft::syntax;

namespace {

/// Every span lies in its file and in its parent's declaration, ids are dense.
void expectSound(const Parsed &parsed) {
  std::uint32_t end = 0;
  for (const Decl *decl : parsed.decls()) {
    EXPECT_GE(decl->span.begin, end) << "declarations overlap";
    EXPECT_LE(decl->span.end, parsed.file.text().size());
    EXPECT_LT(decl->id, parsed.result.module->nodeCount);
    end = decl->span.end;
  }
}

class Programs : public testing::TestWithParam<std::filesystem::path> {};

std::string nameOf(const testing::TestParamInfo<std::filesystem::path> &info) {
  std::string name = info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

/// The ```weft samples of a Markdown file.
std::vector<std::string> samplesOf(const std::string &markdown) {
  std::vector<std::string> samples;
  const std::string fence = "```weft\n";
  for (std::size_t at = markdown.find(fence); at != std::string::npos; at = markdown.find(fence, at)) {
    at += fence.size();
    std::size_t end = markdown.find("```", at);
    samples.push_back(markdown.substr(at, end - at));
    at = end;
  }
  return samples;
}

} // namespace

TEST_P(Programs, Parse) {
  Parsed parsed(readFile(GetParam()), GetParam().filename().string());
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  EXPECT_FALSE(parsed.decls().empty());
  EXPECT_TRUE(parsed.result.module->broken.empty());
  expectSound(parsed);
}

INSTANTIATE_TEST_SUITE_P(Grammar, Programs, testing::ValuesIn(programsBelow("data/grammar")), nameOf);

TEST(Reference, SamplesParse) {
  auto samples = samplesOf(readFile(testFolder().parent_path() / "lang" / "reference.md"));
  EXPECT_GT(samples.size(), 10u);
  for (const std::string &sample : samples) {
    Parsed parsed(sample, "reference.md");
    EXPECT_TRUE(parsed.result.ok) << sample << "\n" << parsed.messages();
  }
}

// Ends of lines as other systems write them change nothing.
TEST(Programs, CarriageReturnsChangeNothing) {
  for (const auto &path : programsBelow("data/grammar")) {
    std::string text = readFile(path), other;
    for (char c : text)
      other += c == '\n' ? std::string("\r\n") : std::string(1, c);
    Parsed plain(text), windows(other);
    EXPECT_TRUE(windows.result.ok) << windows.messages();
    EXPECT_EQ(plain.tree(), windows.tree()) << path;
  }
}

TEST(Programs, AByteOrderMarkIsSkipped) {
  Parsed parsed("\xEF\xBB\xBF"
                "fn f() -> int { 1 }");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  ASSERT_EQ(parsed.decls().size(), 1u);
  EXPECT_EQ(parsed.decls()[0]->span.begin, 3u);
}

TEST(Programs, AnEmptyFileIsAModule) {
  for (const char *text : {"", "\n\n", "// only a comment", "/// only documentation\n", "   \t "}) {
    Parsed parsed(text);
    EXPECT_TRUE(parsed.result.ok) << parsed.messages();
    EXPECT_TRUE(parsed.decls().empty());
  }
}
