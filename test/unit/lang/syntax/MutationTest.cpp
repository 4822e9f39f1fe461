//===- MutationTest.cpp - Broken programs do no harm ----------------------===//
//
// Programs are damaged at random, from a fixed seed: the parser must come back,
// say something if and only if it is not content, and point into the text.
//
//===----------------------------------------------------------------------===//

#include "test/support/Seeds.h"
#include "test/unit/lang/syntax/Parsed.h"

#include <random>

using namespace weft::syntax;

namespace {

const std::uint64_t roundsPerProgram = weft::test::tries(60, 2000);

/// What is put in: tokens that change what is open, and bytes that are no text.
const std::vector<std::string> splinters = {
    "{",    "}",   "(",           ")",        "[",    "]",    "\"", "\"\"\"", "${", "\\",     "\n",   ",",
    ";",    ":",   ".",           "|",        "-",    "=>",   "->", "??",     "?",  "match ", "if ",  "for ",
    "let ", "fn ", "workflow w(", "type T {", "not ", "try ", "1",  "1e",     "$",  "'",      "\xff", "\xE2\x80\x9C",
    "///",  "// ", "with ",       "as ",      "@",    "\0",   "\r", "\t",     "T",  "x"};

class Damage {
public:
  explicit Damage(std::uint32_t seed) : random(seed) {}

  std::string apply(std::string text) {
    std::size_t times = 1 + below(4);
    for (std::size_t index = 0; index < times && !text.empty(); ++index) {
      std::size_t at = below(text.size());
      switch (below(4)) {
      case 0:
        text.insert(at, splinters[below(splinters.size())]);
        break;
      case 1:
        text.erase(at, 1 + below(12));
        break;
      case 2:
        text.insert(at, text.substr(below(text.size()), below(80)));
        break;
      default:
        text[at] = static_cast<char>(below(128));
      }
    }
    return text;
  }

private:
  std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(random); }

  std::mt19937 random;
};

class Mutated : public testing::TestWithParam<std::filesystem::path> {};

} // namespace

TEST_P(Mutated, ComesBack) {
  std::string text = readFile(GetParam());
  Damage damage(static_cast<std::uint32_t>(std::hash<std::string>{}(GetParam().stem().string())));
  for (std::uint64_t round = 0; round < roundsPerProgram; ++round) {
    std::string damaged = damage.apply(text);
    Parsed parsed(damaged);
    EXPECT_EQ(parsed.result.ok, !parsed.engine.hasErrors());
    EXPECT_EQ(parsed.result.ok, parsed.result.module->broken.empty() && parsed.engine.errorCount() == 0) << damaged;
    EXPECT_EQ(parsed.messages().empty(), parsed.result.ok);
    for (const auto *diagnostic : parsed.engine.sorted()) {
      EXPECT_LE(diagnostic->span.begin, diagnostic->span.end) << damaged;
      EXPECT_LE(diagnostic->span.end, damaged.size()) << damaged;
      EXPECT_FALSE(diagnostic->message.empty());
    }
    parsed.tree();
  }
}

INSTANTIATE_TEST_SUITE_P(Programs, Mutated, testing::ValuesIn(programsBelow("data/grammar")), [](const auto &info) {
  std::string name = info.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

// Every prefix of a program is what an editor sees while it is written.
TEST(Prefixes, ComeBack) {
  std::string text = readFile(testFolder() / "data/grammar/programs/tricky.weft");
  for (std::size_t length = 0; length < text.size(); length += 3) {
    Parsed parsed(text.substr(0, length));
    EXPECT_EQ(parsed.result.ok, !parsed.engine.hasErrors());
  }
}
