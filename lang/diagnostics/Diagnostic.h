//===- Diagnostic.h - What is wrong, where, and what to do ----------------===//
//
// Every part of the front end reports into one engine and goes on, so that all
// errors of a file come at once. Text is lower-case without a full stop, names
// the thing, what was found and what was wanted; a help line says what to do.
//
//   engine.error(Code::typeMismatch, span, "expected int, found string")
//       .note(parameter.span, "`count` is declared here")
//       .hint("parse it: `parse_int(x)`");
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Codes.h"
#include "lang/source/SourceFile.h"

#include <deque>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace weft::diagnostics {

/// A name that no program has. A tool puts it where it wants to know what may stand there, and reads `candidates`.
inline constexpr std::string_view placeholder = "weft_placeholder_";

enum class Severity : std::uint8_t { error, warning };

/// A second place that belongs to a message.
struct Note {
  source::Span span;
  std::string message;
};

struct Diagnostic {
  Severity severity = Severity::error;
  Code code{};
  source::Span span;
  std::string message;
  std::string label; ///< Stands beside the carets; may be empty.
  std::vector<Note> notes;
  std::vector<std::string> help;
  std::string meant;                   ///< May stand at `span` instead of what does; empty if nothing is known.
  std::vector<std::string> candidates; ///< All names that could, where the placeholder stands; else empty.

  Diagnostic &mark(std::string text) {
    label = std::move(text);
    return *this;
  }
  Diagnostic &note(source::Span at, std::string text) {
    notes.push_back({at, std::move(text)});
    return *this;
  }
  Diagnostic &hint(std::string text) {
    help.push_back(std::move(text));
    return *this;
  }
  /// What is written at `span` is none of `names`: the nearest is offered, if one is near enough. Whether one was.
  bool offer(std::string_view written, std::span<const std::string> names);
};

/// Collects the messages of one compilation. Not thread-safe.
class DiagnosticEngine {
public:
  /// Of errors, and of warnings. What comes after this many is counted and not kept: nobody reads it.
  static constexpr std::size_t maxKept = 500;

  /// The reference is valid until the next report. A second report of the same
  /// code at the same place is swallowed.
  Diagnostic &error(Code code, source::Span span, std::string message);
  Diagnostic &warning(Code code, source::Span span, std::string message);

  bool hasErrors() const { return errors != 0; }
  /// No further error is kept: what it would cost to say more about one can be saved.
  bool full() const { return errors >= maxKept; }
  std::size_t errorCount() const { return errors; }
  std::size_t warningCount() const { return warnings; }

  /// Those that were kept, by file and place; reports of one place in the order of their arrival.
  std::vector<const Diagnostic *> sorted() const;

private:
  Diagnostic &report(Severity severity, Code code, source::Span span, std::string message);

  std::deque<Diagnostic> kept;
  std::set<std::tuple<Code, source::FileId, std::uint32_t, std::uint32_t>> seen;
  Diagnostic swallowed;
  std::size_t errors = 0;
  std::size_t warnings = 0;
};

} // namespace weft::diagnostics
