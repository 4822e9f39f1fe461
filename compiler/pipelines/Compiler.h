//===- Compiler.h - A module becomes a plan, phase by phase ---------------===//
#pragma once

#include "compiler/pipelines/PassSwitches.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"
#include "runtime/plan/plan_generated.h"

#include <memory>
#include <optional>
#include <string>

namespace weft::pipelines {

/// Where to stop, and what to leave behind on the way.
struct CompileOptions {
  std::string dumpFolder; ///< Numbered IR after each phase goes here; empty: nowhere. Made if it is not there.
  PassSwitches passes;    ///< Of the flow phase.
  std::optional<std::uint64_t> slotBytes; ///< Memory of each slot, where its cluster does not say less.
};

/// What a compilation gives.
struct Compiled {
  std::unique_ptr<plan::fb::PlanT> plan;
  base::Bytes file;
};

/// Dialects that a module of Weft may hold.
void registerDialects(mlir::DialectRegistry &registry);

/// Runs the flow phase in place: fewer steps, known values. Errors are reported to the context.
mlir::LogicalResult runFlowPhase(mlir::ModuleOp module, const CompileOptions &options);

/// The tensor half of `module`, on slots: a module of its own, after sharding, communication and fusion. Where the
/// buffers of a slot would not fit its memory, derivatives compute again what they else would keep. Null, with the
/// error reported, where that fails or is not enough; without tensor functions it is empty.
mlir::OwningOpRef<mlir::ModuleOp> runTensorPhases(mlir::ModuleOp module, const CompileOptions &options);

/// All phases and the plan file. `source` is the digest of the text that `module` came from. Changes the module. Errors
/// are reported to the context. The same module gives the same bytes.
mlir::FailureOr<Compiled> compile(mlir::ModuleOp module, const base::Digest &source, const CompileOptions &options);

} // namespace weft::pipelines
