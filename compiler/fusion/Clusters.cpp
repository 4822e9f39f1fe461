//===- Clusters.cpp - Which ops of a block become one kernel --------------===//
//
// Ops are taken in order; each joins the cluster of the latest of its producers where
// the cluster stays of one form (compiler/analysis/RowShape.h, Mosaic.h) and does not
// come to need itself. Where several producers could be joined, they are joined too.
//
//===----------------------------------------------------------------------===//

#include "compiler/fusion/Clusters.h"

#include "compiler/analysis/Mosaic.h"
#include "compiler/analysis/RowShape.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "llvm/ADT/SetVector.h"

#include <algorithm>

namespace weft::fusion {
namespace {
using namespace mlir;

/// Longer ones gain little and take longer to compile.
constexpr size_t mostOps = 48;
/// What a kernel holds in registers and streams at once.
constexpr unsigned mostInputs = 16;

bool isReshape(Operation *op) { return isa_and_nonnull<nn::ReshapeOp>(op); }

/// May be computed together with other ops.
bool hasForm(Operation *op) { return analysis::isOfRows(op) || analysis::isMove(op); }

/// Reads its operands from memory as they are.
bool readsBuffers(Operation *op) { return isNoKernel(op) || isa<nn::MatmulOp>(op) || !hasForm(op); }

class Clustering {
public:
  explicit Clustering(Block &block) : block(block) {}

  std::vector<Cluster> run() {
    for (Operation &op : block.without_terminator()) {
      if (isNoKernel(&op) || isCheap(&op) || isReshape(&op))
        continue;
      if (!hasForm(&op) || !join(&op))
        start(&op);
    }
    for (Operation &op : block.without_terminator())
      if (isCheap(&op) && isReadFromMemory(&op))
        start(&op);
    std::vector<Cluster> found;
    for (Cluster &cluster : clusters)
      if (!cluster.empty())
        found.push_back(std::move(cluster));
    return found;
  }

private:
  void start(Operation *op) {
    number[op] = clusters.size();
    clusters.push_back({op});
  }

  static bool isReadFromMemory(Operation *op) {
    return llvm::any_of(op->getUsers(),
                        [](Operation *user) { return isReshape(user) ? isReadFromMemory(user) : readsBuffers(user); });
  }

  /// The op that makes `value`, reshapes and cheap ops aside.
  void addSources(Value value, SmallVectorImpl<Operation *> &sources) {
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != &block)
      return;
    if (!isReshape(op) && (!isCheap(op) || number.contains(op)))
      return sources.push_back(op);
    for (Value operand : op->getOperands())
      addSources(operand, sources);
  }

  SmallVector<Operation *> sourcesOf(Operation *op) {
    SmallVector<Operation *> sources;
    for (Value operand : op->getOperands())
      addSources(operand, sources);
    return sources;
  }

  bool join(Operation *op) {
    llvm::SmallSetVector<unsigned, 4> candidates;
    for (Operation *source : sourcesOf(op))
      if (auto at = number.find(source); at != number.end() && isOpen(clusters[at->second]))
        candidates.insert(at->second);
    // Later ones first: what they computed is the last that was used.
    SmallVector<unsigned> order(candidates.begin(), candidates.end());
    llvm::sort(order, std::greater<>());
    std::optional<unsigned> joined;
    for (unsigned candidate : order) {
      Cluster trial = merged(clusters[joined.value_or(candidate)], joined ? clusters[candidate] : Cluster{op});
      if (!fits(trial) || needsItself(trial))
        continue;
      if (joined) {
        for (Operation *moved : clusters[candidate])
          number[moved] = *joined;
        clusters[candidate].clear();
      }
      joined = joined.value_or(candidate);
      clusters[*joined] = std::move(trial);
      number[op] = *joined;
    }
    return joined.has_value();
  }

  static bool isOpen(const Cluster &cluster) {
    return cluster.size() > 1 || isa<nn::MatmulOp>(cluster.front()) || hasForm(cluster.front());
  }

  static Cluster merged(const Cluster &a, const Cluster &b) {
    Cluster all = a;
    all.insert(all.end(), b.begin(), b.end());
    llvm::sort(all, [](Operation *x, Operation *y) { return x->isBeforeInBlock(y); });
    return all;
  }

  static bool fits(const Cluster &cluster) {
    if (cluster.size() > mostOps)
      return false;
    Cluster all = withCheapOps(cluster);
    llvm::SmallPtrSet<Operation *, 32> inside(all.begin(), all.end());
    llvm::SmallPtrSet<Value, 16> inputs;
    for (Operation *op : all)
      for (Value operand : op->getOperands())
        if (!inside.contains(operand.getDefiningOp()))
          inputs.insert(operand);
        else if (isa<nn::MatmulOp>(op)) // it reads memory
          return false;
    if (inputs.size() > mostInputs)
      return false;
    if (std::optional<analysis::RowShape> shape = analysis::rowShapeOf(all))
      return storesItsElements(cluster, *shape, inside);
    return analysis::isMosaic(all);
  }

  /// A product stores what has its shape and nothing else: a number that others read too is made beside it.
  static bool storesItsElements(const Cluster &cluster, const analysis::RowShape &shape,
                                const llvm::SmallPtrSetImpl<Operation *> &inside) {
    if (llvm::none_of(cluster, [](Operation *op) { return isa<nn::MatmulOp>(op); }))
      return true;
    return llvm::all_of(cluster, [&](Operation *op) {
      return llvm::all_of(op->getResults(), [&](Value result) {
        auto extent = shape.extents.find(result);
        bool isFull = extent != shape.extents.end() && extent->second == analysis::Extent::full;
        return isFull || llvm::all_of(result.getUsers(), [&](Operation *user) { return inside.contains(user); });
      });
    });
  }

  /// Whether something outside of `cluster` that it needs needs it.
  bool needsItself(const Cluster &cluster) {
    llvm::SmallPtrSet<Operation *, 32> inside(cluster.begin(), cluster.end()), seen;
    SmallVector<Operation *> work;
    auto push = [&](Operation *op) {
      for (Operation *source : sourcesOf(op))
        if (!inside.contains(source) && seen.insert(source).second)
          work.push_back(source);
    };
    for (Operation *op : cluster)
      push(op);
    while (!work.empty()) {
      Operation *op = work.pop_back_val();
      auto at = number.find(op);
      // A kernel runs when all that it reads is there.
      for (Operation *together : at == number.end() ? Cluster{op} : clusters[at->second])
        for (Operation *source : sourcesOf(together)) {
          if (inside.contains(source))
            return true;
          if (seen.insert(source).second)
            work.push_back(source);
        }
    }
    return false;
  }

  Block &block;
  std::vector<Cluster> clusters;
  DenseMap<Operation *, unsigned> number;
};

} // namespace

bool isCheap(Operation *op) {
  if (auto iota = dyn_cast<nn::IotaOp>(op))
    return !iota.getStart();
  return isa<nn::BroadcastOp>(op) || op->hasTrait<OpTrait::ConstantLike>();
}

bool isNoKernel(Operation *op) {
  return op->hasTrait<OpTrait::IsTerminator>() || isa<nn::ScanOp>(op) ||
         isa<dist::AllReduceOp, dist::ReduceScatterOp, dist::AllGatherOp, dist::SlotIndexOp>(op);
}

Cluster withCheapOps(const Cluster &cluster) {
  llvm::SmallSetVector<Operation *, 32> all;
  for (Operation *op : cluster)
    all.insert(op);
  // Whether what makes `value` belongs into the kernel; reshapes do where what they reshape does.
  auto add = [&](auto &&self, Value value) -> bool {
    Operation *op = value.getDefiningOp();
    if (!op || op->getBlock() != cluster.front()->getBlock())
      return false;
    if (all.contains(op))
      return true;
    bool isInside = isReshape(op) ? self(self, op->getOperand(0)) : isCheap(op);
    if (!isInside)
      return false;
    for (Value operand : op->getOperands())
      self(self, operand);
    all.insert(op);
    return true;
  };
  for (Operation *op : cluster)
    // A product and ops of no form read memory; constants are part of the code everywhere.
    for (Value operand : op->getOperands())
      if (!readsBuffers(op) || (operand.getDefiningOp() && !isa<nn::MatmulOp>(op) &&
                                operand.getDefiningOp()->hasTrait<OpTrait::ConstantLike>()))
        add(add, operand);
  Cluster ordered(all.begin(), all.end());
  llvm::sort(ordered, [](Operation *x, Operation *y) { return x->isBeforeInBlock(y); });
  return ordered;
}

std::vector<Cluster> clustersOf(Block &block) { return Clustering(block).run(); }

} // namespace weft::fusion
