//===- Compile.h - A program, checked and compiled in this process --------===//
#pragma once

#include "lang/diagnostics/Diagnostic.h"
#include "lang/sema/CheckedProgram.h"
#include "mlir/IR/MLIRContext.h"
#include "runtime/base/Result.h"
#include "runtime/plan/Plan.h"

#include <memory>
#include <string>

namespace weft::generated {

/// A text, and what the front end knows of it.
struct Checked {
  explicit Checked(const std::string &text);

  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  std::unique_ptr<sema::CheckedProgram> program;
  /// What is wrong with it; empty when nothing is.
  std::string errors() const;
};

/// Compiles programs one after the other.
class Compiler {
public:
  Compiler();

  struct Plans {
    std::shared_ptr<const plan::Plan> plain;     ///< As it was lowered: no pass but the one that makes blocks.
    std::shared_ptr<const plan::Plan> optimized; ///< As weftc makes it.
  };
  /// Errors: `invalid`, with what was said.
  base::Result<Plans> compile(Checked &checked);

private:
  std::unique_ptr<mlir::MLIRContext> context;
};

} // namespace weft::generated
