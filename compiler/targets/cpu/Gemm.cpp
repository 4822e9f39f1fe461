//===- Gemm.cpp - Products of matrices ------------------------------------===//
//
// Packing makes what the inner loop reads contiguous: the left operand in panels of
// as many rows as a tile has, the right one in panels of as many columns, both cut
// along k so that a right panel stays in the first cache while all left panels of
// the block pass by. The inner loop keeps a tile of sums in registers. Sums of a
// block wait in the thread's scratch until the last pass over k; then what follows
// on each element is computed and stored. Panels are padded with zeros, so that
// only this last step knows edges.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Gemm.h"

#include "compiler/targets/cpu/ElementWriter.h"
#include "compiler/targets/cpu/Packing.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace weft::cpu {
namespace {
using namespace mlir;

/// Up to so many rows the right operand is read once, as it lies, by each item.
constexpr int64_t fewRows = 4;
/// Columns of an item then.
constexpr int64_t columnsOfFew = 128;

class ProductLowering {
public:
  ProductLowering(func::FuncOp kernel, nn::MatmulOp matmul, analysis::RowShape shape, Isa isa)
      : kernel(kernel), matmul(matmul), shape(std::move(shape)), phased(kernel), product(Product::of(matmul)),
        tile(tileOf(isa, product.element)) {
    for (auto [number, value] : llvm::enumerate(kernel.getBody().front().getTerminator()->getOperands()))
      outputs.push_back({value, static_cast<unsigned>(number)});
    left = cast<BlockArgument>(matmul.getLhs()).getArgNumber();
    right = cast<BlockArgument>(matmul.getRhs()).getArgNumber();
  }

  KernelFrame run() {
    if (product.batches == 1 && product.m <= fewRows) {
      sums = phased.addScratch(product.element, product.m * columnsOfFew);
      phased.addPhase((product.n + columnsOfFew - 1) / columnsOfFew, [this](PhaseBuilder &phase) { writeFew(phase); });
      return phased.finish();
    }
    packedLeft = phased.addWorkspace(product.element,
                                     product.batches * product.rowBlocks() * product.blockRows * product.paddedK());
    packedRight = phased.addWorkspace(product.element, product.rightBatches() * product.columnBlocks() *
                                                           product.blockColumns * product.paddedK());
    sums = phased.addScratch(product.element,
                             keepsSums() ? product.blockRows * product.blockColumns : tile.rows * tile.columns);
    Packing packing{product, tile, left, right, packedLeft, packedRight};
    phased.addPhase(packing.items(), [packing](PhaseBuilder &phase) { packing.write(phase); });
    phased.addPhase(product.batches * product.rowBlocks() * product.columnBlocks(),
                    [this](PhaseBuilder &phase) { writeBlocks(phase); });
    return phased.finish();
  }

private:
  bool keepsSums() const { return product.passes() > 1; }

  void writeBlocks(PhaseBuilder &phase) {
    ElementWriter element(phase, kernel, shape);
    element.readScalars();
    phase.loop(phase.begin, phase.end, 1, [&](Value item) {
      // Items that follow each other read the same right block.
      Value rowBlock = phase.rem(item, product.rowBlocks()), rest = phase.div(item, product.rowBlocks());
      Value columnBlock = phase.rem(rest, product.columnBlocks()), batch = phase.div(rest, product.columnBlocks());
      Value leftBlock = phase.add(phase.mul(batch, product.rowBlocks()), rowBlock);
      Value rightBlock =
          product.sharesRight ? columnBlock : phase.add(phase.mul(batch, product.columnBlocks()), columnBlock);
      Value firstRow = phase.mul(rowBlock, product.blockRows),
            firstColumn = phase.mul(columnBlock, product.blockColumns);
      Value rows = phase.least(phase.index(product.blockRows), difference(phase, product.m, firstRow));
      Value columns = phase.least(phase.index(product.blockColumns), difference(phase, product.n, firstColumn));
      if (keepsSums())
        clear(phase);
      phase.loop(0, product.passes(), 1, [&](Value pass) {
        Value done = phase.mul(pass, product.depth);
        Value depth = phase.least(phase.index(product.depth), difference(phase, product.k, done));
        // Blocks are whole in k; within, pass after pass, each with its panels one behind another.
        Value leftPass =
            phase.add(phase.mul(leftBlock, product.blockRows * product.paddedK()), phase.mul(done, product.blockRows));
        Value rightPass = phase.add(phase.mul(rightBlock, product.blockColumns * product.paddedK()),
                                    phase.mul(done, product.blockColumns));
        phase.loop(phase.index(0), columns, tile.columns, [&](Value column) {
          phase.loop(phase.index(0), rows, tile.rows, [&](Value row) {
            Value leftPanel = phase.add(leftPass, phase.mul(row, product.depth));
            Value rightPanel = phase.add(rightPass, phase.mul(column, product.depth));
            // Tiles of one column of tiles lie one behind another.
            Value at = keepsSums() ? phase.add(phase.mul(column, product.blockRows), phase.mul(row, tile.columns))
                                   : phase.index(0);
            writeTile(phase, leftPanel, rightPanel, depth, at);
            auto finish = [&] {
              writeEnd(phase, element, at, phase.add(phase.add(firstRow, row), phase.mul(batch, product.m)),
                       difference(phase, rows, row), phase.add(firstColumn, column),
                       difference(phase, columns, column));
            };
            if (!keepsSums())
              return finish();
            Value isLast = arith::CmpIOp::create(phase.builder, phase.place, arith::CmpIPredicate::eq, pass,
                                                 phase.index(product.passes() - 1));
            phase.when(isLast, finish);
          });
        });
      });
    });
  }

  static Value difference(PhaseBuilder &phase, Value a, Value b) {
    return arith::SubIOp::create(phase.builder, phase.place, a, b);
  }
  static Value difference(PhaseBuilder &phase, int64_t a, Value b) { return difference(phase, phase.index(a), b); }

  void clear(PhaseBuilder &phase) {
    Value zero = zeros(phase);
    phase.loop(0, product.blockRows * product.blockColumns, tile.lanes,
               [&](Value at) { phase.storeVector(zero, phase.piece(sums), at); });
  }

  Value zeros(PhaseBuilder &phase) {
    auto type = VectorType::get({tile.lanes}, product.element);
    return arith::ConstantOp::create(phase.builder, phase.place, phase.builder.getZeroAttr(type));
  }

  /// tile += panel of the left x panel of the right, over `depth`.
  void writeTile(PhaseBuilder &phase, Value leftPanel, Value rightPanel, Value depth, Value at) {
    OpBuilder &builder = phase.builder;
    int64_t vectors = tile.columns / tile.lanes;
    Value memory = phase.piece(sums);
    SmallVector<Value> starts;
    for (int64_t i = 0; i < tile.rows * vectors; ++i)
      starts.push_back(keepsSums() ? phase.loadVector(memory, phase.add(at, i * tile.lanes), tile.lanes)
                                   : zeros(phase));
    auto type = VectorType::get({tile.lanes}, product.element);
    SmallVector<Value> totals =
        phase.loop(phase.index(0), depth, 1, starts, [&](Value k, ValueRange carried) -> SmallVector<Value> {
          Value fromRight = phase.add(rightPanel, phase.mul(k, tile.columns));
          Value fromLeft = phase.add(leftPanel, phase.mul(k, tile.rows));
          SmallVector<Value> columns, next;
          for (int64_t v = 0; v < vectors; ++v)
            columns.push_back(
                phase.loadVector(phase.piece(packedRight), phase.add(fromRight, v * tile.lanes), tile.lanes));
          for (int64_t row = 0; row < tile.rows; ++row) {
            Value one = phase.load(phase.piece(packedLeft), phase.add(fromLeft, row), product.element);
            Value spread = vector::BroadcastOp::create(builder, phase.place, type, one);
            for (int64_t v = 0; v < vectors; ++v) {
              // Separate ops with leave to fuse: an ISA without the fused one would call a function for it.
              auto contract = arith::FastMathFlags::contract;
              Value term = arith::MulFOp::create(builder, phase.place, spread, columns[v], contract);
              next.push_back(arith::AddFOp::create(builder, phase.place, carried[row * vectors + v], term, contract));
            }
          }
          return next;
        });
    for (auto [i, total] : llvm::enumerate(totals))
      phase.storeVector(total, memory, phase.add(at, i * tile.lanes));
  }

  /// What follows on a tile's elements. Whole rows of a tile are of a known length, which vectorises well.
  void writeEnd(PhaseBuilder &phase, ElementWriter &element, Value at, Value firstRow, Value rows, Value firstColumn,
                Value columns) {
    Value height = phase.least(rows, phase.index(tile.rows));
    phase.loop(phase.index(0), height, 1, [&](Value i) {
      Value row = phase.add(firstRow, i), from = phase.add(at, phase.mul(i, tile.columns));
      element.goToRow(row);
      element.readRow();
      writeElements(phase, element, from, row, firstColumn, columns, tile.columns);
    });
  }

  /// Elements of one row whose sums lie at `from`: `most`, or as many as `columns` says where that is less.
  void writeElements(PhaseBuilder &phase, ElementWriter &element, Value from, Value row, Value firstColumn,
                     Value columns, int64_t most) {
    Value base = phase.add(phase.mul(row, product.n), firstColumn);
    auto write = [&](Value behind) {
      phase.loop(phase.index(0), behind, 1, [&](Value j) {
        element.goTo(phase.add(firstColumn, j), phase.add(base, j));
        element.know(matmul.getResult(), phase.load(phase.piece(sums), phase.add(from, j), product.element));
        for (auto [value, number] : outputs)
          element.store(value, number);
      });
    };
    if (product.n % most == 0)
      return write(phase.index(most));
    Value isWhole =
        arith::CmpIOp::create(phase.builder, phase.place, arith::CmpIPredicate::uge, columns, phase.index(most));
    phase.when(isWhole, [&] { write(phase.index(most)); });
    Value isCut =
        arith::CmpIOp::create(phase.builder, phase.place, arith::CmpIPredicate::ult, columns, phase.index(most));
    phase.when(isCut, [&] { write(columns); });
  }

  /// Few rows: every element of the right operand is used once or a few times, so that reading it is all the work.
  void writeFew(PhaseBuilder &phase) {
    ElementWriter element(phase, kernel, shape);
    element.readScalars();
    phase.loop(phase.begin, phase.end, 1, [&](Value item) {
      Value first = phase.mul(item, columnsOfFew);
      Value columns = phase.least(phase.index(columnsOfFew), difference(phase, product.n, first));
      if (product.transposedRight)
        writeDots(phase, first, columns);
      else
        writeStreams(phase, first, columns);
      phase.loop(0, product.m, 1, [&](Value row) {
        element.goToRow(row);
        element.readRow();
        writeElements(phase, element, phase.mul(row, columnsOfFew), row, first, columns, columnsOfFew);
      });
    });
  }

  Value leftElement(PhaseBuilder &phase, Value row, Value k) {
    Value at =
        product.transposedLeft ? phase.add(phase.mul(k, product.m), row) : phase.add(phase.mul(row, product.k), k);
    return phase.load(phase.input(left), at, product.element);
  }

  /// Columns of the right operand are rows in memory.
  void writeDots(PhaseBuilder &phase, Value first, Value columns) {
    OpBuilder &builder = phase.builder;
    auto flags = arith::FastMathFlags::contract | arith::FastMathFlags::reassoc;
    phase.loop(phase.index(0), columns, 1, [&](Value column) {
      Value base = phase.mul(phase.add(first, column), product.k);
      phase.loop(0, product.m, 1, [&](Value row) {
        Value zero =
            arith::ConstantOp::create(builder, phase.place, cast<TypedAttr>(builder.getZeroAttr(product.element)));
        Value sum = phase.loop(phase.index(0), phase.index(product.k), 1, zero, [&](Value k, ValueRange carried) {
          Value b = phase.load(phase.input(right), phase.add(base, k), product.element);
          Value term = arith::MulFOp::create(builder, phase.place, leftElement(phase, row, k), b, flags);
          return SmallVector<Value>{arith::AddFOp::create(builder, phase.place, carried[0], term, flags)};
        })[0];
        phase.store(sum, phase.piece(sums), phase.add(phase.mul(row, columnsOfFew), column));
      });
    });
  }

  void writeStreams(PhaseBuilder &phase, Value first, Value columns) {
    OpBuilder &builder = phase.builder;
    int64_t vectors = product.m == 1 ? 8 : product.m == 2 ? 4 : 2, width = vectors * tile.lanes;
    auto type = VectorType::get({tile.lanes}, product.element);
    Value whole = phase.mul(phase.div(columns, width), width);
    phase.loop(phase.index(0), whole, width, [&](Value column) {
      SmallVector<Value> starts(product.m * vectors, zeros(phase));
      Value from = phase.add(first, column);
      SmallVector<Value> totals =
          phase.loop(phase.index(0), phase.index(product.k), 1, starts, [&](Value k, ValueRange carried) {
            SmallVector<Value> next;
            for (int64_t row = 0; row < product.m; ++row) {
              Value spread =
                  vector::BroadcastOp::create(builder, phase.place, type, leftElement(phase, phase.index(row), k));
              for (int64_t v = 0; v < vectors; ++v) {
                Value at = phase.add(phase.add(phase.mul(k, product.n), from), v * tile.lanes);
                Value b = phase.loadVector(phase.input(right), at, tile.lanes);
                auto contract = arith::FastMathFlags::contract;
                Value term = arith::MulFOp::create(builder, phase.place, spread, b, contract);
                next.push_back(arith::AddFOp::create(builder, phase.place, carried[row * vectors + v], term, contract));
              }
            }
            return next;
          });
      for (int64_t row = 0; row < product.m; ++row)
        for (int64_t v = 0; v < vectors; ++v)
          phase.storeVector(totals[row * vectors + v], phase.piece(sums),
                            phase.add(column, row * columnsOfFew + v * tile.lanes));
    });
    phase.loop(whole, columns, 1, [&](Value column) {
      phase.loop(0, product.m, 1, [&](Value row) {
        Value zero =
            arith::ConstantOp::create(builder, phase.place, cast<TypedAttr>(builder.getZeroAttr(product.element)));
        Value sum = phase.loop(phase.index(0), phase.index(product.k), 1, zero, [&](Value k, ValueRange carried) {
          Value at = phase.add(phase.add(phase.mul(k, product.n), first), column);
          Value term = arith::MulFOp::create(builder, phase.place, leftElement(phase, row, k),
                                             phase.load(phase.input(right), at, product.element),
                                             arith::FastMathFlags::contract);
          return SmallVector<Value>{
              arith::AddFOp::create(builder, phase.place, carried[0], term, arith::FastMathFlags::contract)};
        })[0];
        phase.store(sum, phase.piece(sums), phase.add(phase.mul(row, columnsOfFew), column));
      });
    });
  }

  func::FuncOp kernel;
  nn::MatmulOp matmul;
  analysis::RowShape shape;
  PhasedKernel phased;
  Product product;
  Tile tile;
  unsigned left, right;
  Piece packedLeft{}, packedRight{}, sums{};
  SmallVector<std::pair<Value, unsigned>> outputs;
};

} // namespace

std::optional<KernelFrame> lowerProduct(func::FuncOp kernel, Isa isa) {
  Block &body = kernel.getBody().front();
  SmallVector<Operation *> ops;
  nn::MatmulOp matmul;
  for (Operation &op : body.without_terminator()) {
    ops.push_back(&op);
    if (auto found = dyn_cast<nn::MatmulOp>(op))
      matmul = found;
  }
  if (!matmul || !::llvm::isa<BlockArgument>(matmul.getLhs()) || !::llvm::isa<BlockArgument>(matmul.getRhs()) ||
      !::llvm::isa<Float32Type, Float64Type>(cast<RankedTensorType>(matmul.getType()).getElementType()))
    return {};
  std::optional<analysis::RowShape> shape = analysis::rowShapeOf(ops);
  if (!shape)
    return {};
  for (Value result : body.getTerminator()->getOperands()) {
    auto extent = shape->extents.find(result);
    if (extent == shape->extents.end() || extent->second != analysis::Extent::full)
      return {};
  }
  return ProductLowering(kernel, matmul, *std::move(shape), isa).run();
}

} // namespace weft::cpu
