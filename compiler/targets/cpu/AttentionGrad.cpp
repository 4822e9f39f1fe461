//===- AttentionGrad.cpp - Gradients of attention from its log-sum-exp ----===//
//
// The weights of a block are made again from the scores and the log-sum-exp. A head is
// one item: its queries and cotangents are gathered and turned once; then it goes over
// blocks of keys, and for each over blocks of queries. The gradients of a key block are summed up while
// it stays, those of all queries in the thread's scratch, in an order that no thread
// changes.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Attention.h"

#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "compiler/targets/cpu/AttentionBlocks.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <cmath>

namespace weft::cpu {
namespace {
using namespace mlir;

/// A block of weights and one of slopes fill two thirds of the first cache.
constexpr int64_t mostQueries = 64, mostKeys = 64;

class AttentionGradLowering {
public:
  AttentionGradLowering(func::FuncOp kernel, nn::AttentionGradOp op, AttentionShape shape, Isa isa)
      : phased(kernel), shape(shape), isa(isa) {
    auto argument = [](Value value) { return cast<BlockArgument>(value).getArgNumber(); };
    queries = argument(op.getQueries());
    keys = argument(op.getKeys());
    values = argument(op.getValues());
    output = argument(op.getOutput());
    lse = argument(op.getLse());
    cotangent = argument(op.getCotangent());
    for (auto [number, value] : llvm::enumerate(kernel.getBody().front().getTerminator()->getOperands())) {
      auto &list = value == op.getForQueries() ? forQueries : value == op.getForKeys() ? forKeys : forValues;
      list.push_back(static_cast<unsigned>(number));
    }
  }

  KernelFrame run() {
    shape.blockQueries = shape.queries > 32 ? mostQueries : shape.queries > 16 ? 32 : 16;
    shape.blockKeys = mostKeys;
    auto scratch = [&](int64_t count) { return phased.addScratch(shape.element, count); };
    int64_t all = shape.queryBlocks() * shape.blockQueries, keyRows = shape.blockKeys;
    outputRows = scratch(shape.blockQueries * shape.valueWidth);
    queryRows = scratch(all * shape.keyWidth);
    cotangentRows = scratch(all * shape.valueWidth);
    keyBlock = scratch(keyRows * shape.keyWidth);
    valueBlock = scratch(keyRows * shape.valueWidth);
    turnedOutput = scratch(shape.blockQueries * shape.valueWidth);
    turnedQueries = scratch(all * shape.keyWidth);
    turnedCotangent = scratch(all * shape.valueWidth);
    logs = scratch(all);
    means = scratch(all);
    weights = scratch(keyRows * shape.blockQueries);
    slopes = scratch(keyRows * shape.blockQueries);
    sumQueries = scratch(all * shape.keyWidth);
    sumKeys = scratch(keyRows * shape.keyWidth);
    sumValues = scratch(keyRows * shape.valueWidth);
    phased.addPhase(shape.batches * shape.heads, [this](PhaseBuilder &phase) {
      AttentionBlocks blocks(phase, this->shape, isa);
      phase.loop(phase.begin, phase.end, 1, [&](Value part) { writePart(phase, blocks, part); });
    });
    return phased.finish();
  }

private:
  void writePart(PhaseBuilder &phase, AttentionBlocks &blocks, Value part) {
    Value zero = phase.index(0);
    phase.loop(0, shape.queryBlocks(), 1, [&](Value number) { turn(phase, blocks, part, number); });
    blocks.fill(phase.piece(sumQueries), zero, shape.queryBlocks() * shape.blockQueries * shape.keyWidth, 0);
    phase.loop(0, shape.keys, shape.blockKeys, [&](Value first) {
      Value behind = phase.least(phase.index(shape.blockKeys), blocks.minus(phase.index(shape.keys), first));
      blocks.copyRows(blocks.view(phase.input(keys), part, first, shape.keys, shape.keyWidth),
                      {phase.piece(keyBlock), zero, shape.keyWidth}, behind, shape.keyWidth);
      blocks.copyRows(blocks.view(phase.input(values), part, first, shape.keys, shape.valueWidth),
                      {phase.piece(valueBlock), zero, shape.valueWidth}, behind, shape.valueWidth);
      blocks.fill(phase.piece(sumKeys), zero, shape.blockKeys * shape.keyWidth, 0);
      blocks.fill(phase.piece(sumValues), zero, shape.blockKeys * shape.valueWidth, 0);
      phase.loop(0, shape.queryBlocks(), 1, [&](Value number) {
        Value firstQuery = phase.mul(number, shape.blockQueries);
        Value valid =
            phase.least(phase.index(shape.blockQueries), blocks.minus(phase.index(shape.queries), firstQuery));
        // Later queries see more: where the last one of the block sees no key of this block, there is nothing to do.
        Value seen = blocks.keysSeenBy(phase.add(firstQuery, blocks.minus(valid, phase.index(1))));
        Value hasSome = arith::CmpIOp::create(phase.builder, phase.place, arith::CmpIPredicate::slt, first, seen);
        phase.when(hasSome, [&] {
          // Whole tiles: keys that no query sees have weights of 0.
          Value tiles =
              phase.div(phase.add(blocks.minus(seen, first), BlockProduct::rowsOfTiles - 1), BlockProduct::rowsOfTiles);
          Value count = phase.least(phase.mul(tiles, BlockProduct::rowsOfTiles), behind);
          addBlock(phase, blocks, first, count, firstQuery, valid);
        });
      });
      for (unsigned to : forKeys)
        blocks.copyRows({phase.piece(sumKeys), zero, shape.keyWidth},
                        blocks.view(phase.output(to), part, first, shape.keys, shape.keyWidth), behind, shape.keyWidth);
      for (unsigned to : forValues)
        blocks.copyRows({phase.piece(sumValues), zero, shape.valueWidth},
                        blocks.view(phase.output(to), part, first, shape.keys, shape.valueWidth), behind,
                        shape.valueWidth);
    });
    for (unsigned to : forQueries)
      blocks.copyRows({phase.piece(sumQueries), zero, shape.keyWidth},
                      blocks.view(phase.output(to), part, zero, shape.queries, shape.keyWidth),
                      phase.index(shape.queries), shape.keyWidth);
  }

  /// Queries and cotangents; of each query the log-sum-exp, by powers of two, and the mean that its weights' gradients
  /// are taken relative to. Queries beyond the last have weights of 0.
  void turn(PhaseBuilder &phase, AttentionBlocks &blocks, Value part, Value number) {
    lowering::ScalarForms forms(phase.builder, phase.place, blocks.lanesType());
    Value zero = phase.index(0), first = phase.mul(number, shape.blockQueries);
    Value valid = phase.least(phase.index(shape.blockQueries), blocks.minus(phase.index(shape.queries), first));
    auto gather = [&](unsigned from, const BlockView &to, Piece turned, Value place) {
      blocks.copyRows(blocks.view(phase.input(from), part, first, shape.queries, to.rowStride), to, valid,
                      to.rowStride);
      blocks.turn(to, valid, to.rowStride, phase.piece(turned), place);
    };
    Value keyPlace = phase.mul(first, shape.keyWidth), valuePlace = phase.mul(first, shape.valueWidth);
    gather(queries, {phase.piece(queryRows), keyPlace, shape.keyWidth}, turnedQueries, keyPlace);
    gather(cotangent, {phase.piece(cotangentRows), valuePlace, shape.valueWidth}, turnedCotangent, valuePlace);
    gather(output, {phase.piece(outputRows), zero, shape.valueWidth}, turnedOutput, zero);
    int64_t lanes = blocks.product.lanes;
    phase.loop(0, shape.blockQueries, lanes, [&](Value lane) {
      Value mean =
          phase.loop(zero, phase.index(shape.valueWidth), 1, blocks.lanesOf(0), [&](Value j, ValueRange carried) {
            Value at = phase.add(phase.mul(j, shape.blockQueries), lane);
            Value slope = phase.loadVector(phase.piece(turnedCotangent),
                                           phase.add(phase.mul(first, shape.valueWidth), at), lanes);
            Value term = forms.mul(phase.loadVector(phase.piece(turnedOutput), at, lanes), slope);
            return SmallVector<Value>{forms.add(carried[0], term)};
          })[0];
      phase.storeVector(mean, phase.piece(means), phase.add(first, lane));
    });
    blocks.fill(phase.piece(logs), first, shape.blockQueries, INFINITY);
    phase.loop(first, phase.add(first, valid), 1, [&](Value query) {
      lowering::ScalarForms one(phase.builder, phase.place, shape.element);
      Value sum = phase.load(phase.input(lse), phase.add(phase.mul(part, shape.queries), query), shape.element);
      phase.store(one.mul(sum, one.constant(M_LOG2E)), phase.piece(logs), query);
    });
  }

  void addBlock(PhaseBuilder &phase, AttentionBlocks &blocks, Value firstKey, Value count, Value firstQuery,
                Value valid) {
    Value zero = phase.index(0);
    auto atQuery = [&](Piece piece, int64_t width, int64_t stride) {
      return BlockView{phase.piece(piece), phase.mul(firstQuery, width), stride};
    };
    BlockView weight{phase.piece(weights), zero, shape.blockQueries},
        slope{phase.piece(slopes), zero, shape.blockQueries};
    BlockView key{phase.piece(keyBlock), zero, shape.keyWidth}, value{phase.piece(valueBlock), zero, shape.valueWidth};
    BlockProduct &product = blocks.product;
    product.write(count, shape.blockQueries, phase.index(shape.keyWidth), key,
                  atQuery(turnedQueries, shape.keyWidth, shape.blockQueries), weight);
    product.write(count, shape.blockQueries, phase.index(shape.valueWidth), value,
                  atQuery(turnedCotangent, shape.valueWidth, shape.blockQueries), slope);
    weigh(phase, blocks, firstQuery, firstKey, count);
    product.write(count, shape.valueWidth, valid, weight, atQuery(cotangentRows, shape.valueWidth, shape.valueWidth),
                  {phase.piece(sumValues), zero, shape.valueWidth}, {true});
    product.write(count, shape.keyWidth, valid, slope, atQuery(queryRows, shape.keyWidth, shape.keyWidth),
                  {phase.piece(sumKeys), zero, shape.keyWidth}, {true});
    product.write(valid, shape.keyWidth, count, {slope.buffer, zero, 1, shape.blockQueries}, key,
                  atQuery(sumQueries, shape.keyWidth, shape.keyWidth), {true});
  }

  /// Scores become weights, products of cotangents and values the scores' gradients.
  void weigh(PhaseBuilder &phase, AttentionBlocks &blocks, Value firstQuery, Value firstKey, Value count) {
    lowering::ScalarForms forms(phase.builder, phase.place, blocks.lanesType());
    int64_t vectors = blocks.vectorsOfBlock(), lanes = blocks.product.lanes;
    Value scale = blocks.lanesOf(shape.scale), power = blocks.lanesOf(shape.scale * M_LOG2E), zero = blocks.lanesOf(0);
    SmallVector<Value> sums, mean;
    for (int64_t v = 0; v < vectors; ++v) {
      sums.push_back(phase.loadVector(phase.piece(logs), phase.add(firstQuery, v * lanes), lanes));
      mean.push_back(phase.loadVector(phase.piece(means), phase.add(firstQuery, v * lanes), lanes));
    }
    auto over = [&](Value from, Value to, bool isMasked) {
      phase.loop(from, to, 1, [&](Value key) {
        for (int64_t v = 0; v < vectors; ++v) {
          Value at = phase.add(phase.mul(key, shape.blockQueries), v * lanes);
          Value score = forms.mul(phase.loadVector(phase.piece(weights), at, lanes), power);
          Value weight = forms.exp2OfNegative(forms.sub(score, sums[v]));
          if (isMasked)
            weight =
                blocks.select(blocks.sees(phase.add(firstQuery, v * lanes), phase.add(firstKey, key)), weight, zero);
          Value slope = forms.sub(phase.loadVector(phase.piece(slopes), at, lanes), mean[v]);
          phase.storeVector(weight, phase.piece(weights), at);
          phase.storeVector(forms.mul(forms.mul(weight, slope), scale), phase.piece(slopes), at);
        }
      });
    };
    Value clear = blocks.keysSeenByAll(firstQuery, firstKey, count);
    over(phase.index(0), clear, false);
    if (shape.causal)
      over(clear, count, true);
  }

  PhasedKernel phased;
  AttentionShape shape;
  Isa isa;
  unsigned queries, keys, values, output, lse, cotangent;
  SmallVector<unsigned> forQueries, forKeys, forValues;
  Piece outputRows{}, queryRows{}, cotangentRows{}, keyBlock{}, valueBlock{}, turnedOutput{}, turnedQueries{},
      turnedCotangent{}, logs{}, means{}, weights{}, slopes{}, sumQueries{}, sumKeys{}, sumValues{};
};

} // namespace

std::optional<KernelFrame> lowerAttentionGrad(func::FuncOp kernel, Isa isa) {
  auto op = dyn_cast<nn::AttentionGradOp>(kernel.getBody().front().front());
  if (!op || op->getNextNode() != kernel.getBody().front().getTerminator())
    return {};
  for (Value result : kernel.getBody().front().getTerminator()->getOperands())
    if (result.getDefiningOp() != op)
      return {};
  std::optional<AttentionShape> shape = AttentionShape::of(op);
  return shape ? std::optional(AttentionGradLowering(kernel, op, *shape, isa).run()) : std::nullopt;
}

} // namespace weft::cpu
