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

class TreeMemory;

/// What one who parses a text again and again keeps from one time to the next: declarations that have changed in names
/// and numbers alone, or in their place, are not parsed again. Results are the same with and without. At most about
/// 100 MiB. Not thread-safe.
class ParseMemory {
public:
  ParseMemory();
  ~ParseMemory();

private:
  friend ParseResult parse(const source::SourceFile &, diagnostics::DiagnosticEngine &, ParseMemory *);
  std::unique_ptr<TreeMemory> trees;
};

/// Parses one file and reports what is wrong with its form; goes on after an
/// error with the next declaration. Linear in the text: about 1 s for 1 MB.
ParseResult parse(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics,
                  ParseMemory *memory = nullptr);

} // namespace weft::syntax
