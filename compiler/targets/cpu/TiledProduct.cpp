//===- TiledProduct.cpp - Products by tiles of sums in registers ----------===//
//
// An item is a block of the result. Pass after pass over k it packs its left rows into
// the thread's scratch, where the second cache keeps them, then goes from one panel of
// columns to the next: the panel is packed, which puts it into the first cache, and all
// left rows pass by it, a tile of rows at a time, whose sums are registers. Rows are
// shared out evenly, so that tiles have one of two heights, both known, and none is cut.
// While one panel is used the next is asked for. Between passes sums wait in the result,
// or in the scratch where that must not be written yet; in the last one what follows on
// the elements is computed while they are in the first cache.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Packing.h"
#include "compiler/targets/cpu/ProductKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include <algorithm>

namespace weft::cpu {
namespace {
using namespace mlir;

/// Steps along k in a turn of the inner loop: counting takes ports that the multipliers want.
constexpr int64_t stepsAtOnce = 2;

/// Where the element of a row and column is: `base` + row x `stride` + column.
struct Sums {
  Value buffer, base;
  int64_t stride;
};

class TiledProduct {
public:
  explicit TiledProduct(ProductKernel given)
      : whole(std::move(given)), product(whole.product), tile(whole.tile), inOutput(whole.outputForSums()),
        phased(whole.kernel), tiles(product.m, tile.rows) {
    product.cut(!inOutput);
  }

  KernelFrame run() {
    int64_t rows = (tiles.count + product.rowBlocks - 1) / product.rowBlocks * tiles.largest();
    if (product.packsLeft)
      leftPanels = phased.addScratch(product.element, rows * product.depth);
    if (product.packsRight)
      rightPanel = phased.addScratch(product.element, tile.columns * product.depth);
    if (!inOutput)
      sums = phased.addScratch(product.element, product.passes() > 1 ? rows * product.panelsOfBlock() * columnsOfPanels
                                                                     : tiles.largest() * tile.columns);
    phased.addPhase(product.batches * product.rowBlocks * product.columnBlocks,
                    [this](PhaseBuilder &phase) { write(phase); });
    return phased.finish();
  }

private:
  /// The block that is written, as the builder's values.
  struct Block {
    Value batch, firstTile, lastTile, firstRow, firstColumn, lastColumn; ///< Rows within the batch.
    Operand left, right;
    Value pass, done, depth;
  };

  void write(PhaseBuilder &phase) {
    ProductEnd end(phase, whole);
    // Items that stand beside each other are one wide block, whose left rows are packed once; but not where sums wait
    // in a scratch that has room for one block.
    int64_t together = inOutput || product.passes() == 1 ? product.columnBlocks : 1;
    Value groups = phase.div(phase.add(phase.end, together - 1), together);
    phase.loop(phase.div(phase.begin, together), groups, 1, [&](Value group) {
      Block block;
      Value base = phase.mul(group, together);
      Value item = phase.most(phase.begin, base), behind = phase.least(phase.end, phase.add(base, together));
      Value rest = phase.div(item, product.columnBlocks), firstPart = phase.rem(item, product.columnBlocks);
      Value lastPart = phase.add(firstPart, phase.sub(behind, item));
      Value rowBlock = phase.rem(rest, product.rowBlocks);
      block.batch = phase.div(rest, product.rowBlocks);
      auto partOf = [&](Value number, int64_t all, int64_t parts) { return phase.div(phase.mul(number, all), parts); };
      block.firstTile = partOf(rowBlock, tiles.count, product.rowBlocks);
      block.lastTile = partOf(phase.add(rowBlock, 1), tiles.count, product.rowBlocks);
      block.firstRow = rowOf(phase, block.firstTile);
      int64_t panels = product.panels();
      block.firstColumn = phase.mul(partOf(firstPart, panels, product.columnBlocks), columnsOfPanels);
      block.lastColumn = phase.least(phase.index(product.n),
                                     phase.mul(partOf(lastPart, panels, product.columnBlocks), columnsOfPanels));
      block.left = {phase.input(whole.left), phase.mul(block.batch, product.m * product.k), !product.transposedLeft,
                    product.transposedLeft ? product.m : product.k};
      block.right = {phase.input(whole.right),
                     product.sharesRight ? phase.index(0) : phase.mul(block.batch, product.k * product.n),
                     product.transposedRight, product.transposedRight ? product.k : product.n};
      phase.loop(0, product.passes(), 1, [&](Value pass) {
        block.pass = pass;
        block.done = phase.mul(pass, product.depth);
        Value depth = phase.index(product.depth);
        block.depth =
            product.k % product.depth == 0 ? depth : phase.least(depth, phase.sub(phase.index(product.k), block.done));
        writePass(phase, end, block);
      });
    });
  }

  /// The first row of a tile.
  Value rowOf(PhaseBuilder &phase, Value number) {
    Value row = phase.mul(number, tiles.least);
    return tiles.larger ? phase.add(row, phase.least(number, phase.index(tiles.larger))) : row;
  }

  /// Tiles of each height, the higher first.
  void forTiles(PhaseBuilder &phase, const Block &block, function_ref<void(Value, int64_t)> body) {
    Value border = phase.index(tiles.larger);
    if (tiles.larger)
      phase.loop(block.firstTile, phase.least(block.lastTile, border), 1,
                 [&](Value number) { body(number, tiles.least + 1); });
    phase.loop(phase.most(block.firstTile, border), block.lastTile, 1,
               [&](Value number) { body(number, tiles.least); });
  }

  void writePass(PhaseBuilder &phase, ProductEnd &end, const Block &block) {
    PanelWriter writer{phase, cast<FloatType>(product.element), tile.lanes};
    if (product.packsLeft)
      forTiles(phase, block, [&](Value number, int64_t height) {
        Value row = rowOf(phase, number), target = placeOfPanel(phase, block, row);
        writer.write(block.left, row, block.done, block.depth, height, height, phase.piece(leftPanels), target);
      });
    auto writePanel = [&](Value column, int64_t valid) {
      Operand right = block.right;
      right.base = phase.add(phase.add(right.base, phase.mul(block.done, right.kStride())),
                             phase.mul(column, right.placeStride()));
      if (product.packsRight) {
        writer.write(right, phase.index(0), phase.index(0), block.depth, valid, tile.columns, phase.piece(rightPanel),
                     phase.index(0));
        right = {phase.piece(rightPanel), phase.index(0), false, tile.columns};
      }
      forTiles(phase, block, [&](Value number, int64_t height) {
        if (product.packsRight && !product.transposedRight)
          askForPart(phase, block, number, column);
        writeTile(phase, end, block, number, height, right, column, valid);
      });
    };
    int64_t cut = product.n % tile.columns;
    Value whole = phase.index(product.n - cut);
    if (cut < product.n)
      phase.loop(block.firstColumn, phase.least(block.lastColumn, whole), tile.columns,
                 [&](Value column) { writePanel(column, tile.columns); });
    if (cut > 0)
      phase.when(phase.isLess(whole, block.lastColumn), [&] { writePanel(whole, cut); });
  }

  Value placeOfPanel(PhaseBuilder &phase, const Block &block, Value row) {
    return phase.mul(phase.sub(row, block.firstRow), product.depth);
  }

  /// Each tile asks for a part of the panel after its own.
  void askForPart(PhaseBuilder &phase, const Block &block, Value number, Value column) {
    int64_t part = (product.depth * product.rowBlocks + tiles.count - 1) / tiles.count;
    Value next = phase.add(column, tile.columns);
    Value from = phase.mul(phase.sub(number, block.firstTile), part);
    Value to = phase.least(phase.add(from, part), block.depth);
    Value base = phase.add(phase.add(block.right.base, phase.mul(block.done, product.n)), next);
    int64_t lineOfElements = 512 / product.element.getIntOrFloatBitWidth();
    phase.when(phase.isLess(phase.add(next, tile.columns - 1), block.lastColumn), [&] {
      phase.loop(from, to, 1, [&](Value k) {
        for (int64_t at = 0; at < tile.columns; at += lineOfElements)
          phase.fetchLine(block.right.buffer, phase.add(phase.add(base, phase.mul(k, product.n)), at), 2);
      });
    });
  }

  Sums sumsOf(PhaseBuilder &phase, const Block &block, Value row, Value column) {
    if (inOutput)
      return {phase.output(*inOutput),
              phase.add(phase.mul(phase.add(phase.mul(block.batch, product.m), row), product.n), column), product.n};
    Value memory = phase.piece(sums);
    if (product.passes() == 1)
      return {memory, phase.index(0), tile.columns};
    // Tiles of one panel lie one behind another.
    int64_t rows = (tiles.count + product.rowBlocks - 1) / product.rowBlocks * tiles.largest();
    Value panel = phase.mul(phase.sub(column, block.firstColumn), rows);
    return {memory, phase.add(panel, phase.mul(phase.sub(row, block.firstRow), tile.columns)), tile.columns};
  }

  /// Sums of `height` rows and `valid` columns, over `depth`, and what they were in the passes before.
  void writeTile(PhaseBuilder &phase, ProductEnd &end, const Block &block, Value number, int64_t height,
                 const Operand &right, Value column, int64_t valid) {
    Value row = rowOf(phase, number);
    Sums to = sumsOf(phase, block, row, column);
    auto placeOf = [&](int64_t i, int64_t at) { return phase.add(to.base, i * to.stride + at); };
    for (int64_t i = 0; inOutput && i < height; ++i)
      for (int64_t at = 0; at < valid; at += tile.lanes)
        phase.fetchLine(to.buffer, placeOf(i, at), 2);
    SmallVector<Value> totals = multiply(phase, block, row, height, right, valid);
    int64_t vectors = (valid + tile.lanes - 1) / tile.lanes;
    if (product.passes() > 1)
      totals = addBefore(phase, block.pass, totals, [&](int64_t number) {
        int64_t at = number % vectors * tile.lanes;
        return loadPart(phase, to.buffer, placeOf(number / vectors, at), valid - at, tile.lanes);
      });
    for (auto [number, total] : llvm::enumerate(totals)) {
      int64_t at = static_cast<int64_t>(number) % vectors * tile.lanes;
      storePart(phase, total, to.buffer, placeOf(static_cast<int64_t>(number) / vectors, at), valid - at);
    }
    if (inOutput && whole.isPlain())
      return;
    auto finish = [&] {
      phase.loop(0, height, 1, [&](Value i) {
        Value from = phase.add(to.base, phase.mul(i, to.stride));
        end.write(phase.add(phase.add(phase.mul(block.batch, product.m), row), i), column, phase.index(valid),
                  [&](Value j) { return phase.load(to.buffer, phase.add(from, j), product.element); });
      });
    };
    if (product.passes() == 1)
      return finish();
    phase.when(phase.isLess(phase.index(product.passes() - 2), block.pass), finish);
  }

  SmallVector<Value> multiply(PhaseBuilder &phase, const Block &block, Value row, int64_t height, const Operand &right,
                              int64_t valid) {
    OpBuilder &builder = phase.builder;
    Operand left = block.left;
    if (product.packsLeft)
      left = {phase.piece(leftPanels), placeOfPanel(phase, block, row), false, height};
    else
      left.base =
          phase.add(phase.add(left.base, phase.mul(block.done, left.kStride())), phase.mul(row, left.placeStride()));
    auto type = VectorType::get({tile.lanes}, product.element);
    int64_t vectors = (valid + tile.lanes - 1) / tile.lanes;
    Value zero = arith::ConstantOp::create(builder, phase.place, builder.getZeroAttr(type));
    SmallVector<Value> starts(height * vectors, zero);
    auto step = [&](Value k, ValueRange carried) {
      Value atLeft = phase.add(left.base, phase.mul(k, left.kStride()));
      Value atRight = phase.add(right.base, phase.mul(k, right.kStride()));
      SmallVector<Value> columns, next;
      for (int64_t v = 0; v < vectors; ++v)
        columns.push_back(loadPart(phase, right.buffer, phase.add(atRight, v * tile.lanes),
                                   product.packsRight ? tile.lanes : valid - v * tile.lanes, tile.lanes));
      for (int64_t i = 0; i < height; ++i) {
        Value one = phase.load(left.buffer, phase.add(atLeft, i * left.placeStride()), product.element);
        llvm::append_range(next, phase.addProducts(carried.slice(i * vectors, vectors), one, columns));
      }
      return next;
    };
    auto steps = [&](Value k, ValueRange carried) {
      SmallVector<Value> sums(carried);
      for (int64_t i = 0; i < stepsAtOnce; ++i)
        sums = step(phase.add(k, i), sums);
      return sums;
    };
    if (product.k % stepsAtOnce == 0 && product.depth % stepsAtOnce == 0)
      return phase.loop(phase.index(0), block.depth, stepsAtOnce, starts, steps);
    Value whole = phase.mul(phase.div(block.depth, stepsAtOnce), stepsAtOnce);
    return phase.loop(whole, block.depth, 1, phase.loop(phase.index(0), whole, stepsAtOnce, starts, steps), step);
  }

  /// In any pass but the first, `totals` and what `before` loads for each of them.
  static SmallVector<Value> addBefore(PhaseBuilder &phase, Value pass, const SmallVector<Value> &totals,
                                      function_ref<Value(int64_t)> before) {
    OpBuilder &builder = phase.builder;
    Value isLater = phase.isLess(phase.index(0), pass);
    auto choice = scf::IfOp::create(builder, phase.place, TypeRange(ValueRange(totals)), isLater, true);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(&choice.getThenRegion().front());
    SmallVector<Value> sums;
    for (auto [number, total] : llvm::enumerate(totals))
      sums.push_back(arith::AddFOp::create(builder, phase.place, before(static_cast<int64_t>(number)), total));
    scf::YieldOp::create(builder, phase.place, sums);
    builder.setInsertionPointToStart(&choice.getElseRegion().front());
    scf::YieldOp::create(builder, phase.place, totals);
    return SmallVector<Value>(choice.getResults());
  }

  ProductKernel whole;
  Product &product;
  const Tile &tile;
  std::optional<unsigned> inOutput; ///< Where sums wait; else in the scratch.
  PhasedKernel phased;
  EvenParts tiles;
  Piece leftPanels{}, rightPanel{}, sums{};
};

} // namespace

KernelFrame writeTiles(ProductKernel product) { return TiledProduct(std::move(product)).run(); }

} // namespace weft::cpu
