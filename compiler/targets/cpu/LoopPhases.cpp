//===- LoopPhases.cpp - Phases of a kernel that became loops by itself ----===//
//
// What linalg knows to be parallel is cut into items: the outer loops of a nest, and
// the innermost into pieces where they are too few. What an element is computed from,
// and in which order, is the same as before. Ops without effects stand in every phase;
// so do loads of what nobody writes, as the place where a slice starts.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/LoopPhases.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <numeric>

namespace weft::cpu {
namespace {
using namespace mlir;

/// So many that threads end together; less work than this is not worth waking one.
constexpr int64_t enoughItems = 64, leastElements = 8192;
/// A piece of an innermost loop.
constexpr int64_t leastPiece = 1024;

/// How a nest is cut: `outer` loops and pieces of the last one are items.
struct Cut {
  SmallVector<int64_t> counts;
  unsigned outer = 0;
  int64_t pieces = 1;
  int64_t items() const { return std::accumulate(counts.begin(), counts.begin() + outer, pieces, std::multiplies<>()); }
  int64_t lastOfPiece() const { return (counts.back() + pieces - 1) / pieces; }
};

/// Nothing where the nest is small or not from 0 by 1.
std::optional<Cut> cutOf(Operation *op) {
  auto nest = dyn_cast<scf::ParallelOp>(op);
  if (!nest || nest->getNumResults())
    return {};
  Cut cut;
  for (auto [from, to, step] : llvm::zip(nest.getLowerBound(), nest.getUpperBound(), nest.getStep())) {
    std::optional<int64_t> count = getConstantIntValue(to);
    if (getConstantIntValue(from) != 0 || getConstantIntValue(step) != 1 || !count)
      return {};
    cut.counts.push_back(*count);
  }
  int64_t elements = std::accumulate(cut.counts.begin(), cut.counts.end(), int64_t(1), std::multiplies<>());
  // A loop within makes each element dearer; how long it is does not matter then.
  bool hasLoop = nest.getBody()->walk([](LoopLikeOpInterface) { return WalkResult::interrupt(); }).wasInterrupted();
  if (elements * (hasLoop ? 64 : 1) < leastElements)
    return {};
  while (cut.outer + 1 < cut.counts.size() && cut.items() < enoughItems)
    ++cut.outer;
  int64_t piece = hasLoop ? 1 : leastPiece;
  cut.pieces =
      std::clamp<int64_t>((enoughItems + cut.items() - 1) / cut.items(), 1, (cut.counts.back() + piece - 1) / piece);
  return cut;
}

/// A load of an argument that is only loaded from.
bool readsWhatStays(Operation *op) {
  auto load = dyn_cast<memref::LoadOp>(op);
  return load && isa<BlockArgument>(load.getMemRef()) &&
         llvm::all_of(load.getMemRef().getUsers(), llvm::IsaPred<memref::LoadOp>);
}

bool standsEverywhere(Operation *op) { return isMemoryEffectFree(op) || readsWhatStays(op); }

struct Part {
  SmallVector<Operation *> ops;
  std::optional<Cut> cut;
};

/// Nothing where a part hands values on other than through buffers.
std::optional<std::vector<Part>> partsOf(func::FuncOp kernel) {
  std::vector<Part> parts;
  for (Operation &op : kernel.getBody().front().without_terminator()) {
    if (standsEverywhere(&op))
      continue;
    if (!op.use_empty())
      return {};
    std::optional<Cut> cut = cutOf(&op);
    if (cut || parts.empty() || parts.back().cut)
      parts.push_back({{}, cut});
    parts.back().ops.push_back(&op);
  }
  return parts;
}

/// The nest, for the items from `begin` up to `end`.
void writeItems(scf::ParallelOp nest, const Cut &cut, Value begin, Value end) {
  OpBuilder builder(nest);
  Location place = nest.getLoc();
  auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(builder, place, value).getResult(); };
  auto enter = [&](Value from, Value to) {
    auto loop = scf::ForOp::create(builder, place, from, to, index(1));
    builder.setInsertionPointToStart(loop.getBody());
    return loop.getInductionVar();
  };
  Value item = enter(begin, end), rest = item;
  auto next = [&](int64_t count) -> Value {
    Value number = arith::RemUIOp::create(builder, place, rest, index(count));
    rest = arith::DivUIOp::create(builder, place, rest, index(count));
    return number;
  };
  Value from = index(0), to = index(cut.counts.back());
  if (cut.pieces > 1) {
    from = arith::MulIOp::create(builder, place, next(cut.pieces), index(cut.lastOfPiece()));
    Value behind = arith::AddIOp::create(builder, place, from, index(cut.lastOfPiece()));
    to = arith::MinUIOp::create(builder, place, behind, to);
  }
  SmallVector<Value> places(cut.counts.size());
  for (unsigned i = cut.outer; i-- > 0;)
    places[i] = next(cut.counts[i]);
  for (unsigned i = cut.outer; i < cut.counts.size(); ++i)
    places[i] = i + 1 < cut.counts.size() ? enter(index(0), index(cut.counts[i])) : enter(from, to);
  IRMapping inner;
  inner.map(nest.getInductionVars(), places);
  for (Operation &op : nest.getBody()->without_terminator())
    builder.clone(op, inner);
  nest.erase();
}

} // namespace

std::vector<std::uint64_t> cutIntoPhases(func::FuncOp kernel) {
  std::optional<std::vector<Part>> parts = partsOf(kernel);
  if (!parts || (parts->size() <= 1 && !llvm::any_of(*parts, [](const Part &part) { return part.cut.has_value(); })))
    return {1};
  std::vector<std::uint64_t> phases;
  OpBuilder builder(kernel);
  for (const Part &part : *parts) {
    IRMapping copies;
    auto phase = cast<func::FuncOp>(builder.clone(*kernel, copies));
    phase.setName(("phase" + Twine(phases.size())).str());
    for (const Part &other : *parts)
      if (&other != &part)
        for (Operation *op : llvm::reverse(other.ops))
          copies.lookup(op)->erase();
    if (part.cut)
      writeItems(cast<scf::ParallelOp>(copies.lookup(part.ops.front())), *part.cut,
                 phase.getArgument(phase.getNumArguments() - 2), phase.getArgument(phase.getNumArguments() - 1));
    phases.push_back(part.cut ? part.cut->items() : 1);
  }
  kernel.erase();
  return phases;
}

} // namespace weft::cpu
