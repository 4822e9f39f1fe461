//===- AttentionGrad.cpp - Gradients of attention from its log-sum-exp ----===//
//
// The weights of a block are made again from the scores and the log-sum-exp. A head is
// one item: it goes over blocks of keys, and for each over blocks of queries; the
// gradients of a key block are summed up while it stays, those of all queries in the
// thread's scratch, in an order that no thread changes.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Attention.h"

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "compiler/targets/cpu/AttentionBlocks.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace weft::cpu {
namespace {
using namespace mlir;

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
    auto scratch = [&](int64_t count) { return phased.addScratch(shape.element, count); };
    int64_t keyBlock = block * shape.keyWidth, valueBlock = block * shape.valueWidth;
    keyRows = scratch(keyBlock);
    turnedKeys = scratch(keyBlock);
    valueRows = scratch(valueBlock);
    turnedValues = scratch(valueBlock);
    queryRows = scratch(keyBlock);
    outputRows = scratch(valueBlock);
    cotangentRows = scratch(valueBlock);
    weights = scratch(block * block);
    slopes = scratch(block * block);
    sumQueries = scratch(shape.queryBlocks() * keyBlock);
    sumKeys = scratch(keyBlock);
    sumValues = scratch(valueBlock);
    phased.addPhase(shape.batches * shape.heads, [this](PhaseBuilder &phase) {
      AttentionBlocks blocks(phase, this->shape, isa);
      phase.loop(phase.begin, phase.end, 1, [&](Value part) { writePart(phase, blocks, part); });
    });
    return phased.finish();
  }

private:
  static constexpr int64_t block = AttentionShape::block;

  BlockView rowsOf(PhaseBuilder &phase, Piece piece, int64_t width) {
    return {phase.piece(piece), phase.index(0), width};
  }
  BlockView turnedOf(PhaseBuilder &phase, Piece piece, int64_t width) {
    return {phase.piece(piece), phase.index(0), 1, width};
  }

  void writePart(PhaseBuilder &phase, AttentionBlocks &blocks, Value part) {
    blocks.fill(phase.piece(sumQueries), phase.index(0), shape.queryBlocks() * block * shape.keyWidth, 0);
    phase.loop(0, shape.keyBlocks(), 1, [&](Value number) {
      Value first = phase.mul(number, block);
      blocks.copyBlock(phase.input(keys), part, first, shape.keys, shape.keyWidth, phase.piece(keyRows));
      blocks.copyBlock(phase.input(values), part, first, shape.keys, shape.valueWidth, phase.piece(valueRows));
      blocks.product.transpose(block, shape.keyWidth, rowsOf(phase, keyRows, shape.keyWidth),
                               rowsOf(phase, turnedKeys, block));
      blocks.product.transpose(block, shape.valueWidth, rowsOf(phase, valueRows, shape.valueWidth),
                               rowsOf(phase, turnedValues, block));
      blocks.fill(phase.piece(sumKeys), phase.index(0), block * shape.keyWidth, 0);
      blocks.fill(phase.piece(sumValues), phase.index(0), block * shape.valueWidth, 0);
      phase.loop(0, shape.queryBlocks(), 1, [&](Value queryBlock) {
        Value firstQuery = phase.mul(queryBlock, block);
        // Later queries see more: where the last one of the block sees no key of this block, there is nothing to do.
        Value seen = blocks.keysSeenBy(phase.add(firstQuery, block - 1));
        phase.when(blocks.isBelow(first, seen), [&] { addBlock(phase, blocks, part, first, firstQuery); });
      });
      for (unsigned to : forKeys)
        blocks.storeBlock(phase.piece(sumKeys), phase.index(0), phase.output(to), part, first, shape.keys,
                          shape.keyWidth);
      for (unsigned to : forValues)
        blocks.storeBlock(phase.piece(sumValues), phase.index(0), phase.output(to), part, first, shape.keys,
                          shape.valueWidth);
    });
    phase.loop(0, shape.queryBlocks(), 1, [&](Value number) {
      Value first = phase.mul(number, block);
      for (unsigned to : forQueries)
        blocks.storeBlock(phase.piece(sumQueries), phase.mul(first, shape.keyWidth), phase.output(to), part, first,
                          shape.queries, shape.keyWidth);
    });
  }

  void addBlock(PhaseBuilder &phase, AttentionBlocks &blocks, Value part, Value firstKey, Value firstQuery) {
    blocks.copyBlock(phase.input(queries), part, firstQuery, shape.queries, shape.keyWidth, phase.piece(queryRows));
    blocks.copyBlock(phase.input(output), part, firstQuery, shape.queries, shape.valueWidth, phase.piece(outputRows));
    blocks.copyBlock(phase.input(cotangent), part, firstQuery, shape.queries, shape.valueWidth,
                     phase.piece(cotangentRows));
    BlockProduct &product = blocks.product;
    Value keyWidth = phase.index(shape.keyWidth), valueWidth = phase.index(shape.valueWidth), all = phase.index(block);
    product.write(block, block, keyWidth, rowsOf(phase, queryRows, shape.keyWidth), rowsOf(phase, turnedKeys, block),
                  rowsOf(phase, weights, block), false);
    product.write(block, block, valueWidth, rowsOf(phase, cotangentRows, shape.valueWidth),
                  rowsOf(phase, turnedValues, block), rowsOf(phase, slopes, block), false);
    phase.loop(0, block, 1, [&](Value i) { weigh(phase, blocks, part, i, phase.add(firstQuery, i), firstKey); });
    product.write(block, shape.valueWidth, all, turnedOf(phase, weights, block),
                  rowsOf(phase, cotangentRows, shape.valueWidth), rowsOf(phase, sumValues, shape.valueWidth), true);
    product.write(block, shape.keyWidth, all, turnedOf(phase, slopes, block), rowsOf(phase, queryRows, shape.keyWidth),
                  rowsOf(phase, sumKeys, shape.keyWidth), true);
    product.write(block, shape.keyWidth, all, rowsOf(phase, slopes, block), rowsOf(phase, keyRows, shape.keyWidth),
                  {phase.piece(sumQueries), phase.mul(firstQuery, shape.keyWidth), shape.keyWidth}, true);
  }

  /// Row `i`: products of queries and keys become weights, products of cotangents and values the scores' gradients.
  void weigh(PhaseBuilder &phase, AttentionBlocks &blocks, Value part, Value i, Value query, Value firstKey) {
    lowering::ScalarForms forms(phase.builder, phase.place, shape.element);
    // A row beyond the last query has zeros as its cotangent, so that it adds nothing; its place is the last one's.
    Value line = phase.least(query, phase.index(shape.queries - 1));
    Value sum = phase.load(phase.input(lse), phase.add(phase.mul(part, shape.queries), line), shape.element);
    Value from = phase.mul(i, shape.valueWidth);
    Value mean = phase.loop(
        phase.index(0), phase.index(shape.valueWidth), 1, blocks.constant(0), [&](Value j, ValueRange carried) {
          Value at = phase.add(from, j);
          Value term = forms.mul(phase.load(phase.piece(outputRows), at, shape.element),
                                 phase.load(phase.piece(cotangentRows), at, shape.element));
          return SmallVector<Value>{lowering::combine(phase.builder, phase.place, ReduceKind::sum, carried[0], term)};
        })[0];
    Value seen = blocks.keysSeenBy(line), row = phase.mul(i, block);
    Value scale = blocks.constant(shape.scale), zero = blocks.constant(0);
    phase.loop(0, block, 1, [&](Value j) {
      Value at = phase.add(row, j);
      Value score = forms.mul(phase.load(phase.piece(weights), at, shape.element), scale);
      Value isSeen = blocks.isBelow(phase.add(firstKey, j), seen);
      Value weight = blocks.select(isSeen, forms.exp(forms.sub(score, sum)), zero);
      Value slope = forms.sub(phase.load(phase.piece(slopes), at, shape.element), mean);
      phase.store(weight, phase.piece(weights), at);
      phase.store(forms.mul(forms.mul(weight, slope), scale), phase.piece(slopes), at);
    });
  }

  PhasedKernel phased;
  AttentionShape shape;
  Isa isa;
  unsigned queries, keys, values, output, lse, cotangent;
  SmallVector<unsigned> forQueries, forKeys, forValues;
  Piece keyRows{}, turnedKeys{}, valueRows{}, turnedValues{}, queryRows{}, outputRows{}, cotangentRows{}, weights{},
      slopes{}, sumQueries{}, sumKeys{}, sumValues{};
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
