//===- OutlineKernels.cpp - Cuts spmd bodies into kernels -----------------===//
//
// Clusters.cpp says which ops are a kernel; here each becomes a function, and equal
// functions become one. Reshapes between kernels stay: they are views.
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Clusters.h"
#include "compiler/fusion/InPlace.h"
#include "compiler/fusion/Passes.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/Analysis/TopologicalSortUtils.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringMap.h"

namespace weft {
#define GEN_PASS_DEF_OUTLINEKERNELS
#include "compiler/fusion/Passes.h.inc"

namespace {
using namespace mlir;
using namespace dist;
using fusion::Cluster;

/// Kernels of one function, numbered through all blocks; equal ones are one.
class Outliner {
public:
  Outliner(func::FuncOp function, SymbolTable &symbols, llvm::StringMap<func::FuncOp> &known)
      : function(function), symbols(symbols), known(known) {}

  void run(Block &block) {
    for (Operation &op : block)
      if (auto scan = dyn_cast<nn::ScanOp>(op))
        run(scan.getBody().front());
    std::vector<Cluster> clusters = fusion::clustersOf(block);
    for (const Cluster &cluster : clusters)
      waiting.insert(cluster.begin(), cluster.end());
    for (const Cluster &cluster : clusters)
      outline(cluster);
    // A kernel stands behind the last of its inputs, which may be behind a reader of its other outputs.
    sortTopologically(&block);
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
      if (op.use_empty() && (fusion::isCheap(&op) || isa<nn::ReshapeOp>(op)))
        op.erase();
  }

private:
  void outline(const Cluster &cluster) {
    Cluster ops = fusion::withCheapOps(cluster);
    for (Operation *op : cluster)
      waiting.erase(op);
    llvm::SmallPtrSet<Operation *, 16> inside(ops.begin(), ops.end()), own(cluster.begin(), cluster.end());
    llvm::SmallSetVector<Value, 8> inputs, outputs;
    llvm::MapVector<Operation *, Value> slotIndices;
    for (Operation *op : ops) {
      if (auto shard = dyn_cast<TakeShardOp>(op)) {
        // Place of the slot: known when the plan is made, so it stands before all steps.
        OpBuilder start = OpBuilder::atBlockBegin(op->getBlock());
        auto type = RankedTensorType::get({}, start.getI32Type());
        slotIndices[op] = SlotIndexOp::create(start, op->getLoc(), type, shard.getMeshAttr(), shard.getAxesAttr());
        inputs.insert(slotIndices[op]);
      }
      for (Value operand : op->getOperands())
        if (!inside.contains(operand.getDefiningOp()))
          inputs.insert(operand);
    }
    // What other kernels read through ops that they copy counts too: those ops are still there.
    for (Operation *op : cluster)
      for (Value result : op->getResults())
        if (llvm::any_of(result.getUsers(), [&](Operation *user) { return isReadOutside(user, own, inside); }))
          outputs.insert(result);
    if (outputs.empty()) // Nothing that it computes is used.
      return eraseUnused(ops);

    func::FuncOp kernel = build(ops, inputs.getArrayRef(), outputs.getArrayRef(), slotIndices);
    OpBuilder builder(cluster.back());
    auto call = func::CallOp::create(builder, cluster.back()->getLoc(), kernel, inputs.getArrayRef());
    for (auto [output, result] : llvm::zip(outputs, call.getResults()))
      Value(output).replaceUsesWithIf(result, [&](OpOperand &use) { return !own.contains(use.getOwner()); });
    eraseUnused(ops);
  }

  /// A cheap op that has a kernel of its own is looked at there, used or not.
  void eraseUnused(const Cluster &ops) {
    for (Operation *op : llvm::reverse(ops))
      if (op->use_empty() && !waiting.contains(op))
        op->erase();
  }

  /// A copy of a cheap op within this kernel reads nothing from outside; the op itself may, for someone else.
  static bool isReadOutside(Operation *user, const llvm::SmallPtrSetImpl<Operation *> &own,
                            const llvm::SmallPtrSetImpl<Operation *> &inside) {
    if (own.contains(user))
      return false;
    if (!inside.contains(user))
      return true;
    return llvm::any_of(user->getUsers(), [&](Operation *next) { return isReadOutside(next, own, inside); });
  }

  func::FuncOp build(const Cluster &ops, ArrayRef<Value> inputs, ArrayRef<Value> outputs,
                     const llvm::MapVector<Operation *, Value> &slotIndices) {
    OpBuilder builder(function);
    builder.setInsertionPointAfter(lastKernel ? lastKernel : function);
    auto typeOf = [](Value value) { return value.getType(); };
    auto type = builder.getFunctionType(llvm::map_to_vector(inputs, typeOf), llvm::map_to_vector(outputs, typeOf));
    std::string name = (function.getName() + "_k" + Twine(count)).str();
    auto kernel = func::FuncOp::create(builder, function.getLoc(), name, type);
    kernel.setPrivate();
    kernel->setAttr(kernelAttrName, builder.getUnitAttr());

    IRMapping inner;
    Block *entry = kernel.addEntryBlock();
    inner.map(inputs, entry->getArguments());
    builder.setInsertionPointToStart(entry);
    for (Operation *op : ops)
      if (auto shard = dyn_cast<TakeShardOp>(op))
        inner.map(shard.getResult(),
                  buildSlice(builder, shard, inner.lookup(shard.getInput()), inner.lookup(slotIndices.lookup(op))));
      else
        builder.clone(*op, inner);
    auto results = llvm::map_to_vector(outputs, [&](Value value) { return inner.lookup(value); });
    func::ReturnOp::create(builder, function.getLoc(), results);
    fusion::allowInPlace(kernel);

    auto [same, isNew] = known.try_emplace(textOf(kernel), kernel);
    if (!isNew) {
      kernel.erase();
      return same->second;
    }
    symbols.insert(kernel);
    ++count;
    lastKernel = kernel;
    return kernel;
  }

  /// What a kernel does, without its name.
  static std::string textOf(func::FuncOp kernel) {
    std::string name = kernel.getName().str(), text;
    llvm::raw_string_ostream stream(text);
    kernel.setName("kernel");
    kernel.print(stream, OpPrintingFlags().useLocalScope());
    kernel.setName(name);
    return text;
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

  func::FuncOp function;
  SymbolTable &symbols;
  llvm::StringMap<func::FuncOp> &known;
  Operation *lastKernel = nullptr;
  unsigned count = 0;
  llvm::SmallPtrSet<Operation *, 32> waiting; ///< Ops of clusters that are not outlined yet.
};

struct OutlineKernels : impl::OutlineKernelsBase<OutlineKernels> {
  using OutlineKernelsBase::OutlineKernelsBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    llvm::StringMap<func::FuncOp> known;
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>())) {
      Outliner outliner(function, symbols, known);
      function.walk([&](SpmdOp spmd) { outliner.run(spmd.getBody().front()); });
    }
  }
};
} // namespace
} // namespace weft
