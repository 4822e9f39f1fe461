//===- ReferenceTest.cpp - What the documents say holds -------------------===//
//
// Samples of the reference's chapters after "Meaning", of the tour and of the
// README at the top are accepted without a word; those fenced as refused give
// exactly the code beside the fence.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/sema/CheckText.h"

#include <gtest/gtest.h>

namespace weft::sema {
namespace {

struct Sample {
  std::string code; ///< Of a refused one; empty of an accepted one.
  std::string text;
};

/// Of a file below the root, from the heading on.
std::vector<Sample> samplesOf(const std::string &file, const std::string &heading) {
  std::string all = readText(std::string(WEFT_TEST_FOLDER) + "/../" + file).value_or("");
  std::vector<Sample> out;
  const std::string fence = "\n```weft";
  std::size_t start = all.find(heading);
  for (std::size_t at = start == std::string::npos ? start : all.find(fence, start); at != std::string::npos;
       at = all.find(fence, at)) {
    std::size_t begin = all.find('\n', at + 1), end = all.find("\n```", begin);
    std::string head = all.substr(at + fence.size(), begin - at - fence.size());
    std::size_t code = head.find('W');
    out.push_back({code == std::string::npos ? "" : head.substr(code, 5), all.substr(begin + 1, end - begin)});
    at = end + 4;
  }
  return out;
}

TEST(Reference, TheFirstProgramOfTheReadmeIsAccepted) {
  std::vector<Sample> first = samplesOf("README.md", "# Weft");
  ASSERT_EQ(first.size(), 1u);
  auto checked = checkText(first[0].text, "README.md");
  EXPECT_EQ(checked->messages(), "");
}

/// The library's modules that samples use, and what those use.
Modules libraryModules() {
  Modules modules;
  for (const char *name : {"lists", "maps", "nn", "vote"})
    modules["std/" + std::string(name)] =
        readText(std::string(WEFT_TEST_FOLDER) + "/../stdlib/" + name + ".weft").value_or("");
  return modules;
}

void expectWhatTheFenceSays(const std::vector<Sample> &samples) {
  Modules library = libraryModules();
  for (const Sample &sample : samples) {
    auto checked = checkText(sample.text, "sample.weft", library);
    if (sample.code.empty()) {
      EXPECT_EQ(checked->messages(), "") << sample.text;
      continue;
    }
    ASSERT_EQ(checked->engine.errorCount(), 1u) << checked->messages();
    EXPECT_EQ(diagnostics::number(checked->engine.sorted().front()->code), sample.code) << checked->messages();
  }
}

TEST(Reference, SamplesMeanWhatItSays) {
  std::vector<Sample> samples = samplesOf("lang/reference.md", "\n# Meaning");
  ASSERT_GT(samples.size(), 30u);
  expectWhatTheFenceSays(samples);
}

// What its commands print is compared by test/cli/tour.lit.
TEST(Reference, ProgramsOfTheTourMeanWhatItSays) {
  std::vector<Sample> samples = samplesOf("examples/README.md", "# A tour");
  ASSERT_GT(samples.size(), 5u);
  expectWhatTheFenceSays(samples);
}

} // namespace
} // namespace weft::sema
