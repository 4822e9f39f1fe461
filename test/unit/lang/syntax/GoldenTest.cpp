//===- GoldenTest.cpp - Snippets and what is said of them -----------------===//
//
// test/lang/syntax/errors: a program and, beside it in NAME.txt, its messages;
// test/lang/syntax/trees: a program and its tree. To write the second files anew
// after a change that was wanted, run with WEFT_UPDATE=1 and read the difference.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

#include <cstdlib>

using namespace weft::syntax;

namespace {

std::string nameOf(const testing::TestParamInfo<std::filesystem::path> &info) {
  std::string name = info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

void compare(const std::filesystem::path &program, const std::string &found) {
  std::filesystem::path golden = program;
  golden.replace_extension(".txt");
  if (std::getenv("WEFT_UPDATE")) {
    std::ofstream(golden, std::ios::binary) << found;
    return;
  }
  ASSERT_TRUE(std::filesystem::exists(golden)) << golden << " is missing; WEFT_UPDATE=1 writes it";
  EXPECT_EQ(readFile(golden), found);
}

class Errors : public testing::TestWithParam<std::filesystem::path> {};
class Trees : public testing::TestWithParam<std::filesystem::path> {};

} // namespace

TEST_P(Errors, AreSaid) {
  Parsed parsed(readFile(GetParam()), GetParam().filename().string());
  EXPECT_FALSE(parsed.result.ok);
  EXPECT_TRUE(parsed.engine.hasErrors());
  compare(GetParam(), parsed.messages());
}

TEST_P(Trees, AreBuilt) {
  Parsed parsed(readFile(GetParam()), GetParam().filename().string());
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  compare(GetParam(), printAst(*parsed.result.module, parsed.file, {.places = true}));
}

INSTANTIATE_TEST_SUITE_P(Golden, Errors, testing::ValuesIn(programsBelow("lang/syntax/errors")), nameOf);
INSTANTIATE_TEST_SUITE_P(Golden, Trees, testing::ValuesIn(programsBelow("lang/syntax/trees")), nameOf);
