//===- RenderTest.cpp - Messages as text and as JSON ----------------------===//
//
// Carets must stand below what they mean, whatever is on the line.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Render.h"

#include <gtest/gtest.h>

using namespace weft;
using namespace weft::diagnostics;

namespace {

struct Rendered : testing::Test {
  source::Span find(const source::SourceFile &file, std::string_view word) {
    auto at = static_cast<std::uint32_t>(file.text().find(word));
    return {file.id(), at, at + static_cast<std::uint32_t>(word.size())};
  }
  std::string one(const std::string &text, std::string_view word, const std::string &message = "message") {
    const auto &file = sources.add("a.weft", text);
    engine.error(Code::unknownName, find(file, word), message);
    return renderText(*engine.sorted()[0], sources);
  }

  source::Sources sources;
  DiagnosticEngine engine;
};

} // namespace

TEST_F(Rendered, CaretsStandBelowTheWord) {
  EXPECT_EQ(one("one\n  two three\n", "three"), "error[W0201]: message\n"
                                                " --> a.weft:2:7\n"
                                                "  |\n"
                                                "2 |   two three\n"
                                                "  |       ^^^^^\n");
}

TEST_F(Rendered, ColumnsCountCodePoints) {
  EXPECT_EQ(one("größe x\n", "x"), "error[W0201]: message\n"
                                   " --> a.weft:1:7\n"
                                   "  |\n"
                                   "1 | größe x\n"
                                   "  |       ^\n");
}

TEST_F(Rendered, TabsAreKept) { EXPECT_NE(one("\tx = y\n", "y").find("  | \t    ^\n"), std::string::npos); }

TEST_F(Rendered, CarriageReturnsAreNotShown) { EXPECT_EQ(one("x y\r\n", "y").find('\r'), std::string::npos); }

TEST_F(Rendered, APointHasOneCaret) {
  const auto &file = sources.add("a.weft", "ab");
  engine.error(Code::unknownName, {file.id(), 2, 2}, "m");
  EXPECT_NE(renderText(*engine.sorted()[0], sources).find("  |   ^\n"), std::string::npos);
}

TEST_F(Rendered, OfSeveralLinesTheFirstIsMarked) {
  const auto &file = sources.add("a.weft", "abc def\nghi\n");
  engine.error(Code::unknownName, {file.id(), 4, 11}, "m");
  EXPECT_NE(renderText(*engine.sorted()[0], sources).find("1 | abc def\n  |     ^^^\n"), std::string::npos);
}

TEST_F(Rendered, LongLinesAreCutAroundTheWord) {
  std::string text = one(std::string(5000, 'a') + " word " + std::string(5000, 'b'), "word");
  EXPECT_LT(text.size(), 700u);
  EXPECT_NE(text.find("…aaa"), std::string::npos);
  EXPECT_NE(text.find("bbb…\n"), std::string::npos);
  std::size_t line = text.find("1 | ");
  std::size_t carets = text.find("  | ", line + 1);
  std::size_t word = text.find("word", line) - line - std::string("…").size() + 1;
  EXPECT_EQ(text.find("^^^^", carets) - carets, word);
}

TEST_F(Rendered, PlacesOutsideTheTextDoNotCrash) {
  const auto &file = sources.add("a.weft", "");
  engine.error(Code::unknownName, {file.id(), 0, 0}, "empty");
  engine.error(Code::unknownName, {file.id(), 900, 1000}, "behind");
  engine.error(Code::unknownName, {77, 1, 2}, "nowhere");
  std::string text = renderText(engine, sources);
  EXPECT_NE(text.find("nowhere"), std::string::npos);
  EXPECT_NE(renderJson(engine, sources).find("\"file\":null"), std::string::npos);
}

TEST_F(Rendered, NotesAndHelpFollow) {
  const auto &file = sources.add("a.weft", "first\nsecond\n");
  engine.error(Code::typeMismatch, find(file, "second"), "expected int")
      .mark("this")
      .note(find(file, "first"), "why")
      .hint("do");
  EXPECT_EQ(renderText(*engine.sorted()[0], sources), "error[W0203]: expected int\n"
                                                      " --> a.weft:2:1\n"
                                                      "  |\n"
                                                      "2 | second\n"
                                                      "  | ^^^^^^ this\n"
                                                      "note: why\n"
                                                      " --> a.weft:1:1\n"
                                                      "  |\n"
                                                      "1 | first\n"
                                                      "  | -----\n"
                                                      "help: do\n");
}

TEST_F(Rendered, ColorsOnlyWhereAsked) {
  const auto &file = sources.add("a.weft", "x");
  engine.warning(Code::unknownName, find(file, "x"), "m");
  EXPECT_EQ(renderText(engine, sources).find('\x1b'), std::string::npos);
  EXPECT_NE(renderText(engine, sources, {.color = true}).find('\x1b'), std::string::npos);
}

TEST_F(Rendered, AllAreSortedAndCounted) {
  const auto &file = sources.add("a.weft", "one two three");
  engine.error(Code::unknownName, find(file, "three"), "third");
  engine.warning(Code::unknownName, find(file, "two"), "second");
  engine.error(Code::unknownName, find(file, "one"), "first");
  std::string text = renderText(engine, sources);
  EXPECT_LT(text.find("first"), text.find("second"));
  EXPECT_LT(text.find("second"), text.find("third"));
  EXPECT_TRUE(text.ends_with("2 errors, 1 warning\n")) << text;
}

TEST_F(Rendered, NothingIsSaidOfNothing) {
  EXPECT_EQ(renderText(engine, sources), "");
  EXPECT_EQ(renderJson(engine, sources), "[\n]\n");
}

TEST_F(Rendered, JsonEscapesAndCarriesEverything) {
  const auto &file = sources.add("a \"b\".weft", "x\ny");
  engine.error(Code::unknownName, find(file, "y"), "say \"hi\"\n\x01").note(find(file, "x"), "n").hint("h");
  EXPECT_EQ(renderJson(engine, sources),
            "[\n{\"severity\":\"error\",\"code\":\"W0201\",\"message\":\"say \\\"hi\\\"\\n\\u0001\",\"label\":\"\","
            "\"file\":\"a \\\"b\\\".weft\",\"begin\":{\"line\":2,\"column\":1,\"byte\":2},"
            "\"end\":{\"line\":2,\"column\":2,\"byte\":3},\"notes\":[{\"message\":\"n\","
            "\"file\":\"a \\\"b\\\".weft\",\"begin\":{\"line\":1,\"column\":1,\"byte\":0},"
            "\"end\":{\"line\":1,\"column\":2,\"byte\":1}}],\"help\":[\"h\"]}\n]\n");
}

TEST(DiagnosticEngine, RepetitionsAreSwallowed) {
  DiagnosticEngine engine;
  engine.error(Code::unknownName, {0, 1, 2}, "first").hint("kept");
  engine.error(Code::unknownName, {0, 1, 2}, "second").hint("lost");
  engine.error(Code::typeMismatch, {0, 1, 2}, "another code");
  EXPECT_EQ(engine.errorCount(), 2u);
  ASSERT_EQ(engine.sorted().size(), 2u);
  EXPECT_EQ(engine.sorted()[0]->message, "first");
  EXPECT_EQ(engine.sorted()[0]->help.size(), 1u);
}

TEST(DiagnosticEngine, CountsWhatItDoesNotKeep) {
  DiagnosticEngine engine;
  for (std::uint32_t at = 0; at < DiagnosticEngine::maxKept + 10; ++at)
    engine.error(Code::unknownName, {0, at, at + 1}, "m");
  EXPECT_EQ(engine.errorCount(), DiagnosticEngine::maxKept + 10);
  EXPECT_EQ(engine.sorted().size(), DiagnosticEngine::maxKept);
}

TEST(DiagnosticEngine, KeepsErrorsBehindManyWarnings) {
  source::Sources sources;
  sources.add("a.weft", std::string(2000, 'x'));
  DiagnosticEngine engine;
  for (std::uint32_t at = 0; at < DiagnosticEngine::maxKept + 10; ++at)
    engine.warning(Code::unusedBinding, {0, at, at + 1}, "m");
  EXPECT_FALSE(engine.full());
  engine.error(Code::unknownName, {0, 900, 901}, "what matters");
  std::string text = renderText(engine, sources);
  EXPECT_NE(text.find("what matters"), std::string::npos);
  EXPECT_NE(text.find("1 error, 510 warnings; the first 500 of a kind are shown\n"), std::string::npos)
      << text.substr(text.size() - 100);
}
