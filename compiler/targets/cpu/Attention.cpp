//===- Attention.cpp - Attention without its matrix of scores -------------===//
//
// A block of queries meets the keys block by block. Their products are scores of powers
// of two, since the queries were multiplied by scale x log2 e when they were turned. The
// largest score so far and the sum of the weights relative to it are kept for each
// query; where a block brings a larger one, what was summed up is scaled down while the
// next product reads it. Some blocks of queries are an item, for which the keys and
// values of a head are gathered once: in the operand the heads' columns stand side by
// side, and would push each other out of the caches.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Attention.h"

#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "compiler/targets/cpu/AttentionBlocks.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <algorithm>
#include <cmath>

namespace weft::cpu {
namespace {
using namespace mlir;

/// Scores of a block lie in the first cache, beside what is multiplied with them: 32 KiB of 48.
constexpr int64_t bytesOfScores = 32768;
constexpr int64_t mostQueries = 32;
/// Query blocks of an item, as far as there are so many items.
constexpr int64_t mostBlocks = 8, enoughItems = 32;

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
    shape.blockQueries = shape.queries > mostQueries / 2 ? mostQueries : mostQueries / 2;
    shape.blockKeys = bytesOfScores * 8 / (mostQueries * shape.element.getWidth());
    int64_t parts = shape.batches * shape.heads;
    blocksOfItem =
        std::clamp<int64_t>(parts * shape.queryBlocks() / enoughItems, 1, std::min(mostBlocks, shape.queryBlocks()));
    int64_t keyRows = std::min(shape.blockKeys, shape.keys) + BlockProduct::rowsOfTiles;
    int64_t queryRows = blocksOfItem * shape.blockQueries;
    auto scratch = [&](int64_t count) { return phased.addScratch(shape.element, count); };
    rows = scratch(shape.blockQueries * shape.keyWidth);
    turned = scratch(queryRows * shape.keyWidth);
    keyBlock = scratch(keyRows * shape.keyWidth);
    valueBlock = scratch(keyRows * shape.valueWidth);
    scores = scratch(keyRows * shape.blockQueries);
    mixed = scratch(queryRows * shape.valueWidth);
    largest = scratch(queryRows);
    total = scratch(queryRows);
    kept = scratch(shape.blockQueries);
    phased.addPhase(parts * itemsOfPart(), [this](PhaseBuilder &phase) {
      AttentionBlocks blocks(phase, this->shape, this->isa);
      phase.loop(phase.begin, phase.end, 1, [&](Value item) { writeItem(phase, blocks, item); });
    });
    return phased.finish();
  }

private:
  int64_t itemsOfPart() const { return (shape.queryBlocks() + blocksOfItem - 1) / blocksOfItem; }

  /// Some queries of one part: `local` counts them within the item.
  struct Queries {
    Value local, first, valid;
  };

  void writeItem(PhaseBuilder &phase, AttentionBlocks &blocks, Value item) {
    Value zero = phase.index(0), part = phase.div(item, itemsOfPart()), one = phase.index(1);
    int64_t queriesOfItem = blocksOfItem * shape.blockQueries;
    Value start = phase.mul(phase.rem(item, itemsOfPart()), queriesOfItem);
    Value queryCount = phase.least(phase.index(queriesOfItem), blocks.minus(phase.index(shape.queries), start));
    auto overQueries = [&](function_ref<void(const Queries &)> body) {
      phase.loop(zero, queryCount, shape.blockQueries, [&](Value local) {
        body({local, phase.add(start, local),
              phase.least(phase.index(shape.blockQueries), blocks.minus(queryCount, local))});
      });
    };
    overQueries([&](const Queries &some) { begin(phase, blocks, part, some); });
    // What the last query of a block does not see, none of it sees.
    Value seen = blocks.keysSeenBy(phase.add(start, blocks.minus(queryCount, one)));
    phase.loop(zero, seen, shape.blockKeys, [&](Value firstKey) {
      Value keyCount = phase.least(phase.index(shape.blockKeys), blocks.minus(seen, firstKey));
      blocks.copyRows(blocks.view(phase.input(keys), part, firstKey, shape.keys, shape.keyWidth),
                      {phase.piece(keyBlock), zero, shape.keyWidth}, keyCount, shape.keyWidth);
      blocks.copyRows(blocks.view(phase.input(values), part, firstKey, shape.keys, shape.valueWidth),
                      {phase.piece(valueBlock), zero, shape.valueWidth}, keyCount, shape.valueWidth);
      overQueries([&](const Queries &some) {
        Value last = phase.add(some.first, blocks.minus(some.valid, one));
        Value count = phase.least(phase.index(shape.blockKeys), blocks.minus(blocks.keysSeenBy(last), firstKey));
        Value hasSome = arith::CmpIOp::create(phase.builder, phase.place, arith::CmpIPredicate::sgt,
                                              blocks.keysSeenBy(last), firstKey);
        phase.when(hasSome, [&] { addKeys(phase, blocks, some, firstKey, count); });
      });
    });
    overQueries([&](const Queries &some) { finish(phase, blocks, part, some); });
  }

  void begin(PhaseBuilder &phase, AttentionBlocks &blocks, Value part, const Queries &some) {
    BlockView room{phase.piece(rows), phase.index(0), shape.keyWidth};
    blocks.copyRows(blocks.view(phase.input(queries), part, some.first, shape.queries, shape.keyWidth), room,
                    some.valid, shape.keyWidth, blocks.constant(shape.scale * M_LOG2E));
    blocks.turn(room, some.valid, shape.keyWidth, phase.piece(turned), phase.mul(some.local, shape.keyWidth));
    blocks.fill(phase.piece(mixed), phase.mul(some.local, shape.valueWidth), shape.blockQueries * shape.valueWidth, 0);
    blocks.fill(phase.piece(largest), some.local, shape.blockQueries, -INFINITY);
    blocks.fill(phase.piece(total), some.local, shape.blockQueries, 0);
  }

  void addKeys(PhaseBuilder &phase, AttentionBlocks &blocks, const Queries &some, Value firstKey, Value count) {
    Value zero = phase.index(0);
    BlockView score{phase.piece(scores), zero, shape.blockQueries};
    blocks.product.write(count, shape.blockQueries, phase.index(shape.keyWidth),
                         {phase.piece(keyBlock), zero, shape.keyWidth},
                         {phase.piece(turned), phase.mul(some.local, shape.keyWidth), shape.blockQueries}, score);
    weigh(phase, blocks, some, firstKey, count);
    blocks.product.write(some.valid, shape.valueWidth, count, {score.buffer, zero, 1, shape.blockQueries},
                         {phase.piece(valueBlock), zero, shape.valueWidth},
                         {phase.piece(mixed), phase.mul(some.local, shape.valueWidth), shape.valueWidth},
                         {true, phase.piece(kept)});
  }

  /// Scores of `count` keys become weights relative to the largest score so far.
  void weigh(PhaseBuilder &phase, AttentionBlocks &blocks, const Queries &some, Value firstKey, Value count) {
    lowering::ScalarForms forms(phase.builder, phase.place, blocks.lanesType());
    Value buffer = phase.piece(scores), none = blocks.lanesOf(-INFINITY);
    int64_t vectors = blocks.vectorsOfBlock(), lanes = blocks.product.lanes;
    auto at = [&](Value key, int64_t v) { return phase.add(phase.mul(key, shape.blockQueries), v * lanes); };
    auto place = [&](int64_t v) { return phase.add(some.local, v * lanes); };
    // A NaN is never larger; it makes its own weight NaN, and with it the sum.
    auto larger = [&](Value a, Value b) {
      return blocks.select(arith::CmpFOp::create(phase.builder, phase.place, arith::CmpFPredicate::OGT, a, b), a, b);
    };
    SmallVector<Value> before, tops;
    for (int64_t v = 0; v < vectors; ++v)
      before.push_back(phase.loadVector(phase.piece(largest), place(v), lanes));
    Value clear = blocks.keysSeenByAll(some.first, firstKey, count);
    tops = phase.loop(phase.index(0), clear, 1, before, [&](Value key, ValueRange carried) {
      SmallVector<Value> next;
      for (int64_t v = 0; v < vectors; ++v)
        next.push_back(larger(phase.loadVector(buffer, at(key, v), lanes), carried[v]));
      return next;
    });
    if (shape.causal)
      tops = phase.loop(clear, count, 1, tops, [&](Value key, ValueRange carried) {
        SmallVector<Value> next;
        for (int64_t v = 0; v < vectors; ++v) {
          Value isSeen = blocks.sees(phase.add(some.first, v * lanes), phase.add(firstKey, key));
          Value score = blocks.select(isSeen, phase.loadVector(buffer, at(key, v), lanes), none);
          phase.storeVector(score, buffer, at(key, v));
          next.push_back(larger(score, carried[v]));
        }
        return next;
      });
    // Where no key was seen yet every weight is a power of minus infinity, whatever it is taken relative to.
    SmallVector<Value> starts;
    for (Value top : tops)
      starts.push_back(blocks.select(forms.isEqual(top, none), blocks.lanesOf(0), top));
    SmallVector<Value> zeros(vectors, blocks.lanesOf(0));
    SmallVector<Value> added = phase.loop(phase.index(0), count, 1, zeros, [&](Value key, ValueRange carried) {
      SmallVector<Value> next;
      for (int64_t v = 0; v < vectors; ++v) {
        Value share = forms.exp2OfNegative(forms.sub(phase.loadVector(buffer, at(key, v), lanes), starts[v]));
        phase.storeVector(share, buffer, at(key, v));
        next.push_back(forms.add(carried[v], share));
      }
      return next;
    });
    for (int64_t v = 0; v < vectors; ++v) {
      Value factor = forms.exp2OfNegative(forms.sub(before[v], starts[v]));
      Value sum = forms.add(forms.mul(phase.loadVector(phase.piece(total), place(v), lanes), factor), added[v]);
      phase.storeVector(factor, phase.piece(kept), phase.index(v * lanes));
      phase.storeVector(sum, phase.piece(total), place(v));
      phase.storeVector(tops[v], phase.piece(largest), place(v));
    }
  }

  void finish(PhaseBuilder &phase, AttentionBlocks &blocks, Value part, const Queries &some) {
    lowering::ScalarForms forms(phase.builder, phase.place, blocks.lanesType());
    Value zero = blocks.lanesOf(0), one = blocks.lanesOf(1);
    int64_t lanes = blocks.product.lanes;
    phase.loop(0, shape.blockQueries, lanes, [&](Value i) {
      Value place = phase.add(some.local, i), sum = phase.loadVector(phase.piece(total), place, lanes);
      phase.storeVector(forms.div(one, blocks.select(forms.isEqual(sum, zero), one, sum)), phase.piece(kept), i);
      if (sums.empty())
        return;
      Value top = phase.loadVector(phase.piece(largest), place, lanes);
      phase.storeVector(forms.add(forms.mul(top, forms.constant(M_LN2)), forms.log(sum)), phase.piece(largest), place);
    });
    for (unsigned number : sums)
      phase.loop(phase.index(0), some.valid, 1, [&](Value i) {
        phase.store(phase.load(phase.piece(largest), phase.add(some.local, i), shape.element), phase.output(number),
                    phase.add(phase.mul(part, shape.queries), phase.add(some.first, i)));
      });
    for (unsigned number : results)
      blocks.scaleRows({phase.piece(mixed), phase.mul(some.local, shape.valueWidth), shape.valueWidth},
                       blocks.view(phase.output(number), part, some.first, shape.queries, shape.valueWidth), some.valid,
                       shape.valueWidth, phase.piece(kept));
  }

  PhasedKernel phased;
  AttentionShape shape;
  Isa isa;
  unsigned queries, keys, values;
  SmallVector<unsigned> results, sums;
  int64_t blocksOfItem = 1;
  Piece rows{}, turned{}, keyBlock{}, valueBlock{}, scores{}, mixed{}, largest{}, total{}, kept{};
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
