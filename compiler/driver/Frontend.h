//===- Frontend.h - From a file of the language to IR ---------------------===//
#pragma once

#include "compiler/driver/CommandLine.h"
#include "lang/diagnostics/Diagnostic.h"
#include "mlir/IR/BuiltinOps.h"

#include <string>

namespace weft::driver {

/// What a program is compiled from: texts, and what was said about them.
class Frontend {
public:
  Frontend(const CommandLine &line, std::string text);

  /// The tree as text; what is wrong with the form was reported.
  std::string printTree();
  /// Null if the program was refused; the reasons are in the messages, or in `complaint`.
  mlir::OwningOpRef<mlir::ModuleOp> lower(mlir::MLIRContext &context);

  bool refused() const { return engine.hasErrors(); }
  /// What is wrong with the command line, seen in the light of the program; mostly empty.
  const std::string &complaint() const { return wrongDim; }
  /// Takes a message of a later phase, at its place in the text. False: it has no place there.
  bool report(mlir::Diagnostic &diagnostic);
  /// All messages so far, as the command line wants them; empty if there are none.
  std::string messages(bool color) const;

private:
  const CommandLine &line;
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  std::string wrongDim;
};

} // namespace weft::driver
