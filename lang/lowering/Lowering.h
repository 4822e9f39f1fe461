//===- Lowering.h - A checked program as IR -------------------------------===//
//
// Workflows become flow and expr, tensor functions nn, meshes topo. Everything
// was decided by sema; here only the shape changes. What the program leaves to
// order (which step waits for which) is not decided here either: steps stand in
// the order of the source, and FlowToPlan reads the rule off their effects.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Diagnostic.h"
#include "lang/sema/CheckedProgram.h"
#include "mlir/IR/BuiltinOps.h"

namespace weft::lowering {

/// The module of a program that was checked without errors. What this build cannot carry is reported to `engine` by
/// name, and the result is then null. Every step has its stable id. The same program gives the same module. Dialects
/// must be loaded into `context`.
mlir::OwningOpRef<mlir::ModuleOp> lower(const sema::CheckedProgram &program, const source::Sources &sources,
                                        diagnostics::DiagnosticEngine &engine, mlir::MLIRContext &context);

} // namespace weft::lowering
