//===- OutlineKernels.cpp - Cuts spmd bodies into kernels -----------------===//

#include "compiler/fusion/Passes.h"

#include "dialects/dist/Dist.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

namespace weft {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "compiler/fusion/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;

bool isCollective(Operation &op) { return isa<AllReduceOp, ReduceScatterOp, AllGatherOp>(op); }
bool isConstant(Operation *op) { return op && op->hasTrait<OpTrait::ConstantLike>(); }

class Outliner {
public:
  Outliner(SpmdOp spmd, SymbolTable &symbols)
      : spmd(spmd), symbols(symbols), function(spmd->getParentOfType<func::FuncOp>()),
        mesh(lookUpMesh(spmd, spmd.getMeshAttr())) {}

  void run() {
    assignStages();
    for (auto &[stage, ops] : kernels)
      outline(stage, ops);
    // A kernel stands behind the last of its inputs, which may be behind a reader of its other outputs.
    sortTopologically(&spmd.getBody().front());
  }

private:
  /// The number of collectives on the longest way to each value.
  void assignStages() {
    for (Operation &op : spmd.getBody().front().without_terminator()) {
      unsigned stage = 0;
      for (Value operand : op.getOperands())
        stage = std::max(stage, stages.lookup(operand));
      if (!isCollective(op) && !isa<SlotIndexOp>(op) && !isConstant(&op))
        kernels[stage].push_back(&op);
      for (Value result : op.getResults())
        stages[result] = isCollective(op) ? stage + 1 : stage;
    }
    // A constant that leaves the body, or that only a collective reads, is a kernel's result like any other.
    for (Operation &op : spmd.getBody().front().without_terminator())
      if (isConstant(&op) &&
          llvm::any_of(op.getUsers(), [](Operation *user) { return isCollective(*user) || isa<YieldOp>(user); }))
        kernels[0].insert(kernels[0].begin(), &op);
  }

  void outline(unsigned stage, ArrayRef<Operation *> ops) {
    llvm::SmallPtrSet<Operation *, 16> inside(ops.begin(), ops.end());
    llvm::SmallSetVector<Value, 8> inputs, outputs;
    llvm::SmallSetVector<Operation *, 4> constants;
    OpBuilder body(ops.front());
    llvm::MapVector<Operation *, Value> slotIndices;
    for (Operation *op : ops) {
      if (auto shard = dyn_cast<TakeShardOp>(op)) {
        auto type = RankedTensorType::get({}, body.getI32Type());
        // Place of the slot: known when the plan is made, so it stands before all steps.
        body.setInsertionPointToStart(&spmd.getBody().front());
        slotIndices[op] = SlotIndexOp::create(body, op->getLoc(), type, shard.getMeshAttr(), shard.getAxesAttr());
        inputs.insert(slotIndices[op]);
      }
      for (Value operand : op->getOperands()) {
        Operation *source = operand.getDefiningOp();
        if (source && inside.contains(source))
          continue;
        if (isConstant(source))
          constants.insert(source);
        else
          inputs.insert(operand);
      }
      for (Value result : op->getResults())
        if (llvm::any_of(result.getUsers(), [&](Operation *user) { return !inside.contains(user); }))
          outputs.insert(result);
    }
    if (outputs.empty()) // Nothing that it computes is used.
      return eraseAll(ops);

    OpBuilder builder(function);
    builder.setInsertionPointAfter(lastKernel ? lastKernel : function);
    auto inputTypes = llvm::map_to_vector(inputs, [](Value value) { return value.getType(); });
    auto outputTypes = llvm::map_to_vector(outputs, [](Value value) { return value.getType(); });
    auto kernel = func::FuncOp::create(builder, function.getLoc(), (function.getName() + "_k" + Twine(stage)).str(),
                                       builder.getFunctionType(inputTypes, outputTypes));
    kernel.setPrivate();
    kernel->setAttr(kernelAttrName, builder.getUnitAttr());
    symbols.insert(kernel);
    lastKernel = kernel;

    IRMapping inner;
    Block *entry = kernel.addEntryBlock();
    inner.map(inputs.getArrayRef(), entry->getArguments());
    builder.setInsertionPointToStart(entry);
    for (Operation *constant : constants)
      builder.clone(*constant, inner);
    for (Operation *op : ops)
      if (auto shard = dyn_cast<TakeShardOp>(op))
        inner.map(shard.getResult(),
                  buildSlice(builder, shard, inner.lookup(shard.getInput()), inner.lookup(slotIndices[op])));
      else
        builder.clone(*op, inner);
    auto results = llvm::map_to_vector(outputs, [&](Value value) { return inner.lookup(value); });
    func::ReturnOp::create(builder, function.getLoc(), results);

    builder.setInsertionPoint(placeOfCall(inputs.getArrayRef()));
    auto call = func::CallOp::create(builder, ops.front()->getLoc(), kernel, inputs.getArrayRef());
    for (auto [output, result] : llvm::zip(outputs, call.getResults()))
      Value(output).replaceUsesWithIf(result, [&](OpOperand &use) { return !inside.contains(use.getOwner()); });
    eraseAll(ops);
  }

  /// Behind the last of the inputs.
  Operation *placeOfCall(ArrayRef<Value> inputs) {
    Operation *place = &spmd.getBody().front().front();
    for (Value input : inputs)
      if (Operation *source = input.getDefiningOp(); source && !source->isBeforeInBlock(place))
        place = source->getNextNode();
    return place;
  }

  Value buildSlice(OpBuilder &builder, TakeShardOp shard, Value whole, Value slotIndex) {
    Location place = shard.getLoc();
    int64_t dim = shard.getDim(), size = shard.getType().getDimSize(dim);
    Value number = tensor::ExtractOp::create(builder, place, slotIndex, ValueRange{});
    Value index = arith::IndexCastOp::create(builder, place, builder.getIndexType(), number);
    Value length = arith::ConstantIndexOp::create(builder, place, size);
    Value offset = arith::MulIOp::create(builder, place, index, length);
    int64_t rank = shard.getType().getRank();
    SmallVector<OpFoldResult> offsets(rank, builder.getIndexAttr(0)), strides(rank, builder.getIndexAttr(1)), sizes;
    for (int64_t extent : shard.getType().getShape())
      sizes.push_back(builder.getIndexAttr(extent));
    offsets[dim] = offset;
    return tensor::ExtractSliceOp::create(builder, place, shard.getType(), whole, offsets, sizes, strides);
  }

  void eraseAll(ArrayRef<Operation *> ops) {
    for (Operation *op : llvm::reverse(ops))
      if (op->use_empty())
        op->erase();
  }

  SpmdOp spmd;
  SymbolTable &symbols;
  func::FuncOp function;
  MeshInterface mesh;
  Operation *lastKernel = nullptr;
  DenseMap<Value, unsigned> stages;
  std::map<unsigned, SmallVector<Operation *>> kernels;
};

struct OutlineKernels : impl::OutlineKernelsBase<OutlineKernels> {
  using OutlineKernelsBase::OutlineKernelsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    SmallVector<SpmdOp> bodies;
    getOperation().walk([&](SpmdOp spmd) { bodies.push_back(spmd); });
    for (SpmdOp spmd : bodies) {
      Outliner(spmd, symbols).run();
      for (Operation &op : llvm::make_early_inc_range(spmd.getBody().front().without_terminator()))
        if (op.use_empty() && isConstant(&op))
          op.erase();
    }
  }
};
} // namespace
} // namespace weft
