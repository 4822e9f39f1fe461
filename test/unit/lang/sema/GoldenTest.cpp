//===- GoldenTest.cpp - Messages as people read them ----------------------===//
//
// Each test/lang/sema/NAME.weft has beside it NAME.expected: what the checker
// prints, to the letter; empty if it has nothing to say. A file may use others of
// its folder. The programs of test/data/grammar have theirs there too.
// WEFT_UPDATE=1 writes what is printed, for reading the difference in version control.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/sema/CheckText.h"

#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <set>

namespace weft::sema {
namespace {

namespace fs = std::filesystem;
const std::string folder = std::string(WEFT_TEST_FOLDER) + "/lang/sema/";
const std::string grammar = std::string(WEFT_TEST_FOLDER) + "/data/grammar/";

const std::string library = std::string(WEFT_TEST_FOLDER) + "/../stdlib/";

/// Name of a golden, and the file that it is about.
std::map<std::string, std::string> files() {
  std::map<std::string, std::string> out;
  auto add = [&](const std::string &from, const std::string &prefix) {
    for (const auto &entry : fs::directory_iterator(from))
      if (entry.path().extension() == ".weft")
        out[prefix + entry.path().stem().string()] = entry.path();
  };
  add(folder, "");
  add(grammar + "programs", "programs_");
  add(grammar + "refused", "refused_");
  add(grammar + "contract", "contract_");
  return out;
}

std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto &[name, file] : files())
    out.push_back(name);
  return out;
}

std::string printed(const std::string &name) {
  Checked checked;
  std::optional<std::string> text = readText(files().at(name));
  source::FileId root = checked.sources.add(name + ".weft", text.value_or("")).id();
  checked.program = check(checked.sources, root, checked.engine, [](const std::string &wanted) {
    return readText(wanted.starts_with("std/") ? library + wanted.substr(4) + ".weft" : folder + wanted);
  });
  return checked.messages();
}

class Golden : public testing::TestWithParam<std::string> {};

TEST_P(Golden, PrintsWhatIsExpected) {
  std::string found = printed(GetParam());
  std::string path = folder + GetParam() + ".expected";
  if (std::getenv("WEFT_UPDATE"))
    std::ofstream(path, std::ios::binary) << found;
  EXPECT_EQ(found, readText(path).value_or("no .expected"));
}

INSTANTIATE_TEST_SUITE_P(Sema, Golden, testing::ValuesIn(names()),
                         [](const auto &info) { return std::regex_replace(info.param, std::regex("-"), "_"); });

/// The codes that a text of messages shows.
std::set<std::string> codesIn(const std::string &text) {
  std::set<std::string> out;
  for (std::size_t at = text.find("[W"); at != std::string::npos; at = text.find("[W", at + 1))
    out.insert(text.substr(at + 1, 5));
  return out;
}

/// A file `w0203_….weft` is about one code.
TEST(Goldens, ShowTheirCodeAlone) {
  for (const std::string &name : names()) {
    if (name[0] != 'w')
      continue;
    EXPECT_EQ(codesIn(printed(name)), std::set<std::string>{"W" + name.substr(1, 4)}) << name;
  }
}

/// A message that nobody has seen is not one.
TEST(Goldens, ShowEveryCodeOfTheChecker) {
  // Nesting, 16 MiB; what lowering refuses (test/lang/lowering) and what later phases say (test/compiler/driver); flows
  // are refused by W0012.
  const std::set<std::string> ofOthers = {"W0001", "W0002", "W0031", "W0032", "W0033",
                                          "W0034", "W0131", "W0505", "W0901"};
  std::string all;
  for (const std::string &name : names())
    all += printed(name);
  std::set<std::string> seen = codesIn(all);
  for (const diagnostics::CodeInfo &info : diagnostics::allCodes())
    if (!ofOthers.contains(diagnostics::number(info.code)))
      EXPECT_TRUE(seen.contains(diagnostics::number(info.code))) << diagnostics::number(info.code);
}

} // namespace
} // namespace weft::sema
