//===- BlockProduct.cpp - Products of blocks that lie in a cache ----------===//

#include "compiler/targets/cpu/BlockProduct.h"

#include "compiler/targets/cpu/Product.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace weft::cpu {
using namespace mlir;

SmallVector<Value> transposed(PhaseBuilder &phase, SmallVector<Value> rows) {
  auto lanes = static_cast<int64_t>(rows.size());
  SmallVector<int64_t> low, high;
  for (int64_t i = 0; i < lanes / 2; ++i) {
    low.append({i, lanes + i});
    high.append({lanes / 2 + i, lanes + lanes / 2 + i});
  }
  // Each step interleaves the first half of the vectors with the second.
  for (int64_t step = 1; step < lanes; step *= 2) {
    SmallVector<Value> next;
    for (int64_t i = 0; i < lanes / 2; ++i)
      for (ArrayRef<int64_t> half : {ArrayRef<int64_t>(low), ArrayRef<int64_t>(high)})
        next.push_back(vector::ShuffleOp::create(phase.builder, phase.place, rows[i], rows[i + lanes / 2], half));
    rows = std::move(next);
  }
  return rows;
}

BlockProduct::BlockProduct(PhaseBuilder &phase, Isa isa, FloatType element)
    : lanes(tileOf(isa, element).lanes), phase(phase), element(element), height(isa == Isa::avx512 ? 8 : 4) {}

void BlockProduct::write(Value rows, int64_t columns, Value depth, const BlockView &a, const BlockView &b,
                         const BlockView &c, const BlockStart &start) {
  phase.loop(phase.index(0), rows, height, [&](Value row) {
    int64_t whole = columns / (2 * lanes) * (2 * lanes);
    phase.loop(0, whole, 2 * lanes, [&](Value column) { writeTile(row, column, 2, lanes, depth, a, b, c, start); });
    // What is left is narrower vectors, each once.
    for (int64_t width = lanes, column = whole; column < columns;) {
      while (width > columns - column)
        width /= 2;
      writeTile(row, phase.index(column), 1, width, depth, a, b, c, start);
      column += width;
    }
  });
}

void BlockProduct::overColumns(int64_t columns, function_ref<void(Value, int64_t)> body) {
  int64_t whole = columns / lanes * lanes;
  phase.loop(0, whole, lanes, [&](Value column) { body(column, lanes); });
  for (int64_t width = lanes, column = whole; column < columns;) {
    while (width > columns - column)
      width /= 2;
    body(phase.index(column), width);
    column += width;
  }
}

void BlockProduct::writeTile(Value row, Value column, int64_t vectors, int64_t width, Value depth, const BlockView &a,
                             const BlockView &b, const BlockView &c, const BlockStart &start) {
  OpBuilder &builder = phase.builder;
  auto type = VectorType::get({width}, element);
  Value firstA = phase.add(a.base, phase.mul(row, a.rowStride)), firstB = phase.add(b.base, column);
  Value firstC = phase.add(phase.add(c.base, phase.mul(row, c.rowStride)), column);
  auto placeOfC = [&](int64_t i, int64_t v) { return phase.add(firstC, i * c.rowStride + v * width); };
  auto spread = [&](Value one) { return vector::BroadcastOp::create(builder, phase.place, type, one).getResult(); };
  SmallVector<Value> starts;
  for (int64_t i = 0; i < height; ++i) {
    Value factor = start.factors ? spread(phase.load(start.factors, phase.add(row, i), element)) : Value();
    for (int64_t v = 0; v < vectors; ++v) {
      if (!start.adds) {
        starts.push_back(arith::ConstantOp::create(builder, phase.place, builder.getZeroAttr(type)));
        continue;
      }
      Value before = phase.loadVector(c.buffer, placeOfC(i, v), width);
      starts.push_back(factor ? arith::MulFOp::create(builder, phase.place, before, factor).getResult() : before);
    }
  }
  SmallVector<Value> sums = phase.loop(phase.index(0), depth, 1, starts, [&](Value k, ValueRange carried) {
    Value atA = phase.add(firstA, phase.mul(k, a.columnStride)), atB = phase.add(firstB, phase.mul(k, b.rowStride));
    SmallVector<Value> right, next;
    for (int64_t v = 0; v < vectors; ++v)
      right.push_back(phase.loadVector(b.buffer, phase.add(atB, v * width), width));
    for (int64_t i = 0; i < height; ++i) {
      Value one = spread(phase.load(a.buffer, phase.add(atA, i * a.rowStride), element));
      for (int64_t v = 0; v < vectors; ++v) {
        auto contract = arith::FastMathFlags::contract;
        Value term = arith::MulFOp::create(builder, phase.place, one, right[v], contract);
        next.push_back(arith::AddFOp::create(builder, phase.place, carried[i * vectors + v], term, contract));
      }
    }
    return next;
  });
  for (int64_t i = 0; i < height; ++i)
    for (int64_t v = 0; v < vectors; ++v)
      phase.storeVector(sums[i * vectors + v], c.buffer, placeOfC(i, v));
}

void BlockProduct::transpose(int64_t rows, int64_t columns, const BlockView &a, const BlockView &c) {
  int64_t wholeRows = rows / lanes * lanes, wholeColumns = columns / lanes * lanes;
  phase.loop(0, wholeRows, lanes, [&](Value row) {
    phase.loop(0, wholeColumns, lanes, [&](Value column) {
      SmallVector<Value> square;
      Value from = phase.add(phase.add(a.base, phase.mul(row, a.rowStride)), column);
      for (int64_t i = 0; i < lanes; ++i)
        square.push_back(phase.loadVector(a.buffer, phase.add(from, i * a.rowStride), lanes));
      Value to = phase.add(phase.add(c.base, phase.mul(column, c.rowStride)), row);
      for (auto [i, line] : llvm::enumerate(transposed(phase, square)))
        phase.storeVector(line, c.buffer, phase.add(to, static_cast<int64_t>(i) * c.rowStride));
    });
  });
  auto copy = [&](int64_t firstRow, int64_t firstColumn, int64_t lastColumn) {
    phase.loop(firstRow, rows, 1, [&](Value row) {
      phase.loop(firstColumn, lastColumn, 1, [&](Value column) {
        Value one = phase.load(a.buffer, phase.add(phase.add(a.base, phase.mul(row, a.rowStride)), column), element);
        phase.store(one, c.buffer, phase.add(phase.add(c.base, phase.mul(column, c.rowStride)), row));
      });
    });
  };
  copy(wholeRows, 0, wholeColumns);
  copy(0, wholeColumns, columns);
}

} // namespace weft::cpu
