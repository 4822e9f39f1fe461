//===- LinesTest.cpp - Which ends of lines count --------------------------===//
//
// Each case in one line of its own: two texts that must give one tree, or a text
// that must give several statements.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

using namespace weft::syntax;

namespace {

void same(const std::string &broken, const std::string &joined) {
  ParsedExpr left(broken), right(joined);
  EXPECT_TRUE(left.result.ok) << broken << "\n" << left.messages();
  EXPECT_TRUE(right.result.ok) << joined << "\n" << right.messages();
  EXPECT_EQ(left.body(), right.body()) << broken;
}

std::size_t statements(const std::string &text) {
  ParsedExpr parsed(text);
  EXPECT_TRUE(parsed.result.ok) << text << "\n" << parsed.messages();
  auto *fn = parsed.decl<FnDecl>();
  return fn ? fn->body->statements.size() : 0;
}

} // namespace

TEST(Lines, AnOperatorAtTheEndGoesOn) {
  for (const char *op : {"+", "-", "*", "/", "%", "@", "??", "==", "!=", "<", "<=", ">=", "and", "or"})
    same(std::string("a ") + op + "\nb", std::string("a ") + op + " b");
  same("not\na", "not a");
}

TEST(Lines, AnOperatorAtTheBeginningGoesOn) {
  for (const char *op : {"+", "*", "/", "%", "@", "??", "==", "!=", "<", "<=", ">", ">=", "and", "or"})
    same(std::string("a\n") + op + " b", std::string("a ") + op + " b");
}

TEST(Lines, WordsAtTheBeginningGoOn) {
  same("if a { b }\nelse { c }", "if a { b } else { c }");
  same("try f()\ncatch { _ => 1 }", "try f() catch { _ => 1 }");
  same("f()\nwith { retry: 1 }", "f() with { retry: 1 }");
  same("f()\nas Note", "f() as Note");
  same("vote 3 { f() }\nby g", "vote 3 { f() } by g");
  same("xs\n.map(f)\n.len()", "xs.map(f).len()");
}

TEST(Lines, BracketsOtherThanBracesJoin) {
  same("f(\na,\nb\n)", "f(a, b)");
  same("[\na\n,\nb\n]", "[a, b]");
  same("(a\n-\nb)", "(a - b)");
}

TEST(Lines, StatementsAreSeparated) {
  EXPECT_EQ(statements("a\nb\nc"), 3u);
  EXPECT_EQ(statements("a; b; c"), 3u);
  EXPECT_EQ(statements("a;\nb\n;\nc;"), 3u);
  EXPECT_EQ(statements("\n\na\n\n\nb\n\n"), 2u);
  EXPECT_EQ(statements("a // about a\n// about b\nb"), 2u);
  EXPECT_EQ(statements("a\n(b)"), 2u);
  EXPECT_EQ(statements("a\n[b]"), 2u);
  EXPECT_EQ(statements("a\n{ b }"), 2u);
}

TEST(Lines, ACommentDoesNotEndAnOperator) { same("a + // more\n// and more\nb", "a + b"); }

TEST(Lines, GreaterAtTheEndOfALineEndsIt) {
  Parsed parsed("type T { a: list<int>\n b: int }");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  EXPECT_EQ(parsed.decl<RecordDecl>()->fields.size(), 2u);
}

TEST(Lines, WordsBeforeAColonAreKeys) {
  Parsed parsed("type T { a: int\n by: int\n with: int\n else: int\n and: int }");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  EXPECT_EQ(parsed.decl<RecordDecl>()->fields.size(), 5u);
}

TEST(Lines, WordsAfterADotAreNames) { EXPECT_EQ(statements("a.or\nb.and\nc"), 3u); }

TEST(Lines, NamesOfAnImportMayStandOnLines) {
  Parsed parsed("use std.a.{\n  b\n  c as d,\n  e\n}");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  EXPECT_EQ(parsed.decl<UseDecl>()->imports.size(), 3u);
}

TEST(Lines, EntriesAreSeparatedByLinesOrCommas) {
  same("{ a: 1\n b: 2\n\n c: 3 }", "{ a: 1, b: 2, c: 3 }");
  same("{ a: 1,\n b: 2,\n }", "{ a: 1, b: 2 }");
  same("{\n\"k\": 1\n\"l\": 2\n}", "{ \"k\": 1, \"l\": 2 }");
  same("match a {\n x => 1\n y => 2\n}", "match a { x => 1, y => 2 }");
}

TEST(Lines, AMinusAtTheBeginningIsRefused) {
  EXPECT_EQ(ParsedExpr("a\n- b").codes(), "W0116");
  EXPECT_EQ(ParsedExpr("let a = f(x)\n-a").codes(), "W0116");
}

TEST(Lines, AMinusWithOneReadingIsNot) {
  EXPECT_EQ(statements("-a"), 1u);
  EXPECT_EQ(statements("a;\n-b"), 2u);
  EXPECT_EQ(statements("a\n(-b)"), 2u);
  same("a +\n-b", "a + -b");
  same("f(a\n- b)", "f(a - b)");
}

TEST(Lines, AtTheTopNewlinesAreSpaces) {
  Parsed parsed("workflow\nw\n(\n)\n->\nint\n{ 1 }\ntype V = a\n| b\n| c\ndim D =\n3");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  EXPECT_EQ(parsed.decls().size(), 3u);
}
