//===- FixedReads.h - Reads behind calls that a map could share -----------===//
#pragma once

#include "compiler/flow/MapBodies.h"
#include "compiler/flow/WorkflowBodies.h"

namespace weft {

/// The dry run over one workflow: calls in bodies of its maps behind which a read stands that is the same for all
/// items, and that `weft-hoist-reads` would move in front of the map if the callee's body stood there.
class FixedReads {
public:
  /// Looks at no more than `room` ops of callees.
  FixedReads(const WorkflowBodies &bodies, analysis::FlowEffects &effects, unsigned room)
      : bodies(bodies), effects(effects), room(room) {}

  llvm::SetVector<mlir::Operation *> run(flow::WorkflowOp workflow);

private:
  using Values = llvm::DenseSet<mlir::Value>;

  void look(mlir::Block &body, flow::MapOp map, FixedValues &values);
  bool holdsFixed(flow::InvokeOp invoke, llvm::function_ref<bool(mlir::Value)> isFixed, flow::MapOp map,
                  unsigned levels);
  bool holdsFixed(mlir::Block &body, Values &fixed, flow::MapOp map, unsigned levels);
  bool mayLeave(mlir::Operation *op, flow::MapOp map);

  const WorkflowBodies &bodies;
  analysis::FlowEffects &effects;
  unsigned room;
  llvm::SetVector<mlir::Operation *> calls;
};

} // namespace weft
