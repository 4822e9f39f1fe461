//===- TreeTest.cpp - What the nodes hold ---------------------------------===//
//
// Where golden files show everything, these say which details others rely on.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

using namespace weft::syntax;

TEST(Tree, Precedence) {
  struct {
    const char *text;
    const char *grouped;
  } cases[] = {
      {"a + b * c", "a + (b * c)"},
      {"a * b + c", "(a * b) + c"},
      {"a - b - c", "(a - b) - c"},
      {"a / b * c", "(a / b) * c"},
      {"a @ b + c", "(a @ b) + c"},
      {"-a * b", "(-a) * b"},
      {"-a.b", "-(a.b)"},
      {"a ?? b ?? c", "a ?? (b ?? c)"},
      {"a + b ?? c", "(a + b) ?? c"},
      {"a ?? b == c", "(a ?? b) == c"},
      {"not a == b", "not (a == b)"},
      {"not a and b", "(not a) and b"},
      {"a and b or c and d", "(a and b) or (c and d)"},
      {"a or b and c", "a or (b and c)"},
      {"a < b and c >= d", "(a < b) and (c >= d)"},
      {"try a + b catch { _ => c }", "try (a + b) catch { _ => c }"},
      {"a % b + c", "(a % b) + c"},
  };
  for (const auto &each : cases)
    EXPECT_EQ(ParsedExpr(each.text).body(), ParsedExpr(each.grouped).body()) << each.text;
}

TEST(Tree, ParenthesesAreRemembered) {
  ParsedExpr parsed("(a)");
  ASSERT_TRUE(parsed.as_<NameExpr>());
  EXPECT_TRUE(parsed.expr()->parenthesised);
  EXPECT_FALSE(ParsedExpr("a").expr()->parenthesised);
}

TEST(Tree, SpansCoverTheText) {
  ParsedExpr parsed("f(a).g[1].0 + (b)");
  auto *sum = parsed.as_<BinaryExpr>();
  ASSERT_TRUE(sum) << parsed.messages();
  EXPECT_EQ(parsed.file.text(sum->left->span), "f(a).g[1].0");
  EXPECT_EQ(parsed.file.text(sum->opSpan), "+");
  EXPECT_EQ(parsed.file.text(sum->right->span), "b");
  auto *place = as<TupleIndexExpr>(sum->left);
  ASSERT_TRUE(place);
  EXPECT_EQ(parsed.file.text(place->object->span), "f(a).g[1]");
}

TEST(Tree, IdsAreDense) {
  Parsed parsed("fn f(x: int) -> int { let (a, b) = g(x, |y| y); a }");
  auto *fn = parsed.decl<FnDecl>();
  ASSERT_TRUE(fn);
  EXPECT_LT(fn->id, parsed.result.module->nodeCount);
  EXPECT_NE(fn->id, fn->parameters[0]->id);
  auto *let = as<LetStmt>(fn->body->statements[0]);
  auto *tuple = as<TuplePattern>(let->pattern);
  ASSERT_TRUE(tuple);
  EXPECT_NE(tuple->elements[0]->id, tuple->elements[1]->id);
}

TEST(Tree, TwoPlacesInOneNumber) {
  EXPECT_EQ(ParsedExpr("t.0.1").body(), "place 1\n  place 0\n    name t\n");
  EXPECT_EQ(ParsedExpr("t.10").body(), "place 10\n  name t\n");
  for (const char *text : {"t.0s", "t.1e5", "t.99999", "t.1_0"})
    EXPECT_EQ(ParsedExpr(text).codes(), "W0111") << text;
}

TEST(Tree, ALeadingDotIsALambda) {
  EXPECT_EQ(ParsedExpr("xs.map(.name.upper())").body(), "call\n  member map\n    name xs\n  argument\n    lambda $\n"
                                                        "      call\n        member upper\n          member name\n"
                                                        "            name $\n");
}

TEST(Tree, SizesAndSplits) {
  Parsed parsed("type T { a: f32[B@(site, data), 3*H/2@model, D@whole, sum@model, 4] }");
  ASSERT_TRUE(parsed.result.ok) << parsed.messages();
  auto *type = as<NamedType>(parsed.decl<RecordDecl>()->fields[0]->type);
  ASSERT_TRUE(type);
  ASSERT_EQ(type->dimensions.size(), 5u);
  EXPECT_EQ(type->dimensions[0]->axes.size(), 2u);
  EXPECT_EQ(type->dimensions[1]->size.size(), 3u);
  EXPECT_TRUE(type->dimensions[1]->size[2].divides);
  EXPECT_EQ(type->dimensions[1]->size[2].number, 2);
  EXPECT_EQ(type->dimensions[2]->split, Split::whole);
  EXPECT_TRUE(type->dimensions[2]->axes.empty());
  EXPECT_TRUE(type->dimensions[3]->partialSum);
  EXPECT_EQ(type->dimensions[4]->split, Split::unmarked);
  EXPECT_EQ(spelling(*type), "f32[B@(site, data), 3*H/2@model, D@whole, sum@model, 4]");
}

TEST(Tree, TypesAreSpelledBack) {
  for (const char *text :
       {"int", "string?", "list<map<int>>", "(int, string)?", "fn(int, list<int>) -> int?", "agent(string) -> Note",
        "(fn(int) -> int)?", "std.x.Note", "()", "f32[B, D]", "Block[L@pipe]", "fn() -> fn(int) -> int"}) {
    Parsed parsed(std::string("type T { x: ") + text + " }");
    ASSERT_TRUE(parsed.result.ok) << text << parsed.messages();
    EXPECT_EQ(spelling(*parsed.decl<RecordDecl>()->fields[0]->type), text);
  }
}

TEST(Tree, ParenthesesOfATypeGroup) {
  Parsed parsed("type T { x: ((int)) }");
  EXPECT_EQ(spelling(*parsed.decl<RecordDecl>()->fields[0]->type), "int");
}

TEST(Tree, AliasSumAndSingleCase) {
  EXPECT_TRUE(Parsed("type T = float where 0.0 <= it").decl<AliasDecl>());
  EXPECT_TRUE(Parsed("type T = string").decl<AliasDecl>());
  EXPECT_TRUE(Parsed("type T = a | b").decl<SumDecl>());
  EXPECT_TRUE(Parsed("type T = | a | b(x: int)").decl<SumDecl>());
  EXPECT_EQ(Parsed("type T = a(x: int)").codes(), "W0124");
}

TEST(Tree, BracesAreWhatTheirBeginningSays) {
  EXPECT_TRUE(ParsedExpr("g({ a: 1 })").body().find("record") != std::string::npos);
  EXPECT_TRUE(ParsedExpr("g({ \"a\": 1 })").body().find("map") != std::string::npos);
  EXPECT_TRUE(ParsedExpr("g({})").body().find("map") != std::string::npos);
  EXPECT_TRUE(ParsedExpr("g({ a })").body().find("block") != std::string::npos);
  EXPECT_TRUE(ParsedExpr("g(Note { a: 1 })").body().find("record Note") != std::string::npos);
  EXPECT_TRUE(ParsedExpr("if D { a } else { b }").as_<IfExpr>());
}

TEST(Tree, SoftWordsAreNames) {
  for (const char *word :
       {"use",     "model", "tool",       "agent", "test",   "mock",       "replay",      "crash", "mesh",
        "cluster", "node",  "link",       "train", "deploy", "store",      "label",       "dim",   "on",
        "of",      "max",   "parallel",   "depth", "budget", "effect",     "per",         "emits", "read",
        "write",   "pure",  "idempotent", "undo",  "sum",    "everywhere", "associative", "by"}) {
    std::string name = word;
    Parsed parsed("fn " + name + "(" + name + ": int) -> int { let " + name + " = " + name + "(" + name + "); " + name +
                  " }\nworkflow w() -> int { " + name + " }");
    EXPECT_TRUE(parsed.result.ok) << word << "\n" << parsed.messages();
  }
}

TEST(Tree, EveryWordIsAKeyAndAMember) {
  for (const char *word :
       {"let",      "fn",   "type", "workflow", "if",    "else",   "match", "for",    "in",   "loop", "break",
        "continue", "race", "vote", "try",      "catch", "atomic", "fail",  "assert", "emit", "and",  "or",
        "not",      "as",   "with", "where",    "true",  "false",  "none",  "use",    "model"}) {
    std::string name = word;
    Parsed parsed("type T { " + name + ": int }\nfn f(" + name + ": int) -> int { g({ " + name + ": 1 }, x." + name +
                  ", " + name + ": 2) }\nmodel m = openai { " + name + ": 1 }");
    EXPECT_TRUE(parsed.result.ok) << word << "\n" << parsed.messages();
  }
}

TEST(Tree, AssociativeFunctions) {
  Parsed parsed("fn merge(a: int, b: int) -> int associative { a + b }\nfn other(a: int) -> int { a }");
  ASSERT_TRUE(parsed.result.ok) << parsed.messages();
  EXPECT_TRUE(parsed.decl<FnDecl>(0)->associative);
  EXPECT_FALSE(parsed.decl<FnDecl>(1)->associative);
}

TEST(Tree, Members) {
  Parsed parsed("tool t = http {\n  a(x: int) -> json effect write idempotent undo t.b(x) = \"POST x\"\n  url: \"u\"\n"
                "  b(x: int) effect read\n}");
  ASSERT_TRUE(parsed.result.ok) << parsed.messages();
  auto *tool = parsed.decl<ToolDecl>();
  ASSERT_EQ(tool->members.size(), 2u);
  EXPECT_EQ(tool->entries.size(), 1u);
  EXPECT_TRUE(tool->members[0]->idempotent);
  EXPECT_TRUE(as<CallExpr>(tool->members[0]->undo));
  EXPECT_TRUE(as<StringExpr>(tool->members[0]->request));
  EXPECT_EQ(tool->members[1]->result, nullptr);
}

TEST(Tree, NegativePatterns) {
  ParsedExpr parsed("match x { -1 => a, 30s => b, $5 => c, _ => d }");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  auto *match = parsed.as_<MatchExpr>();
  ASSERT_TRUE(match);
  EXPECT_TRUE(as<UnaryExpr>(as<LiteralPattern>(match->arms[0]->pattern)->value));
}
