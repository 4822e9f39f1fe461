//===- ReferenceTest.cpp - What the reference says holds ------------------===//
//
// Samples of the chapters after "Meaning" are accepted without a word; those
// fenced as refused give exactly the code beside the fence.
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

std::vector<Sample> samples() {
  std::string all = readText(std::string(WEFT_TEST_FOLDER) + "/../lang/reference.md").value_or("");
  std::vector<Sample> out;
  const std::string fence = "\n```weft";
  for (std::size_t at = all.find(fence, all.find("\n# Meaning")); at != std::string::npos; at = all.find(fence, at)) {
    std::size_t begin = all.find('\n', at + 1), end = all.find("\n```", begin);
    std::string head = all.substr(at + fence.size(), begin - at - fence.size());
    std::size_t code = head.find('W');
    out.push_back({code == std::string::npos ? "" : head.substr(code, 5), all.substr(begin + 1, end - begin)});
    at = end + 4;
  }
  return out;
}

TEST(Reference, SamplesMeanWhatItSays) {
  ASSERT_GT(samples().size(), 12u);
  for (const Sample &sample : samples()) {
    auto checked = checkText(sample.text, "reference.md");
    if (sample.code.empty()) {
      EXPECT_EQ(checked->messages(), "") << sample.text;
      continue;
    }
    ASSERT_EQ(checked->engine.errorCount(), 1u) << checked->messages();
    EXPECT_EQ(diagnostics::number(checked->engine.sorted().front()->code), sample.code) << checked->messages();
  }
}

} // namespace
} // namespace weft::sema
