//===- FewRows.cpp - Products of few rows ---------------------------------===//
//
// Every element of the right operand is used once or a few times, so that reading it
// is all the work: it is read as it lies, and nothing is packed.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/ProductKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace weft::cpu {
namespace {
using namespace mlir;

/// Columns of an item.
constexpr int64_t columnsOfItem = 128;

class FewRows {
public:
  explicit FewRows(const ProductKernel &whole)
      : whole(whole), product(whole.product), tile(whole.tile), phased(whole.kernel) {}

  KernelFrame run() {
    sums = phased.addScratch(product.element, product.m * columnsOfItem);
    phased.addPhase((product.n + columnsOfItem - 1) / columnsOfItem, [this](PhaseBuilder &phase) { write(phase); });
    return phased.finish();
  }

private:
  void write(PhaseBuilder &phase) {
    ProductEnd end(phase, whole);
    phase.loop(phase.begin, phase.end, 1, [&](Value item) {
      Value first = phase.mul(item, columnsOfItem), most = phase.index(columnsOfItem);
      Value columns = phase.least(most, phase.sub(phase.index(product.n), first));
      if (product.transposedRight)
        writeDots(phase, first, columns);
      else
        writeStreams(phase, first, columns);
      phase.loop(0, product.m, 1, [&](Value row) {
        auto sum = [&](Value j) {
          return phase.load(phase.piece(sums), phase.add(phase.mul(row, columnsOfItem), j), product.element);
        };
        // A loop of a known length vectorises well.
        if (product.n % columnsOfItem == 0)
          return end.write(row, first, most, sum);
        phase.when(phase.isLess(columns, most), [&] { end.write(row, first, columns, sum); });
        phase.when(phase.isLess(phase.index(columnsOfItem - 1), columns), [&] { end.write(row, first, most, sum); });
      });
    });
  }

  Value leftElement(PhaseBuilder &phase, Value row, Value k) {
    Value at =
        product.transposedLeft ? phase.add(phase.mul(k, product.m), row) : phase.add(phase.mul(row, product.k), k);
    return phase.load(phase.input(whole.left), at, product.element);
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
          Value b = phase.load(phase.input(whole.right), phase.add(base, k), product.element);
          Value term = arith::MulFOp::create(builder, phase.place, leftElement(phase, row, k), b, flags);
          return SmallVector<Value>{arith::AddFOp::create(builder, phase.place, carried[0], term, flags)};
        })[0];
        phase.store(sum, phase.piece(sums), phase.add(phase.mul(row, columnsOfItem), column));
      });
    });
  }

  void writeStreams(PhaseBuilder &phase, Value first, Value columns) {
    OpBuilder &builder = phase.builder;
    int64_t vectors = product.m == 1 ? 8 : product.m == 2 ? 4 : 2, width = vectors * tile.lanes;
    auto type = VectorType::get({tile.lanes}, product.element);
    Value even = phase.mul(phase.div(columns, width), width);
    phase.loop(phase.index(0), even, width, [&](Value column) {
      SmallVector<Value> starts(product.m * vectors,
                                arith::ConstantOp::create(builder, phase.place, builder.getZeroAttr(type)));
      Value from = phase.add(first, column);
      SmallVector<Value> totals =
          phase.loop(phase.index(0), phase.index(product.k), 1, starts, [&](Value k, ValueRange carried) {
            SmallVector<Value> parts, next;
            for (int64_t v = 0; v < vectors; ++v)
              parts.push_back(phase.loadVector(phase.input(whole.right),
                                               phase.add(phase.add(phase.mul(k, product.n), from), v * tile.lanes),
                                               tile.lanes));
            for (int64_t row = 0; row < product.m; ++row)
              llvm::append_range(next, phase.addProducts(carried.slice(row * vectors, vectors),
                                                         leftElement(phase, phase.index(row), k), parts));
            return next;
          });
      for (int64_t row = 0; row < product.m; ++row)
        for (int64_t v = 0; v < vectors; ++v)
          phase.storeVector(totals[row * vectors + v], phase.piece(sums),
                            phase.add(column, row * columnsOfItem + v * tile.lanes));
    });
    phase.loop(even, columns, 1, [&](Value column) {
      phase.loop(0, product.m, 1, [&](Value row) {
        Value zero =
            arith::ConstantOp::create(builder, phase.place, cast<TypedAttr>(builder.getZeroAttr(product.element)));
        Value sum = phase.loop(phase.index(0), phase.index(product.k), 1, zero, [&](Value k, ValueRange carried) {
          Value at = phase.add(phase.add(phase.mul(k, product.n), first), column);
          Value term = arith::MulFOp::create(builder, phase.place, leftElement(phase, row, k),
                                             phase.load(phase.input(whole.right), at, product.element),
                                             arith::FastMathFlags::contract);
          return SmallVector<Value>{
              arith::AddFOp::create(builder, phase.place, carried[0], term, arith::FastMathFlags::contract)};
        })[0];
        phase.store(sum, phase.piece(sums), phase.add(phase.mul(row, columnsOfItem), column));
      });
    });
  }

  const ProductKernel &whole;
  const Product &product;
  const Tile &tile;
  PhasedKernel phased;
  Piece sums{};
};

} // namespace

KernelFrame writeFewRows(const ProductKernel &product) { return FewRows(product).run(); }

} // namespace weft::cpu
