//===- FormatTest.cpp - Layout changes nothing but layout -----------------===//
//
// For every program at hand, at the real width and at widths that break all that
// can be broken: the tree is the same, no comment is lost, and formatting again
// changes nothing.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Formatter.h"

#include "lang/format/Printer.h"
#include "test/unit/lang/format/RandomProgram.h"
#include "test/unit/lang/syntax/Parsed.h"

#include <algorithm>

using namespace weft;
using namespace weft::syntax;

namespace {

std::string formatted(const Parsed &parsed, unsigned width = format::maxWidth) {
  return format::layOut(format::Printer(*parsed.result.module, parsed.file).program(), width);
}

/// The tree without comments.
std::string bareTree(const Parsed &parsed) {
  std::string result;
  std::istringstream lines(parsed.tree());
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("comment ") && !line.starts_with("trailing comment "))
      result += line + "\n";
  return result;
}

std::vector<std::string> comments(const Parsed &parsed) {
  std::vector<std::string> texts;
  for (const Comment &comment : parsed.result.module->comments)
    texts.push_back(comment.text.substr(0, comment.text.find_last_not_of(" \r") + 1));
  return texts;
}

/// Formats `text`, checks what must hold of every program, gives the result.
std::string check(const std::string &text, unsigned width = format::maxWidth) {
  Parsed before(text);
  EXPECT_TRUE(before.result.ok) << before.messages();
  std::string once = formatted(before, width);
  Parsed after(once);
  EXPECT_TRUE(after.result.ok) << once << after.messages();
  EXPECT_EQ(bareTree(before), bareTree(after)) << once;
  EXPECT_EQ(comments(before), comments(after)) << once;
  EXPECT_EQ(formatted(after, width), once);
  EXPECT_EQ(once.find(" \n"), std::string::npos) << once;
  return once;
}

std::string checkBody(const std::string &body, unsigned width = format::maxWidth) {
  return check("fn f() {\n" + body + "\n}\n", width);
}

class Programs : public testing::TestWithParam<std::filesystem::path> {};

std::vector<std::filesystem::path> allPrograms() {
  std::vector<std::filesystem::path> found;
  for (const char *folder : {"../examples", "../stdlib", "cli", "compiler", "data", "integration", "lang"})
    for (const auto &path : programsBelow(folder))
      if (Parsed(readFile(path)).result.ok)
        found.push_back(path);
  return found;
}

std::string nameOf(const testing::TestParamInfo<std::filesystem::path> &info) {
  std::string name = info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](char each) { return !std::isalnum(each); }, '_');
  return name;
}

} // namespace

TEST_P(Programs, KeepTheirMeaningAtAnyWidth) {
  for (unsigned width : {1u, 20u, 40u, 79u, 120u, 10'000u}) {
    SCOPED_TRACE(width);
    check(readFile(GetParam()), width);
  }
}

// A comment at the end of every line, and on a line of its own after it: none is lost wherever it stands.
TEST_P(Programs, KeepEveryComment) {
  std::string text = readFile(GetParam());
  Parsed plain(text);
  std::string commented;
  int number = 0;
  bool inBlock = false;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    for (std::size_t at = line.find("\"\"\""); at != std::string::npos; at = line.find("\"\"\"", at + 3))
      inBlock = !inBlock;
    bool hasComment = line.find("//") != std::string::npos;
    commented += line;
    if (!inBlock && !hasComment)
      for (const char *before : {" // ", "\n  // "})
        commented += before + std::to_string(++number);
    commented += "\n";
  }
  Parsed before(commented);
  ASSERT_TRUE(before.result.ok) << before.messages();
  std::string once = formatted(before);
  Parsed after(once);
  ASSERT_TRUE(after.result.ok) << once << after.messages();
  EXPECT_EQ(bareTree(plain), bareTree(after)) << once;
  EXPECT_EQ(comments(before), comments(after)) << once;
  EXPECT_EQ(formatted(after), once);
}

INSTANTIATE_TEST_SUITE_P(All, Programs, testing::ValuesIn(allPrograms()), nameOf);

// Programs that nobody would write. A seed that finds something stays as a program of test/lang/format.
TEST(Format, RandomPrograms) {
  const std::uint64_t seeds = std::getenv("WEFT_LONG") ? 20'000 : 400;
  unsigned accepted = 0;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    std::string text = format::RandomProgram(seed).make();
    if (!Parsed(text).result.ok)
      continue; // A name that stands twice, a comparison in a row: few.
    ++accepted;
    SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + text);
    check(text, seed % 3 == 0 ? 40 : format::maxWidth);
    if (testing::Test::HasFailure())
      break;
  }
  EXPECT_GT(accepted, seeds * 3 / 4);
}

TEST(Format, Golden) {
  for (const auto &path : programsBelow("lang/format")) {
    std::filesystem::path golden = path;
    golden.replace_extension(".txt");
    std::string found = check(readFile(path));
    if (std::getenv("WEFT_UPDATE"))
      std::ofstream(golden, std::ios::binary) << found;
    EXPECT_EQ(readFile(golden), found) << path;
  }
}

TEST(Format, ABrokenProgramIsNotTouched) {
  Parsed parsed("fn f() -> int { 1 2 }");
  EXPECT_EQ(format::format(parsed.result, parsed.file), std::nullopt);
}

TEST(Format, AnEmptyProgramStaysEmpty) {
  EXPECT_EQ(check(""), "");
  EXPECT_EQ(check("\n\n"), "");
  EXPECT_EQ(check("// only\n"), "// only\n");
}

TEST(Format, BracesStayAsTheyWereOpened) {
  EXPECT_EQ(check("type T {a:int,b:int}"), "type T { a: int, b: int }\n");
  EXPECT_EQ(check("type T {\na:int,b:int}"), "type T {\n  a: int\n  b: int\n}\n");
  EXPECT_EQ(checkBody("if a {b} else {\nc}"), "fn f() {\n  if a { b } else {\n    c\n  }\n}\n");
}

TEST(Format, OneEmptyLineIsKept) {
  EXPECT_EQ(check("\n\ndim A = 1\n\n\n\ndim B = 2\ndim C = 3\n\n"), "dim A = 1\n\ndim B = 2\ndim C = 3\n");
  EXPECT_EQ(checkBody("a\n\n\n// c\n\nb\nc"), "fn f() {\n  a\n\n  // c\n\n  b\n  c\n}\n");
}

TEST(Format, OperatorsBeginLinesButForMinus) {
  EXPECT_EQ(checkBody("a + b - c + d", 1), "fn f() {\n  a\n    + b -\n    c\n    + d\n}\n");
  EXPECT_EQ(checkBody("a > b and c", 1), "fn f() {\n  a\n    > b\n    and c\n}\n");
  EXPECT_EQ(checkBody("a ?? b ?? c", 1), "fn f() {\n  a\n    ?? b\n    ?? c\n}\n");
}

// What stood behind a `;` may not come to stand at the beginning of a line.
TEST(Format, AStatementDoesNotJoinTheOneAbove) {
  EXPECT_EQ(checkBody("a; -b"), "fn f() {\n  a;\n  -b\n}\n");
  EXPECT_EQ(checkBody("a; -b + c; d"), "fn f() {\n  a;\n  -b + c\n  d\n}\n");
  EXPECT_EQ(checkBody("a; by.c"), "fn f() {\n  a;\n  by.c\n}\n");
  EXPECT_EQ(checkBody("a; .b"), "fn f() {\n  a;\n  .b\n}\n");
  EXPECT_EQ(checkBody("race { a, -b,\nby }", 1), "fn f() {\n  race {\n    a,\n    -b,\n    by\n  }\n}\n");
  EXPECT_EQ(checkBody("match a { x => 1, by => 2 }", 1), "fn f() {\n  match a {\n    x => 1,\n    by => 2\n  }\n}\n");
}

TEST(Format, ParenthesesAreTheAuthors) {
  EXPECT_EQ(checkBody("(a + b) * ((c))"), "fn f() {\n  (a + b) * (c)\n}\n");
  EXPECT_EQ(checkBody("(f() as T).x"), "fn f() {\n  (f() as T).x\n}\n");
}

TEST(Format, LongCallsBreakAtTheirArguments) {
  EXPECT_EQ(checkBody("f(alpha, beta, gamma: 3)", 20),
            "fn f() {\n  f(\n    alpha,\n    beta,\n    gamma: 3,\n  )\n}\n");
  // Braces that open for want of room open in the same way as those of an author.
  EXPECT_EQ(checkBody("f(try g(a) catch { _ => h }, { kk: {\nl: 1 } })", 28),
            "fn f() {\n  f(\n    try g(a) catch {\n      _ => h\n    },\n    {\n      kk: {\n        l: 1\n      }\n   "
            " },\n  )\n}\n");
  EXPECT_EQ(checkBody("f(a, { kk: alpha, ll: beta })", 24),
            "fn f() {\n  f(a, {\n    kk: alpha\n    ll: beta\n  })\n}\n");
  EXPECT_EQ(checkBody("f({\na: 1 })"), "fn f() {\n  f({\n    a: 1\n  })\n}\n");
  EXPECT_EQ(checkBody("reduce(xs, 0, |a, b| {\nlet c = a\nc + b })"),
            "fn f() {\n  reduce(xs, 0, |a, b| {\n    let c = a\n    c + b\n  })\n}\n");
}

TEST(Format, StringsStandAsTheyWereWritten) {
  EXPECT_EQ(checkBody("\"a\\n${x+1}\\u{41}\""), "fn f() {\n  \"a\\n${x+1}\\u{41}\"\n}\n");
  EXPECT_EQ(checkBody("g(\"\"\"\n  a\n    b\n  \"\"\",1)"), "fn f() {\n  g(\"\"\"\n  a\n    b\n  \"\"\", 1)\n}\n");
}

TEST(Format, CommentsStayWithTheirThing) {
  EXPECT_EQ(check("type T { a: int, // of a\n // above b\n b: int // of b\n // last\n}"),
            "type T {\n  a: int // of a\n  // above b\n  b: int // of b\n  // last\n}\n");
  EXPECT_EQ(check("fn f() { // why\n a }"), "fn f() {\n  // why\n  a\n}\n");
  EXPECT_EQ(checkBody("g(a, // first\n b)"), "fn f() {\n  g(\n    a, // first\n    b,\n  )\n}\n");
  EXPECT_EQ(checkBody("a + // sum\nb"), "fn f() {\n  a + b\n  // sum\n}\n");
  EXPECT_EQ(check("type S = a // of a\n // above b\n | b(x: int) // of b\n | c // of c"),
            "type S =\n  | a // of a\n  // above b\n  | b(x: int) // of b\n  | c // of c\n");
}

// Nothing that the checker takes, and still another program without the space.
TEST(Format, FieldsOfNumbersStayFields) {
  EXPECT_EQ(checkBody("0 .5 + 1.5 .2 + (7).1"), "fn f() {\n  0 .5 + 1.5 .2 + (7).1\n}\n");
  EXPECT_EQ(checkBody("t.0 .1"), "fn f() {\n  t.0.1\n}\n");
}

// A `///` that stands apart is a comment; moved next to a thing it would become its documentation.
TEST(Format, LooseDocumentationStaysLoose) {
  EXPECT_EQ(check("type S =\n  /// loose\n\n  | a\n  | b\nfn f() { 1 }"),
            "type S =\n  /// loose\n\n  | a\n  | b\nfn f() { 1 }\n");
  EXPECT_EQ(check("use std.{\n  /// loose\n\n  a, b }\nfn f() { 1 }"), "use std.{a, b}\n/// loose\n\nfn f() { 1 }\n");
  EXPECT_EQ(check("type R { a: int /// loose\n  b: list<\n /// inside\n int>\n c: int }"),
            "type R {\n  a: int /// loose\n  b: list<int>\n  /// inside\n\n  c: int\n}\n");
}
