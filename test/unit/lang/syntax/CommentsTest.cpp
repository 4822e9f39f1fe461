//===- CommentsTest.cpp - Documentation and other comments ----------------===//
//
// Documentation belongs to what stands below it; nothing that was written is
// lost.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/syntax/Parsed.h"

using namespace weft::syntax;

TEST(Documentation, BelongsToWhatFollows) {
  Parsed parsed(R"(/// A note.
/// Two lines.
type Note {
  /// Its text.
  text: string, /// not the source's
  source: string?   // where from
}

/// How it went.
type V =
  /// Fine.
  accept
  /// Not fine.
  | revise(why: string)

/// Far away.

fn f(
  /// A number.
  x: int) -> int { x }

tool t = http {
  /// Where.
  url: "u"
  /// Looks.
  look(q: string) -> json effect read
}
)");
  ASSERT_TRUE(parsed.result.ok) << parsed.messages();
  auto *note = parsed.decl<RecordDecl>(0);
  EXPECT_EQ(note->doc, "A note.\nTwo lines.");
  EXPECT_EQ(note->fields[0]->doc, "Its text.");
  EXPECT_EQ(note->fields[1]->doc, "");
  auto *sum = parsed.decl<SumDecl>(1);
  EXPECT_EQ(sum->doc, "How it went.");
  EXPECT_EQ(sum->cases[0]->doc, "Fine.");
  EXPECT_EQ(sum->cases[1]->doc, "Not fine.");
  auto *fn = parsed.decl<FnDecl>(2);
  EXPECT_EQ(fn->doc, "");
  EXPECT_EQ(fn->parameters[0]->doc, "A number.");
  auto *tool = parsed.decl<ToolDecl>(3);
  EXPECT_EQ(tool->entries[0]->doc, "Where.");
  EXPECT_EQ(tool->members[0]->doc, "Looks.");

  std::string loose;
  for (const Comment &comment : parsed.result.module->comments)
    loose += comment.text + (comment.ownLine ? " (own line)\n" : "\n");
  EXPECT_EQ(loose, "/// not the source's\n// where from\n/// Far away. (own line)\n");
}

TEST(Documentation, FourSlashesAreAComment) {
  Parsed parsed("//// a line\ndim D = 3");
  EXPECT_EQ(parsed.decls()[0]->doc, "");
  EXPECT_EQ(parsed.result.module->comments.size(), 1u);
}

TEST(Documentation, KeepsIndentationBehindOneBlank) {
  Parsed parsed("///   three\n///\n/// one\ndim D = 3");
  EXPECT_EQ(parsed.decls()[0]->doc, "  three\n\none");
}

TEST(Comments, SlashesInStringsAreText) {
  Parsed parsed("fn f() -> string { \"http://x\" }");
  EXPECT_TRUE(parsed.result.ok) << parsed.messages();
  EXPECT_TRUE(parsed.result.module->comments.empty());
}

TEST(Comments, InBrokenDeclarationsAreKept) {
  Parsed parsed("// one\nfn f() { 1 2 } // two\n// three\n");
  EXPECT_EQ(parsed.result.module->comments.size(), 3u);
}
