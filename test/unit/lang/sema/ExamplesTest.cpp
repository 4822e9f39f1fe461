//===- ExamplesTest.cpp - What --explain shows does what it says ----------===//

#include "lang/diagnostics/Examples.h"
#include "test/unit/lang/sema/CheckText.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

namespace weft::sema {
namespace {

/// The samples' neighbour, and the page itself under the name that a circle needs.
std::unique_ptr<Checked> checkedSample(std::string_view text) {
  return checkText(std::string(text), "page.weft",
                   {{"helpers.weft", "fn clean(x: string) -> string { x.trim() }\nfn _hidden() -> int { 1 }\n"},
                    {"page.weft", std::string(text)}});
}

TEST(Examples, TheWrongOneGivesItsCodeAloneAndTheRightOneNothing) {
  for (const diagnostics::CodeInfo &info : diagnostics::allCodes()) {
    std::optional<diagnostics::Example> example = diagnostics::exampleOf(info.code);
    if (!example)
      continue;
    auto wrong = checkedSample(example->wrong);
    std::set<std::string> codes;
    for (const diagnostics::Diagnostic *each : wrong->engine.sorted())
      codes.insert(diagnostics::number(each->code));
    EXPECT_THAT(codes, testing::ElementsAre(diagnostics::number(info.code))) << example->wrong << wrong->messages();
    EXPECT_EQ(checkedSample(example->right)->messages(), "") << diagnostics::number(info.code) << "\n"
                                                             << example->right;
  }
}

/// All that a program can do wrong; what a build refuses by name (W00xx) is no mistake, and has no right form here.
TEST(Examples, EveryMistakeHasOne) {
  const std::set<std::string> without = {
      "W0102",                   // Bytes that no program can show.
      "W0109", "W0110", "W0131", // As long or as deep as their limit.
      "W0505",                   // Told by a pass behind the checks: test/compiler/driver.
      "W0602",                   // All models that need a price are refused for themselves (W0021).
      "W0708", "W0713", "W0714", // Of meshes and tensor functions: their texts show the form.
      "W0801",                   // A machine that is described, and filled: test/lang/sema.
      "W0901",                   // Labels are refused by name.
  };
  for (const diagnostics::CodeInfo &info : diagnostics::allCodes()) {
    std::string code = diagnostics::number(info.code);
    bool refusedByName = code.starts_with("W00");
    EXPECT_EQ(diagnostics::exampleOf(info.code).has_value(), !refusedByName && !without.contains(code))
        << code << " and lang/diagnostics/examples";
  }
}

} // namespace
} // namespace weft::sema
