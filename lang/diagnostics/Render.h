//===- Render.h - Messages as text and as JSON ----------------------------===//
//
// Text for people:
//
//   error[W0201]: `raeder` is not declared
//     --> brief.weft:12:3
//      |
//   12 |   raeder(docs.read(name))
//      |   ^^^^^^
//   note: …            at another place, shown in the same way
//   help: did you mean `reader`?
//
// JSON for editors: one array of objects with severity, code, message, label,
// file, range, notes and help; lines and columns count from 1.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Diagnostic.h"

#include <string>

namespace weft::diagnostics {

struct TextOptions {
  bool color = false; ///< ANSI colours, for a terminal.
};

/// One message, with a line break at its end.
std::string renderText(const Diagnostic &diagnostic, const source::Sources &sources, TextOptions options = {});

/// All messages in the order of the text, an empty line between two, and a last
/// line that counts them; nothing if there are none.
std::string renderText(const DiagnosticEngine &engine, const source::Sources &sources, TextOptions options = {});

/// All messages in the order of the text, as one JSON array.
std::string renderJson(const DiagnosticEngine &engine, const source::Sources &sources);

/// What `--explain W0203` prints: title, explanation.
std::string explain(Code code);

} // namespace weft::diagnostics
