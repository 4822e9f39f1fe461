//===- Attention.cpp - Attention without its matrix of scores -------------===//
//
// A block of queries meets the keys block by block. The largest score so far and the
// sum of the weights relative to it are kept for each query; where a block brings a
// larger one, what was summed up is scaled down. Keys are turned once for all queries.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Attention.h"

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "compiler/targets/cpu/AttentionBlocks.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

namespace weft::cpu {
namespace {
using namespace mlir;

class AttentionLowering {
public:
  AttentionLowering(func::FuncOp kernel, nn::AttentionOp op, AttentionShape shape, Isa isa)
      : phased(kernel), shape(shape), isa(isa) {
    auto argument = [](Value value) { return cast<BlockArgument>(value).getArgNumber(); };
    queries = argument(op.getQueries());
    keys = argument(op.getKeys());
    values = argument(op.getValues());
    for (auto [number, value] : llvm::enumerate(kernel.getBody().front().getTerminator()->getOperands()))
      (value == op.getResult() ? results : sums).push_back(static_cast<unsigned>(number));
  }

  KernelFrame run() {
    int64_t parts = shape.batches * shape.heads, square = block * block;
    turned = phased.addWorkspace(shape.element, parts * shape.keyBlocks() * block * shape.keyWidth);
    rows = phased.addScratch(shape.element, block * shape.keyWidth);
    weights = phased.addScratch(shape.element, square);
    mixed = phased.addScratch(shape.element, block * shape.valueWidth);
    largest = phased.addScratch(shape.element, block);
    total = phased.addScratch(shape.element, block);
    phased.addPhase(parts * shape.keyBlocks(), [this](PhaseBuilder &phase) { turnKeys(phase); });
    phased.addPhase(parts * shape.queryBlocks(), [this](PhaseBuilder &phase) { writeQueries(phase); });
    return phased.finish();
  }

private:
  static constexpr int64_t block = AttentionShape::block;

  /// [keyWidth x block] for each block of keys; those beyond the last are zeros.
  void turnKeys(PhaseBuilder &phase) {
    AttentionBlocks blocks(phase, shape, isa);
    phase.loop(phase.begin, phase.end, 1, [&](Value item) {
      Value part = phase.div(item, shape.keyBlocks()), first = phase.mul(phase.rem(item, shape.keyBlocks()), block);
      blocks.copyBlock(phase.input(keys), part, first, shape.keys, shape.keyWidth, phase.piece(rows));
      blocks.product.transpose(block, shape.keyWidth, {phase.piece(rows), phase.index(0), shape.keyWidth},
                               {phase.piece(turned), phase.mul(item, block * shape.keyWidth), block});
    });
  }

  void writeQueries(PhaseBuilder &phase) {
    AttentionBlocks blocks(phase, shape, isa);
    phase.loop(phase.begin, phase.end, 1, [&](Value item) {
      Value part = phase.div(item, shape.queryBlocks());
      Value first = phase.mul(phase.rem(item, shape.queryBlocks()), block);
      blocks.copyBlock(phase.input(queries), part, first, shape.queries, shape.keyWidth, phase.piece(rows));
      blocks.fill(phase.piece(mixed), phase.index(0), block * shape.valueWidth, 0);
      blocks.fill(phase.piece(largest), phase.index(0), block, -INFINITY);
      blocks.fill(phase.piece(total), phase.index(0), block, 0);
      // What the last query of the block does not see, none of it sees.
      Value seen = blocks.keysSeenBy(phase.add(first, block - 1));
      phase.loop(phase.index(0), phase.div(phase.add(seen, block - 1), block), 1, [&](Value number) {
        Value firstKey = phase.mul(number, block);
        Value keyBlock = phase.add(phase.mul(part, shape.keyBlocks()), number);
        BlockView weight{phase.piece(weights), phase.index(0), block};
        blocks.product.write(block, block, phase.index(shape.keyWidth),
                             {phase.piece(rows), phase.index(0), shape.keyWidth},
                             {phase.piece(turned), phase.mul(keyBlock, block * shape.keyWidth), block}, weight, false);
        phase.loop(0, block, 1, [&](Value i) { weigh(phase, blocks, i, phase.add(first, i), firstKey); });
        Value depth = phase.least(phase.index(block), blocks.minus(phase.index(shape.keys), firstKey));
        Value place = blocks.placeOf(part, firstKey, shape.keys, shape.valueWidth);
        blocks.product.write(block, shape.valueWidth, depth, weight,
                             {phase.input(values), place, blocks.strideOf(shape.valueWidth)},
                             {phase.piece(mixed), phase.index(0), shape.valueWidth}, true);
      });
      finish(phase, blocks, part, first);
    });
  }

  /// Row `i` of scores becomes weights relative to the largest score so far.
  void weigh(PhaseBuilder &phase, AttentionBlocks &blocks, Value i, Value query, Value firstKey) {
    lowering::ScalarForms forms(phase.builder, phase.place, shape.element);
    Value row = phase.mul(i, block), none = blocks.constant(-INFINITY), scale = blocks.constant(shape.scale);
    Value seen = blocks.keysSeenBy(query), weight = phase.piece(weights);
    Value before = phase.load(phase.piece(largest), i, shape.element);
    Value top = phase.loop(phase.index(0), phase.index(block), 1, before, [&](Value j, ValueRange carried) {
      Value score = forms.mul(phase.load(weight, phase.add(row, j), shape.element), scale);
      score = blocks.select(blocks.isBelow(phase.add(firstKey, j), seen), score, none);
      phase.store(score, weight, phase.add(row, j));
      return SmallVector<Value>{lowering::combine(phase.builder, phase.place, ReduceKind::max, carried[0], score)};
    })[0];
    // Where no key was seen yet every weight is exp of minus infinity, whatever it is taken relative to.
    Value isNone = arith::CmpFOp::create(phase.builder, phase.place, arith::CmpFPredicate::OEQ, top, none);
    Value start = blocks.select(isNone, blocks.constant(0), top);
    Value sum = phase.loop(phase.index(0), phase.index(block), 1, blocks.constant(0), [&](Value j, ValueRange carried) {
      Value share = forms.exp(forms.sub(phase.load(weight, phase.add(row, j), shape.element), start));
      phase.store(share, weight, phase.add(row, j));
      return SmallVector<Value>{lowering::combine(phase.builder, phase.place, ReduceKind::sum, carried[0], share)};
    })[0];
    Value kept = forms.exp(forms.sub(before, start));
    Value all = forms.add(forms.mul(phase.load(phase.piece(total), i, shape.element), kept), sum);
    phase.store(all, phase.piece(total), i);
    phase.store(top, phase.piece(largest), i);
    Value line = phase.mul(i, shape.valueWidth);
    phase.loop(0, shape.valueWidth, 1, [&](Value j) {
      Value at = phase.add(line, j);
      phase.store(forms.mul(phase.load(phase.piece(mixed), at, shape.element), kept), phase.piece(mixed), at);
    });
  }

  void finish(PhaseBuilder &phase, AttentionBlocks &blocks, Value part, Value first) {
    lowering::ScalarForms forms(phase.builder, phase.place, shape.element);
    Value valid = phase.least(phase.index(block), blocks.minus(phase.index(shape.queries), first));
    phase.loop(phase.index(0), valid, 1, [&](Value i) {
      Value sum = phase.load(phase.piece(total), i, shape.element);
      Value isNone =
          arith::CmpFOp::create(phase.builder, phase.place, arith::CmpFPredicate::OEQ, sum, blocks.constant(0));
      Value share = forms.div(blocks.constant(1), blocks.select(isNone, blocks.constant(1), sum));
      Value line = phase.mul(i, shape.valueWidth);
      phase.loop(0, shape.valueWidth, 1, [&](Value j) {
        Value at = phase.add(line, j);
        phase.store(forms.mul(phase.load(phase.piece(mixed), at, shape.element), share), phase.piece(mixed), at);
      });
      Value lse = forms.add(phase.load(phase.piece(largest), i, shape.element), forms.log(sum));
      for (unsigned number : sums)
        phase.store(lse, phase.output(number), phase.add(phase.mul(part, shape.queries), phase.add(first, i)));
    });
    for (unsigned number : results)
      blocks.storeBlock(phase.piece(mixed), phase.index(0), phase.output(number), part, first, shape.queries,
                        shape.valueWidth);
  }

  PhasedKernel phased;
  AttentionShape shape;
  Isa isa;
  unsigned queries, keys, values;
  SmallVector<unsigned> results, sums;
  Piece turned{}, rows{}, weights{}, mixed{}, largest{}, total{};
};

} // namespace

std::optional<KernelFrame> lowerAttention(func::FuncOp kernel, Isa isa) {
  auto op = dyn_cast<nn::AttentionOp>(kernel.getBody().front().front());
  if (!op || op->getNextNode() != kernel.getBody().front().getTerminator())
    return {};
  for (Value result : kernel.getBody().front().getTerminator()->getOperands())
    if (result.getDefiningOp() != op)
      return {};
  std::optional<AttentionShape> shape = AttentionShape::of(op);
  return shape ? std::optional(AttentionLowering(kernel, op, *shape, isa).run()) : std::nullopt;
}

} // namespace weft::cpu
