//===- PlainProducts.cpp - Products beside other ops ----------------------===//
//
// A kernel that is a product and what follows on its elements is written by Gemm.cpp.
// Products in any other kernel become loops here: for a panel of NR columns, for a
// tile of MR rows: MR x NR sums start as zero or as the output, each k adds (column
// of A) x (row of the panel), then they are stored. Sizes are static, so what is left
// at the edges are smaller tiles of the same form, without masks.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/PlainProducts.h"

#include "compiler/targets/cpu/Product.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Matchers.h"

namespace weft::cpu {
namespace {
using namespace mlir;

class GemmEmitter {
public:
  GemmEmitter(OpBuilder &builder, Location place, Value a, Value b, Value c, ValueRange batch, bool startsAtZero,
              Isa isa)
      : builder(builder), place(place), a(a), b(b), c(c), batch(batch), startsAtZero(startsAtZero) {
    auto left = cast<MemRefType>(a.getType()), right = cast<MemRefType>(b.getType());
    element = left.getElementType();
    m = left.getDimSize(left.getRank() - 2);
    k = left.getShape().back();
    n = right.getShape().back();
    tile = tileOf(isa, element);
  }

  void run() {
    bool packs = m >= 2 * tile.rows;
    if (packs && n >= tile.columns)
      panel = memref::AllocOp::create(builder, place, MemRefType::get({k, tile.columns}, element),
                                      builder.getI64IntegerAttr(64));
    forTiles(n, tile.columns, [&](Value column, int64_t width) {
      isPacked = panel && width == tile.columns;
      if (isPacked)
        pack(column);
      forTiles(m, tile.rows, [&](Value row, int64_t height) { emitTile(row, height, column, width); });
    });
  }

private:
  /// Calls `body` in a loop over whole tiles of `size`, and once for what is left of `extent`.
  void forTiles(int64_t extent, int64_t size, function_ref<void(Value, int64_t)> body) {
    int64_t whole = extent / size * size;
    if (whole == size) {
      body(index(0), size);
    } else if (whole > 0) {
      auto loop = scf::ForOp::create(builder, place, index(0), index(whole), index(size));
      OpBuilder::InsertionGuard guard(builder);
      builder.setInsertionPointToStart(loop.getBody());
      body(loop.getInductionVar(), size);
    }
    if (extent > whole)
      body(index(whole), extent - whole);
  }

  void pack(Value column) {
    auto loop = scf::ForOp::create(builder, place, index(0), index(k), index(1));
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    Value row = vector::LoadOp::create(builder, place, vectorOf(tile.columns), b, at(loop.getInductionVar(), column));
    vector::StoreOp::create(builder, place, row, panel, ValueRange{loop.getInductionVar(), index(0)});
  }

  void emitTile(Value row, int64_t height, Value column, int64_t width) {
    VectorType type = vectorOf(width);
    SmallVector<Value> rows, sums;
    for (int64_t i = 0; i < height; ++i) {
      rows.push_back(arith::AddIOp::create(builder, place, row, index(i)));
      sums.push_back(startsAtZero
                         ? arith::ConstantOp::create(builder, place, builder.getZeroAttr(type)).getResult()
                         : vector::LoadOp::create(builder, place, type, c, at(rows.back(), column)).getResult());
    }
    auto loop = scf::ForOp::create(
        builder, place, index(0), index(k), index(1), sums,
        [&](OpBuilder &inner, Location, Value step, ValueRange carried) {
          OpBuilder::InsertionGuard guard(builder);
          builder.restoreInsertionPoint(inner.saveInsertionPoint());
          Value right = isPacked ? vector::LoadOp::create(builder, place, type, panel, ValueRange{step, index(0)})
                                 : vector::LoadOp::create(builder, place, type, b, at(step, column));
          SmallVector<Value> next;
          for (auto [i, sum] : llvm::enumerate(carried)) {
            Value left = memref::LoadOp::create(builder, place, a, at(rows[i], step));
            Value spread = vector::BroadcastOp::create(builder, place, type, left);
            // Separate ops with leave to fuse: an ISA without the fused one would call a function for it.
            auto contract = arith::FastMathFlags::contract;
            Value product = arith::MulFOp::create(builder, place, spread, right, contract);
            next.push_back(arith::AddFOp::create(builder, place, sum, product, contract));
          }
          scf::YieldOp::create(builder, place, next);
        });
    for (int64_t i = 0; i < height; ++i)
      vector::StoreOp::create(builder, place, loop.getResult(i), c, at(rows[i], column));
  }

  SmallVector<Value> at(Value row, Value column) const {
    SmallVector<Value> indices(batch);
    indices.append({row, column});
    return indices;
  }

  Value index(int64_t value) { return arith::ConstantIndexOp::create(builder, place, value); }
  VectorType vectorOf(int64_t width) const { return VectorType::get({width}, element); }

  OpBuilder &builder;
  Location place;
  Value a, b, c;
  SmallVector<Value> batch;
  bool startsAtZero;
  Type element;
  int64_t m, n, k;
  Tile tile;
  Value panel;
  bool isPacked = false;
};

/// The fill with zero that is all that stands between `output` being free and the product, or null.
linalg::FillOp zeroFillBefore(Operation *product, Value output) {
  for (Operation *op = product->getPrevNode(); op; op = op->getPrevNode()) {
    if (auto fill = dyn_cast<linalg::FillOp>(op); fill && fill.output() == output)
      return matchPattern(fill.value(), m_AnyZeroFloat()) ? fill : linalg::FillOp();
    if (llvm::is_contained(op->getOperands(), output) || op->getNumRegions())
      return {};
  }
  return {};
}

} // namespace

void lowerMatmuls(func::FuncOp function, Isa isa) {
  SmallVector<linalg::LinalgOp> products;
  function.walk([&](linalg::LinalgOp op) {
    if (::llvm::isa<linalg::MatmulOp, linalg::BatchMatmulOp>(op.getOperation()))
      products.push_back(op);
  });
  for (linalg::LinalgOp product : products) {
    OpBuilder builder(product);
    Location place = product.getLoc();
    Value a = product->getOperand(0), b = product->getOperand(1), c = product->getOperand(2);
    linalg::FillOp fill = zeroFillBefore(product, c);
    if (::llvm::isa<linalg::MatmulOp>(product.getOperation())) {
      GemmEmitter(builder, place, a, b, c, {}, bool(fill), isa).run();
    } else {
      Value zero = arith::ConstantIndexOp::create(builder, place, 0),
            one = arith::ConstantIndexOp::create(builder, place, 1);
      Value count = arith::ConstantIndexOp::create(builder, place, cast<MemRefType>(a.getType()).getDimSize(0));
      auto loop = scf::ForOp::create(builder, place, zero, count, one);
      builder.setInsertionPointToStart(loop.getBody());
      GemmEmitter(builder, place, a, b, c, loop.getInductionVar(), bool(fill), isa).run();
    }
    if (fill)
      fill.erase();
    product.erase();
  }
}

} // namespace weft::cpu
