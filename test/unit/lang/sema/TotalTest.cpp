//===- TotalTest.cpp - The tables have no holes ---------------------------===//
//
// Who comes after sema infers nothing. Looked at in programs that use what the
// build carries, and in mutants of them: whatever is accepted is whole, and
// whatever is not ends in messages, never in a crash.
//
//===----------------------------------------------------------------------===//

#include "test/support/Seeds.h"
#include "test/unit/lang/sema/Whole.h"

#include <random>
#include <regex>

namespace weft::sema {
namespace {

const std::string folder = std::string(WEFT_TEST_FOLDER) + "/lang/sema/";

std::unique_ptr<Checked> checkFile(const std::string &name, std::string text) {
  return checkText(std::move(text), name + ".weft", {{"helpers.weft", *readText(folder + "helpers.weft")}});
}

class Total : public testing::TestWithParam<const char *> {};

TEST_P(Total, EveryExpressionIsKnown) {
  auto checked = checkFile(GetParam(), *readText(folder + GetParam() + ".weft"));
  ASSERT_EQ(checked->messages(), "");
  expectWhole(*checked);
}

TEST_P(Total, MutantsAreWholeOrRefused) {
  const std::string text = *readText(folder + GetParam() + ".weft");
  std::vector<std::pair<std::size_t, std::size_t>> words;
  const std::regex word(R"([A-Za-z_]\w*|\d+|[^\sA-Za-z_0-9])");
  for (std::sregex_iterator at(text.begin(), text.end(), word), end; at != end; ++at)
    words.emplace_back(at->position(), at->length());
  std::mt19937_64 random(7);
  unsigned accepted = 0;
  for (std::uint64_t round = 0; round < test::tries(200, 1500); ++round) {
    auto [begin, length] = words[random() % words.size()];
    auto [other, otherLength] = words[random() % words.size()];
    std::string mutant = text;
    // One word becomes another one of the file, or goes.
    mutant.replace(begin, length, round % 4 ? text.substr(other, otherLength) : "");
    auto checked = checkFile(GetParam(), mutant);
    if (checked->engine.hasErrors())
      continue;
    ++accepted;
    SCOPED_TRACE("round " + std::to_string(round) + ": " + text.substr(begin, length) + " -> " +
                 text.substr(other, otherLength));
    expectWhole(*checked);
  }
  EXPECT_GT(accepted, 0u);
}

INSTANTIATE_TEST_SUITE_P(Sema, Total,
                         testing::Values("accepted_values", "accepted_workflows", "accepted_more", "accepted_tensors"));

} // namespace
} // namespace weft::sema
