//===- Partition.cpp - The program of one slot ----------------------------===//

#include "compiler/sharding/Passes.h"

#include "compiler/sharding/ReshardSteps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringExtras.h"

namespace weft {
#define GEN_PASS_DEF_PARTITION
#include "compiler/sharding/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;
using namespace sharding;

class Partitioner {
public:
  Partitioner(func::FuncOp function, MeshInterface mesh, FlatSymbolRefAttr meshName)
      : function(function), mesh(mesh), meshName(meshName), builder(function.getContext()) {}

  LogicalResult run() {
    if (!function.getBody().hasOneBlock())
      return function.emitError() << "has " << function.getBody().getBlocks().size()
                                  << " blocks; wanted one in a function on a mesh";
    Block &whole = function.getBody().front();
    auto *body = new Block;
    for (BlockArgument argument : whole.getArguments()) {
      RankedTensorType local = localTypeOf(argument);
      if (!local) {
        delete body;
        return failure();
      }
      parts.map(argument, body->addArgument(local, argument.getLoc()));
    }
    builder.setInsertionPointToEnd(body);
    LogicalResult built = success();
    for (Operation &op : whole.without_terminator())
      if (failed(built = build(op)))
        break;
    if (failed(built)) {
      body->dropAllReferences();
      delete body;
      return failure();
    }
    finish(whole, body);
    return success();
  }

private:
  /// Null, with an error at the value's place, where it is no tensor or a dimension does not divide.
  RankedTensorType localTypeOf(Value value) {
    unsigned dim = 0;
    auto type = dyn_cast<RankedTensorType>(value.getType());
    if (!type || !shardingOf(type)) {
      emitError(value.getLoc()) << "is " << value.getType()
                                << "; wanted a tensor with a sharding in a function on a mesh";
      return {};
    }
    RankedTensorType local = localType(type, mesh, &dim);
    if (!local) {
      SmallVector<StringRef> axes = shardingOf(type).getAxesOf(dim);
      emitError(value.getLoc()) << "dimension " << dim << ", of size " << type.getDimSize(dim) << ", is split over "
                                << axesSize(mesh, axes) << " slots of '" << llvm::join(axes, "', '")
                                << "'; wanted a size that the slots divide evenly";
    }
    return local;
  }

  LogicalResult build(Operation &op) {
    if (auto reshard = dyn_cast<ReshardOp>(op))
      return buildSteps(reshard);
    auto ruled = dyn_cast<ShardingRuleInterface>(op);
    if (!ruled)
      return op.emitError() << "has no sharding rule; wanted ops with one in a function on a mesh";
    SmallVector<Value> operands;
    for (Value operand : op.getOperands())
      operands.push_back(parts.lookup(operand));
    SmallVector<Type> types;
    for (Value result : op.getResults())
      if (RankedTensorType local = localTypeOf(result))
        types.push_back(local);
      else
        return failure();
    Operation *local = ruled.buildLocal(builder, operands, types);
    parts.map(op.getResults(), local->getResults());
    return success();
  }

  LogicalResult buildSteps(ReshardOp reshard) {
    ShardingAttr from = shardingOf(reshard.getInput());
    Value value = parts.lookup(reshard.getInput());
    if (!localTypeOf(reshard.getResult()))
      return failure();
    Location place = reshard.getLoc();
    for (const ReshardStep &step : planReshard(from, shardingOf(reshard.getResult()), mesh)) {
      auto type = cast<RankedTensorType>(value.getType());
      auto scaled = [&](bool isCut) {
        SmallVector<int64_t> shape(type.getShape());
        int64_t slots = axesSize(mesh, step.axes);
        shape[step.dim] = isCut ? shape[step.dim] / slots : shape[step.dim] * slots;
        return RankedTensorType::get(shape, type.getElementType());
      };
      ArrayAttr axes = builder.getStrArrayAttr(step.axes);
      auto dim = builder.getI64IntegerAttr(step.dim);
      auto kind = ReduceKindAttr::get(builder.getContext(), from.getPartialKind());
      switch (step.kind) {
      case StepKind::allReduce:
        value = AllReduceOp::create(builder, place, type, kind, value, meshName, axes);
        break;
      case StepKind::reduceScatter:
        value = ReduceScatterOp::create(builder, place, scaled(true), kind, value, meshName, axes, dim);
        break;
      case StepKind::allGather:
        value = AllGatherOp::create(builder, place, scaled(false), value, meshName, axes, dim);
        break;
      case StepKind::takeShard:
        value = TakeShardOp::create(builder, place, scaled(true), value, meshName, axes, dim);
        break;
      }
    }
    parts.map(reshard.getResult(), value);
    return success();
  }

  /// Puts the body into a spmd op and drops the ops on whole tensors.
  void finish(Block &whole, Block *body) {
    Operation *end = whole.getTerminator();
    SmallVector<Value> yielded;
    for (Value result : end->getOperands())
      yielded.push_back(parts.lookup(result));
    YieldOp::create(builder, end->getLoc(), yielded);
    builder.setInsertionPoint(end);
    auto spmd = SpmdOp::create(builder, function.getLoc(), end->getOperandTypes(), whole.getArguments(), meshName);
    spmd.getBody().push_back(body);
    end->setOperands(spmd.getOutputs());
    // Users stand behind what they use, so the last op goes first.
    for (Operation *op = spmd->getPrevNode(); op; op = spmd->getPrevNode())
      op->erase();
  }

  func::FuncOp function;
  MeshInterface mesh;
  FlatSymbolRefAttr meshName;
  OpBuilder builder;
  IRMapping parts; ///< From whole tensors to the slot's part of each.
};

struct Partition : impl::PartitionBase<Partition> {
  using PartitionBase::PartitionBase;

  void runOnOperation() override {
    auto meshName = getOperation()->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
    MeshInterface mesh = lookUpMesh(getOperation(), meshName);
    if (mesh && !getOperation().isExternal() && !programOf(getOperation().getBody()) &&
        failed(Partitioner(getOperation(), mesh, meshName).run()))
      signalPassFailure();
  }
};
} // namespace
} // namespace weft
