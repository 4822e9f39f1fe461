//===- Parser.h - Text to tree --------------------------------------------===//
//
// The one way in. No type and no exception of the parser generator leaves this
// folder.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Diagnostic.h"
#include "lang/syntax/Ast.h"

#include <memory>

namespace weft::syntax {

/// Brackets (and string holes) may nest this deep; one more is refused.
inline constexpr unsigned maxNesting = 200;

struct ParseResult {
  /// Never null. Holds the sound declarations, all of them if `ok`.
  std::unique_ptr<Module> module;
  /// This file had no error of form.
  bool ok = false;
};

/// Parses one file and reports what is wrong with its form; goes on after an
/// error with the next declaration. Linear in the text: about 1 s for 1 MB.
ParseResult parse(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics);

} // namespace weft::syntax
