//===- RenderText.cpp - Messages for people -------------------------------===//
//
// Columns of the carets are counted in code points, tabs are kept, so that the
// carets stand below what they mean in any terminal; a very long line is cut
// around its place.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Render.h"

#include "lang/diagnostics/Examples.h"

#include <algorithm>

namespace weft::diagnostics {
namespace {

/// A line wider than this is cut, in code points.
constexpr std::size_t maxWidth = 160;

constexpr const char *red = "\x1b[1;31m";
constexpr const char *yellow = "\x1b[1;33m";
constexpr const char *blue = "\x1b[1;34m";
constexpr const char *bold = "\x1b[1m";
constexpr const char *reset = "\x1b[0m";

bool startsCodePoint(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), startsCodePoint));
}

/// The byte offset of a code point, or the end of the text.
std::size_t byteOf(std::string_view text, std::size_t codePoint) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (startsCodePoint(text[at]) && codePoint-- == 0)
      return at;
  return text.size();
}

/// Blanks of the same width, tabs kept.
std::string blanks(std::string_view text) {
  std::string result;
  for (char c : text)
    if (startsCodePoint(c))
      result += c == '\t' ? '\t' : ' ';
  return result;
}

/// Control characters would do what they say to the terminal.
std::string printable(std::string_view text) {
  std::string result;
  for (char c : text)
    result += c == '\t' || static_cast<unsigned char>(c) >= 0x20 ? c : ' ';
  return result;
}

class TextRenderer {
public:
  TextRenderer(const source::Sources &sources, TextOptions options) : sources(sources), options(options) {}

  std::string render(const Diagnostic &diagnostic) {
    bool isError = diagnostic.severity == Severity::error;
    out +=
        paint(isError ? red : yellow, std::string(isError ? "error" : "warning") + "[" + number(diagnostic.code) + "]");
    out += paint(bold, ": " + diagnostic.message) + "\n";
    excerpt(diagnostic.span, diagnostic.label, isError ? red : yellow, '^');
    for (const Note &note : diagnostic.notes) {
      out += paint(blue, "note") + ": " + note.message + "\n";
      excerpt(note.span, "", blue, '-');
    }
    for (const std::string &help : diagnostic.help)
      out += paint(blue, "help") + ": " + help + "\n";
    return std::move(out);
  }

private:
  std::string paint(const char *color, const std::string &text) const {
    return options.color ? color + text + reset : text;
  }

  void excerpt(source::Span span, const std::string &label, const char *color, char mark) {
    if (span.file >= sources.size())
      return;
    const source::SourceFile &file = sources.file(span.file);
    source::Location begin = file.location(span.begin);
    source::Location end = file.location(std::max(span.begin, span.end));
    std::string lineNumber = std::to_string(begin.line);
    std::string margin(lineNumber.size(), ' ');
    out += margin + paint(blue, "--> ") + file.name() + ":" + lineNumber + ":" + std::to_string(begin.column) + "\n";

    std::string_view line = file.line(begin.line);
    std::size_t first = std::min<std::size_t>(begin.column - 1, width(line));
    // Of a span over several lines only the first is shown, up to its end.
    std::size_t last = begin.line == end.line ? end.column - 1 : width(line);
    std::size_t from = 0;
    std::string before, after;
    if (width(line) > maxWidth) {
      from = first > maxWidth / 2 ? first - maxWidth / 2 : 0;
      std::size_t until = from + maxWidth;
      before = from > 0 ? "…" : "";
      after = until < width(line) ? "…" : "";
      line = line.substr(byteOf(line, from), byteOf(line, until) - byteOf(line, from));
    }
    std::size_t shownFirst = first - from;
    std::size_t shownLast = std::clamp(last - std::min(from, last), shownFirst, width(line));
    std::string carets(std::max<std::size_t>(1, shownLast - shownFirst), mark);

    out += margin + paint(blue, " |") + "\n";
    out += paint(blue, lineNumber + " |") + " " + before + printable(line) + after + "\n";
    out += margin + paint(blue, " |") + " " + blanks(before) + blanks(line.substr(0, byteOf(line, shownFirst))) +
           paint(color, carets + (label.empty() ? "" : " " + label)) + "\n";
  }

  const source::Sources &sources;
  TextOptions options;
  std::string out;
};

std::string counted(std::size_t count, const char *what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

} // namespace

std::string renderText(const Diagnostic &diagnostic, const source::Sources &sources, TextOptions options) {
  return TextRenderer(sources, options).render(diagnostic);
}

std::string renderText(const DiagnosticEngine &engine, const source::Sources &sources, TextOptions options) {
  std::string text;
  for (const Diagnostic *diagnostic : engine.sorted())
    text += renderText(*diagnostic, sources, options) + "\n";
  if (text.empty())
    return text;
  if (engine.errorCount() != 0)
    text += counted(engine.errorCount(), "error");
  if (engine.warningCount() != 0)
    text += (engine.errorCount() != 0 ? ", " : "") + counted(engine.warningCount(), "warning");
  if (std::size_t most = DiagnosticEngine::maxKept; std::max(engine.errorCount(), engine.warningCount()) > most)
    text += "; the first " + std::to_string(most) + " of a kind are shown";
  return text + "\n";
}

static std::string indented(std::string_view program) {
  std::string text;
  for (std::size_t at = 0; at < program.size();) {
    std::size_t end = std::min(program.find('\n', at), program.size());
    text += (end > at ? "    " : "") + std::string(program.substr(at, end - at)) + "\n";
    at = end + 1;
  }
  return text;
}

std::string explain(Code code) {
  const CodeInfo &entry = info(code);
  std::string text = number(code) + ": " + std::string(entry.title) + "\n";
  text += std::string(entry.explanation);
  if (std::optional<Example> example = exampleOf(code))
    text += "\nRefused:\n\n" + indented(example->wrong) + "\nRight:\n\n" + indented(example->right);
  return text;
}

} // namespace weft::diagnostics
