//===- GoldenTest.cpp - Messages as people read them ----------------------===//
//
// Each test/lang/sema/NAME.weft has beside it NAME.expected: what the checker
// prints, to the letter; empty if it has nothing to say. A file may use others of
// its folder. WEFT_UPDATE_GOLDENS=1 writes what is printed, for reading the
// difference in version control.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/sema/CheckText.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>

namespace weft::sema {
namespace {

namespace fs = std::filesystem;
const std::string folder = std::string(WEFT_TEST_FOLDER) + "/lang/sema/";

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto &entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".weft" && fs::exists(fs::path(entry.path()).replace_extension(".expected")) |
                                                   (std::getenv("WEFT_UPDATE_GOLDENS") != nullptr))
      out.push_back(entry.path().stem());
  std::sort(out.begin(), out.end());
  return out;
}

std::string printed(const std::string &name) {
  Checked checked;
  std::optional<std::string> text = readText(folder + name + ".weft");
  source::FileId root = checked.sources.add(name + ".weft", text.value_or("")).id();
  checked.program =
      check(checked.sources, root, checked.engine, [](const std::string &wanted) { return readText(folder + wanted); });
  return checked.messages();
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, PrintsWhatIsExpected) {
  std::string found = printed(GetParam());
  std::string path = folder + GetParam() + ".expected";
  if (std::getenv("WEFT_UPDATE_GOLDENS"))
    std::ofstream(path, std::ios::binary) << found;
  EXPECT_EQ(found, readText(path).value_or("no .expected"));
}

INSTANTIATE_TEST_SUITE_P(Sema, Golden, testing::ValuesIn(names()), [](const auto &info) { return info.param; });

} // namespace
} // namespace weft::sema
