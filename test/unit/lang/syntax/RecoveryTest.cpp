//===- RecoveryTest.cpp - One mistake does not hide the next --------------===//
//
// A declaration that is broken is reported once and left out; what stands before
// and behind it is in the tree.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

using namespace weft::syntax;

namespace {

/// The declaration `broken` between two sound ones: its codes, and that the
/// others survive.
std::string between(const std::string &broken) {
  Parsed parsed("fn before() -> int { 1 }\n" + broken + "\nfn behind() -> int { 1 }\n");
  std::string names;
  for (const Decl *decl : parsed.decls())
    names += decl->name.text + " ";
  EXPECT_EQ(names, "before behind ") << broken << "\n" << parsed.messages();
  EXPECT_FALSE(parsed.result.ok);
  EXPECT_EQ(parsed.result.module->broken.size(), 1u) << broken;
  return parsed.codes();
}

} // namespace

TEST(Recovery, BrokenStrings) {
  EXPECT_EQ(between("fn x() -> string { \"open }"), "W0104");
  EXPECT_EQ(between("fn x() -> string { \"a ${b\" }"), "W0105");
  EXPECT_EQ(between("fn x() -> string { \"a ${ \"b ${ \"c }"), "W0105");
  EXPECT_EQ(between("fn x() -> string {\n\"\"\"\n${a\n\"\"\" }"), "W0105");
  EXPECT_EQ(between("fn x() -> string { \"back\\"), "W0104");
}

TEST(Recovery, BrokenBrackets) {
  EXPECT_EQ(between("fn x() -> int {"), "W0107");
  EXPECT_EQ(between("fn x() -> int { (1 }"), "W0107");
  EXPECT_EQ(between("fn x() -> int { [1, (2] }"), "W0107");
  EXPECT_EQ(between("fn x() -> int { f(1, 2 }"), "W0107");
  EXPECT_EQ(between("fn x() -> int { 1 } }"), "W0108");
  EXPECT_EQ(between("fn x() -> int { 1) }"), "W0108");
  EXPECT_EQ(between("fn x() -> string { \"${a)}\" }"), "W0108");
  EXPECT_EQ(between("type X { a: int"), "W0107");
}

TEST(Recovery, EveryDeclarationEndsTheOneBefore) {
  const char *declarations[] = {
      "use std.a.{b}",
      "use ./a.{b}",
      "type T { a: int }",
      "type T = a | b",
      "type T = int",
      "dim D = 3",
      "model m = openai { name: \"x\" }",
      "tool t = files { root: \".\" }",
      "agent a { model: m }",
      "agent a(x: int) -> int { model: m }",
      "agent a = human { prompt: \"x\" }",
      "store s: map<int>",
      "label a < b",
      "fn f(x: int) -> int { x }",
      "fn f<T>(x: T) -> T { x }",
      "workflow w() { 1 }",
      "test \"t\" { assert true }",
      "mesh g on c { a: 1 }",
      "cluster c { node n { memory: 1GiB } }",
      "cluster c = local",
      "train t on g { steps: 3 }",
      "deploy d on c { minimize: cost }",
  };
  for (const char *declaration : declarations) {
    Parsed parsed(std::string("workflow open() {\n  f(\n") + declaration);
    EXPECT_EQ(parsed.codes(), "W0107") << declaration << "\n" << parsed.messages();
    EXPECT_EQ(parsed.decls().size(), 1u) << declaration;
    Parsed twice(std::string(declaration) + " " + declaration + "\n" + declaration);
    EXPECT_TRUE(twice.result.ok) << declaration << "\n" << twice.messages();
    EXPECT_EQ(twice.decls().size(), 3u) << declaration;
  }
}

TEST(Recovery, NamesOfBrokenDeclarationsAreKept) {
  Parsed parsed("fn first() -> int { 1 2 }\nagent second(x: ) { }\ntype Third { a b }\n$\n");
  std::string names;
  for (const BrokenDecl &decl : parsed.result.module->broken)
    names += decl.name.text + " ";
  EXPECT_EQ(names, "first second Third ");
}

TEST(Recovery, ABraceThatIsMissingIsShownByIndentation) {
  Parsed parsed("fn f(x: int) -> int {\n  if x > 1 {\n    if x > 2 { 3\n  } else { 2 }\n}\n");
  ASSERT_EQ(parsed.codes(), "W0107");
  const auto &notes = parsed.engine.sorted()[0]->notes;
  ASSERT_EQ(notes.size(), 2u) << parsed.messages();
  EXPECT_EQ(parsed.file.location(notes[1].span.begin).line, 4u);
}

TEST(Recovery, BytesThatAreNoTextAreRefused) {
  for (const char *text :
       {"fn f() -> string { \"\xff\" }", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\xE2\x82"})
    EXPECT_EQ(Parsed(text).codes(), "W0102") << text;
}

TEST(Recovery, AllErrorsAreSaidAtOnce) {
  std::string text;
  for (int index = 0; index < 50; ++index)
    text += "fn f" + std::to_string(index) + "() -> int { 1 2 }\n";
  Parsed parsed(text);
  EXPECT_EQ(parsed.engine.errorCount(), 50u);
}

// A file of nothing but mistakes takes no longer than its first few hundred.
TEST(Recovery, AfterHundredsTheRestIsNotLookedAt) {
  std::string text;
  for (int index = 0; index < 5000; ++index)
    text += "fn f() -> int { 1 2 }\n";
  Parsed parsed(text);
  EXPECT_EQ(parsed.engine.errorCount(), weft::diagnostics::DiagnosticEngine::maxKept);
  EXPECT_EQ(parsed.result.module->broken.size(), 5000u);
}
